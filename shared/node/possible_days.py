"""Days and months that can't be meant: they are refused at their field, before anything is reckoned from them.

Reckoning goes to the month before, to years after, and to the parameters of a day. Near the ends of the calendar there
is no month before, and nothing that is recorded here happened there.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema, fields

from shared.policy.dates import ERAS, Month, day_text

LAW_SINCE: Final = date(2000, 4, 1)
"""The first day of the long-term care insurance: nothing that is told of it is older, except who was born."""
PROJECT_SINCE: Final = date(2015, 4, 1)
"""The first day of the comprehensive project, from which the parameters count: no act that is recorded is older."""
_FIRST: Final = min(each.start for each in ERAS)
"""The first day that the era calendar can write; nobody alive was born before."""
_BIRTH: Final = "birth_date"
_YEARS_AHEAD: Final = 40


def impossible_act(day: date, today: date) -> str | None:
    """What is wrong with the day of an act, for people; ``None`` where it can be."""
    if day > today:
        return f"実施日は今日（{day_text(today)}）以前の日付にしてください"
    if day < PROJECT_SINCE:
        return f"実施日は総合事業が始まった日（{day_text(PROJECT_SINCE)}）以後の日付にしてください"
    return None


def impossible(loaded: Mapping[str, Any], schema: Schema, today: date) -> dict[str, Any]:
    """The messages of every day, moment and month of loaded fields that can't be, nested as the fields are."""
    last = date(today.year + _YEARS_AHEAD, 12, 31)
    return _told({name: _wrong(name, value, schema.fields.get(name), last) for name, value in loaded.items()})


def _wrong(name: str, value: Any, field: fields.Field[Any] | None, last: date) -> Any:
    """The messages about a value: a list for one, a mapping for those inside."""
    if isinstance(value, Mapping):
        inner = field.schema.fields if isinstance(field, fields.Nested) else {}
        return _told({key: _wrong(key, each, inner.get(key), last) for key, each in value.items()})
    if isinstance(value, list | tuple):
        own = field.inner if isinstance(field, fields.List) else None
        named = own if isinstance(own, fields.Nested) or (own and own.metadata.get("label")) else field
        return _told({place: _wrong(name, each, named, last) for place, each in enumerate(value)})
    day, first = _day(value, field), _FIRST if name == _BIRTH else LAW_SINCE
    if day is None or first <= day <= last:
        return None
    label = field.metadata.get("label", name) if field is not None else name
    return [f"「{label}」は{day_text(first)}から西暦{last.year}年までの間で入力してください"]


def _told(found: Mapping[Any, Any]) -> dict[Any, Any]:
    return {place: told for place, told in found.items() if told}


def _day(value: Any, field: fields.Field[Any] | None) -> date | None:
    """The day that a value stands for, the last of a month; ``None`` for what is no date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and field is not None and field.metadata.get("format") == "month":
        year, month = int(value[:4]), int(value[5:])
        return Month(year, month).last if year else date.min
    return None
