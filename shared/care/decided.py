"""The case as it will be once a decision is recorded: for what follows from the decision itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.care.case import Case, evolve_case
from shared.eventlog.model import Event, NewEvent, case_stream
from shared.node.service import Command, Situation


def case_after(situation: Situation, command: Command, events: Sequence[NewEvent]) -> Case:
    """The case of a situation with the events of its own that a decision on it is about to bring about."""
    case = situation.case
    for place, new in enumerate(events):
        if case.id is not None and new.case_id == case.id:
            case = evolve_case(case, _as_recorded(situation, command, new, place, case.id))
    return case


def _as_recorded(situation: Situation, command: Command, new: NewEvent, place: int, case_id: UUID) -> Event:
    day = new.occurred_on or command.occurred_on
    return Event(
        position=0,
        stream=case_stream(case_id),
        version=0,
        id=uuid5(command.id, str(place)),
        type=new.type,
        schema_version=1,
        case_id=case_id,
        sender=situation.me,
        occurred_on=day,
        recorded_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        actor=command.actor,
        causation=command.id,
        correlation=command.id,
        data=_as_text(new.data),
    )


def _as_text(value: Any) -> Any:
    """Event data as a log gives it back: days and numbers of things are texts."""
    if isinstance(value, Mapping):
        return {name: _as_text(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
