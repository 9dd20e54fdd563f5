"""JSON Schema 2020-12 of a marshmallow schema: what a vendor in any language reads."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, cast

from marshmallow import Schema, fields, missing, validate

JsonSchema = dict[str, Any]


def title_of(name: str, field: "fields.Field[Any]") -> str:
    """The Japanese name of a field, as its schema gives it."""
    return str(field.metadata.get("label") or name)


def hint_of(field: "fields.Field[Any]") -> str:
    """What a field's schema says about how to fill it."""
    return str(field.metadata.get("help") or "")


def json_schema(schema: Schema | type[Schema]) -> JsonSchema:
    """An object schema with the fields that can be loaded, their titles, limits and choices.

    Unknown fields are not forbidden here: a recipient ignores them.
    """
    loaded = schema() if isinstance(schema, type) else schema
    properties: dict[str, JsonSchema] = {}
    required: list[str] = []
    for name, field in loaded.load_fields.items():
        key = field.data_key or name
        properties[key] = field_schema(key, field)
        if field.required:
            required.append(key)
    found: JsonSchema = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    return found


def field_schema(name: str, field: "fields.Field[Any]") -> JsonSchema:
    """The schema of one field."""
    found = _of_kind(field)
    for rule in field.validators:
        _narrow(found, rule)
    if field.allow_none:
        found = _nullable(found)
    title = title_of(name, field)
    if title != name:
        found["title"] = title
    if hint := hint_of(field):
        found["description"] = hint
    if field.metadata.get("personal"):
        found["x-personal"] = True
    if field.load_default is not missing and not callable(field.load_default):
        found["default"] = _plain(field.load_default)
    return found


def _of_kind(field: "fields.Field[Any]") -> JsonSchema:
    for kind, build in _KINDS:
        if isinstance(field, kind):
            return build(field)
    return {}


def _list(field: "fields.Field[Any]") -> JsonSchema:
    inner = cast("fields.List[Any]", field).inner
    return {"type": "array", "items": field_schema("", inner)}


def _dict(field: "fields.Field[Any]") -> JsonSchema:
    values = cast(fields.Dict, field).value_field
    found: JsonSchema = {"type": "object"}
    if values is not None:
        found["additionalProperties"] = field_schema("", values)
    return {**found, **field.metadata.get("shape", {})}


def _nested(field: "fields.Field[Any]") -> JsonSchema:
    nested = cast(fields.Nested, field)
    inner = json_schema(nested.schema)
    return {"type": "array", "items": inner} if nested.many else inner


def _enum(field: "fields.Field[Any]") -> JsonSchema:
    each = cast("fields.Enum[Any]", field)
    return {"enum": [member.value if each.by_value else member.name for member in each.enum]}


_KINDS: tuple[tuple[type["fields.Field[Any]"], Callable[["fields.Field[Any]"], JsonSchema]], ...] = (
    (fields.Nested, _nested),
    (fields.List, _list),
    (fields.Dict, _dict),
    (fields.Enum, _enum),
    (fields.UUID, lambda field: {"type": "string", "format": "uuid"}),
    (fields.Email, lambda field: {"type": "string", "format": "email"}),
    (fields.String, lambda field: {"type": "string"}),
    (fields.Boolean, lambda field: {"type": "boolean"}),
    (fields.Integer, lambda field: {"type": "integer"}),
    (fields.Decimal, lambda field: {"type": "string", "format": "decimal"}),
    (fields.Number, lambda field: {"type": "number"}),
    (fields.Date, lambda field: {"type": "string", "format": "date"}),
    (fields.Time, lambda field: {"type": "string", "format": "time"}),
    (fields.DateTime, lambda field: {"type": "string", "format": "date-time"}),
)


def _narrow(found: JsonSchema, rule: object) -> None:
    if isinstance(rule, validate.OneOf):
        found["enum"] = [_plain(choice) for choice in rule.choices]
    elif isinstance(rule, validate.ContainsOnly) and "items" in found:
        found["items"]["enum"] = [_plain(choice) for choice in rule.choices]
    elif isinstance(rule, validate.Regexp):
        found["pattern"] = str(rule.regex.pattern).replace(r"\Z", "$")  # other languages have no \Z
    elif isinstance(rule, validate.Length):
        _narrow_length(found, rule)
    elif isinstance(rule, validate.Range):
        low = "minimum" if rule.min_inclusive else "exclusiveMinimum"
        high = "maximum" if rule.max_inclusive else "exclusiveMaximum"
        limits = ((low, rule.min), (high, rule.max))
        found |= {key: _plain(limit) for key, limit in limits if limit is not None}
    elif isinstance(rule, validate.And):
        for each in rule.validators:
            _narrow(found, each)


def _narrow_length(found: JsonSchema, rule: validate.Length) -> None:
    suffix = "Items" if found.get("type") == "array" else "Length"
    low, high = (rule.equal, rule.equal) if rule.equal is not None else (rule.min, rule.max)
    if low is not None:
        found[f"min{suffix}"] = low
    if high is not None:
        found[f"max{suffix}"] = high


def _nullable(found: JsonSchema) -> JsonSchema:
    if "enum" in found and None not in found["enum"]:
        found["enum"] = [*found["enum"], None]
    if isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
