"""Who claims a month in which the person went from one case to the next: the party of the new one (decision 30)."""

from typing import Final

from shared.care import requirements
from shared.care.state import Case
from shared.node.service import Situation
from shared.policy.dates import Month

PASSED_ON: Final = ("office_changed", "moved_within")
"""Ends of a case after which the person's support goes on in another one."""


def claimed_in_next_case(situation: Situation, case: Case, month: Month) -> bool:
    """Whether a month of ``case`` is claimed in the person's next case, because this one ended before its last day.

    Whoever is responsible on the last day of a month claims the whole of it (T-33).
    """
    end = case.support_end
    if end is None or end.reason not in PASSED_ON or not month.first <= end.ended_on < month.last:
        return False
    return requirements.found(situation, "claim.split_month", month.first) == "last_day"
