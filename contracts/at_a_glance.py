"""Data that are valid at a glance: a quick yes, made once from a marshmallow schema, which stays the declaration.

marshmallow takes some thirty times as long, because it also makes the values and explains what is wrong with them.
Nearly all data are valid and need neither. So a glance only ever says yes; whatever it can't say yes to, be it wrong,
unusual or of a kind that it does not know, is for marshmallow to judge. Where a glance says yes marshmallow does: a
test compares them on every event type.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, validate

from contracts import fields as ours

Glance = Callable[[Any], bool]

_MISSING: Final = object()
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def glance_at(schema: Schema, may_lack: Collection[str] = ()) -> Glance:
    """Whether JSON-shaped data surely fit ``schema``; the fields named in ``may_lack`` may be absent.

    Unknown fields are let through, as events let them.
    """
    if any(schema._hooks.values()):  # code of its own decides
        return _never
    glances = []
    for name, field in schema.load_fields.items():
        glance = _of_field(field)
        if not field.required or name in may_lack:
            glance = _or(_MISSING, glance)
        glances.append((field.data_key or name, glance))

    def fits(data: Any) -> bool:
        if type(data) is not dict:
            return False
        for name, glance in glances:  # noqa: SIM110 (a generator would take twice as long)
            if not glance(data.get(name, _MISSING)):
                return False
        return True

    return fits


def _never(value: Any) -> bool:
    return False


def _or(allowed: object, glance: Glance) -> Glance:
    return lambda value: value is allowed or glance(value)


def _of_field(field: fields.Field[Any]) -> Glance:
    make = _FIELDS.get(type(field))
    if make is None or field.pre_load or field.post_load:
        return _never
    glance = make(field)
    for validator in field.validators:
        glance = _validated(glance, validator)
    return _or(None, glance) if field.allow_none else glance


def _validated(glance: Glance, validator: Any) -> Glance:
    make = _RULES.get(type(validator))
    return _never if make is None else make(glance, validator)


def _of_length(glance: Glance, rule: Any) -> Glance:
    least, most = rule.min, rule.max
    if least is None or most is None:
        return _never
    return lambda value: glance(value) and least <= len(value) <= most


def _in_range(glance: Glance, rule: Any) -> Glance:
    least, most = rule.min, rule.max
    if least is None or most is None or not (rule.min_inclusive and rule.max_inclusive):
        return _never
    return lambda value: glance(value) and least <= value <= most


def _of_form(glance: Glance, rule: Any) -> Glance:
    match = rule.regex.match
    return lambda value: glance(value) and match(value) is not None


def _one_of(glance: Glance, rule: Any) -> Glance:
    choices = frozenset(rule.choices)
    return lambda value: glance(value) and value in choices


def _text(value: Any) -> bool:
    return type(value) is str


def _day(value: Any) -> bool:
    try:
        return type(value) is str and date.fromisoformat(value) is not None
    except ValueError:
        return False


def _identifier(value: Any) -> bool:
    return type(value) is str and _IDENTIFIER(value) is not None


def _flag(value: Any) -> bool:
    return value is True or value is False


def _number(value: Any) -> bool:
    return type(value) is int


def _items(field: Any) -> Glance:
    glance = _of_field(field.inner)
    return lambda value: type(value) is list and all(map(glance, value))


def _row(field: Any) -> Glance:
    if field.many or field.unknown != EXCLUDE:
        return _never
    return glance_at(field.schema)


def _table(field: Any) -> Glance:
    if field.key_field is None or field.value_field is None:
        return _never
    key, each = _of_field(field.key_field), _of_field(field.value_field)
    return lambda value: type(value) is dict and all(map(key, value)) and all(map(each, value.values()))


# By the very class: a subclass may change what is valid.
_FIELDS: Final[Mapping[type, Callable[[Any], Glance]]] = {
    **dict.fromkeys(
        (fields.String, ours.Text, ours.LongText, ours.Month, ours.Clock, ours.Agency, ours.Code, ours.Price),
        lambda field: _text,
    ),
    ours.Day: lambda field: _day,
    ours.Identifier: lambda field: _identifier,
    ours.Flag: lambda field: _flag,
    ours.Count: lambda field: _number,
    ours.Items: _items,
    ours.Row: _row,
    ours.Table: _table,
}
_RULES: Final[Mapping[type, Callable[[Glance, Any], Glance]]] = {
    validate.Length: _of_length,
    validate.Range: _in_range,
    validate.Regexp: _of_form,
    validate.OneOf: _one_of,
}
