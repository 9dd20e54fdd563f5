"""Who claims a month in which the person went from one case to the next: the party of the new one (decision 30)."""

from typing import Final

from shared.care import requirements
from shared.care.state import Case
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, month_text

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


def must_be_claimed_here(situation: Situation, case: Case, month: Month) -> None:
    """A month that goes over to the next case is claimed there alone (T-33, decision 30).

    :raises Refused: it does.
    """
    if claimed_in_next_case(situation, case, month):
        raise Refused(
            "claimed_in_next_case",
            f"{month_text(month)}は月の途中で居宅または担当の包括が変わったため、このケースでは請求しません",
            field="service_month",
            rule="T-33",
            todo="月の末日に担当する事業所の請求として、次のケースで月の全部の実績から作成してください",
        )
