"""What a node holds at the end of a play, in a form in which two plays of one scenario can be compared.

What is compared, and why just so:

* The events of each stream, **sender by sender**. What people decided must stand in the order in which they decided
  it, and what a node decided by itself, in its answer to one partner's event, likewise. Between senders no order is
  promised: a partner's event may be stored before or after an own one of the same day, depending on who was killed
  when, so versions across senders are not compared. For the same reason what a node answers to a partner by itself may
  stand before or after what its own people decide meanwhile. But whatever order a sender's own log has, **every
  recipient has the same**; that is asked of each play for itself.
* Of an event: id, type, schema version, case, sender, actor, causation, correlation, ``occurred_on``, whether it was
  received, open data, personal fields. Ids follow from the commands' ids, which are the same in every play.
  Not: position, version, hash, salt and its digests (``_sd``), sealed bytes, recording time.
* A receipt answers as many messages as happen to lie there, and is repeated when it was lost. So of the streams
  ``partner:*`` only what was answered counts: for every delivered event the partner's last word.
* For every partner which events are addressed to it, and what became of every number that it used.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.eventlog.log import Row, event_of
from shared.node.node import Node

_TOLD = ("waiting", "refused", "stored")


@dataclass(frozen=True)
class Told:
    """One event, without what differs between two plays."""

    id: UUID
    type: str
    schema_version: int
    case_id: UUID | None
    sender: str
    actor: str
    causation: UUID | None
    correlation: UUID | None
    occurred_on: date
    received: bool
    data: str
    personal: str


@dataclass(frozen=True)
class Holdings:
    """One node's. ``streams`` is by (stream, sender), the others by partner."""

    streams: Mapping[tuple[str, str], tuple[Told, ...]]
    answered: Mapping[str, Mapping[str, str]]
    addressed: Mapping[str, Mapping[UUID, int]]
    received: Mapping[str, Mapping[tuple[UUID, str], int]]


def holdings(node: Node) -> Holdings:
    """Everything that an open node holds."""
    streams: dict[tuple[str, str], list[Told]] = {}
    answered: dict[str, dict[str, str]] = {}
    for page in node.log.pages():
        personal = _personal_fields(node, page)
        for row in page:
            if row.type == "ReceiptReceived":
                _note_answers(answered, event_of(row).data)
            else:
                streams.setdefault((row.stream, row.sender), []).append(_told(row, personal.get(row.id)))
    return Holdings(
        {place: tuple(events) for place, events in streams.items()},
        answered,
        _counted(node, "select partner, e.id from deliveries join events e using (position)"),
        _counted(node, "select partner, event_id, status from received"),
    )


def differences(wanted: Mapping[str, Holdings], found: Mapping[str, Holdings]) -> list[str]:
    """Where two plays differ, node by node, and where a recipient's order is not the sender's."""
    return [
        *(f"{node}: {text}" for node in wanted for text in _differences(wanted[node], found[node])),
        *(f"{node}: {text}" for node in found for text in _out_of_order(found[node], found.values())),
    ]


def unfinished(node: Node) -> list[str]:
    """What should not be there when everything has come to rest."""
    questions = {
        "undelivered": "select count(*) from deliveries left join receipted r using (partner, epoch, sequence)"
        " where r.status is distinct from 'stored'",
        "held": "select count(*) from held",
        "waiting": "select count(*) from waiting",
        "parked": "select count(*) from parked",
        "not stored": "select count(*) from received where status <> 'stored'",
    }
    with node.database.connection() as connection:
        found = {
            what: connection.execute(query.encode()).fetchall()[0][0] for what, query in questions.items()
        }
    return [f"{node.config.name}: {number} {what}" for what, number in found.items() if number]


def _personal_fields(node: Node, rows: list[Row]) -> dict[UUID, Mapping[str, Any] | None]:
    by_case: dict[UUID, list[Row]] = {}
    for row in rows:
        if row.case_id is not None:
            by_case.setdefault(row.case_id, []).append(row)
    return {
        event.id: event.personal
        for case_id, of_case in by_case.items()
        for event in node.with_personal(case_id, of_case)
    }


def _told(row: Row, personal: Mapping[str, Any] | None) -> Told:
    event = event_of(row)
    return Told(
        event.id,
        event.type,
        event.schema_version,
        event.case_id,
        event.sender,
        event.actor,
        event.causation,
        event.correlation,
        event.occurred_on,
        event.received,
        _text(event.data),
        _text(personal or {}),
    )


def _note_answers(answered: dict[str, dict[str, str]], receipt: Mapping[str, Any]) -> None:
    of_partner = answered.setdefault(receipt["partner"], {})
    for each in receipt["answers"]:
        before = of_partner.get(each["id"], _TOLD[0])
        of_partner[each["id"]] = max(before, each["status"], key=_TOLD.index)


def _counted(node: Node, query: str) -> dict[str, dict[Any, int]]:
    """By the first column, how often each rest of a row occurs."""
    found: dict[str, Counter[Any]] = {}
    with node.database.connection() as connection:
        for partner, *rest in connection.execute(query.encode()).fetchall():
            found.setdefault(partner, Counter())[rest[0] if len(rest) == 1 else tuple(rest)] += 1
    return {partner: dict(counts) for partner, counts in found.items()}


def _differences(wanted: Holdings, found: Holdings) -> Iterator[str]:
    for place in sorted({*wanted.streams, *found.streams}):
        yield from _stream_differences(place, wanted.streams.get(place, ()), found.streams.get(place, ()))
    for name in ("answered", "addressed", "received"):
        ours, theirs = getattr(wanted, name), getattr(found, name)
        for partner in sorted({*ours, *theirs}):
            one, other = ours.get(partner, {}), theirs.get(partner, {})
            for key in {*one, *other}:
                if one.get(key) != other.get(key):
                    yield f"{name} {partner} {key}: {other.get(key)} instead of {one.get(key)}"


def _stream_differences(
    place: tuple[str, str], wanted: tuple[Told, ...], found: tuple[Told, ...]
) -> Iterator[str]:
    where = f"{place[0]} from {place[1]}"
    wanted_times, found_times = Counter(wanted), Counter(found)
    for each, times in (wanted_times - found_times).items():
        yield f"{where}: lost {times}x {each}"
    for each, times in (found_times - wanted_times).items():
        yield f"{where}: too many {times}x {each}"
    if wanted_times == found_times and _lines(wanted) != _lines(found):
        changed = [(one.type, other.type) for one, other in zip(wanted, found, strict=True) if one != other]
        yield f"{where}: in another order (wanted, found): {changed}"


def _lines(events: tuple[Told, ...]) -> dict[UUID | None, list[Told]]:
    """What people decided, and what a node decided by itself for each root cause, each in its order."""
    lines: dict[UUID | None, list[Told]] = {}
    for each in events:
        lines.setdefault(each.correlation if each.actor == "system" else None, []).append(each)
    return lines


def _out_of_order(holder: Holdings, everyone: Iterable[Holdings]) -> Iterator[str]:
    """Streams in which the events received from a sender do not stand in the order of the sender's own log."""
    for place, events in holder.streams.items():
        received = [each.id for each in events if each.received]
        for sender in everyone:
            own = [each.id for each in sender.streams.get(place, ()) if not each.received]
            if own and received != [each for each in own if each in set(received)]:
                yield f"{place[0]} from {place[1]}: not in the sender's order: {[each.type for each in events]}"


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
