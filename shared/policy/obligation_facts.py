"""What each event means for the obligations: one fact at a time, independent of every other event.

A view can keep the facts, a case page can compute them; :func:`shared.policy.obligations.standing` joins them on a day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, NamedTuple, Protocol

import msgspec

from contracts.catalogue import CROSSING
from contracts.json_text import written
from shared.eventlog.model import Event
from shared.policy.obligation_table import Pattern, Row, Voiding, table, value_at

Kind = Literal[
    "owed", "done", "partly", "ended", "passed", "void", "over", "resumed", "erased", "disputed", "undisputed"
]

EVERY_ROW: Final = "*"
"""The row of what an event means for all of them: the end of the person's support, its resumption, or that the person
was erased at this node."""

_TURNS: Final[Mapping[str, tuple[Kind, str]]] = {
    "SupportEnded": ("over", "ended_on"),
    "SupportResumed": ("resumed", "resumed_on"),
    "PersonErased": ("erased", ""),
}


_DISPUTES: Final[Mapping[str, Kind]] = {
    "DiscrepancyFound": "disputed",
    "DiscrepancySettled": "undisputed",
}


class Fact(NamedTuple):
    """What one event means for one row.

    ``owed``: it makes the obligation; ``done``: it fulfils it; ``partly``: it fulfils it but for the codes in ``rest``;
    ``ended``: it ends the recurrence (of ``debtor``, if it names one); ``passed``: it is the event before or after
    which the obligation is due; ``void``: after it nobody owes what was owed with this key before; ``over`` and
    ``resumed``: the support of the person ended or goes on, for every row; ``erased``: the person was erased here, so
    that nothing can be recorded any more.
    ``key`` holds the matched values as JSON, ``on`` the day of the act, ``basis`` the date of which the due rule or the
    recurrence speaks. ``event`` is the event's id, unique among those of its ``sender`` only.
    """

    kind: Kind
    row: str
    key: str
    on: date
    event: str
    debtor: str = ""
    creditor: str = ""
    basis: date | None = None
    rest: tuple[str, ...] = ()
    sender: str = ""


_TOLD: Final = msgspec.json.Decoder(list[Fact])


def facts_as_text(facts: Sequence[Fact]) -> str:
    """Facts as a view keeps them: a JSON list, each a list of its values."""
    return written(facts)


def facts_from_text(text: str) -> list[Fact]:
    """What :func:`facts_as_text` wrote."""
    return _TOLD.decode(text)


class Telling(Protocol):
    """What facts are read from: an event, or the row of one about many cases."""

    @property
    def type(self) -> str: ...
    @property
    def occurred_on(self) -> date: ...
    @property
    def sender(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Part(NamedTuple):
    """The row of an event about many cases, as it tells of one of them."""

    type: str
    occurred_on: date
    sender: str
    data: Mapping[str, Any]


def facts_of_part(part: Part, made: str) -> list[Fact]:
    """What a row of an event about many cases means for the case that it names; ``made`` names the event."""
    return [fact for reading in _readings(part.type) for fact in _facts_for(reading, part, made)]


def facts_of(event: Event) -> list[Fact]:
    """What one event means for the rows of the table. Pure, and independent of every other event."""
    made = str(event.id)
    found = [fact for reading in _readings(event.type) for fact in _facts_for(reading, event, made)]
    if event.type in _DISPUTES:
        found += _dispute(event)
    turn = _TURNS.get(event.type)
    if turn is not None:
        kind, field = turn
        basis = _date(event.data.get(field)) or event.occurred_on
        found.append(
            Fact(
                kind,
                EVERY_ROW,
                "[]",
                event.occurred_on,
                made,
                basis=basis,
                sender=event.sender,
            )
        )
    return found


def _dispute(event: Event) -> list[Fact]:
    data = event.data
    if data.get("outcome") == "event_void":
        return []
    kind, finder, about = _DISPUTES[event.type], str(data.get("finder")), str(data.get("about"))
    return [
        Fact(kind, EVERY_ROW, "[]", event.occurred_on, str(data.get("event_id")), debtor=finder, sender=about)
    ]


def undisputed(facts: Sequence[Fact], me: str | None) -> list[Fact]:
    """The facts without those of events that contradict what ``me`` knows and do not stand yet."""
    disputed: set[tuple[str, str]] = set()
    for each in facts:
        if each.kind == "disputed" and each.debtor == me:
            disputed.add((each.sender, each.event))
        elif each.kind == "undisputed":
            disputed.discard((each.sender, each.event))
    return [each for each in facts if (each.sender, each.event) not in disputed] if disputed else [*facts]


def event_types() -> frozenset[str]:
    """Types of the events that :func:`facts_of` reads."""
    return frozenset(each.type for row in table() for each in _patterns(row)) | set(_TURNS) | set(_DISPUTES)


def _patterns(row: Row) -> list[Pattern]:
    until = [row.recurs.until] if row.recurs and row.recurs.until else []
    before = [row.due.event] if row.due.event else []
    return [row.trigger, *row.fulfilled_by, *until, *before, *(each.by for each in row.void_by)]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What events of one type may mean for a row: those of its patterns that are of the type."""

    row: Row
    owes: Pattern | None
    fulfils: tuple[Pattern, ...]
    ends: Pattern | None
    voids: tuple[Voiding, ...]
    passes: Pattern | None


