"""書類台帳: where every document of a case is, who holds copies, what it fulfils (T-31, T-35)."""

from uuid import UUID

from flask import Blueprint, abort, render_template

from contracts.codes import SIGNERS
from shared.console.frame import console, node, record_view
from shared.console.papers import ledger_of
from shared.node.errors import UnknownCase

blueprint = Blueprint("ledger", __name__)


@blueprint.get("/cases/<uuid:case_id>/documents")
def page(case_id: UUID) -> str:
    """Every document that this agency knows of."""
    record_view(case_id, "書類台帳")
    try:
        rows = ledger_of(node(), case_id)
    except UnknownCase:
        abort(404)
    return render_template(
        "ledger.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        rows=rows,
        signers=SIGNERS,
        commands=[
            node().service.commands[name]
            for name in ("HandOverDocuments", "CommentEvaluation", "ReturnOriginals")
            if name in node().service.commands
        ],
    )
