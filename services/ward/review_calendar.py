"""Which office's plan is reviewed in which month: what was, what is asked, when the next one falls (T-54)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.ward.proposals import Proposal
from shared.care.agency import AgencyState
from shared.policy.dates import Month

BEFORE, AHEAD = 6, 24
"""Months that the calendar shows before the present one, and after it."""

CELLS: Final = {
    "held": ("済", "検証した月"),
    "asked": ("依頼", "依頼した月"),
    "window": ("目安", "次の検証の目安の月"),
    "overdue": ("超過", "目安を過ぎた月"),
}
"""What a cell says: its short word, and what that means."""


@dataclass(frozen=True, slots=True)
class Line:
    """One office: a code of :data:`CELLS` for each month, empty where there is nothing.

    ``state`` is that of its proposal, ``since`` the month of its last review.
    """

    office: str
    state: str
    since: Month | None
    cells: Sequence[str]


def months_shown(today: date) -> list[Month]:
    """The months of the calendar."""
    present = Month.of(today)
    return [present.plus(step) for step in range(-BEFORE, AHEAD + 1)]


def calendar(proposals: Iterable[Proposal], agency: AgencyState, today: date) -> list[Line]:
    """A line for each office that has a case to review, in the order of the proposals: the most pressing first.

    A review that was held or asked for is shown in its month; the window of the next one (T-54) in every other, its
    months before the present one only where nothing was reviewed in them: then it is overdue from its last month on.
    """
    held: dict[str, set[Month]] = {}
    asked: dict[str, set[Month]] = {}
    for each in agency.reviews.values():
        if each.held_on is not None:
            held.setdefault(each.office, set()).add(Month.of(each.held_on))
        elif each.planned_on is not None:
            asked.setdefault(each.office, set()).add(Month.of(each.planned_on))
    months, present = months_shown(today), Month.of(today)

    def cell(proposal: Proposal, month: Month) -> str:
        if month in held.get(proposal.office, ()):
            return "held"
        if month in asked.get(proposal.office, ()):
            return "asked"
        if proposal.window.first <= month <= proposal.window.last:
            return "window"
        return "overdue" if proposal.window.last < month <= present and proposal.state == "overdue" else ""

    return [
        Line(each.office, each.state, each.window.since, [cell(each, month) for month in months])
        for each in proposals
    ]
