"""What the model has spared persons and agencies, in figures: the yardstick of its evaluation (T-00)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

SWITCHES: Final = frozenset({"to_care_management_a", "to_preventive_support"})


@dataclass(frozen=True, slots=True)
class Filed:
    """One filing of a notification, and what the desk decided about it. ``office`` does the case."""

    notification_id: str
    revision: int
    case_id: str
    filer: str
    office: str | None
    type: str
    occasion: str
    filed_on: date
    start_date: date | None
    held_since: date | None
    simultaneous: bool
    signature_needed: bool
    decision: str | None
    decided_on: date | None
    reason_code: str | None
    same_care_manager: bool | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """How long something took, in calendar days: how many were counted, their mean to one decimal, the longest."""

    count: int
    mean: float | None
    longest: int | None

    @classmethod
    def of(cls, days: Sequence[int]) -> "Days":
        """Of whole days."""
        if not days:
            return cls(0, None, None)
        return cls(len(days), round(sum(days) / len(days), 1), max(days))


@dataclass(frozen=True)
class Figures:
    """The figures of some notifications.

    ``contracts_saved``: switches accepted without a new contract. ``forms_saved``: notifications that were made at
    contract time and only dated. ``signatures_saved``: accepted ones that the person need not sign. ``same_office``:
    switches after which the same office went on; ``same_care_manager``: the same care manager, of those switches of
    which the office told (``care_manager_told``). ``days_lost``: days from a start to the accepted filing after it.
    ``late``: first filings of a switch to ケアマネジメントA after the end of the month of their start (T-16). What a
    centre files at contract time has another time limit (T-12R).
    """

    accepted: int
    switches: int
    contracts_saved: int
    forms_saved: int
    signatures_saved: int
    same_office: int
    same_care_manager: int
    care_manager_told: int
    to_decide: Days
    days_lost: Days
    late: int
    returned: int
    reasons: Mapping[str, int]


def figures(filings: Iterable[Filed], first: date, last: date, *, simultaneous: bool) -> Figures:
    """The figures of the notifications filed from ``first`` to ``last``, under a simultaneous contract or without."""
    everything = list(filings)
    chosen = [
        each for each in everything if each.simultaneous is simultaneous and first <= each.filed_on <= last
    ]
    accepted = [each for each in chosen if each.decision == "accepted"]
    switches = [each for each in accepted if each.occasion in SWITCHES]
    returned = [each for each in chosen if each.decision == "returned"]
    of_case: dict[str, list[Filed]] = {each.case_id: [] for each in switches}
    for each in everything:
        if each.case_id in of_case:
            of_case[each.case_id].append(each)
    return Figures(
        accepted=len(accepted),
        switches=len(switches),
        contracts_saved=len(switches) if simultaneous else 0,
        forms_saved=sum(1 for each in accepted if each.held_since is not None),
        signatures_saved=sum(1 for each in accepted if not each.signature_needed),
        same_office=sum(1 for each in switches if _same_office(each, of_case[each.case_id])),
        same_care_manager=sum(1 for each in switches if each.same_care_manager),
        care_manager_told=sum(1 for each in switches if each.same_care_manager is not None),
        to_decide=Days.of([(each.decided_on - each.filed_on).days for each in chosen if each.decided_on]),
        days_lost=Days.of(_lost(accepted)),
        late=sum(1 for each in chosen if _late(each)),
        returned=len(returned),
        reasons=Counter(each.reason_code or "other" for each in returned),
    )


def _same_office(switch: Filed, of_case: Iterable[Filed]) -> bool:
    """Whether the office of the notification that the case had before is also that of this one."""
    earlier = [
        each
        for each in of_case
        if each.decision == "accepted"
        and each.notification_id != switch.notification_id
        and each.filed_on <= switch.filed_on
    ]
    before = max(earlier, key=lambda each: (each.filed_on, each.notification_id, each.revision), default=None)
    return before is not None and switch.office is not None and before.office == switch.office


def _lost(accepted: Iterable[Filed]) -> list[int]:
    return [
        (each.filed_on - each.start_date).days
        for each in accepted
        if each.start_date is not None and each.filed_on > each.start_date
    ]


def _late(each: Filed) -> bool:
    return (
        each.revision == 1
        and each.occasion == "to_care_management_a"
        and each.start_date is not None
        and (each.filed_on.year, each.filed_on.month) > (each.start_date.year, each.start_date.month)
    )