@cache
def _readings(event_type: str) -> tuple[_Reading, ...]:
    def of_type(pattern: Pattern | None) -> Pattern | None:
        return pattern if pattern is not None and pattern.type == event_type else None

    return tuple(
        _Reading(
            row,
            of_type(row.trigger),
            tuple(each for each in row.fulfilled_by if each.type == event_type),
            of_type(row.recurs.until if row.recurs else None),
            tuple(each for each in row.void_by if each.by.type == event_type),
            of_type(row.due.event),
        )
        for row in table()
        if any(each.type == event_type for each in _patterns(row))
    )


def _facts_for(reading: _Reading, event: Telling, made: str) -> Iterator[Fact]:
    row, data, on, sender = reading.row, event.data, event.occurred_on, event.sender
    if reading.owes and reading.owes.holds(data):
        yield Fact(
            "owed",
            row.id,
            _key(data, row.match),
            on,
            made,
            _party(row.debtor, event),
            _party(row.creditor, event),
            _basis(row, data),
            sender=sender,
        )
    act = next((each for each in reading.fulfils if each.holds(data)), None) if reading.fulfils else None
    if act is not None:
        rest = tuple(data.get(row.rest) or ()) if row.rest else ()
        yield Fact(
            "partly" if rest else "done",
            row.id,
            _key(data, row.match.values()),
            (_date(data.get(act.on)) if act.on else None) or on,
            made,
            rest=rest,
            sender=sender,
        )
    if row.recurs and reading.ends and reading.ends.holds(data):
        whose = str(data[row.recurs.of]) if row.recurs.of else ""
        basis = _date(data.get(row.recurs.field or ""))
        yield Fact("ended", row.id, "[]", on, made, whose, basis=basis, sender=sender)
    for each in reading.voids:
        if each.by.holds(data):
            key = _key(data, (each.match[name] for name in row.match))
            yield Fact("void", row.id, key, on, made, sender=sender)
    if reading.passes and reading.passes.holds(data):
        yield Fact("passed", row.id, "[]", on, made, sender=sender)


def key_of(values: Sequence[Any]) -> str:
    """The ``key`` of a fact with these values."""
    return written(values) if values else "[]"


def _key(data: Mapping[str, Any], names: Iterable[str]) -> str:
    return key_of([value_at(data, name) for name in names])


def _party(party: str, event: Telling) -> str:
    if party == "carer" and event.type not in CROSSING:
        return event.sender  # an act of care stays with who did it, also when another takes over
    return str(event.data.get(party.removeprefix("field:"))) if party.startswith("field:") else party


def _basis(row: Row, data: Mapping[str, Any]) -> date | None:
    name = row.recurs.start if row.recurs else row.due.field
    return _date(value_at(data, name)) if name else None


def _date(value: Any) -> date | None:
    """A date, or the first day of a month, as events carry them."""
    if not isinstance(value, str):
        return None
    return date.fromisoformat(value if len(value) == 10 else f"{value}-01")
