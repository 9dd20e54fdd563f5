"""Folding a case from its events; the functions, one a type, stand in ``shared/care/folds``."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final

from shared.care.contradictions import contradiction
from shared.care.folds import (
    agreements,
    care,
    claims,
    discrepancies,
    documents,
    intake,
    notifications,
    provisional,
    reviews,
    risks,
)
from shared.care.folds.reading import Fold, unchanged
from shared.care.parts import HeldEvent
from shared.care.state import Case, GrowingCase
from shared.eventlog.model import Event

__all__ = ["Case", "accepted", "evolve_case", "evolve_case_through", "held_key"]

_FOLDS: Final[Mapping[str, Fold]] = {
    **dict.fromkeys(documents.FOLDS, unchanged),
    **agreements.FOLDS,
    **notifications.FOLDS,
    **care.FOLDS,
    **intake.FOLDS,
    **claims.FOLDS,
    **provisional.FOLDS,
    **reviews.FOLDS,
    **risks.FOLDS,
    **discrepancies.FOLDS,
}


def evolve_case(case: Case, event: Event) -> Case:
    """Fold one event. A partner's event that contradicts what is known is held until a person has settled it.

    Total: a type without a rule here, or data that surprises it, is counted in ``unread`` and passed by.
    """
    return _evolved(case, event, _read_or_passed_by)


def evolve_case_through(case: Case, events: Sequence[Event]) -> Case:
    """Fold many events, one after the other as :func:`evolve_case` does, in half of its time."""
    growing = GrowingCase(case)
    try:
        for event in events:
            _evolved(growing, event, _read)
        return growing.grown()
    except MemoryError:
        raise
    except Exception:  # an event is to be passed by: then each is folded into a state that stays as it was
        return reduce(evolve_case, events, case)


def _evolved(case: Case, event: Event, take: Callable[[Case, Event], Case]) -> Case:
    if case.id is None and event.case_id is not None:
        case = case.but(id=event.case_id)
    code = contradiction(case, event.type, event.data) if event.received else None
    if code is not None:
        held = {**case.held_events, held_key(event.sender, str(event.id)): HeldEvent(code, event)}
        return case.but(held_events=held)
    case = take(case, event)
    stands = _standing_event(case, event) if event.type == "DiscrepancySettled" else None
    return _accepted(case, stands, take) if stands is not None else case


def held_key(sender: str, event_id: str) -> str:
    """By which a held event is known: an id is unique among the events of its sender only."""
    return f"{sender}/{event_id}"


def accepted(case: Case, event: Event) -> Case:
    """The case with an event that was held, because it contradicted ours, now taken in."""
    return _accepted(case, event, _read_or_passed_by)


def _accepted(case: Case, event: Event, take: Callable[[Case, Event], Case]) -> Case:
    key = held_key(event.sender, str(event.id))
    held = {each: one for each, one in case.held_events.items() if each != key}
    return take(case.but(held_events=held), event)


def _standing_event(case: Case, event: Event) -> Event | None:
    """The held event that a person let stand with ``event``, which settles a contradiction, or None."""
    if event.data.get("outcome") != "event_stands":
        return None
    held = case.held_events.get(held_key(str(event.data.get("about")), str(event.data.get("event_id"))))
    return held.event if held else None


def _read(case: Case, event: Event) -> Case:
    """The case with an event taken in.

    :raises Exception: whatever a fold raises that data surprise.
    """
    fold = _FOLDS.get(event.type)
    if fold is None:
        return _passed_by(case, event)
    ledger = documents.FOLDS.get(event.type, unchanged)
    return ledger(fold(case, event, event.data), event, event.data)


def _read_or_passed_by(case: Case, event: Event) -> Case:
    try:
        return _read(case, event)
    except MemoryError:
        raise  # a fault of this process, not of the history
    except Exception:  # a case that can't be folded could never be read nor written again
        return _passed_by(case, event)


def _passed_by(case: Case, event: Event) -> Case:
    return case.but(unread={**case.unread, event.type: case.unread.get(event.type, 0) + 1})
