"""Errors of a command's fields as people and systems read them: each says which field and what is expected there."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields


def told(errors: Any, schema: Schema) -> dict[str, Any]:
    """marshmallow's ``errors`` of a schema whose fields are of :mod:`contracts.fields`, in Japanese throughout.

    The fields speak for themselves; only of a field that does not exist marshmallow itself speaks, in English.
    """
    if not isinstance(errors, Mapping):
        return {"_schema": list(errors)}
    return {str(name): _of(str(name), problem, schema) for name, problem in errors.items()}


def _of(name: str, problem: Any, schema: Schema) -> Any:
    known = schema.fields.get(name)
    if known is None:
        return [_unknown(name, schema)] if name != "_schema" else problem
    inner = _inner(known)
    if inner is None or not isinstance(problem, Mapping):
        return problem
    if isinstance(known, fields.List):
        return {
            place: told(each, inner) if isinstance(each, Mapping) else each for place, each in problem.items()
        }
    return told(problem, inner)


def _inner(field: Any) -> Schema | None:
    nested = field.inner if isinstance(field, fields.List) else field
    return nested.schema if isinstance(nested, fields.Nested) else None


def _unknown(name: str, schema: Schema) -> str:
    known = [f"{each}（{field.metadata.get('label', each)}）" for each, field in schema.fields.items()]
    listed = "、".join(known) or "なし"
    return f"「{name}」という項目はありません。項目名を直してください。使える項目: {listed}"
