"""The public interface of the evaluators, whichever rule is asked."""

from typing import Any, get_args

import jsonschema
import pytest

from contracts.codes import PREVIOUS_KINDS, SERVICE_KINDS, STATUSES, TYPES, Codes
from shared.policy import vocabulary
from shared.policy.dates import Month
from shared.policy.errors import PolicyError
from shared.policy.evaluator import normalised
from shared.policy.evaluators import EVALUATORS, evaluate
from shared.policy.parameters import parameters

GOOD: dict[str, dict[str, Any]] = {
    "identifier": {"kind": "insurer", "value": "131169"},
    "calendar": {"date": "2025-01-06"},
    "checklist": {"date": "2019-05-10", "age": 70, "answers": {"16": "no"}},
    "eligibility": {"date": "2019-05-10", "status": "support1", "age": 70, "services": ["A6"]},
    "case-type": {"month": "2025-01", "status": "support2", "services": ["A6"], "designated": False},
    "notification": {
        "date": "2025-05-12",
        "status": "support2",
        "type": "preventive_support",
        "track": "designated",
        "occasion": "first",
        "simultaneous_contract": True,
        "model_centre": True,
        "start_date": "2025-05-12",
    },
    "provisional-settlement": {"result": "support", "services": "both", "registered": True},
    "provisional-start": {
        "applied": "2019-05-01",
        "service_start": "2019-05-05",
        "consulted": "2019-05-20",
        "result": "support",
    },
    "checklist-renewal": {"last_use": "2018-09-30", "on": "2019-04-01"},
    "card": {"event": "certified", "holding": "pink"},
    "monitoring": {
        "plan_from": "2019-04-01",
        "plan_to": "2019-09-30",
        "month": "2019-06",
        "marked_change": False,
    },
    "evaluation": {"use_from": "2019-01-01", "certified_to": "2019-07-31"},
    "plan-validity": {"from": "2019-04-01"},
    "meeting": {"occasion": "new"},
    "fee": {
        "month": "2025-01",
        "type": "care_management_a",
        "provider": "centre",
        "entrusted": True,
        "initial": False,
        "linkage": True,
    },
    "initial-addition": {
        "start_month": "2024-10",
        "previous_end_month": None,
        "previous_kind": None,
        "occasion": "new",
    },
    "linkage-addition": {"switches": ["2025-01-01"]},
    "benefit-limit": {"month": "2025-01", "status": "support2", "planned_units": 100},
    "price": {"month": "2025-01", "service": "A6", "units": 1655},
    "proration": {
        "month": "2025-05",
        "service": "A6",
        "occasion": "category_change",
        "on": "2025-05-16",
        "from": {"status": "support1", "per_week": 1},
        "to": {"status": "support2", "per_week": 2},
    },
    "project-service": {"month": "2025-01", "service": "A6", "units": 1798},
    "deadline": {"kind": "held_notification", "start_date": "2025-07-01"},
    "correction": {"what": "project_service", "claim_state": "decided", "form": "project"},
    "office-designation": {
        "service": "A6",
        "office_designated_by": ["131219"],
        "person": {"insurer": "131219", "address_exception": False, "resident_of": "131219"},
    },
    "frequency": {"month": "2025-01", "status": "support2", "service": "A6", "per_week": 1},
    "complaint": {"about": "project"},
}

READ_AS_THEY_ARE = [("identifier", "value"), ("checklist", "answers")]
"""Fields that take any text, or an object; their own tests say what they refuse."""

FIELDS = [(name, field) for name, facts in GOOD.items() for field in facts]
REQUIRED = [each for each in FIELDS if each[1] in EVALUATORS[each[0]].json_schema()["required"]]
STATED_BY = dict.fromkeys(
    ("complaint", "correction", "frequency", "provisional-settlement", "provisional-start", "card"), "131219"
)
"""Insurer that states a rule which the other ward's document does not have."""


def test_every_evaluator_has_an_example_here() -> None:
    assert list(GOOD) == list(EVALUATORS)


@pytest.mark.parametrize("name", EVALUATORS)
def test_every_result_names_its_rules_and_where_its_values_come_from(name: str) -> None:
    answer = evaluate(name, STATED_BY.get(name, "131169"), GOOD[name])
    assert answer["rules"]
    assert all(isinstance(each, str) for each in answer["rules"])
    for each in answer["parameters"]:
        assert {"name", "value", "from", "to", "source", "assumed"} <= set(each)


