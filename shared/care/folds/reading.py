"""Reading the values that events carry as JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from shared.care.state import Case
from shared.eventlog.model import Event

Data = Mapping[str, Any]
Fold = Callable[[Case, Event, Data], Case]


day: Final = date.fromisoformat
"""Reads a date that the schema requires."""


def maybe(value: str | None) -> date | None:
    """A date that may be missing."""
    return date.fromisoformat(value) if value else None


def unchanged(case: Case, event: Event, data: Data) -> Case:
    """For a type that is kept and shown, and changes nothing that a rule asks for."""
    return case
