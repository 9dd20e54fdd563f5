"""工程表: the document's matrix of one case, each document with how it stands (T-06 to T-35)."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, render_template

from shared.care.matrix import STATES, matrix, process_title
from shared.console.duties import duties_of_case
from shared.console.frame import console, node, record_view
from shared.node.errors import UnknownCase

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/cases/<uuid:case_id>/matrix")
def page(case_id: UUID) -> str:
    """Every process and document in the case's track, on the business date."""
    record_view(case_id, "工程表")
    try:
        replay = node().replay(case_id)
    except UnknownCase:
        abort(404)
    situation = node().situation(case_id)
    duties = duties_of_case(replay.events, situation)
    found = matrix(replay.case, (*duties.open, *duties.done), situation.agency, situation.me, situation.today)
    return render_template(
        "matrix.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        matrix=found,
        processes=[
            (process_title(process), list(places))
            for process, places in groupby(found.places, key=lambda each: each.process)
        ],
        states=STATES,
        event_title={each.id: node().titles.get(each.type, each.type) for each in replay.events}.get,
    )
