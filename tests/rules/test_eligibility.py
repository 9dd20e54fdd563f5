"""Which services a person may use: A-Q1b, A-Q11, A-Q12c, A-Q15b, A-Q25b, A-Q26, A-Q45, A-Q46.

The manual's footnote names Q46 and Q47 and means Q45 and Q46 (decision 13).
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

KATSUSHIKA = "131227"


def facts(status: str, *services: str, **others: Any) -> dict[str, Any]:
    return {"date": "2019-06-03", "status": status, "age": 70, "services": list(services), **others}


CASES: dict[str, tuple[dict[str, Any], str, bool, str | None]] = {
    "64 and positive by the checklist": (facts("project_eligible", "A6", age=64), "A6", False, "A-Q1b"),
    "65 and positive by the checklist": (facts("project_eligible", "A6", age=65), "A6", True, None),
    "a certified person below 65": (facts("support1", "A6", age=50), "A6", True, None),
    "general prevention at 64": (facts("none", "general", age=64), "general", False, "A-Q1b"),
    "general prevention at 65": (facts("none", "general", age=65), "general", True, None),
    "found independent": (facts("none", "A6"), "A6", False, "A-Q1b"),
    "care level and day service": (facts("care1", "A6"), "A6", False, "A-Q11"),
    "care level 5 and home help": (facts("care5", "A2"), "A2", False, "A-Q11"),
    "care level and a resident-run place": (facts("care1", "community_b"), "community_b", True, "A-Q11"),
    "support level and a resident-run place": (
        facts("support1", "community_b"),
        "community_b",
        True,
        None,
    ),
    "nobody's status and a resident-run place": (
        facts("none", "community_b"),
        "community_b",
        False,
        "A-Q1b",
    ),
    "support level and rental": (facts("support2", "67"), "67", True, None),
    "project-eligible and rental": (facts("project_eligible", "67"), "67", False, "A-Q15b"),
    "project-eligible and medical advice": (facts("project_eligible", "34"), "34", False, "A-Q15b"),
    "care level and preventive rental": (facts("care1", "67"), "67", False, "A-Q15b"),
    "no status and preventive rental": (facts("none", "67"), "67", False, "A-Q15b"),
    "group home and day service": (facts("support2", "A6", residence="group_home"), "A6", True, "A-Q46"),
    "small multifunction and home help": (
        facts("support2", "A2", residence="small_multifunction"),
        "A2",
        True,
        "A-Q46",
    ),
    "group home and general prevention": (
        facts("support2", "general", residence="group_home"),
        "general",
        True,
        None,
    ),
    "group home and a resident-run place needs talking over": (
        facts("support2", "community_b", residence="group_home"),
        "community_b",
        True,
        "A-Q46",
    ),
    "designated facility and day service": (
        facts("project_eligible", "A6", residence="specified_facility"),
        "A6",
        True,
        "A-Q45",
    ),
    "home for the aged without designation": (
        facts("project_eligible", "A6", residence="nursing_home_for_aged"),
        "A6",
        True,
        None,
    ),
    "general prevention for who lives elsewhere": (
        facts("support1", "general", resident_of=KATSUSHIKA),
        "general",
        False,
        "A-Q25b",
    ),
    "general prevention for who lives here": (
        facts("support1", "general", resident_of=ADACHI),
        "general",
        True,
        None,
    ),
    "day service for who lives elsewhere": (
        facts("support1", "A6", resident_of=KATSUSHIKA),
        "A6",
        True,
        "A-Q25a",
    ),
}


@pytest.mark.parametrize(("asked", "service", "allowed", "warned"), CASES.values(), ids=CASES)
def test_whether_a_service_may_be_used(
    asked: dict[str, Any], service: str, allowed: bool, warned: str | None
) -> None:
    answer = evaluate("eligibility", ADACHI, asked)
    found = answer["services"][service]
    assert found["allowed"] is allowed
    assert bool(found["warnings"]) is (warned is not None)
    if warned:
        assert warned in "".join(found["warnings"])
        assert warned in answer["rules"]
    assert answer["earliest_start"] is None


STARTS: dict[str, tuple[str, str | None, bool, bool]] = {
    "the day before the checklist": ("2019-05-09", None, False, True),
    "the day of the checklist, before the plan": ("2019-05-10", None, True, True),
    "the day before the plan is delivered": ("2019-05-19", "2019-05-20", True, True),
    "the day on which the plan is delivered": ("2019-05-20", "2019-05-20", True, False),
    "the day after": ("2019-05-21", "2019-05-20", True, False),
}


@pytest.mark.parametrize(("on", "delivered", "allowed", "warned"), STARTS.values(), ids=STARTS)
def test_service_is_possible_from_the_day_of_the_checklist_but_belongs_after_the_plan(
    on: str, delivered: str | None, allowed: bool, warned: bool
) -> None:
    """A-Q12c."""
    asked = facts("project_eligible", "A6", date=on, checklist_date="2019-05-10", plan_delivered_on=delivered)
    answer = evaluate("eligibility", ADACHI, asked)
    assert answer["earliest_start"] == "2019-05-10"
    assert answer["services"]["A6"]["allowed"] is allowed
    assert bool(answer["services"]["A6"]["warnings"]) is warned


def test_general_prevention_waits_for_no_checklist() -> None:
    asked = facts("project_eligible", "general", date="2019-05-09", checklist_date="2019-05-10")
    assert evaluate("eligibility", ADACHI, asked)["services"]["general"] == {"allowed": True, "warnings": []}


def test_project_services_and_general_prevention_go_together() -> None:
    """A-Q26: no conflict, no warning."""
    answer = evaluate("eligibility", ADACHI, facts("project_eligible", "A6", "general", "A2"))
    assert answer["services"] == {each: {"allowed": True, "warnings": []} for each in ("A6", "general", "A2")}
    assert "A-Q26" in answer["rules"]


@pytest.mark.parametrize("service", ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"])
@pytest.mark.parametrize("status", STATUSES)
def test_designated_project_services_are_for_support_levels_and_project_eligible_persons(
    status: str, service: str
) -> None:
    """A-Q1b, A-Q11: every status, every service."""
    found = evaluate("eligibility", ADACHI, facts(status, service))["services"][service]
    assert found["allowed"] is (status in ("project_eligible", "support1", "support2"))


@given(
    status=st.sampled_from(sorted(STATUSES)),
    services=st.lists(st.sampled_from(sorted(SERVICE_KINDS)), max_size=5),
    age=st.integers(0, 110),
)
def test_a_service_is_judged_by_itself_and_what_is_refused_says_why(
    status: str, services: list[str], age: int
) -> None:
    together = evaluate("eligibility", TOSHIMA, facts(status, *services, age=age))["services"]
    assert set(together) == set(services)
    for service, found in together.items():
        alone = evaluate("eligibility", TOSHIMA, facts(status, service, age=age))["services"][service]
        assert found == alone
        assert found["allowed"] or found["warnings"]


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a municipality code": ({"resident_of": "131211"}, "resident_of", "131219"),
    "no insurer": ({"resident_of": "足立区"}, "resident_of", "保険者番号"),
    "an unknown residence": ({"residence": "hospital"}, "residence", "group_home"),
    "an unknown service": ({"services": ["A9"]}, "services.0", "A9"),
    "an unknown status": ({"status": "support3"}, "status", "support3"),
    "before the project": ({"date": "2015-03-31"}, "date", "平成27年4月1日"),
    "a checklist on no day": ({"checklist_date": "2019-02-29"}, "checklist_date", "2019-02-29"),
}


@pytest.mark.parametrize(("changes", "field", "says"), WRONG.values(), ids=WRONG)
def test_eligibility_is_refused_naming_the_field(changes: dict[str, Any], field: str, says: str) -> None:
    error = refused("eligibility", ADACHI, {**facts("support1", "A6"), **changes})
    assert error["field"] == field
    assert says in error["message"]
