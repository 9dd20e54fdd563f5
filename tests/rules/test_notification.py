"""Which notifications are due: T-01, T-02, T-04, T-09, T-12 to T-17, T-60, T-66, T-67, A-Q12a, A-Q31a, A-Q31b."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import DESKS, FORMS, OCCASIONS, STATUSES, TYPES
from shared.policy.errors import PolicyError
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

OFFICE_FIRST: dict[str, Any] = {
    "date": "2025-05-12",
    "status": "support2",
    "type": "preventive_support",
    "track": "designated",
    "occasion": "first",
    "simultaneous_contract": True,
    "model_centre": True,
    "start_date": "2025-05-12",
}
TO_A = {**OFFICE_FIRST, "date": "2025-06-30", "type": "care_management_a", "occasion": "to_care_management_a"}
TO_A["start_date"] = "2025-07-01"
BACK = {**OFFICE_FIRST, "date": "2025-09-01", "occasion": "to_preventive_support", "start_date": "2025-09-01"}
ALONE = {"simultaneous_contract": False, "model_centre": False}
ENTRUSTED = {**OFFICE_FIRST, "track": "entrusted", "simultaneous_contract": False}


def asked(insurer: str, facts: dict[str, Any]) -> dict[str, Any]:
    return evaluate("notification", insurer, facts)


def answered(insurer: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The answer; none where a field is refused by its name."""
    try:
        return asked(insurer, facts)
    except PolicyError as problem:
        refused_field = problem.field
    assert refused_field in facts
    return {"filings": []}


def told(answer: dict[str, Any]) -> tuple[bool, bool, bool]:
    return answer["new_contract"], answer["risk_report"], answer["same_day_contact"]


