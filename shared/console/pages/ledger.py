"""書類台帳: where every document of a case is, who holds copies, what it fulfils (T-31, T-35)."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contracts.codes import SIGNERS
from shared.console.acting import allowed_commands, may
from shared.console.files import arrival, file_size, handed_out, named_files, want_file
from shared.console.frame import account, console, node, record_view
from shared.console.moments import day_asked
from shared.console.papers import ledger_of
from shared.node.errors import UnknownCase

blueprint = Blueprint("ledger", __name__)

_COMMANDS: Final = ("HandOverDocuments", "AttachDocument", "CommentEvaluation", "ReturnOriginals")
"""What is done with documents, for who may."""


@blueprint.get("/cases/<uuid:case_id>/documents")
def page(case_id: UUID) -> str:
    """Every document that this agency knows of, now or of what was done by the end of ``as_of``."""
    record_view(case_id, "書類台帳")
    day = day_asked(request.args.get("as_of", ""), node().today())
    try:
        rows, files = ledger_of(node(), case_id, day.day), named_files(node(), case_id)
    except UnknownCase:
        if day.day is None or not node().log.case(case_id):
            abort(404)
        rows, files = [], {}
    attaching = node().service.commands.get("AttachDocument")
    return render_template(
        "ledger.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        day=day,
        rows=rows,
        files=files,
        file_size=file_size,
        arrival=arrival,
        attaching=day.day is None and attaching is not None and may(account(), attaching),
        signers=SIGNERS,
        commands=[each for each in allowed_commands(needs_case=True) if each.name in _COMMANDS]
        if day.day is None
        else [],
    )


@blueprint.post("/cases/<uuid:case_id>/files/<digest>/request")
def request_file(case_id: UUID, digest: str) -> AnyResponse:
    """Have the content of a partner's file sent here."""
    record_view(case_id, "書類のファイルの取り寄せ")
    try:
        want_file(node(), case_id, digest)
    except UnknownCase:
        abort(404)
    return redirect(url_for("ledger.page", case_id=case_id))


@blueprint.get("/cases/<uuid:case_id>/files/<digest>")
def file(case_id: UUID, digest: str) -> Response:
    """The content of a file that is attached to a document."""
    record_view(case_id, "書類のファイル")
    try:
        return handed_out(node(), case_id, digest)
    except UnknownCase:
        abort(404)