@pytest.mark.parametrize("name", EVALUATORS)
def test_the_schema_accepts_what_the_evaluator_accepts(name: str) -> None:
    schema = EVALUATORS[name].json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(GOOD[name], schema)
    assert all(each.get("title") for each in schema["properties"].values()), (
        "every field has a Japanese title"
    )


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_a_missing_required_field_is_named(name: str, field: str) -> None:
    facts = {key: value for key, value in GOOD[name].items() if key != field}
    with pytest.raises(PolicyError) as caught:
        evaluate(name, "131169", facts)
    assert (caught.value.code, caught.value.field) == ("missing_field", field)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(facts, EVALUATORS[name].json_schema())


@pytest.mark.parametrize(("name", "field"), [each for each in FIELDS if each not in READ_AS_THEY_ARE])
@pytest.mark.parametrize(
    "wrong", [{}, -1, 1.5, "\ud800", [None]], ids=["object", "-1", "1.5", "surrogate", "[null]"]
)
def test_a_wrong_value_is_named(name: str, field: str, wrong: object) -> None:
    with pytest.raises(PolicyError) as caught:
        evaluate(name, "131169", {**GOOD[name], field: wrong})
    assert str(caught.value.field).partition(".")[0] == field, "or the path to what is wrong inside it"


@pytest.mark.parametrize("name", EVALUATORS)
def test_an_unknown_field_is_named(name: str) -> None:
    with pytest.raises(PolicyError) as caught:
        evaluate(name, "131169", {**GOOD[name], "remark": "x"})
    assert (caught.value.code, caught.value.field) == ("unknown_field", "remark")


def test_a_misspelt_field_is_named_rather_than_the_one_it_leaves_missing() -> None:
    facts = {"month": "2025-01", "service": "A6", "unit": 1}
    with pytest.raises(PolicyError) as caught:
        evaluate("price", "131169", facts)
    assert (caught.value.code, caught.value.field) == ("unknown_field", "unit")


@pytest.mark.parametrize("raw", [None, [], "x", 1, True], ids=str)
def test_what_is_no_object_is_refused(raw: object) -> None:
    with pytest.raises(PolicyError) as caught:
        evaluate("price", "131169", raw)
    assert caught.value.code == "invalid_field"


def test_full_width_characters_are_read_as_ordinary_ones() -> None:
    answer = evaluate("price", "131169", {"month": "２０２５－０１", "service": "Ａ６", "units": 1655})
    assert answer["yen"] == 18039
    assert evaluate("price", "131169", {"month": "２０２５−０１", "service": "A6", "units": 1655}) == answer


def test_nesting_that_no_input_needs_is_refused() -> None:
    nested: object = "x"
    for _ in range(50):
        nested = [nested]
    with pytest.raises(PolicyError):
        normalised(nested)


def test_an_unknown_evaluator_and_an_unknown_insurer_are_refused() -> None:
    with pytest.raises(PolicyError) as caught:
        evaluate("fees", "131169", {})
    assert caught.value.code == "unknown_evaluator"
    with pytest.raises(PolicyError) as caught:
        evaluate("fee", "131045", {})
    assert (caught.value.code, caught.value.field) == ("unknown_insurer", "insurer")


def test_every_kind_of_service_belongs_to_exactly_one_group() -> None:
    known = parameters("131169")
    on = Month(2025, 1).first
    groups = [
        known.value(f"services.{each}", on) for each in ("project", "preventive_benefit", "outside_limit")
    ]
    grouped = [service for group in groups for service in group]
    assert sorted(grouped) == sorted(set(SERVICE_KINDS) - {"community_b", "general"})


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (vocabulary.PlanType, TYPES),
        (vocabulary.Status, STATUSES),
        (vocabulary.PreviousKind, PREVIOUS_KINDS),
        (vocabulary.Provider, vocabulary.PROVIDERS),
        (vocabulary.InitialOccasion, vocabulary.INITIAL_OCCASIONS),
    ],
    ids=["types", "statuses", "previous kinds", "providers", "initial occasions"],
)
def test_each_type_of_words_has_exactly_the_codes(typed: object, codes: Codes) -> None:
    assert set(get_args(typed)) == set(codes)
