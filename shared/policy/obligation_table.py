"""The table of obligations as data: who owes what to whom, why, by when, and what fulfils it.

``obligations.yaml`` is the table; this module reads it and refuses a row that is not what it should be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml

TABLE: Final = Path(__file__).with_name("obligations.yaml")

PARTIES: Final[Mapping[str, str]] = {
    "office": "kyotaku",
    "centre": "hokatsu",
    "ward": "ward",
    "biller": "billing",
    "person": "person",
    "carer": "carer",
}
"""Party of a row → role of the agency in a case.

``person`` is no agency; ``carer`` is who recorded an act of care, else the office, or the centre of a case without one.
"""

DueKind = Literal[
    "none",
    "same_day",
    "open_days",
    "days_after",
    "month_end",
    "day_after_month",
    "before_event",
    "after_event",
    "before",
    "on",
]
DUE_KINDS: Final = frozenset(get_args(DueKind))


class MalformedTable(Exception):
    """A row of the table that is not what it should be; the message names the row."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An event type and conditions on its open data.

    A condition is a value, a list of allowed values, ``{present: true}``, ``{includes: value}`` of a list of codes, or
    of a list of groups ``{one_with: {field: [values]}}``: one of them has one of the values. ``on`` is the field of an
    event that tells of an act of an earlier day: the act counts on that day, not on the day of the event. ``each`` is
    the list of an event about many cases: the conditions are on its rows, and each row tells of the case that it names.
    """

    type: str
    when: Mapping[str, Any]
    on: str | None = None
    each: str | None = None

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Whether an event of this type is one of these."""
        # Asked of every event, several times; all() takes twice as long.
        for name, wanted in self.when.items():  # noqa: SIM110
            if not _holds(value_at(data, name), wanted):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Voiding:
    """What makes an obligation needless: an event, and which of its fields are the same fact's as the trigger's.

    Of a name of the row's ``match`` that is not in ``match`` here the event says nothing: any value of it is meant.
    """

    by: Pattern
    match: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Due:
    """When an obligation falls due.

    ``same_day`` (of ``field``, else of the trigger), ``open_days`` or ``days_after`` (calendar days) after ``field``,
    else after the trigger (``parameter`` says how many), ``month_end`` of ``field`` or of the period,
    ``day_after_month`` (``parameter``: day of the month after the period or after ``field``; with ``or_later_month``
    the first such day that is not before the trigger), ``before`` or ``on`` the date in ``field``,
    ``before_event`` (``event``), ``after_event`` (``parameter``: open days after ``event``), ``none`` where no document
    states a time. ``after_event`` with a ``field`` counts from the event or from that date, whichever is first.
    ``not_before``: a parameter of open days that are left in any case after the trigger. ``assumed``: no
    document states this rule; a parameter says so of itself.
    """

    kind: DueKind
    field: str | None = None
    parameter: str | None = None
    event: Pattern | None = None
    not_before: str | None = None
    assumed: bool = False
    or_later_month: bool = False


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One obligation for each month, from the month in ``start`` to that of ``field`` in ``until``, or to today.

    ``of`` is the field of ``until`` that names the agency whose recurrence ends; without one everybody's does.
    """

    start: str
    until: Pattern | None = None
    field: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``match`` pairs a field of the trigger with the same fact's name in what fulfils it.

    ``rest`` is the field of what fulfils it that lists codes of what is still lacking: while there are any, the
    obligation stays open and names them.
    ``yields_to`` names another row that asks for the same act by a date: while that is owed for it, this is not. Of two
    that recur it is the same month's.
    ``awaits`` is an event without which nothing is owed yet: the obligation begins with the first of them that is not
    before the trigger.
    ``earlier_days`` lets an act count that was done so many days before the trigger. ``opens`` is a parameter: so many
    days before it is due the obligation begins. ``survives``: it is owed though the support of the person is over.
    ``void_by``: events after which nobody owes it any more, unless it was done.
    ``between``: only debtor and creditor learn whether it was done, so nobody else follows it.
    ``insurers`` names those whose document asks for it; without one it is asked for everywhere.
    """

    id: str
    rules: tuple[str, ...]
    title: str
    trigger: Pattern
    awaits: Pattern | None
    debtor: str
    creditor: str
    due: Due
    fulfilled_by: tuple[Pattern, ...]
    match: Mapping[str, str]
    rest: str | None
    recurs: Recurrence | None
    earlier_days: int
    yields_to: str | None
    opens: str | None
    survives: bool
    between: bool
    void_by: tuple[Voiding, ...]
    insurers: tuple[str, ...]
    source: str
    explanation: str


