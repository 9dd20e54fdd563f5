"""工程表: the document's matrix of one case, each document with how it stands (T-06 to T-35)."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, render_template

from shared.care.matrix import STATES, process_title
from shared.console.frame import console, node, record_view
from shared.console.papers import matrix_of
from shared.node.errors import UnknownCase
from shared.policy.procedure import procedure_on

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/cases/<uuid:case_id>/matrix")
def page(case_id: UUID) -> str:
    """Every process and document in the case's track, on the business date."""
    record_view(case_id, "工程表")
    try:
        found, replay = matrix_of(node(), case_id)
    except UnknownCase:
        abort(404)
    return render_template(
        "matrix.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        matrix=found,
        procedure=procedure_on(replay.case.insurer, found.on),
        processes=[
            (process_title(process), list(places))
            for process, places in groupby(found.places, key=lambda each: each.process)
        ],
        states=STATES,
        event_title={each.id: node().titles.get(each.type, each.type) for each in replay.events}.get,
    )
