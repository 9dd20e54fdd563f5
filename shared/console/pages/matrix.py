"""工程表: the document's matrix of one case, each document with how it stands (T-06 to T-35)."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from shared.care.matrix import STATES, Matrix, process_title
from shared.console.frame import console, node, record_view
from shared.console.moments import day_asked
from shared.console.papers import matrix_of
from shared.eventlog.model import Event
from shared.node.errors import UnknownCase
from shared.policy.procedure import procedure_on

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/cases/<uuid:case_id>/matrix")
def page(case_id: UUID) -> str:
    """Every process and document in the case's track, on the business date or at the end of ``as_of``."""
    record_view(case_id, "工程表")
    day = day_asked(request.args.get("as_of", ""), node().today())
    found, events = _matrix(case_id, day.day)
    return render_template(
        "matrix.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        day=day,
        matrix=found,
        procedure=procedure_on(node().situation(case_id).case.insurer, day.day or node().today()),
        processes=[
            (process_title(process), list(places))
            for process, places in groupby(found.places if found else (), key=lambda each: each.process)
        ],
        states=STATES,
        event_title={each.id: node().titles.get(each.type, each.type) for each in events}.get,
    )


def _matrix(case_id: UUID, day: date | None) -> tuple[Matrix | None, Sequence[Event]]:
    """The matrix and the events it was made of; none on a day when the case had no record yet."""
    try:
        found, replay = matrix_of(node(), case_id, day)
    except UnknownCase:
        if day is None or not node().log.case(case_id):
            abort(404)
        return None, ()
    return found, replay.events
