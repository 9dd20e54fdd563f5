"""Going on with a form that came after its session had ended."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shared.console.frame import account, console
from shared.console.kept import Sent
from shared.console.problems import NotAllowed
from shared.console.security import session_secret

blueprint = Blueprint("kept", __name__)


@blueprint.get("/kept/<uuid:kept_id>")
def page(kept_id: UUID) -> Response:
    """The form as it was sent, to be looked at and sent again. Nothing of it was recorded."""
    sent = console().kept.find(kept_id, account().name, session_secret())
    if sent is None:
        return make_response(render_template("kept.html", sent=None), 404)
    g.kept_id = kept_id
    shown = _shown_by_its_page(sent)
    return make_response(shown or render_template("kept.html", sent=sent))


def _shown_by_its_page(sent: Sent) -> Response | str | None:
    """The form on the page that it belongs to; ``None`` where that page can't show one that is filled in."""
    routes = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, arguments = routes.match(urlsplit(sent.path).path, method="POST")
    except HTTPException:
        return None
    view = current_app.view_functions[endpoint]
    roles = getattr(view, "only_roles", None)
    if roles is not None and account().role not in roles:
        raise NotAllowed("role_not_allowed", "この操作を行う権限がありません。管理者に相談してください。")
    show = getattr(view, "shows_again", None)
    return show(sent.form, **arguments) if show is not None else None
