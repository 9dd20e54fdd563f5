"""The register of notifications: which one of a person is current, and which contradict it (decision 22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.care.state import Case


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification that the desk accepted; it holds from ``start_date`` on. ``number`` counts acceptances."""

    notification_id: str
    case_id: UUID | None
    filer: str
    type: str
    track: str
    desk: str
    start_date: date | None
    accepted_on: date | None
    number: int


def entries_of(case: Case) -> list[Entry]:
    """The accepted notifications of a case, in the order in which they were decided."""
    accepted = [each for each in case.notifications.values() if each.state == "accepted"]
    ordered = sorted(accepted, key=lambda each: each.decided_on or date.min)
    return [
        Entry(
            each.id,
            case.id,
            each.filer,
            each.type,
            each.track,
            each.desk or "",
            each.start_date,
            each.decided_on,
            number,
        )
        for number, each in enumerate(ordered)
    ]


def current(entries: Iterable[Entry], on: date) -> Entry | None:
    """The one that holds on ``on``: the latest start, of two that start together the one accepted last."""
    begun = [each for each in entries if each.start_date is not None and each.start_date <= on]
    return max(begun, key=lambda each: (each.start_date, each.number), default=None)


def contradicting(entries: Sequence[Entry], chosen: Entry) -> list[Entry]:
    """Accepted earlier, filed by another agency, and yet starting no earlier: a second current one.

    What was accepted before and starts before is simply over.
    """
    if chosen.start_date is None:
        return []
    return [
        each
        for each in entries
        if each.notification_id != chosen.notification_id
        and each.filer != chosen.filer
        and each.number < chosen.number
        and each.start_date is not None
        and each.start_date >= chosen.start_date
    ]
