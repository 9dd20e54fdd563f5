"""福祉事務所への送付状: the covering letter of a provisional plan for the welfare office, to be printed (T-40)."""

from uuid import UUID

from flask import Blueprint, abort, render_template

from shared.care.welfare_letter import welfare_letter
from shared.console.frame import node, record_view
from shared.node.errors import UnknownCase

blueprint = Blueprint("welfare_letter", __name__)


@blueprint.get("/cases/<uuid:case_id>/welfare-letter/<uuid:plan_id>")
def page(case_id: UUID, plan_id: UUID) -> str:
    """The letter of one provisional plan (decision 26)."""
    record_view(case_id, "福祉事務所への送付状")
    try:
        replay = node().replay(case_id)
    except UnknownCase:
        abort(404)
    letter = welfare_letter(replay.case, replay.events, str(plan_id))
    if letter is None:
        abort(404)
    return render_template("welfare_letter.html", case_id=case_id, plan_id=str(plan_id), letter=letter)
