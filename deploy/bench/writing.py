"""Putting events into a node's log as commands and partners would."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final
from uuid import uuid4

from shared.eventlog.log import Record
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from shared.node.recording import Cause, Recorder

ACTOR: Final = "care_manager"
DAY: Final = date(2025, 6, 10)


def records_of(node: Node, events: Sequence[NewEvent]) -> list[Record]:
    """The records of ``events``, each as the act of the agency that it names."""
    made: list[Record] = []
    for speaker, run in groupby(events, key=lambda each: _speaker(node, each)):
        recorder = node.recorder if speaker == node.agency else Recorder(speaker, node.event_types, node.keys)
        cause = uuid4()
        made += recorder.records(list(run), Cause(cause, cause, ACTOR, DAY))
    return made


def record(node: Node, events: Sequence[NewEvent]) -> None:
    """Append events in one commit."""
    records = records_of(node, events)
    with node.log.write() as writing:
        writing.append(records)


def _speaker(node: Node, event: NewEvent) -> Any:
    field = node.event_types[event.type].speaks_for
    return event.data[field] if field else node.agency
