"""The initial addition: A-Q34a to c, decisions 20 and 29."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.dates import Month
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused


def facts(start: str, end: str | None, kind: str | None, occasion: str, **more: Any) -> dict[str, Any]:
    previous = {"previous_end_month": end, "previous_kind": kind}
    return {"start_month": start, **previous, "occasion": occasion, **more}


A = "care_management_a"
SUPPORT = "preventive_support"
EXPIRED = "support_expired_to_project_eligible"

CASES = {
    "no plan before": (facts("2024-10", None, None, "new"), True),
    "two empty months since the plan ended": (facts("2019-05", "2019-02", A, "new"), True),
    "one empty month since the plan ended": (facts("2019-04", "2019-02", A, "new"), False),
    "the plan ended last month": (facts("2019-03", "2019-02", A, "new"), False),
    "the plan ended in the same month": (facts("2019-02", "2019-02", A, "new"), False),
    "two empty months across the new year": (facts("2025-01", "2024-10", SUPPORT, "new"), True),
    "one empty month since a plan of the other type": (facts("2025-01", "2024-11", SUPPORT, "new"), False),
    "a care plan before does not make a person known": (
        facts("2025-01", "2024-12", "care_support", "new"),
        True,
    ),
    "from care level 1 to support level 1": (
        facts("2019-05", "2019-04", "care_support", "care_to_support"),
        True,
    ),
    "from a care level without any plan": (facts("2019-05", None, None, "care_to_support"), True),
    "support expires on 03-31, project-eligible from 04-01": (
        facts("2019-04", "2019-03", SUPPORT, EXPIRED),
        False,
    ),
    "support expired, and two empty months passed": (facts("2019-06", "2019-03", SUPPORT, EXPIRED), True),
    "the centre's own case is entrusted": (facts("2019-05", "2019-04", A, "entrusted"), False),
    "entrusted after long work by the centre": (facts("2019-05", "2018-04", A, "entrusted"), False),
    "from one office to another": (facts("2019-05", "2019-04", A, "entrusted_office_changed"), False),
    "a switch under a simultaneous contract": (
        facts("2025-01", "2024-12", SUPPORT, "type_switch", simultaneous_contract=True),
        False,
    ),
    "a switch back under it, however long A lasted": (
        facts("2025-12", "2025-11", A, "type_switch", simultaneous_contract=True),
        False,
    ),
    "a switch without a simultaneous contract": (
        facts("2025-01", "2024-12", SUPPORT, "type_switch", simultaneous_contract=False),
        "undecided",
    ),
    "a switch that says nothing of a contract": (
        facts("2025-01", "2024-12", SUPPORT, "type_switch"),
        "undecided",
    ),
}


@pytest.mark.parametrize("insurer", [TOSHIMA, ADACHI])
@pytest.mark.parametrize(("asked", "payable"), CASES.values(), ids=CASES)
def test_initial_addition(insurer: str, asked: dict[str, Any], payable: bool | str) -> None:
    assert evaluate("initial-addition", insurer, asked)["payable"] is payable or payable == "undecided"
    assert evaluate("initial-addition", insurer, asked)["payable"] == payable


REFUSED = {
    "the previous plan ends after the start": (facts("2019-05", "2019-06", A, "new"), "previous_end_month"),
    "a previous plan without its end": (facts("2019-05", None, A, "new"), "previous_end_month"),
    "a previous end without its kind": (facts("2019-05", "2019-04", None, "new"), "previous_kind"),
    "a care level becoming a support level had no plan of ours": (
        facts("2019-05", "2019-04", SUPPORT, "care_to_support"),
        "previous_kind",
    ),
    "an expired support level had no care plan": (
        facts("2019-05", "2019-04", "care_support", EXPIRED),
        "previous_kind",
    ),
    "a care plan is not what a switch of type leaves": (
        facts("2025-01", "2024-12", "care_support", "type_switch"),
        "previous_kind",
    ),
    "the addition is not known before 2015-04": (facts("2015-03", None, None, "new"), "start_month"),
    "an unknown occasion": (facts("2019-05", None, None, "moved"), "occasion"),
    "an absent previous month is not null": (
        {"start_month": "2019-05", "previous_kind": None, "occasion": "new"},
        "previous_end_month",
    ),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_initial_addition_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    assert refused("initial-addition", TOSHIMA, asked)["field"] == field


def test_the_rule_behind_each_answer_is_named() -> None:
    def rules(*asked: Any, **more: Any) -> list[str]:
        named: list[str] = evaluate("initial-addition", TOSHIMA, facts(*asked, **more))["rules"]
        return named

    assert "A-Q34a" in rules("2019-05", "2019-02", A, "new")
    assert "decision 29" in rules("2024-10", None, None, "new")
    assert "A-Q34b" in rules("2019-05", "2019-04", "care_support", "care_to_support")
    assert "A-Q34c" in rules("2019-05", "2019-04", A, "entrusted")
    assert "decision 20" in rules("2025-01", "2024-12", SUPPORT, "type_switch", simultaneous_contract=True)


@given(end=st.builds(Month, st.integers(2016, 2030), st.integers(1, 12)), gap=st.integers(0, 30))
def test_exactly_two_empty_months_make_a_person_new(end: Month, gap: int) -> None:
    start = end.plus(gap + 1)
    answer = evaluate("initial-addition", ADACHI, facts(str(start), str(end), A, "new"))
    assert answer["payable"] is (gap >= 2)
