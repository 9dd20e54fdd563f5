"""What one version of an event looks like: its fields, who may send it, who may receive it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow.fields import Field, List, Nested

from contracts.at_a_glance import Glance, glance_at

Scope = Literal["case", "agency", "directory", "node"]
"""Which stream of a log an event belongs to. An event of scope ``node`` never leaves its node."""

ROLES: Mapping[str, str] = {
    "kyotaku": "居宅介護支援事業所",
    "hokatsu": "地域包括支援センター",
    "ward": "区",
    "billing": "請求",
}
"""Role of an agency → its Japanese term."""

SomeField = TypeVar("SomeField", bound="Field[Any]")


class ContractError(ValueError):
    """Event data that its schema does not allow.

    ``code`` is stable (``invalid_field``), ``field`` names the place (``services.0.kind``), ``message`` says in
    Japanese what was expected.
    """

    def __init__(self, code: str, field_name: str, message: str) -> None:
        super().__init__(f"{field_name}: {message}")
        self.code = code
        self.field = field_name
        self.message = message


def personal(marked: SomeField) -> SomeField:
    """Mark a field that says something about the person: it is committed to by a digest and stored encrypted.

    Only a top-level field of an event can be personal; its value may be any JSON.
    """
    marked.metadata = {**marked.metadata, "personal": True}
    return marked


@dataclass(frozen=True)
class EventType:
    """One version of one event type.

    ``senders`` and ``recipients`` are roles (keys of :data:`ROLES`). ``opens_case`` marks the types that name the
    parties of a case which the recipient does not know yet. ``joins`` is the open field that names an office which
    takes part in the case from this event on: a case has one at most. ``speaks_for`` is the open field that names whose
    act it is: nobody acts for another, so it must be the sender. ``example`` is valid data of invented persons.
    """

    name: str
    version: int
    schema: type[Schema]
    scope: Scope
    title: str
    senders: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    opens_case: bool = False
    joins: str | None = None
    speaks_for: str | None = None
    example: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _loaded_schema(self) -> Schema:
        return _ignoring_unknown(self.schema(unknown=EXCLUDE))

    @cached_property
    def _fits(self) -> Glance:
        return glance_at(self._loaded_schema)

    @cached_property
    def _fits_erased(self) -> Glance:
        return glance_at(self._loaded_schema, may_lack=self.personal_fields)

    @cached_property
    def personal_fields(self) -> frozenset[str]:
        """Names of the fields that are committed to by a digest and never stored in the clear."""
        fields = self._loaded_schema.fields
        return frozenset(name for name, each in fields.items() if each.metadata.get("personal"))

    @cached_property
    def party_fields(self) -> tuple[str, ...]:
        """The fields of a case's event that name an agency: each is a party, or empty. (An opening names them all.)"""
        if self.scope != "case" or self.opens_case:
            return ()
        fields = self._loaded_schema.fields
        return tuple(name for name, each in fields.items() if each.metadata.get("format") == "agency")

    def validate(self, data: Mapping[str, Any], erased: bool = False) -> None:
        """Refuse JSON-shaped ``data`` with a missing or wrong field; unknown fields are let through, in rows too.

        With ``erased`` the personal fields may be absent.

        :raises ContractError: names the first wrong field.
        """
        if (self._fits_erased if erased else self._fits)(data):
            return
        partial: Any = tuple(self.personal_fields) if erased else False
        errors = self._loaded_schema.validate(dict(data), partial=partial)
        if errors:
            name, message = _first_error(errors)
            raise ContractError("invalid_field", name, message)


def _ignoring_unknown(schema: Schema) -> Schema:
    """The schema with its rows letting unknown fields through as it does itself: marshmallow's would refuse them.

    Only this instance's rows do; a command that uses the same row still names a misspelt field.
    """
    for each in schema.fields.values():
        inner = each.inner if isinstance(each, List) else each
        if isinstance(inner, Nested):
            inner.unknown = EXCLUDE
            _ignoring_unknown(inner.schema)
    return schema


def _first_error(errors: Mapping[Any, Any], prefix: str = "") -> tuple[str, str]:
    name, problem = next(iter(errors.items()))
    path = f"{prefix}{name}"
    if isinstance(problem, Mapping):
        return _first_error(problem, f"{path}.")
    messages = problem if isinstance(problem, list) else [problem]
    return path, "、".join(str(each) for each in messages)


__all__ = ["ROLES", "ContractError", "EventType", "Scope", "ValidationError", "personal"]
