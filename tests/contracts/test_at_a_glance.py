"""What a glance lets through marshmallow lets through; whatever a glance refuses, marshmallow names what is wrong."""

from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from marshmallow import EXCLUDE, Schema, fields, validate, validates_schema

from contracts.at_a_glance import glance_at
from contracts.definition import ContractError, EventType, _first_error
from contracts.fields import Count, Day, Items, Row, Text
from shared.eventlog.events import NODE_EVENTS
from tests.contracts.test_catalogue import EVERY

KINDS = [*EVERY, *NODE_EVENTS.values()]
JUDGED_BY_MARSHMALLOW = {"AgencyListed", "KeyCompromised", "ClaimSubmitted", "SubmissionReceived"}
"""Types with a public key or a moment, whose fields have rules of their own."""

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2, 100_000_000, 100_000_001, 1.0, "", " ", "1", "true", "x" * 201, "x" * 4001,
    "2024-02-29", "2023-02-29", "2024-W10-1", "20240101", "2024-01-01T00:00:00", "2024-10", "2024-10\n", "2024-13",
    "131169", "131169\n", "1371600014", "11.40", "11.4",
    "12345678-1234-4234-8234-1234567890ab", "介護",
    "２０２４-０１-０１", "12345678123442348234123456789０ab",
    "{12345678-1234-4234-8234-1234567890AB}", [], [None], {}, {"": ""},
    {"1301600019": "hokatsu"}, {"hokatsu": "1301600019"}, b"bytes", ["x"] * 201,
]  # fmt: skip
ROUNDS = 60


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside JSON-shaped data."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [
        *([path] if path else []),
        *(found for key, each in below for found in places(each, (*path, key))),
    ]


def altered(kind: EventType, random: Random) -> dict[str, Any]:
    """The type's example with some of its values taken away, exchanged or added to."""
    data: dict[str, Any] = deepcopy(dict(kind.example))
    for _ in range(random.randint(1, 3)):
        data[random.choice(list(kind.schema().fields))] = deepcopy(random.choice(ODD))
        for path in random.sample(known := places(data), min(2, len(known))):
            alter(data, path, random)
    return data


def alter(data: Any, path: Sequence[Any], random: Random) -> None:
    """Change what stands at ``path``, unless an earlier change took it away."""
    *way, last = path
    with suppress(KeyError, IndexError, TypeError):
        for key in way:
            data = data[key]
        match random.choice(["exchange", "remove", "add"]):
            case "remove":
                del data[last]
            case "add":
                data["unheard_of"] = random.choice(ODD)
            case _:
                data[last] = deepcopy(random.choice(ODD))


def judged(kind: EventType, data: dict[str, Any], erased: bool) -> tuple[str, str] | None:
    """What marshmallow says of data by itself: the first wrong field and the message, or None."""
    partial: Any = tuple(kind.personal_fields) if erased else False
    errors = kind._loaded_schema.validate(data, partial=partial)
    return _first_error(errors) if errors else None


def told(kind: EventType, data: dict[str, Any], erased: bool) -> tuple[str, str] | None:
    try:
        kind.validate(data, erased)
    except ContractError as wrong:
        return wrong.field, wrong.message
    return None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_type_judges_data_as_marshmallow_does(kind: EventType) -> None:
    random = Random(kind.name)
    valid = 0
    for _ in range(ROUNDS):
        data, erased = altered(kind, random), random.random() < 0.3
        assert told(kind, data, erased) == judged(kind, data, erased), data
        valid += judged(kind, data, erased) is None
    assert valid < ROUNDS


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_examples_are_valid_at_a_glance(kind: EventType) -> None:
    assert glance_at(kind._loaded_schema)(dict(kind.example)) is (kind.name not in JUDGED_BY_MARSHMALLOW)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_data_without_the_persons_fields_are_valid_at_a_glance_only_after_erasure(kind: EventType) -> None:
    left = {name: value for name, value in kind.example.items() if name not in kind.personal_fields}
    fits = glance_at(kind._loaded_schema, may_lack=kind.personal_fields)
    assert fits(left) is (kind.name not in JUDGED_BY_MARSHMALLOW)
    required = {name for name in kind.personal_fields if kind._loaded_schema.fields[name].required}
    if required:
        assert not glance_at(kind._loaded_schema)(left)


def test_a_schema_with_code_of_its_own_is_never_valid_at_a_glance() -> None:
    class Ordered(Schema):
        first = Day("初日")
        last = Day("末日")

        @validates_schema
        def in_order(self, data: dict[str, Any], **_: Any) -> None:
            assert data["first"] <= data["last"]

    data = {"first": "2024-10-01", "last": "2024-10-02"}
    assert not glance_at(Ordered())(data)
    holding = Schema.from_dict({"periods": Items("期間", Ordered)})(unknown=EXCLUDE)
    assert not glance_at(holding)({"periods": [data]})


def test_a_field_or_a_rule_that_a_glance_does_not_know_is_never_valid_at_a_glance() -> None:
    class Even(Count):
        def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
            raise AssertionError("not reached by a glance")

    for field in (
        Even("偶数"),
        Text("短い文", validate=validate.ContainsOnly("ab")),
        fields.Integer(validate=validate.Equal(1)),
        Row(Schema.from_dict({"number": Even("偶数")}), unknown=EXCLUDE),
    ):
        schema = Schema.from_dict({"value": field})(unknown=EXCLUDE)
        assert not any(map(glance_at(schema), ({"value": 2}, {"value": "a"}, {"value": {"number": 2}})))
