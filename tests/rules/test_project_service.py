"""A month of a project service to the yen: A-Q47, A-Q50, A-Q57, A-Q59, A-Q60."""

from typing import Any

import pytest

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

MAY = {"month": "2019-05", "service": "A6", "units": 1655, "daily_units": 54}


def asked(**facts: Any) -> dict[str, Any]:
    return {**MAY, **facts}


@pytest.mark.parametrize(("attended", "planned"), [(None, None), (4, 4), (3, 4), (1, 4)])
def test_a_missed_day_changes_nothing(attended: int | None, planned: int | None) -> None:
    """A-Q57: 1,655 units of a day service are 18,039 yen however often the person came."""
    answer = evaluate("project-service", ADACHI, asked(attended=attended, planned=planned))
    assert (answer["units"], answer["unit_price"], answer["yen"]) == (1655, "10.90", 18039)
    assert ("A-Q57" in answer["rules"]) is (attended is not None)


def test_a_month_without_any_use_is_not_claimed() -> None:
    answer = evaluate("project-service", ADACHI, asked(attended=0, planned=4))
    assert (answer["lines"], answer["yen"]) == ([], 0)


def test_nobody_comes_more_often_than_planned() -> None:
    assert refused("project-service", ADACHI, asked(attended=5, planned=4))["field"] == "attended"


@pytest.mark.parametrize(("days", "units"), [(0, 0), (1, 54), (15, 810), (31, 1674)])
def test_by_days_the_daily_units_count(days: int, units: int) -> None:
    """A-Q47."""
    answer = evaluate("project-service", ADACHI, asked(days=days))
    assert answer["units"] == units
    assert "A-Q47" in answer["rules"]


@pytest.mark.parametrize(
    ("facts", "field"), [({"days": 32}, "days"), ({"days": 15, "daily_units": None}, "daily_units")]
)
def test_days_that_the_month_has_not_and_days_without_a_price_are_errors(
    facts: dict[str, Any], field: str
) -> None:
    assert refused("project-service", ADACHI, asked(**facts))["field"] == field


WITHOUT_DAILY_CODE = [{"name": "処遇改善加算", "units": 98, "daily_units": None}]
WITH_DAILY_CODE = [{"name": "運動器機能向上加算", "units": 225, "daily_units": 7}]


@pytest.mark.parametrize(
    ("status", "units", "elsewhere"),
    [("support2", 810 + 98, []), ("project_eligible", 810 + 98, []), ("care1", 810, ["処遇改善加算"])],
)
def test_an_addition_without_a_daily_code_follows_the_status_at_the_months_end(
    status: str, units: int, elsewhere: list[str]
) -> None:
    """A-Q59: 要支援2 to 要介護1 on the 16th: the fee by days here, the addition as care benefit."""
    answer = evaluate(
        "project-service", ADACHI, asked(days=15, status_at_end=status, additions=WITHOUT_DAILY_CODE)
    )
    assert (answer["units"], answer["elsewhere"]) == (units, elsewhere)
    assert "A-Q59" in answer["rules"]


def test_an_addition_with_a_daily_code_is_prorated_and_in_a_whole_month_all_are_whole() -> None:
    assert (
        evaluate("project-service", ADACHI, asked(days=15, additions=WITH_DAILY_CODE))["units"] == 810 + 105
    )
    whole = evaluate("project-service", ADACHI, asked(additions=[*WITH_DAILY_CODE, *WITHOUT_DAILY_CODE]))
    assert whole["units"] == 1655 + 225 + 98
    assert "A-Q59" not in whole["rules"]


def test_the_status_at_the_months_end_is_never_guessed() -> None:
    found = refused("project-service", ADACHI, asked(days=15, additions=WITHOUT_DAILY_CODE))
    assert (found["code"], found["field"]) == ("missing_field", "status_at_end")


def test_a_price_by_visits_is_refused_where_the_ward_has_no_such_codes() -> None:
    """A-Q60; of another ward nothing is known. The refusal is a dated value of the ward (decision 15)."""
    found = refused("project-service", ADACHI, asked(basis="visit", attended=4))
    assert (found["code"], found["field"]) == ("excluded_combination", "basis")
    assert refused("project-service", TOSHIMA, asked(basis="visit", attended=4))["code"] == "not_published"


def test_only_services_of_the_project_are_priced_so() -> None:
    assert refused("project-service", ADACHI, asked(service="67"))["field"] == "service"
