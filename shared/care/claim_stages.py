"""How far a service month's claim is, from open to decided: one answer for every page that says it (T-33)."""

from typing import NamedTuple

from shared.care.claim_parts import Claim
from shared.care.state import Case
from shared.care.submissions import Statement, Submissions


class MonthFacts(NamedTuple):
    """What is known of a month's last claim; ``result`` is ``returned`` or ``decided``, as its examiner said.

    ``submitted``: in a submission that stands. ``corrected``: taken back (過誤), and not drafted anew since.
    """

    drafted: bool = False
    blocked: bool = False
    confirmed: bool = False
    submitted: bool = False
    result: str | None = None
    corrected: bool = False

    @property
    def stage(self) -> str:
        """How far it is: a key of ``shared.console.claim_board.STAGES``."""
        if self.corrected:
            return "returned"
        if self.result is not None:
            return self.result
        if self.submitted:
            return "submitted"
        if self.blocked:
            return "blocked"
        if not self.drafted:
            return "collecting"
        return "confirmed" if self.confirmed else "to_confirm"


def month_stage(case: Case, month: str, submissions: Submissions) -> str:
    """How far a case's month is, by the events of the case and the submissions that stand."""
    claim, stated = case.claims.get(month), case.worksheets.get(month)
    blocked = stated is not None and bool(stated.blockers)
    if claim is None:
        return MonthFacts(blocked=blocked).stage
    lines = submissions.lines(str(case.id), ("claim",))
    result = case.claim_results.get(claim.id)
    return MonthFacts(
        drafted=True,
        blocked=blocked,
        confirmed=claim.confirmed_on is not None,
        submitted=any(line.claim_id == claim.id for _, line in lines),
        result=result.kind if result else None,
        corrected=claim.id in case.corrections,
    ).stage


def settled(claim: Claim, statements: tuple[Statement, ...]) -> bool | None:
    """Whether a claim is settled with its entrusted office (A-Q35c); None where no statement says anything of it.

    A statement holds what is decided: to an office that is told nothing else, it is how the claim ended. False where
    the last of them takes it off again.
    """
    kinds = [line.kind for each in statements for line in each.lines if line.claim_id == claim.id]
    return kinds[-1] != "cancellation" if kinds else None
