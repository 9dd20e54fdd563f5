"""A form that came after its session had ended: kept for its owner, and shown again after signing in."""

from typing import Any, Final

from flask import g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.console.frame import console
from shared.console.kept import Sent

FIELD: Final = "kept"
"""The input with which a form that was shown again says what was kept of it."""
_NEVER_KEPT: Final = frozenset({"signin.sign_in", "signin.sign_out", "people.change_password"})
"""Forms that hold passwords, or nothing worth keeping."""
_OWN: Final = ("csrf", FIELD)


def keep_late_form(secret: str) -> Response | None:
    """Keep the form of this request, and lead to where it goes on; ``None`` unless it is known whose it is.

    ``secret`` is that of the browser's session, which may have ended. Without a session the form must come from the
    session that ended in this browser; with one, from any session of the same account.
    """
    csrf = request.form.get("csrf", "")
    if not secret or not csrf or request.endpoint in _NEVER_KEPT:
        return None
    here = g.session.account.name if g.session is not None else None
    owner = console().sessions.owner(csrf, None if here else secret)
    if owner is None or (here is not None and owner != here):
        return None
    kept_id = console().kept.keep(owner, secret, _sent())
    place = url_for("kept.page", kept_id=kept_id)
    return redirect(place if here else url_for("signin.form", next=place))


def drop_when_done(response: Response) -> None:
    """Forget what was kept of a form that has been recorded now."""
    if request.method != "POST" or g.get("session") is None or not 300 <= response.status_code < 400:
        return
    if g.get("kept_id") is not None:
        console().kept.drop(g.kept_id, g.session.account.name)


def _sent() -> Sent:
    fields: MultiDict[str, Any] = request.form
    path = request.full_path if request.query_string else request.path
    return Sent(
        path,
        [(name, value) for name, value in fields.items(multi=True) if name not in _OWN],
        sorted(name for name, file in request.files.items() if file.filename),
    )
