"""One case: where it stands, whose turn it is, what everybody did, and what can be done now."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from shared.console.acting import allowed_commands, outcome
from shared.console.choices import agency_names
from shared.console.continuing import next_opener
from shared.console.contradicting import contradictions_of
from shared.console.dossier import dossier, erased_at
from shared.console.duties import duties_of_case
from shared.console.frame import account, console, node, record_view
from shared.console.next_steps import turns
from shared.console.offering import offering, refusal_of_state
from shared.console.planners import planner_of
from shared.console.timeline import course, latest, told, unread_left
from shared.node.errors import UnknownCase

blueprint = Blueprint("case", __name__)

_LATEST: Final = 6
"""Steps of the course that stand on the page; what is unread stands there too."""
_MOST: Final = 20


@blueprint.get("/cases/<uuid:case_id>")
def page(case_id: UUID) -> str:
    """The case as it stands now."""
    record_view(case_id, "ケース")
    try:
        replay = node().replay(case_id)
    except UnknownCase:
        abort(404)
    seen_through = console().arrivals.seen_through(account().name, case_id)
    situation = node().situation(case_id)
    names = agency_names(situation.agency)
    shown = latest(node(), replay.events, _LATEST, _MOST, seen_through)
    left = unread_left(node(), replay.events, shown, seen_through)
    console().arrivals.mark_shown(account().name, case_id, replay.events[-1].position, left)
    duties = duties_of_case(replay.events, situation)
    allowed = allowed_commands(needs_case=True)
    offered = offering(allowed, situation, case_id)
    return render_template(
        "case.html",
        dossier=dossier(replay, situation),
        steps=told(node(), case_id, shown, replay.events, names),
        steps_in_all=len(course(replay.events)),
        planner=planner_of(case_id),
        contradictions=contradictions_of(situation.case, replay.events, node().titles),
        duties=duties,
        turns=turns(
            duties.open,
            situation.me,
            allowed,
            offered,
            lambda spec, fields: refusal_of_state(spec, situation, case_id, fields),
        ),
        offering=offered,
        openings=[each for each in allowed_commands(needs_case=False) if each.opens_case]
        if next_opener(replay) == situation.me
        else [],
        erased_at=erased_at(replay.events),
        outcome=outcome(request.args.get("done")),
        names=names,
        seen_through=seen_through,
        unread_left=len(left),
    )
