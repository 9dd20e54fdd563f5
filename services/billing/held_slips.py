"""What the federation holds of a person's month: one benefit slip, or none (T-33, A-Q36).

A month has exactly one slip of a person there. A correction (修正) of its own claimant takes its place; another
claimant's slip goes in only after the first was cancelled (取消).
"""

from typing import Final

from services.billing.case import ServiceMonth
from shared.care.claim_parts import BenefitSlip
from shared.care.submissions import Submission, SubmittedLine
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, month_text

NEW: Final = "1"
CORRECTED: Final = "2"
CANCELLED: Final = "3"


def slip_lines(at: Situation, month: Month) -> tuple[tuple[Submission, SubmittedLine], ...]:
    """The slips of a month that went to the federation in time and did not come back, oldest first."""
    return tuple(
        (submission, line)
        for submission, line in at.agency.submissions.lines(str(at.case.id), ("slip",))
        if line.service_month == str(month) and line.claim_id not in at.case.slip_returns
    )


def held_slip(at: Situation, month: Month) -> BenefitSlip | None:
    """The slip of a month that the federation has now; None where it has none, or the last one was a cancellation."""
    held = None
    for _, line in slip_lines(at, month):
        slip = at.case.prepared_slips.get(line.claim_id)
        if slip is not None:
            held = None if slip.kind == CANCELLED else slip
    return held


def kind_of_next(at: Situation, month: Month, claimant: str) -> str:
    """作成区分 of a claimant's slip: new, or a correction of its own that is there.

    :raises Refused: the federation has another claimant's; that one is cancelled first.
    """
    held = held_slip(at, month)
    if held is None:
        return NEW
    if held.claimant == claimant:
        return CORRECTED
    name = at.agency.name_of(held.claimant)
    raise Refused(
        "slip_of_another",
        f"{month_text(month)}の給付管理票は、{name}が提出したものを国保連が持っています",
        field="service_month",
        rule="A-Q36",
        todo=f"「給付管理票を取り消す」を行い、{name}の取消を国保連に提出してから作成してください（1人1か月に1件だけ）",
    )


def pending_cancellation(at: Situation, month: Month) -> BenefitSlip | None:
    """The cancellation of what the federation has, made and not submitted yet."""
    slip = at.case.benefit_slips.get(str(month))
    if slip is None or slip.kind != CANCELLED or held_slip(at, month) is None:
        return None
    submitted = at.agency.submissions.slip_submitted(str(at.case.id), slip.id)
    return None if submitted else slip


def left_behind(
    at: Situation, month: Month, subject: ServiceMonth | None, *, managed: bool
) -> BenefitSlip | None:
    """The slip at the federation that nothing stands behind any more and nobody is cancelling; None where all is well.

    ``subject`` is what the month is now, None where it can't be claimed; ``managed`` whether anything of it stands on a
    slip.
    """
    held = held_slip(at, month)
    if held is None or pending_cancellation(at, month) is not None:
        return None
    fits = subject is not None and managed and subject.claimant == held.claimant
    return None if fits else held
