"""請求: an office's or a centre's own claims, month by month: to confirm, submitted, and what became of them (T-33)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from contracts.claim_codes import CLAIM_OUTCOMES, LATE_REASONS, ROUTES
from contracts.codes import TYPES
from shared.care.claim_parts import Claim, ClaimResult
from shared.care.submissions import SubmittedLine
from shared.console.frame import console, node, record_view, record_views
from shared.node.drafted import drafted, months_drafted
from shared.policy.dates import Month

blueprint = Blueprint("own_claims", __name__)

STATES: Final = {
    "to_confirm": "確認待ち",
    "confirmed": "確認済み（提出待ち）",
    "submitted": "提出済み",
    "returned": "返戻",
    "decided": "決定",
    "taken_back": "過誤の申立て",
}


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """One person's claim of a month; ``submitted`` is its line in the submission that stands, where there is one."""

    case_id: UUID
    claim: Claim
    submitted: SubmittedLine | None
    result: ClaimResult | None
    taken_back: bool

    @property
    def state(self) -> str:
        """How far it is: a key of :data:`STATES`."""
        if self.taken_back:
            return "taken_back"
        if self.result is not None:
            return self.result.kind
        if self.submitted is not None:
            return "submitted"
        return "confirmed" if self.claim.confirmed_on else "to_confirm"


@blueprint.get("/own-claims")
def page() -> str:
    """One month's claims; the latest where none is asked for."""
    record_view(None, "自分の事業所の請求")
    months = months_drafted(node())
    month = request.args.get("month") or next(iter(months), None)
    if month is not None and month not in months:
        abort(404)
    rows = list(_claims(month)) if month else []
    record_views((each.case_id for each in rows), f"{month} の請求")
    waiting = [each.claim.yen for each in rows if each.state == "to_confirm"]
    return render_template(
        "own_claims.html",
        months=months,
        month=month,
        rows=rows,
        waiting=len(waiting),
        waiting_yen=sum(waiting),
        names=console().names.of({each.case_id for each in rows}),
        states=STATES,
        types=TYPES,
        routes=ROUTES,
        outcomes=CLAIM_OUTCOMES,
        reasons=LATE_REASONS,
    )


def _claims(month: str) -> Iterator[OwnClaim]:
    for case_id in drafted(node(), Month.parse(month)):
        situation = node().situation(case_id)
        case, submissions = situation.case, situation.agency.submissions
        claim = case.claims.get(month)
        if claim is None or claim.claimant != node().agency:
            continue  # by what is known since, somebody else claims it
        lines = [line for _, line in submissions.lines(str(case_id), ("claim",)) if line.claim_id == claim.id]
        yield OwnClaim(
            case_id,
            claim,
            lines[-1] if lines else None,
            case.claim_results.get(claim.id),
            claim.id in case.corrections,
        )
