"""担当件数: how many cases each care manager has, what of it counts, and who has none yet (A-Q32)."""

from flask import Blueprint, abort, render_template

from shared.care.caseload import NOBODY, PlannedCase, counting_on, loads
from shared.console.acting import may
from shared.console.cases import case_rows
from shared.console.frame import account, node, record_view
from shared.console.pages.parameters import known_parameters
from shared.console.planners import care_managers, kept_here
from shared.policy.procedure import value_text

blueprint = Blueprint("caseload", __name__)

ASSIGN = "AssignPlanner"


def _ours(track: str | None, role: str) -> bool:
    """Whether somebody of this agency plans a case of that track: an entrusted one is planned by its office."""
    return role != "hokatsu" or track in (None, "direct")


@blueprint.get("/caseload")
def page() -> str:
    """A row a care manager. It advises by the standard and the counting rule that hold today, and refuses nothing."""
    if not kept_here():
        abort(404)
    record_view(None, "担当件数")
    today, people = node().today(), care_managers()
    going_on = [
        row
        for row in case_rows()
        if (row.ended_on is None or row.ended_on >= today) and _ours(row.track, node().service.role)
    ]
    counting = counting_on(known_parameters(), today)
    who = {row.case_id: row.planner for row in going_on if row.planner}
    found = loads([PlannedCase(row.case_id, row.type, row.track) for row in going_on], who, counting, people)
    spec = node().service.commands.get(ASSIGN)
    return render_template(
        "caseload.html",
        loads=[each for each in found if each.planner != NOBODY],
        nobody=next((each for each in found if each.planner == NOBODY), None),
        people=people,
        counting=counting,
        value_text=value_text,
        at_centre=node().service.role == "hokatsu",
        may_assign=spec is not None and may(account(), spec),
    )
