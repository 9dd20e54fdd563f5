"""検証シート: one plan review on one sheet that can be printed (T-50 to T-53, T-55)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, abort, render_template

from contracts.codes import REVIEW_OCCASIONS, STARRED
from shared.console.frame import node, record_view
from shared.eventlog.model import Event
from shared.node.errors import UnknownCase
from shared.policy.parameters import ParameterError, parameters

blueprint = Blueprint("review", __name__)

_TEXTS: Final = {
    "ReviewRequested": "note",
    "ReviewDocumentsSubmitted": "note",
    "ReviewMeetingHeld": "discussion",
    "ReviewConcluded": "result",
}
"""Event type → the text on it that the sheet prints."""


@blueprint.get("/cases/<uuid:case_id>/reviews/<uuid:review_id>")
def page(case_id: UUID, review_id: UUID) -> str:
    """The sheet of a review, as far as this node knows it. It holds words and no score (T-52)."""
    record_view(case_id, "検証シート")
    try:
        replay = node().replay(case_id)
    except UnknownCase:
        abort(404)
    review = replay.case.reviews.get(str(review_id))
    if review is None:
        abort(404)
    held = {each.kind: each for each in review.documents}
    opening = next((each for each in replay.events if each.type == "CaseOpened"), None)
    return render_template(
        "review.html",
        case=replay.case,
        name=((opening.personal or {}) if opening else {}).get("name", ""),
        review=review,
        occasion=REVIEW_OCCASIONS.get(review.occasion, review.occasion),
        documents=[(title, held.get(kind)) for kind, title in STARRED.items()],
        texts=_texts(replay.events, str(review_id)),
        purpose=_purpose(replay.case.insurer),
    )


def _texts(events: Sequence[Event], review_id: str) -> Mapping[str, Any]:
    """Event type → what was written last on an event of that type of this review."""
    return {
        each.type: (each.personal or {}).get(_TEXTS[each.type])
        for each in events
        if each.type in _TEXTS and each.data.get("review_id") == review_id
    }


def _purpose(insurer: str) -> str:
    try:
        return str(parameters(insurer).value("plan_review.purpose", node().today()))
    except ParameterError:
        return ""
