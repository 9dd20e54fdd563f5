"""請求: an office's or a centre's own months as a board, from open to decided, and each worksheet (T-32, T-33)."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for

from contracts.claim_codes import CLAIM_OUTCOMES, LATE_REASONS, ROUTES
from contracts.codes import TYPES
from shared.care.claim_parts import Claim
from shared.care.requesting_closing import claims_month
from shared.care.state import Case
from shared.care.submissions import SubmittedLine, of_month
from shared.console.claim_board import STAGES, BoardRow, Link, Reason, board
from shared.console.frame import account, case_id_of, console, node, record_view, record_views
from shared.console.wareki import wareki
from shared.node.drafted import drafted, months_drafted, months_reported, reported
from shared.node.service import Situation
from shared.policy.dates import DateError, Month

blueprint = Blueprint("own_claims", __name__)

CARERS: Final = ("care_manager", "staff")
"""Account roles that close and confirm."""


@blueprint.get("/own-claims")
def page() -> str:
    """One month's claims; the latest where none is asked for."""
    record_view(None, "自分の事業所の請求")
    months = sorted({*months_drafted(node()), *months_reported(node())}, reverse=True)
    month = request.args.get("month") or next(iter(months), None)
    if month is not None and month not in months:
        abort(404)
    every = list(_rows(Month.parse(month))) if month else []
    shown = board(every, month or "", request.args)
    record_views((each.case_id for each in shown.rows), f"{month} の請求")
    waiting = [each.yen or 0 for each in every if each.stage == "to_confirm"]
    agency = node().situation().agency
    return render_template(
        "own_claims.html",
        months=months,
        board=shown,
        waiting=len(waiting),
        waiting_yen=sum(waiting),
        closable=any(each.stage in ("collecting", "blocked", "returned") for each in every),
        may_act=account().role in CARERS,
        names=console().names.of({each.case_id for each in shown.rows}),
        types=TYPES,
        titles=STAGES,
        routes=ROUTES,
        submissions=agency.submissions.of_month(shown.month, node().agency),
        statements=of_month(agency.statements, shown.month, node().agency),
    )


@blueprint.get("/own-claims/<month>/<case>")
def own_worksheet(month: str, case: str) -> str:
    """What a claim follows from, as the billing desk stated it last: every figure, what blocks, what to do."""
    case_id = case_id_of(case)
    record_view(case_id, "請求の根拠")
    try:
        of = str(Month.parse(month))
    except DateError:
        abort(404)
    situation = node().situation(case_id)
    stated = situation.case.worksheets.get(of)
    if stated is None:
        abort(404)
    reopened = situation.case.reopenings.get(of)
    slip = situation.case.benefit_slips.get(of)
    holds = reopened is not None and reopened.holds(situation.case.claims.get(of), slip)
    event = next(each for each in reversed(node().replay(case_id).events) if each.id == stated.event)
    return render_template(
        "own_worksheet.html",
        sheet=event.data,
        month=of,
        case_id=case_id,
        reopened=reopened if holds else None,
        name=console().names.of([case_id])[case_id],
    )


def _rows(month: Month) -> Iterator[BoardRow]:
    """Whoever this agency claims for, and who was reported the month before and is not yet."""
    cases = {*drafted(node(), month), *reported(node(), month), *reported(node(), month.plus(-1))}
    for case_id in sorted(cases):
        situation = node().situation(case_id)
        if _is_ours(situation, month):
            yield _row(situation, case_id, month)


def _is_ours(situation: Situation, month: Month) -> bool:
    """By what is known now; where somebody else drafted last, it is not."""
    case, me = situation.case, node().agency
    claim, performance = case.claims.get(str(month)), case.performances.get(str(month))
    if claim is not None:
        return claim.claimant == me
    if performance is None and not case.supported_on(month.first):
        return False
    return claims_month(case, month, me) and (performance is None or bool(performance.services))


def _row(situation: Situation, case_id: UUID, month: Month) -> BoardRow:
    case, key = situation.case, str(month)
    claim, stated = case.claims.get(key), case.worksheets.get(key)
    line = _submitted(situation, claim)
    stage = _stage(case, key, claim, line)
    return BoardRow(
        case_id,
        node().agency,
        stage,
        claim.type if claim else None,
        claim.units if claim else stated.units if stated else None,
        claim.yen if claim else stated.yen if stated else None,
        reasons=tuple(_reasons(case, key, stage)),
        said=tuple(_said(case, key, claim, line, stage)),
        links=tuple(_links(case, case_id, key, stage)),
    )


def _submitted(situation: Situation, claim: Claim | None) -> SubmittedLine | None:
    """The line of this very draft in the submission that stands."""
    lines = situation.agency.submissions.lines(str(situation.case.id), ("claim",))
    found = [line for _, line in lines if claim is not None and line.claim_id == claim.id]
    return found[-1] if found else None


def _stage(case: Case, month: str, claim: Claim | None, line: SubmittedLine | None) -> str:
    stated = case.worksheets.get(month)
    if claim is not None and claim.id in case.corrections:
        return "returned"
    result = case.claim_results.get(claim.id) if claim else None
    if result is not None:
        return result.kind
    if line is not None:
        return "submitted"
    if stated is not None and stated.blockers:
        return "blocked"
    if claim is None:
        return "collecting"
    return "confirmed" if claim.confirmed_on else "to_confirm"


def _reasons(case: Case, month: str, stage: str) -> Iterator[Reason]:
    stated, reopened = case.worksheets.get(month), case.reopenings.get(month)
    claim = case.claims.get(month)
    if reopened is not None and reopened.holds(claim, case.benefit_slips.get(month)):
        yield Reason("T-61", reopened.text, reopened.todo)
    if month not in case.performances:
        yield Reason(
            "T-32", "実績報告がまだ届いていません", "居宅からの実績報告を待つか、居宅に確かめてください"
        )
    elif stage in ("collecting", "blocked", "to_confirm"):
        for each in stated.blockers if stated else ():
            yield Reason(each.rule, each.text, each.todo)
    if stage == "returned":
        yield Reason(
            "T-33", "返戻または過誤の申立て", "理由を直してから、月を締めて請求案を作り直してください"
        )


def _said(
    case: Case, month: str, claim: Claim | None, line: SubmittedLine | None, stage: str
) -> Iterator[str]:
    asked = case.closing_requests.get(month)
    if asked is not None and stage in ("collecting", "blocked"):
        yield f"締めを依頼 {wareki(asked.requested_on)}"
    if claim is not None and claim.confirmed_on is not None and stage == "confirmed":
        yield f"確認 {wareki(claim.confirmed_on)}"
    if line is not None and line.late:
        yield f"月遅れ（{LATE_REASONS[line.late]}）"
    result = case.claim_results.get(claim.id) if claim else None
    if claim is None or result is None:
        return
    yield f"{CLAIM_OUTCOMES.get(result.outcome or '', '返戻')} {wareki(result.on)}"
    if result.yen is not None and result.yen != claim.yen:
        yield f"決定額 {result.yen:,}円"


def _links(case: Case, case_id: UUID, month: str, stage: str) -> Iterator[Link]:
    if month in case.worksheets:
        yield Link("根拠", url_for("own_claims.own_worksheet", month=month, case=case_id))
    if stage == "to_confirm" and account().role in CARERS:
        yield Link(
            "確認する", url_for("command.form", case_id=case_id, name="ConfirmClaim", service_month=month)
        )
