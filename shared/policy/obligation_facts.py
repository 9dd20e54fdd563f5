"""What each event means for the obligations: one fact at a time, independent of every other event.

A view can keep the facts, a case page can compute them; :func:`shared.policy.obligations.standing` joins them on a day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, Final, Literal, NamedTuple, Protocol

import msgspec

from contracts.catalogue import CROSSING
from contracts.json_text import written
from shared.eventlog.model import Event
from shared.policy.obligation_table import Pattern, Recurrence, Row, Voiding, table, value_at

Kind = Literal[
    "owed",
    "begun",
    "done",
    "partly",
    "ended",
    "passed",
    "void",
    "over",
    "resumed",
    "erased",
    "disputed",
    "undisputed",
]

EVERY_ROW: Final = "*"
"""The row of what an event means for all of them: the end of the person's support, its resumption, or that the person
was erased at this node."""

ANYTHING: Final = "*"
"""What stands in the key of a ``void`` fact for a value of which its event says nothing."""

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

    ``owed``: it makes the obligation; ``begun``: it is the event that an obligation awaits; ``done``: it fulfils it;
    ``partly``: it fulfils it but for the codes in ``rest``;
    ``ended``: it ends the recurrence (of ``debtor``, if it names one); ``passed``: it is the event before or after
    which the obligation is due; ``void``: after it nobody owes what was owed with this key before (with any value
    where the key holds :data:`ANYTHING`); ``over`` and
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


_VALUES: Final = msgspec.json.Decoder(list[Any])

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
    return [fact for each in _meanings(part.type) if (fact := each(part, made)) is not None]


def facts_of(event: Event) -> list[Fact]:
    """What one event means for the rows of the table. Pure, and independent of every other event."""
    made = str(event.id)
    found = [fact for each in _meanings(event.type) if (fact := each(event, made)) is not None]
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
    awaited = [row.awaits] if row.awaits else []
    return [row.trigger, *awaited, *row.fulfilled_by, *until, *before, *(each.by for each in row.void_by)]


_Meaning = Callable[[Telling, str], Fact | None]
"""Says what an event means for a row in one respect; told are the event and its id as text."""


@cache
def _meanings(event_type: str) -> tuple[_Meaning, ...]:
    """All that events of one type may mean, row by row: only what a row asks of this type is asked of an event."""
    return tuple(
        meaning
        for row in table()
        if any(each.type == event_type for each in _patterns(row))
        for meaning in _meanings_for(row, event_type)
    )


def _meanings_for(row: Row, event_type: str) -> Iterator[_Meaning]:
    if row.trigger.type == event_type:
        yield partial(_owed, row)
    if row.awaits and row.awaits.type == event_type:
        yield partial(_begun, row, row.awaits)
    fulfilling = tuple(each for each in row.fulfilled_by if each.type == event_type)
    if fulfilling:
        yield partial(_done, row, fulfilling)
    if row.recurs and row.recurs.until and row.recurs.until.type == event_type:
        yield partial(_ended, row, row.recurs, row.recurs.until)
    for each in row.void_by:
        if each.by.type == event_type:
            yield partial(_void, row, each)
    if row.due.event and row.due.event.type == event_type:
        yield partial(_passed, row, row.due.event)


def _owed(row: Row, event: Telling, made: str) -> Fact | None:
    data = event.data
    if not row.trigger.holds(data):
        return None
    debtor, creditor = _party(row.debtor, event), _party(row.creditor, event)
    key, basis = _key(data, row.match), _basis(row, data)
    return Fact("owed", row.id, key, event.occurred_on, made, debtor, creditor, basis, (), event.sender)


def _begun(row: Row, awaited: Pattern, event: Telling, made: str) -> Fact | None:
    if not awaited.holds(event.data):
        return None
    return Fact("begun", row.id, "[]", event.occurred_on, made, sender=event.sender)


def _done(row: Row, acts: Sequence[Pattern], event: Telling, made: str) -> Fact | None:
    data = event.data
    for act in acts:
        if act.holds(data):
            break
    else:
        return None
    rest = tuple(data.get(row.rest) or ()) if row.rest else ()
    kind: Kind = "partly" if rest else "done"
    on = (_date(data.get(act.on)) if act.on else None) or event.occurred_on
    return Fact(kind, row.id, _key(data, row.match.values()), on, made, rest=rest, sender=event.sender)


def _ended(row: Row, recurs: Recurrence, until: Pattern, event: Telling, made: str) -> Fact | None:
    data = event.data
    if not until.holds(data):
        return None
    whose, basis = str(data[recurs.of]) if recurs.of else "", _date(data.get(recurs.field or ""))
    return Fact("ended", row.id, "[]", event.occurred_on, made, whose, basis=basis, sender=event.sender)


def _void(row: Row, voiding: Voiding, event: Telling, made: str) -> Fact | None:
    data = event.data
    if not voiding.by.holds(data):
        return None
    values = [
        value_at(data, voiding.match[name]) if name in voiding.match else ANYTHING for name in row.match
    ]
    key = key_of(values)
    return Fact("void", row.id, key, event.occurred_on, made, sender=event.sender)


def _passed(row: Row, pattern: Pattern, event: Telling, made: str) -> Fact | None:
    if not pattern.holds(event.data):
        return None
    return Fact("passed", row.id, "[]", event.occurred_on, made, sender=event.sender)


def key_of(values: Sequence[Any]) -> str:
    """The ``key`` of a fact with these values."""
    return written(values) if values else "[]"


def values_of(key: str) -> list[Any]:
    """The values of the ``key`` of a fact, in the order of its row's ``match``."""
    values: list[Any] = _VALUES.decode(key)
    return values


def same_but_for_anything(key: str, owed: str) -> bool:
    """Whether the key of a ``void`` fact is that of an ``owed`` one, wherever it says something."""
    if key == owed or f'"{ANYTHING}"' not in key:
        return key == owed
    said, values = _VALUES.decode(key), _VALUES.decode(owed)
    return all(one in (ANYTHING, other) for one, other in zip(said, values, strict=True))


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
