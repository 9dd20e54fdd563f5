"""What is published is what the code does."""

import json

import pytest
from jsonschema import Draft202012Validator

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from contracts.disclosure import reveal
from deploy.publish import PUBLISHED, stale


def test_the_published_files_are_current() -> None:
    assert stale() == [], "run ./renkei contracts"


def test_the_changes_name_every_type_that_crosses() -> None:
    told = (PUBLISHED.parent / "CHANGELOG.md").read_text()
    assert [name for name in CROSSING if f"`{name}`" not in told] == []


@pytest.mark.parametrize("kind", CROSSING.values(), ids=lambda kind: kind.name)
def test_the_published_example_fits_the_published_schema_and_our_own(kind: EventType) -> None:
    name = f"{kind.name}.v{kind.version}.json"
    schema = json.loads((PUBLISHED / "schemas" / name).read_text())
    example = json.loads((PUBLISHED / "examples" / name).read_text())
    data = example["payload"]["data"]
    whole = {key: value for key, value in data.items() if not key.startswith("_sd")}
    whole |= reveal(data, example["disclosures"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(whole)
    kind.validate(whole)
    assert set(schema["x-personal"]).isdisjoint(data)


@pytest.mark.parametrize("kind", CROSSING.values(), ids=lambda kind: kind.name)
def test_a_missing_required_field_is_named_by_both(kind: EventType) -> None:
    schema = json.loads((PUBLISHED / "schemas" / f"{kind.name}.v{kind.version}.json").read_text())
    for field in schema.get("required", []):
        without = {key: value for key, value in kind.example.items() if key != field}
        with pytest.raises(ValueError, match=field):
            kind.validate(without)
        assert list(Draft202012Validator(schema).iter_errors(without))


@pytest.mark.parametrize("kind", CROSSING.values(), ids=lambda kind: kind.name)
def test_an_unknown_field_is_let_through(kind: EventType) -> None:
    kind.validate({**kind.example, "field_of_a_later_version": 1})