def value_at(data: Mapping[str, Any], name: str) -> Any:
    """A field of an event, or with ``row.field`` one of a group inside it; None where there is none."""
    if "." not in name:
        return data.get(name)
    found: Any = data
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _holds(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):  # as YAML makes them; to ask for a Mapping takes ten times as long
        if "one_with" in wanted:
            return any(_fits(each, wanted["one_with"]) for each in value or ())
        if "includes" in wanted:
            return wanted["includes"] in (value or ())
        return (value is not None) is bool(wanted["present"])
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted)


def _fits(group: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(group.get(name) in values for name, values in wanted.items())


@cache
def table() -> tuple[Row, ...]:
    """All rows, in the order of the file.

    :raises MalformedTable: a row lacks something, repeats an id or names something unknown.
    """
    return read(TABLE.read_text(encoding="utf-8"))


@cache
def rows_by_id() -> Mapping[str, Row]:
    """All rows by their ids."""
    return {row.id: row for row in table()}


def digest() -> str:
    """SHA-256 of the table: part of the VERSION of a view that folds it."""
    return sha256(TABLE.read_bytes()).hexdigest()


def read(text: str) -> tuple[Row, ...]:
    """The rows of a table in YAML.

    :raises MalformedTable: see :func:`table`.
    """
    rows = tuple(_row(each) for each in yaml.safe_load(text))
    ids = [row.id for row in rows]
    repeated = {each for each in ids if ids.count(each) > 1}
    if repeated:
        raise MalformedTable(f"repeated ids: {sorted(repeated)}")
    strange = {row.yields_to for row in rows if row.yields_to and row.yields_to not in ids}
    if strange:
        raise MalformedTable(f"yields_to names no row: {sorted(strange)}")
    return rows


def _row(raw: Mapping[str, Any]) -> Row:
    name = raw.get("id", "?")
    try:
        row = Row(
            id=raw["id"],
            rules=tuple(raw["rules"]),
            title=raw["title"],
            trigger=_pattern(raw["trigger"]),
            awaits=_pattern(raw["awaits"]) if "awaits" in raw else None,
            debtor=raw["debtor"],
            creditor=raw["creditor"],
            due=_due(raw["due"]),
            fulfilled_by=tuple(_pattern(each) for each in raw["fulfilled_by"]),
            match=dict(raw.get("match", {})),
            rest=raw.get("rest"),
            recurs=_recurrence(raw.get("recurs")),
            earlier_days=raw.get("earlier_days", 0),
            yields_to=raw.get("yields_to"),
            opens=raw.get("opens"),
            survives=bool(raw.get("survives", False)),
            between=bool(raw.get("between", False)),
            void_by=tuple(Voiding(_pattern(each), dict(each["match"])) for each in raw.get("void_by", ())),
            insurers=tuple(raw.get("insurers", ())),
            source=raw["source"],
            explanation=raw["explanation"],
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise MalformedTable(f"row {name}: {problem!r}") from problem
    for party in (row.debtor, row.creditor):
        if party not in PARTIES and not party.startswith("field:"):
            raise MalformedTable(f"row {name}: unknown party {party}")
    return row


def _pattern(raw: Mapping[str, Any]) -> Pattern:
    return Pattern(raw["type"], dict(raw.get("when", {})), raw.get("on"), raw.get("each"))


def _due(raw: Mapping[str, Any]) -> Due:
    kind = raw["kind"]
    if kind not in DUE_KINDS:
        raise KeyError(f"due kind {kind}")
    event = _pattern(raw["event"]) if kind in ("before_event", "after_event") else None
    return Due(
        kind,
        raw.get("field"),
        raw.get("parameter"),
        event,
        raw.get("not_before"),
        bool(raw.get("assumed", False)),
        bool(raw.get("or_later_month", False)),
    )


def _recurrence(raw: Mapping[str, Any] | None) -> Recurrence | None:
    if raw is None:
        return None
    until = raw.get("until")
    if until is None:
        return Recurrence(raw["from"])
    return Recurrence(raw["from"], _pattern(until), until["field"], until.get("of"))
