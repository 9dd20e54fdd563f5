"""What the log is made of: events as decided, and events as recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

ERASED: Final = "［消去済み］"
"""Stands for a personal field whose key was destroyed or that the sender had erased before it was sent."""

DAMAGED: Final = "［破損］"
"""Stands for a personal field that nobody erased and that can't be read: key or ciphertext were altered or lost."""

UNREADABLE: Final = frozenset({ERASED, DAMAGED})
"""What stands for a personal field that can't be read."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as ``decide`` or ``react`` returns it, before it has a place in the log.

    ``data`` holds open and personal fields together; dates, months and UUIDs may be Python objects. ``to`` lists the
    agencies that shall receive it. ``occurred_on`` defaults to the day of the command, ``stream`` to the stream that
    the type's scope names. ``personal_from`` is an earlier event of the case from which the personal fields that
    ``data`` leaves out are copied: who decides never sees them.
    """

    type: str
    data: Mapping[str, Any]
    case_id: UUID | None = None
    to: tuple[str, ...] = ()
    occurred_on: date | None = None
    stream: str | None = None
    personal_from: UUID | None = None


class Event(NamedTuple):
    """One row of the log.

    ``data`` holds the open fields only. ``personal`` is ``None`` unless the reader asked for it; an unreadable field
    is :data:`ERASED` or :data:`DAMAGED`. ``sender`` is the agency whose act it is, ``received`` tells that it came from
    a partner. ``occurred_on`` is the day of the act, ``recorded_at`` the moment when this node learned of it.
    """

    position: int
    stream: str
    version: int
    id: UUID
    type: str
    schema_version: int
    case_id: UUID | None
    sender: str
    occurred_on: date
    recorded_at: datetime
    actor: str
    causation: UUID | None
    correlation: UUID | None
    data: Mapping[str, Any]
    received: bool = False
    personal: Mapping[str, Any] | None = None


class WrongExpectedVersion(Exception):
    """Somebody else wrote to a stream since its state was read; decide again on the new state."""


def case_stream(case_id: UUID) -> str:
    """Name of the stream that holds everything this node knows of a case."""
    return f"case:{case_id}"
