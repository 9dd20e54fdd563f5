"""The billing desk's pages: the service months as a board, one month's worksheet, what was submitted and settled."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from contracts.claim_codes import CLAIM_OUTCOMES, LATE_REASONS, ROUTES
from contracts.codes import SERVICE_KINDS, TYPES
from services.billing import results_pages
from services.billing.people import people
from services.billing.project_corrections import form_of
from services.billing.worksheet import STATES, worksheet
from shared.console.frame import MenuEntry, RolePages, case_id_of, console, node, record_view, record_views
from shared.policy.dates import DateError, Month
from shared.policy.parameters import ParameterError, parameters

RESULTS: Final = {"returned": "返戻", "corrected": "過誤の申立て", **CLAIM_OUTCOMES}

blueprint = Blueprint("billing", __name__, template_folder="templates")

_CLAIMS: Final = """
select service_month, case_id, reported_on, claim_id is not null, examination_month, claimant, type, units, yen,
    office_yen, centre_yen, split_assumed, slip_on, slip_units, confirmed_on, submitted_on, late, result, result_on
from view_claim_months.months where service_month = %s order by case_id
"""
_MONTHS: Final = """
select service_month, count(*) from view_claim_months.months group by service_month order by service_month desc
"""


@dataclass(frozen=True, slots=True)
class ClaimMonth:
    """One service month of a case: whether its performance is reported and its claim drafted; yen where drafted."""

    service_month: str
    case_id: UUID
    reported_on: date | None
    drafted: bool
    examination_month: str | None
    claimant: str | None
    type: str | None
    units: int | None
    yen: int | None
    office_yen: int | None
    centre_yen: int | None
    split_assumed: bool | None
    slip_on: date | None
    slip_units: int | None
    confirmed_on: date | None
    submitted_on: date | None
    late: str | None
    result: str | None
    result_on: date | None

    @property
    def late_title(self) -> str | None:
        """Why it is claimed late, in Japanese; None where it is in time."""
        return LATE_REASONS.get(self.late) if self.late else None

    @property
    def result_title(self) -> str | None:
        """What became of the claim, in Japanese; None while nobody said."""
        return RESULTS.get(self.result) if self.result else None

    @property
    def type_title(self) -> str:
        """The type in Japanese."""
        return TYPES.get(self.type or "", "―")


@blueprint.get("/claims")
def claims() -> str:
    """One service month's claims, person by person; the latest month where none is asked for (A-S10)."""
    record_view(None, "請求")
    with node().database.connection() as connection:
        known = dict(connection.execute(_MONTHS.encode()).fetchall())
        month = request.args.get("month") or next(iter(known), None)
        if month is not None and month not in known:
            abort(404)
        rows = [ClaimMonth(*row) for row in connection.execute(_CLAIMS.encode(), (month,)).fetchall()]
    record_views((each.case_id for each in rows), f"{month} の請求")
    return render_template(
        "billing/claims.html",
        known=known,
        month=month,
        rows=rows,
        names=console().names.of({each.case_id for each in rows}),
    )


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
        submissions=newest,
        statements=sorted(agency.statements, key=lambda each: (each.stated_on, each.id), reverse=True),
        routes=ROUTES,
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

PAGES: Final = RolePages(
    blueprint,
    (
        MenuEntry("billing.claims", "請求"),
        MenuEntry("billing.submissions", "提出・委託料"),
        MenuEntry("billing.results", "審査結果", frozenset({"billing"})),
    ),
)
