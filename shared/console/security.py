"""What guards every request: who is asking, that a form is our own, and what a browser may do with the answer."""

import hmac
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from shared.console.files import make_room_for_file
from shared.console.frame import console
from shared.console.late import FIELD, drop_when_done, keep_late_form
from shared.console.once import key_of
from shared.console.problems import NotAllowed, NotSignedIn

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
API: Final = "/api/"
_NAMELESS: Final = frozenset({"as_of", "known_at", "of", "month", "group", "insurer", "page"})
"""What of a page's query goes on through the sign-in: days, months, forms and desks."""
_OWN_PASSWORD: Final = frozenset({"people.password_form", "people.change_password", "signin.sign_out"})
"""What somebody may do who signed in with a password that another issued."""
_ANONYMOUS: Final = frozenset({"static", "healthz", "metrics_page"})
"""What never asks who is there: it has to answer without the database too."""
_ASKED_BY_PAGES: Final = frozenset({"arrivals.since", "arrivals.reading"})
"""What pages ask by themselves: it does not put off the end of a session."""


def install(app: Flask) -> None:
    """Guard every request of ``app``."""
    app.before_request(_identify)
    app.before_request(make_room_for_file)
    app.before_request(_require_own_form)
    app.before_request(_require_right)
    app.after_request(_set_headers)


def cookie_name(what: str) -> str:
    """Name of a cookie of this node. Cookies know no ports, so consoles on one machine need names of their own."""
    prefix = "__Host-" if request.is_secure else ""
    return f"{prefix}renkei-{console().node.agency}-{what}"


def session_secret() -> str:
    """The secret of this browser's session, which may have ended; empty without one."""
    return request.cookies.get(cookie_name("session"), "")


def set_cookie(response: AnyResponse, what: str, value: str) -> None:
    """Give the browser a cookie that no script can read, that ends with it, and that other sites can't send along."""
    response.set_cookie(
        cookie_name(what), value, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )


def visitor_token(visitor: str) -> str:
    """The token that the sign-in form must bring back together with the visitor's cookie."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, visitor.encode(), sha256).hexdigest()


def _identify() -> None:
    g.session, g.known = None, False
    if request.endpoint in _ANONYMOUS:
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        if request.path.startswith(API):
            g.session = console().sessions.find(secret.strip(), "token")
        return
    secret = session_secret()
    if secret:
        in_use = request.endpoint not in _ASKED_BY_PAGES
        g.session = console().sessions.find(secret, "browser", in_use=in_use)
        g.known = g.session is not None or (request.method not in _SAFE and console().sessions.known(secret))


def _require_own_form() -> AnyResponse | None:
    """Refuse a form that another site made a browser send. A token is never sent by a browser on its own.

    One that is our own but came after its session had ended is kept for its owner.
    """
    if request.method in _SAFE:
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed(
            "cross_site", "別のサイトから送られたため受け付けませんでした。この画面から操作し直してください。"
        )
    if request.path.startswith(API):
        if g.session is not None and g.session.kind != "token":
            raise NotSignedIn("APIでの記録には Authorization: Bearer のトークンが必要です。")
        return None
    sent = request.form.get("csrf", "").encode()
    if any(hmac.compare_digest(sent, each.encode()) for each in _expected_tokens()):
        g.kept_id = key_of(request.form.get(FIELD))
        return None
    kept = keep_late_form(session_secret())
    if kept is not None:
        return kept
    raise NotAllowed(
        "form_expired",
        "画面を開いてから時間が経っています。前の画面を開き直して、もう一度送ってください。",
    )


def _expected_tokens() -> list[str]:
    """The session's token; on the sign-in page also the visitor's, which it bears when it was opened before."""
    found = [g.session.csrf] if g.session is not None else []
    visitor = request.cookies.get(cookie_name("visitor"), "")
    if visitor and request.endpoint == "signin.sign_in":
        found.append(visitor_token(visitor))
    return found


def _wanted() -> str:
    """Where to go on after sign-in; of a query only what names no person, a search may hold a name."""
    if request.method != "GET":
        return ""
    kept = [(name, value) for name, value in request.args.items() if name in _NAMELESS]
    return request.path + (f"?{urlencode(kept)}" if kept else "")


def _require_right() -> AnyResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint in _ANONYMOUS or getattr(view, "needs_no_session", False):
        return None  # an unknown address is answered by the router: not found
    if g.session is None:
        if request.path.startswith(API):
            raise NotSignedIn("有効なトークンがありません。管理者に発行を依頼してください。")
        here = _wanted()
        return redirect(
            url_for("signin.form") + ("?" + urlencode({"next": here}) if here not in ("", "/") else "")
        )
    if (
        g.session.account.must_change
        and g.session.kind == "browser"
        and request.endpoint not in _OWN_PASSWORD
    ):
        return redirect(url_for("people.password_form"))
    roles = getattr(view, "only_roles", None)
    if roles is not None and g.session.account.role not in roles:
        raise NotAllowed(
            "role_not_allowed", "この画面を開く権限がありません。必要なときは管理者に相談してください。"
        )
    return None


def _set_headers(response: Response) -> Response:
    drop_when_done(response)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
