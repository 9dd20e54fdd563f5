"""Signing in and out."""

import secrets

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shared.console.frame import console, public
from shared.console.security import cookie_name, session_secret, set_cookie, visitor_token

blueprint = Blueprint("signin", __name__)

_REFUSED = (
    "利用者名かパスワードが違うため、サインインできません。"
    "5回続けて間違えると、その利用者名はしばらく（1分から15分）使えなくなります。"
)


@blueprint.get("/signin")
@public
def form() -> Response | str:
    """The sign-in page."""
    if g.session is not None:
        return redirect(_next_place())
    return _page("", 200)


@blueprint.post("/signin")
@public
def sign_in() -> Response:
    """Check name and password; a new session begins, an old one of this browser ends."""
    address = request.remote_addr or ""
    wait = console().throttle.wait(address)
    if wait:
        response = _page(f"続けて間違えたため、{wait}秒待ってからもう一度サインインしてください。", 429)
        response.headers["Retry-After"] = str(wait)
        return response
    name = request.form.get("name", "").strip().lower()
    account = console().accounts.sign_in(name, request.form.get("password", ""))
    if account is None:
        console().throttle.failed(address)
        return _page(_REFUSED, 401)
    before, secret = session_secret(), console().sessions.open(account)
    if before:
        console().sessions.end(before)
        console().kept.hand_on(account.name, before, secret)
    response = redirect(_next_place())
    set_cookie(response, "session", secret)
    response.delete_cookie(cookie_name("visitor"), path="/")
    return response


@blueprint.post("/signout")
def sign_out() -> Response:
    """End this browser's session."""
    secret = session_secret()
    if secret:
        console().kept.drop_all(secret)
        console().sessions.close(secret)
    response = redirect(url_for("signin.form"))
    response.delete_cookie(cookie_name("session"), path="/")
    return response


def _page(message: str, status: int) -> Response:
    visitor = request.cookies.get(cookie_name("visitor")) or secrets.token_urlsafe(24)
    text = render_template(
        "signin.html",
        message=message,
        name=request.form.get("name", ""),
        next_place=request.values.get("next", ""),
        kept=request.values.get("next", "").startswith("/kept/"),
        token=visitor_token(visitor),
    )
    response = Response(text, status, mimetype="text/html")
    set_cookie(response, "visitor", visitor)
    return response


def _next_place() -> str:
    """Where to go on: a page of this console only, never an address that a link smuggled in."""
    place = request.values.get("next", "")
    inside = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return place if inside else url_for("today.page")
