"""The billing desk's pages: the service months as a board, one month's worksheet, what was submitted and settled."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for

from contracts.claim_codes import ROUTES
from contracts.codes import SERVICE_KINDS, TYPES
from services.billing import results_pages, submitting_pages
from services.billing.board import months, standings
from services.billing.past import CannotRestore, files_again
from services.billing.people import people
from services.billing.project_corrections import form_of
from services.billing.worksheet import STATES, worksheet
from shared.care.submissions import of_month
from shared.console.acting import allowed_command, outcome
from shared.console.claim_board import STAGES as BOARD_STAGES
from shared.console.claim_board import board
from shared.console.frame import (
    MenuEntry,
    RolePages,
    account,
    case_id_of,
    console,
    names_shown,
    node,
    record_view,
    record_views,
)
from shared.console.paging import paged
from shared.console.returned import with_reasons_of_return
from shared.node.errors import Refused
from shared.policy.dates import DateError, Month, month_text
from shared.policy.parameters import ParameterError, parameters

blueprint = Blueprint("billing", __name__, template_folder="templates")


@blueprint.get("/claims")
def claims() -> str:
    """One service month as a board, person by person; the latest month where none is asked for (A-S10)."""
    record_view(None, "請求")
    known = months(node())
    month = request.args.get("month") or next(iter(known), None)
    if month is not None and month not in known:
        abort(404)
    shown = board(
        standings(node(), month, may_act=account().role == "billing") if month else (),
        month or "",
        request.args,
    )
    shown = with_reasons_of_return(shown, node())
    agency = node().situation().agency
    return render_template(
        "billing/claims.html",
        months=known,
        board=shown,
        names=names_shown((each.case_id for each in shown.rows), f"{month_text(month or '')}の請求"),
        types=TYPES,
        titles=BOARD_STAGES,
        routes=ROUTES,
        submissions=agency.submissions.of_month(shown.month, shown.claimant),
        statements=of_month(agency.statements, shown.month, shown.claimant),
    )


@blueprint.get("/submissions/<uuid:submission_id>/files/<name>")
def submitted_file(submission_id: UUID, name: str) -> Response:
    """A file of a submission, made again byte for byte; who takes it is in the access log (A-S10).

    Only the desk's clerks may: it holds everybody's data.
    """
    allowed_command("SubmitClaims")
    try:
        submission, files = files_again(node(), str(submission_id))
    except CannotRestore as problem:
        raise Refused(
            "file_lost", str(problem), rule="A-S10", todo="保存したファイルを使ってください"
        ) from problem
    content = next((each.written.content for each in files if each.name == name), None)
    if content is None:
        abort(404)
    record_view(None, "提出した請求データ")
    record_views((UUID(each.case) for each in submission.lines), "提出した請求データ")
    response = Response(content, mimetype="text/csv; charset=Shift_JIS")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/claims/<month>/<case>")
def claim_worksheet(month: str, case: str) -> str:
    """One person's service month: every figure with its derivation, what blocks, and what to do."""
    case_id = case_id_of(case)
    try:
        of = Month.parse(month)
    except DateError:
        abort(404)
    record_view(case_id, "請求の根拠")
    situation = node().situation(case_id)
    if not situation.case.opened:
        abort(404)
    sheet = worksheet(situation, of)
    applied = [each for each in situation.case.project_corrections if each.service_month == str(of)]
    return render_template(
        "billing/worksheet.html",
        sheet=sheet,
        state=STATES[sheet.state],
        month=str(of),
        applied=applied,
        kinds=SERVICE_KINDS,
        name=console().names.of([case_id])[case_id],
    )


@blueprint.get("/submissions")
def submissions() -> str:
    """What was submitted for whom, and the statements to entrusted offices."""
    record_view(None, "請求の提出と委託料")
    agency = node().situation().agency
    newest = sorted(
        agency.submissions.by_id.values(), key=lambda each: (each.submitted_on, each.id), reverse=True
    )
    return render_template(
        "billing/submissions.html",
        submissions=paged(newest, request.args.get("page", "")),
        statements=paged(
            sorted(agency.statements, key=lambda each: (each.stated_on, each.id), reverse=True),
            request.args.get("statements", ""),
        ),
        address=lambda name: lambda number: url_for("billing.submissions", **{name: number}),
        routes=ROUTES,
        outcome=outcome(request.args.get("done")),
    )


@blueprint.get("/cases/<uuid:case_id>/project-corrections/<uuid:application_id>")
def project_correction(case_id: UUID, application_id: UUID) -> str:
    """The paper application for a project service with its address and codes, to be printed (A-Q54a)."""
    record_view(case_id, "総合事業用 過誤申立書")
    situation = node().situation(case_id)
    found = [each for each in situation.case.project_corrections if each.id == str(application_id)]
    if not found:
        abort(404)
    try:
        form = form_of(found[0], parameters(situation.case.insurer))
    except ParameterError:
        abort(404)
    person = people(node(), [case_id])[case_id]
    return render_template(
        "billing/project_correction.html",
        case_id=case_id,
        form=form,
        person=person,
        insurer=situation.case.insurer,
    )


results_pages.add_pages(blueprint)
submitting_pages.add_pages(blueprint)

_SUBMITTING: Final = frozenset({"billing.offered", "billing.new_submission", "billing.submit"})
PAGES: Final = RolePages(
    blueprint,
    (
        MenuEntry("billing.claims", "請求", within=frozenset({"billing.claim_worksheet"})),
        MenuEntry("billing.submissions", "提出・委託料", within=_SUBMITTING),
        MenuEntry("billing.results", "審査結果", frozenset({"billing"})),
    ),
    own_pages={submitting_pages.COMMAND: "billing.offered"},
)
