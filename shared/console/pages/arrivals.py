"""届いたもの: what pages ask about by themselves while they are open, and what a person marks as seen."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from shared.console.frame import account, console
from shared.console.once import key_of
from shared.console.wareki import wareki, wareki_month
from shared.policy.dates import DateError, parse_date, parse_month

blueprint = Blueprint("arrivals", __name__)


@blueprint.get("/arrivals.json")
def since() -> Response:
    """How much arrived after the position ``since``, of all and of the ``case``: numbers, and nobody's data."""
    found = console().arrivals.since(_position("since"), key_of(request.args.get("case")))
    return jsonify({"position": found.position, "arrived": found.arrived, "here": found.here})


@blueprint.get("/reading.json")
def reading() -> Response:
    """How a date or a month is understood that a person is typing."""
    text = request.args.get("text", "")[:100]
    try:
        if request.args.get("kind") == "month":
            said = wareki_month(str(parse_month(text)))
        else:
            said = wareki(parse_date(text), weekday=True)
    except DateError as problem:
        return jsonify({"said": f"⚠ {problem}", "understood": False})
    return jsonify({"said": said, "understood": True})


@blueprint.post("/arrivals/seen")
def seen() -> AnyResponse:
    """Mark as seen what had arrived when the page was made: of one case, or all. To do it twice changes nothing."""
    position = _position("position")
    if position is not None:
        console().arrivals.mark(account().name, _case(), position)
    return redirect(url_for("today.page", _anchor="arrivals"))


def _position(name: str) -> int | None:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _case() -> UUID | None:
    return key_of(request.form.get("case"))
