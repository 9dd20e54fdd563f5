"""請求: an office's or a centre's own months as a board, from open to decided, and each worksheet (T-32, T-33)."""

from typing import Final

from flask import Blueprint, abort, render_template, request

from contracts.claim_codes import ROUTES
from contracts.codes import TYPES
from shared.care.own_months import OwnMonths
from shared.care.submissions import of_month
from shared.console.claim_board import STAGES, board
from shared.console.frame import account, case_id_of, console, names_shown, node, record_view
from shared.console.own_months import standings
from shared.console.returned import with_reasons_of_return
from shared.node.drafted import months_known
from shared.policy.dates import DateError, Month, month_text

blueprint = Blueprint("own_claims", __name__)

CARERS: Final = ("care_manager", "staff")
"""Account roles that close and confirm."""


@blueprint.get("/own-claims")
def page() -> str:
    """One month's claims; the latest where none is asked for."""
    record_view(None, "自分の事業所の請求")
    kept = any(view.NAME == OwnMonths.NAME for view in node().service.views)
    months = months_known(node()) if kept else []
    month = request.args.get("month") or next(iter(months), None)
    if month is not None and month not in months:
        abort(404)
    may_act = account().role in CARERS
    every = standings(node(), Month.parse(month), may_act) if month else []
    shown = with_reasons_of_return(board(every, month or "", request.args), node())
    waiting = [each.yen or 0 for each in every if each.stage == "to_confirm"]
    agency = node().situation().agency
    return render_template(
        "own_claims.html",
        months=months,
        board=shown,
        waiting=len(waiting),
        waiting_yen=sum(waiting),
        closable=any(each.stage in ("collecting", "blocked", "returned") for each in every),
        may_act=may_act,
        names=names_shown((each.case_id for each in shown.rows), f"{month_text(month or '')}の請求"),
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
