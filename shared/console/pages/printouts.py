"""様式: the official forms of a case, to be printed as PDF and kept in the ledger with their hash."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from shared.console.acting import give, may
from shared.console.files import MEDIA_TYPES
from shared.console.frame import account, console, node, record_view, record_views
from shared.console.printouts import (
    agency_found,
    agency_listed,
    agency_printed,
    attaching_fields,
    erased,
    listed,
    matter_of,
    printed,
)
from shared.forms.form import Printout
from shared.node.errors import InvalidFields, UnknownCase

blueprint = Blueprint("printouts", __name__)


@blueprint.get("/cases/<uuid:case_id>/forms")
def page(case_id: UUID) -> str:
    """Every form that can be printed for this case."""
    record_view(case_id, "様式の一覧")
    try:
        gone = erased(node(), case_id)
        found = [] if gone else listed(matter_of(node(), case_id))
    except UnknownCase:
        abort(404)
    attaching = node().service.commands.get("AttachDocument")
    return render_template(
        "printouts.html",
        case_id=case_id,
        name=console().names.of([case_id])[case_id],
        listed=found,
        erased=gone,
        attaching=attaching is not None and may(account(), attaching),
        me=node().agency,
    )


@blueprint.get("/forms")
def agency_page() -> str:
    """Every form of this agency's own dealings that can be printed."""
    record_view(None, "事業所の様式の一覧")
    return render_template("agency_printouts.html", listed=agency_listed(node()))


@blueprint.get("/forms/<name>")
def agency_pdf(name: str) -> Response:
    """One of them as PDF. Who is listed on it is recorded under every person's case."""
    record_view(None, "事業所の様式の印刷")
    found = agency_found(node(), name, request.args.get("of"))
    if found is None:
        abort(404)
    record_views(map(UUID, found.cases), "事業所の様式の印刷")
    return _shown(name, agency_printed(node(), found))


@blueprint.get("/cases/<uuid:case_id>/forms/<name>")
def pdf(case_id: UUID, name: str) -> Response:
    """One form as PDF, shown in the browser. Its name on the disk holds nothing personal."""
    record_view(case_id, "様式の印刷")
    _, content = _printed(case_id, name)
    return _shown(name, content)


@blueprint.post("/cases/<uuid:case_id>/forms/<name>")
def keep(case_id: UUID, name: str) -> AnyResponse:
    """Attach the PDF to its document in the ledger: its hash and size go into the log, its content is encrypted."""
    record_view(case_id, "様式を台帳に残す")
    printout, content = _printed(case_id, name)
    if printout.document is None:
        abort(404)
    try:
        command_id = UUID(request.form.get("command_id", ""))
    except ValueError:
        raise InvalidFields({"command_id": ["画面を開き直して、もう一度送ってください。"]}) from None
    fields = attaching_fields(printout.document, printout.title)
    give("AttachDocument", fields, command_id, case_id, None, (content, None))
    return redirect(url_for("ledger.page", case_id=case_id))


def _shown(name: str, content: bytes) -> Response:
    response = Response(content, mimetype=MEDIA_TYPES["pdf"])
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _printed(case_id: UUID, name: str) -> tuple[Printout, bytes]:
    try:
        found = printed(node(), matter_of(node(), case_id), name, request.args.get("of"))
    except UnknownCase:
        abort(404)
    if found is None:
        abort(404)
    return found
