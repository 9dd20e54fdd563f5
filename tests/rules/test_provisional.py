"""Provisional use: who pays after the result (A-Q17, A-Q17n, A-Q17x), from when a plan holds (A-Q18, A-Q19)."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused


def used(result: str, services: str, choice: str | None = None, registered: bool = True) -> dict[str, Any]:
    return {"result": result, "services": services, "choice": choice, "registered": registered}


BUDGET, PREVENTIVE, CARE = "project_budget", "preventive_benefit", "care_benefit"
UNTIL = "care_benefit_start"

CELLS: dict[str, tuple[dict[str, Any], tuple[str, str, str, str | None]]] = {
    "independent, project": (used("ineligible", "project"), (BUDGET, "none", BUDGET, None)),
    "independent, both": (used("ineligible", "both"), (BUDGET, "self", BUDGET, None)),
    "independent, benefit": (used("ineligible", "benefit"), ("none", "self", "self", None)),
    "support, project": (used("support", "project"), (BUDGET, "none", BUDGET, None)),
    "support, both": (used("support", "both"), (BUDGET, PREVENTIVE, PREVENTIVE, None)),
    "support, benefit": (used("support", "benefit"), ("none", PREVENTIVE, PREVENTIVE, None)),
    "care, project": (used("care", "project"), (BUDGET, "none", "undecided", UNTIL)),
    "care, project, not registered": (
        used("care", "project", registered=False),
        ("none", "none", "undecided", None),
    ),
    "care, both, project chosen": (used("care", "both", "project"), (BUDGET, "self", "undecided", UNTIL)),
    "care, both, project chosen, not registered": (
        used("care", "both", "project", registered=False),
        ("none", "self", "undecided", None),
    ),
    "care, both, benefit chosen": (used("care", "both", "benefit"), ("self", CARE, CARE, None)),
    "care, both, benefit chosen, not registered": (
        used("care", "both", "benefit", registered=False),
        ("self", CARE, CARE, None),
    ),
    "care, both, not yet chosen": (
        used("care", "both"),
        ("undecided", "undecided", "undecided", None),
    ),
    "care, benefit": (used("care", "benefit"), ("none", CARE, CARE, None)),
    "the choice of what alone was used says nothing new": (
        used("care", "benefit", "benefit"),
        ("none", CARE, CARE, None),
    ),
}


@pytest.mark.parametrize(("asked", "expected"), CELLS.values(), ids=CELLS)
def test_each_cell_of_the_matrix(asked: dict[str, Any], expected: tuple[str, str, str, str | None]) -> None:
    """A-Q17, decision 11."""
    answer = evaluate("provisional-settlement", ADACHI, asked)
    assert tuple(answer[each] for each in ("project", "benefit", "plan_fee", "until")) == expected
    assert "A-Q17" in answer["rules"]
    assert [each["name"] for each in answer["parameters"]] == ["provisional.settlement"]


def test_what_was_not_used_has_no_payer_and_what_was_used_has_one_unless_unregistered() -> None:
    for result, services in product(("ineligible", "support", "care"), ("project", "benefit", "both")):
        answer = evaluate("provisional-settlement", ADACHI, used(result, services))
        assert (answer["project"] == "none") is (services == "benefit")
        assert (answer["benefit"] == "none") is (services == "project")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no choice on a support level": (used("support", "both", "project"), "choice"),
    "no choice when found independent": (used("ineligible", "both", "benefit"), "choice"),
    "a part that was not used can't be chosen": (used("care", "project", "benefit"), "choice"),
    "nor the other": (used("care", "benefit", "project"), "choice"),
    "an unknown result": (used("support1", "both"), "result"),
    "unknown services": (used("care", "neither"), "services"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_a_settlement_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    """A-Q17x: the person chooses only where both were used and the result is a care level."""
    assert refused("provisional-settlement", ADACHI, asked)["field"] == field


def started(start: str, consulted: str | None, result: str = "support") -> dict[str, Any]:
    return {"applied": "2019-05-01", "service_start": start, "consulted": consulted, "result": result}


STARTS: dict[str, tuple[dict[str, Any], str | None, list[str | None] | None]] = {
    "asked after the start": (
        started("2019-05-05", "2019-05-20"),
        "2019-05-20",
        ["2019-05-05", "2019-05-19"],
    ),
    "asked the day after the start": (
        started("2019-05-05", "2019-05-06"),
        "2019-05-06",
        ["2019-05-05", "2019-05-05"],
    ),
    "asked on the day of the start": (started("2019-05-05", "2019-05-05"), "2019-05-05", None),
    "asked the day before the start": (started("2019-05-05", "2019-05-04"), "2019-05-05", None),
    "asked before the application": (started("2019-05-01", "2019-04-26"), "2019-05-01", None),
    "asked over a month's end": (
        started("2019-05-31", "2019-06-01"),
        "2019-06-01",
        ["2019-05-31", "2019-05-31"],
    ),
    "never asked": (started("2019-05-05", None), None, ["2019-05-05", None]),
    "a care level": (started("2019-05-05", "2019-05-20", "care"), "2019-05-05", None),
    "found independent": (started("2019-05-05", None, "ineligible"), "2019-05-05", None),
}


@pytest.mark.parametrize(("asked", "plan_from", "unpayable"), STARTS.values(), ids=STARTS)
def test_a_plan_for_project_services_never_goes_back_behind_the_day_of_asking(
    asked: dict[str, Any], plan_from: str | None, unpayable: list[str | None] | None
) -> None:
    """A-Q19."""
    answer = evaluate("provisional-start", ADACHI, asked)
    assert (answer["plan_from"], answer["unpayable"]) == (plan_from, unpayable)
    assert {"A-Q18", "A-Q19"} <= set(answer["rules"])
    assert [each["name"] for each in answer["parameters"]] == ["provisional.plan_from"]


@given(start=st.dates(date(2019, 5, 1), date(2021, 5, 1)), asked=st.dates(date(2019, 1, 1), date(2022, 1, 1)))
def test_what_can_not_be_paid_ends_the_day_before_the_plan_holds(start: date, asked: date) -> None:
    answer = evaluate("provisional-start", ADACHI, started(start.isoformat(), asked.isoformat()))
    plan_from = date.fromisoformat(answer["plan_from"])
    assert plan_from == max(start, asked)
    if answer["unpayable"] is None:
        assert asked <= start
    else:
        first, last = map(date.fromisoformat, answer["unpayable"])
        assert (first, last + timedelta(days=1)) == (start, plan_from)


UNSTATED: dict[str, tuple[str, dict[str, Any], str]] = {
    "who pays": ("provisional-settlement", used("support", "both"), "insurer"),
    "from when a plan holds": ("provisional-start", started("2019-05-05", "2019-05-20"), "service_start"),
    "whatever the result": ("provisional-start", started("2019-05-05", None, "care"), "service_start"),
}


@pytest.mark.parametrize(("name", "facts", "field"), UNSTATED.values(), ids=UNSTATED)
def test_one_wards_manual_answers_for_no_other_ward(name: str, facts: dict[str, Any], field: str) -> None:
    """A-Q17, A-Q19 are Adachi's; Toshima's document says nothing of it."""
    error = refused(name, TOSHIMA, facts)
    assert (error["code"], error["field"]) == ("not_published", field)
    assert "豊島区" in error["message"]
    assert "資料を確かめて登録してください" in error["message"]


@pytest.mark.parametrize(("start", "answered"), [("2016-09-30", False), ("2016-10-01", True)])
def test_the_day_of_asking_counts_since_the_manual_says_so(start: str, answered: bool) -> None:
    """A-Q19: the rule is dated by the start of the service."""
    facts = {**started(start, "2016-10-02"), "applied": "2016-09-01"}
    if answered:
        assert evaluate("provisional-start", ADACHI, facts)["plan_from"] == "2016-10-02"
    else:
        assert refused("provisional-start", ADACHI, facts)["code"] == "not_published"


def test_a_start_before_the_application_is_no_provisional_one() -> None:
    assert refused("provisional-start", ADACHI, started("2019-04-30", None))["field"] == "service_start"
