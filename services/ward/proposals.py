"""Which case of which office is due for a plan review: one an office, about once in one to two years (T-54)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shared.care.agency import AgencyState
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError, Parameters, parameters

WINDOW_STATES: Final = {
    "early": "まだ先",
    "open": "提案の時期",
    "overdue": "2年を過ぎた",
    "requested": "依頼済み",
}


@dataclass(frozen=True, slots=True)
class Window:
    """The months in which an office's next review falls; ``since`` is the last one's, None before the first."""

    since: Month | None
    first: Month
    last: Month

    def state(self, on: date) -> str:
        """``early``, ``open`` or ``overdue``."""
        month = Month.of(on)
        if month < self.first:
            return "early"
        return "open" if month <= self.last else "overdue"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that an office has by its own designation, and the end of the person's certification."""

    case_id: UUID
    office: str
    certified_to: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One office. ``at_renewal`` are the cases whose renewal is near, the nearest first; ``others`` the rest."""

    office: str
    window: Window
    state: str
    at_renewal: Sequence[Candidate]
    others: Sequence[Candidate]


def window_of(agency: AgencyState, office: str, insurer: str, on: date) -> Window | None:
    """When the next review of an office falls; None where the insurer's procedure has no reviews.

    The first is counted from the designation on: the document says how often, not when to begin.
    """
    known = _parameters(insurer)
    if known is None or known.find("plan_review.months_least", on) is None:
        return None
    reviewed = agency.last_review(office)
    least, most = (int(known.value(f"plan_review.months_{name}", on)) for name in ("least", "most"))
    if reviewed is not None:
        since = Month.of(reviewed)
        return Window(since, since.plus(least), since.plus(most))
    designated_from = agency.designated_from(office, insurer, on)
    if designated_from is None:
        return None
    begun = Month.of(designated_from)
    return Window(None, begun, begun.plus(most))


def proposals(candidates: Iterable[Candidate], agency: AgencyState, insurer: str, on: date) -> list[Proposal]:
    """A proposal for each office that has a case, the most pressing first (T-54)."""
    known = _parameters(insurer)
    near = known.find("plan_review.before_renewal_days", on) if known else None
    days = timedelta(days=int(near.value) if near else 0)
    by_office: dict[str, list[Candidate]] = {}
    for each in sorted(candidates, key=lambda one: (one.certified_to or date.max, str(one.case_id))):
        by_office.setdefault(each.office, []).append(each)
    found = []
    for office, cases in by_office.items():
        window = window_of(agency, office, insurer, on)
        if window is None:
            continue
        state = "requested" if agency.reviews_under_way(office) else window.state(on)
        renewing = [
            each for each in cases if each.certified_to is not None and on <= each.certified_to <= on + days
        ]
        near_ones = {each.case_id for each in renewing}
        others = [each for each in cases if each.case_id not in near_ones]
        found.append(Proposal(office, window, state, renewing, others))
    return sorted(found, key=lambda each: (_PRESSING.index(each.state), each.window.last, each.office))


_PRESSING: Final = ("overdue", "open", "requested", "early")


def _parameters(insurer: str) -> Parameters | None:
    try:
        return parameters(insurer)
    except ParameterError:
        return None