def shown(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("by", "to", "stamp", "signature_required", "held", "due")
    return [tuple(each[name] for name in names) for each in answer["filings"]]


MARK = "同時契約"
TOSHIMAS = {
    "the first under a simultaneous contract: the office files, the centre makes one and keeps it": (
        OFFICE_FIRST,
        [
            ("office", "insurance_benefits", MARK, True, False, None),
            ("centre", "elderly_project", MARK, True, True, None),
        ],
        (True, False, False),
        {"T-12", "T-13", "T-14"},
    ),
    "the first alone at a model centre": (
        {**OFFICE_FIRST, "simultaneous_contract": False},
        [("office", "insurance_benefits", None, True, False, None)],
        (True, True, False),
        {"T-12", "T-66", "T-67"},
    ),
    "the first with a centre outside the model": (
        {**OFFICE_FIRST, **ALONE},
        [("office", "insurance_benefits", None, True, False, None)],
        (True, True, False),
        {"T-12", "T-66", "T-67"},
    ),
    "the first of an entrusted case": (
        ENTRUSTED,
        [("centre", "elderly_welfare", None, True, False, None)],
        (True, False, False),
        {"T-12"},
    ),
    "the first of A": (
        {**ENTRUSTED, "type": "care_management_a"},
        [("centre", "elderly_welfare", None, True, False, None)],
        (True, False, False),
        {"T-12"},
    ),
    "a new 事業対象者": (
        {
            **ENTRUSTED,
            "status": "project_eligible",
            "type": "care_management_a",
            "occasion": "new_project_eligible",
        },
        [("centre", "elderly_welfare", None, True, False, None)],
        (True, False, False),
        {"T-12"},
    ),
    "the first switch to A uses the held one": (
        TO_A,
        [("centre", "elderly_project", MARK, True, False, "2025-07-31")],
        (False, False, True),
        {"T-09", "T-15", "T-16", "T-60"},
    ),
    "it is due on a Sunday all the same": (
        {**TO_A, "start_date": "2025-08-01"},
        [("centre", "elderly_project", MARK, True, False, "2025-08-31")],
        (False, False, True),
        {"T-16"},
    ),
    "in a leap year's February": (
        {**TO_A, "start_date": "2028-02-01"},
        [("centre", "elderly_project", MARK, True, False, "2028-02-29")],
        (False, False, True),
        {"T-16"},
    ),
    "asked with the track to which it leads": (
        {**TO_A, "track": "entrusted"},
        [("centre", "elderly_project", MARK, True, False, "2025-07-31")],
        (False, False, True),
        {"T-16"},
    ),
    "a later switch to A is made anew, unsigned": (
        {**TO_A, "earlier_switches": 2},
        [("centre", "elderly_project", MARK, False, False, None)],
        (False, False, True),
        {"T-17", "decision 22"},
    ),
    "back: the office alone, unsigned": (
        {**BACK, "earlier_switches": 1},
        [("office", "insurance_benefits", MARK, False, False, None)],
        (False, False, False),
        {"T-17", "decision 22"},
    ),
    "a benefit that is added makes it 介護予防支援 again": (
        {**BACK, "occasion": "add_preventive_benefit", "earlier_switches": 1},
        [("office", "insurance_benefits", MARK, False, False, None)],
        (False, False, False),
        {"T-17"},
    ),
    "to A at a centre outside the model: all anew": (
        {**TO_A, **ALONE, "earlier_switches": 2},
        [("centre", "elderly_project", None, True, False, None)],
        (True, True, False),
        {"T-66", "T-67"},
    ),
    "back there: all anew and signed": (
        {**BACK, **ALONE, "earlier_switches": 3},
        [("office", "insurance_benefits", None, True, False, None)],
        (True, True, False),
        {"T-66", "T-67"},
    ),
    "an entrusted case keeps its contract when its type changes": (
        {**ENTRUSTED, "occasion": "to_preventive_support", "earlier_switches": 1},
        [("centre", "elderly_welfare", None, True, False, None)],
        (False, False, False),
        {"T-12"},
    ),
}


@pytest.mark.parametrize(("facts", "expected", "more", "rules"), TOSHIMAS.values(), ids=TOSHIMAS)
def test_toshimas_notifications(
    facts: dict[str, Any], expected: list[tuple[Any, ...]], more: tuple[bool, bool, bool], rules: set[str]
) -> None:
    """T-09, T-12, T-13, T-14, T-16, T-17, T-60, T-66, T-67."""
    answer = asked(TOSHIMA, facts)
    assert shown(answer) == expected
    assert told(answer) == more
    assert rules <= set(answer["rules"])
    assert {(each["form"], *each["attachments"]) for each in answer["filings"]} == {("combined_request",)}


@pytest.mark.parametrize(("on", "eased"), [("2024-09-30", False), ("2024-10-01", True)])
def test_before_the_model_the_principle_holds(on: str, eased: bool) -> None:
    """T-01, T-66."""
    answer = asked(TOSHIMA, {**TO_A, "date": on, "start_date": "2024-10-01"})
    assert answer["new_contract"] is not eased
    assert answer["same_day_contact"] is eased
    assert ("T-66" in answer["rules"]) is not eased


SUPPORT = {**OFFICE_FIRST, "date": "2019-07-01", "start_date": "2019-07-01", "track": "entrusted", **ALONE}
ELIGIBLE = {**SUPPORT, "status": "project_eligible", "type": "care_management_a"}
ADACHIS = {
    "a new 事業対象者: form 2 together with form 1": (
        {**ELIGIBLE, "occasion": "new_project_eligible"},
        [("care_management_request", "community_care", ["basic_checklist"])],
        {"A-Q31a", "A-Q12a"},
    ),
    "the first of a 事業対象者 is the same": (
        ELIGIBLE,
        [("care_management_request", "community_care", ["basic_checklist"])],
        {"A-Q31a", "A-Q12a"},
    ),
    "要支援 with a benefit": (SUPPORT, [("planning_request", "insurance", [])], {"A-Q31b"}),
    "要支援 with the project's services alone": (
        {**SUPPORT, "type": "care_management_a"},
        [("planning_request", "insurance", [])],
        {"A-Q31b"},
    ),
    "a benefit that is added later is notified again": (
        {**SUPPORT, "occasion": "add_preventive_benefit"},
        [("planning_request", "insurance", [])],
        {"A-Q31b"},
    ),
    "a benefit that ends is not": (
        {**SUPPORT, "type": "care_management_a", "occasion": "to_care_management_a"},
        [],
        {"A-Q31b"},
    ),
}


@pytest.mark.parametrize(("facts", "expected", "rules"), ADACHIS.values(), ids=ADACHIS)
def test_adachis_notifications(
    facts: dict[str, Any], expected: list[tuple[str, str, list[str]]], rules: set[str]
) -> None:
    """A-Q12a, A-Q31a, A-Q31b."""
    answer = asked(ADACHI, facts)
    assert [(each["form"], each["to"], each["attachments"]) for each in answer["filings"]] == expected
    assert all(
        (each["by"], each["stamp"], each["held"]) == ("centre", None, False) for each in answer["filings"]
    )
    assert not answer["risk_report"]
    assert rules <= set(answer["rules"])


def test_the_desk_that_the_manual_does_not_name_is_marked_as_assumed() -> None:
    desk = next(each for each in asked(ADACHI, ELIGIBLE)["parameters"] if each["name"] == "notification.desk")
    assert desk["assumed"]


@pytest.mark.parametrize("occasion", ["add_preventive_benefit", "to_preventive_support"])
def test_an_entrusted_person_of_a_ward_without_a_model_keeps_the_contract_with_the_centre(
    occasion: str,
) -> None:
    """A-Q29, A-Q31b: a new notification, and no new contract; Toshima's rules of the model are none of Adachi's."""
    answer = asked(ADACHI, {**SUPPORT, "occasion": occasion, "type": "preventive_support"})
    assert [each["form"] for each in answer["filings"]] == ["planning_request"]
    assert told(answer) == (False, False, False)
    assert not [each for each in answer["rules"] if each.startswith("T-")]


REFUSED = {
    "a simultaneous contract outside the model": (
        TOSHIMA,
        {**OFFICE_FIRST, "model_centre": False},
        "simultaneous_contract",
    ),
    "A under a designation": (
        TOSHIMA,
        {**OFFICE_FIRST, "type": "care_management_a"},
        "track",
    ),
    "事業対象者 with 介護予防支援": (TOSHIMA, {**OFFICE_FIRST, "status": "project_eligible"}, "type"),
    "a care level": (TOSHIMA, {**OFFICE_FIRST, "status": "care1"}, "status"),
    "a switch to A that leads to 介護予防支援": (TOSHIMA, {**TO_A, "type": "preventive_support"}, "type"),
    "a switch back that leads to A": (TOSHIMA, {**BACK, "type": "care_management_a"}, "type"),
    "要支援 as a new 事業対象者": (
        TOSHIMA,
        {**ENTRUSTED, "type": "care_management_a", "occasion": "new_project_eligible"},
        "occasion",
    ),
    "a first after switches": (TOSHIMA, {**OFFICE_FIRST, "earlier_switches": 1}, "earlier_switches"),
    "a simultaneous contract of an entrusted case": (
        TOSHIMA,
        {**OFFICE_FIRST, "track": "entrusted"},
        "track",
    ),
    "a designation before 2024-04": (
        ADACHI,
        {**SUPPORT, "track": "designated", "date": "2024-03-31"},
        "track",
    ),
    "a simultaneous contract in Adachi": (
        ADACHI,
        {**SUPPORT, "simultaneous_contract": True},
        "simultaneous_contract",
    ),
    "a model centre in Adachi": (ADACHI, {**SUPPORT, "model_centre": True}, "model_centre"),
    "a day before Adachi's manual": (ADACHI, {**SUPPORT, "date": "2016-09-30"}, "date"),
    "a day before anything was stated in Toshima": (TOSHIMA, {**ENTRUSTED, "date": "2024-03-31"}, "date"),
    "a track that is none of these": (TOSHIMA, {**OFFICE_FIRST, "track": "direct"}, "track"),
}


@pytest.mark.parametrize(("insurer", "facts", "field"), REFUSED.values(), ids=REFUSED)
def test_notification_is_refused_naming_the_field(insurer: str, facts: dict[str, Any], field: str) -> None:
    """T-02, T-04."""
    assert refused("notification", insurer, facts)["field"] == field


@given(
    status=st.sampled_from(sorted(STATUSES)),
    kind=st.sampled_from(sorted(TYPES)),
    track=st.sampled_from(["designated", "entrusted"]),
    occasion=st.sampled_from(sorted(OCCASIONS)),
    simultaneous=st.booleans(),
    model=st.booleans(),
    switches=st.integers(0, 3),
    insurer=st.sampled_from([TOSHIMA, ADACHI]),
)
def test_whatever_is_asked_is_refused_by_name_or_known_to_a_desk(
    status: str,
    kind: str,
    track: str,
    occasion: str,
    simultaneous: bool,
    model: bool,
    switches: int,
    insurer: str,
) -> None:
    facts = {**OFFICE_FIRST, "status": status, "type": kind, "track": track, "occasion": occasion}
    facts |= {"simultaneous_contract": simultaneous, "model_centre": model, "earlier_switches": switches}
    answer = answered(insurer, facts)
    for each in answer["filings"]:
        assert each["to"] in DESKS
        assert each["form"] in FORMS
        assert not (each["held"] and each["due"])
    assert [each["by"] for each in answer["filings"]] == sorted(
        (each["by"] for each in answer["filings"]), reverse=True
    ), "office before centre"
