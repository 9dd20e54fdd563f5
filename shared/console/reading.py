"""Event data as people read it: fields by their Japanese names, codes by their terms, dates in the era's years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema, fields, validate

from contracts.definition import EventType
from contracts.json_schema import title_of
from shared.console.wareki import wareki, wareki_moment, wareki_month
from shared.eventlog.model import UNREADABLE, Event

AgencyNames = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of an event: its name, its text, and for a repeated group the rows of facts."""

    title: str
    text: str
    rows: Sequence[Sequence["Fact"]] = ()


def facts(
    kind: EventType | None, data: Mapping[str, Any], personal: Mapping[str, Any] | None, names: AgencyNames
) -> list[Fact]:
    """The fields of an event that say something to a person; numbers of things and empty fields are left out."""
    given = {**data, **(personal or {})}
    if kind is None:
        return [Fact(name, _plain(value)) for name, value in given.items() if value not in (None, "", [])]
    return _facts(kind.schema(), given, names)


def words_said(kind: EventType | None, event: Event, names: Sequence[str]) -> str:
    """What an event says in these of its fields, opened ones before what is left sealed, as one line."""
    told = {name: (event.personal or {}).get(name, event.data.get(name)) for name in names}
    return "　".join(each.text for each in facts(kind, told, None, {}))


def _facts(schema: Schema, given: Mapping[str, Any], names: AgencyNames) -> list[Fact]:
    found = []
    for name, field in schema.fields.items():
        value = given.get(name)
        if value in (None, "", []) or isinstance(field, fields.UUID):
            continue
        rows = _rows(field, value, names)
        found.append(Fact(title_of(name, field), "" if rows else text_of(field, value, names), rows))
    return found


def _rows(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> list[list[Fact]]:
    inner = field.inner if isinstance(field, fields.List) else field
    if not isinstance(inner, fields.Nested):
        return []
    rows = value if isinstance(value, list) else [value]
    return [_facts(inner.schema, row, names) for row in rows if isinstance(row, Mapping)]


def text_of(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    """One value of a field, in words."""
    if isinstance(value, str) and value in UNREADABLE:
        return value
    if isinstance(field, fields.List) and isinstance(value, list):
        return "、".join(text_of(field.inner, each, names) for each in value)
    if isinstance(field, fields.Dict) and isinstance(value, Mapping):
        return "、".join(_pair(field, key, each, names) for key, each in value.items())
    for reads, written in _WRITERS:
        if reads(field):
            return written(field, value, names)
    return _plain(value)


def _pair(field: fields.Dict, key: Any, value: Any, names: AgencyNames) -> str:
    left = text_of(field.key_field, key, names) if field.key_field else _plain(key)
    right = text_of(field.value_field, value, names) if field.value_field else _plain(value)
    return f"{left}（{right}）"


def _term(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    for rule in field.validators:
        if isinstance(rule, validate.OneOf):
            terms = dict(zip(rule.choices, rule.labels, strict=False))
            return str(terms.get(value, value))
    return _plain(value)


def _is_coded(field: "fields.Field[Any]") -> bool:
    return any(isinstance(rule, validate.OneOf) for rule in field.validators)


def _agency(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    return named(str(value), names)


def _day(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    try:
        return wareki(date.fromisoformat(str(value)))
    except ValueError:
        return _plain(value)


def _moment(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    try:
        return wareki_moment(datetime.fromisoformat(str(value)))
    except ValueError:
        return _plain(value)


def _month(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    try:
        return wareki_month(str(value))
    except ValueError:
        return _plain(value)


def _number(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    return f"{value:,}" if isinstance(value, int) else _plain(value)


def _flag(field: "fields.Field[Any]", value: Any, names: AgencyNames) -> str:
    return "はい" if value else "いいえ"


_WRITERS: Final = (
    (_is_coded, _term),
    (lambda field: field.metadata.get("format") == "agency", _agency),
    (lambda field: field.metadata.get("format") == "month", _month),
    (lambda field: isinstance(field, fields.Boolean), _flag),
    (lambda field: isinstance(field, fields.Date), _day),
    (lambda field: isinstance(field, fields.DateTime), _moment),
    (lambda field: isinstance(field, fields.Integer), _number),
)


def named(agency: str, names: AgencyNames) -> str:
    """An agency by its name and number; by its number alone when the directory does not list it."""
    name = names.get(agency)
    return f"{name}（{agency}）" if name and name != agency else agency


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Mapping):
        return "、".join(f"{key}: {_plain(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(_plain(each) for each in value)
    return str(value)
