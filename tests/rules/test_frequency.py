"""How often a week: A-Q51, A-Q56."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.dates import Month, day_text
from shared.policy.evaluators import evaluate
from shared.policy.frequency import weeks_without
from tests.rules.asking import ADACHI, TOSHIMA, refused


def facts(status: str = "support1", service: str = "A6", per_week: int = 1, **more: Any) -> dict[str, Any]:
    return {"month": "2019-05", "status": status, "service": service, "per_week": per_week, **more}


TIMES = {
    "要支援1, once": (facts(), 0),
    "要支援1, twice": (facts(per_week=2), 1),
    "要支援1, twice, the ward's own day service": (facts(service="A7", per_week=2), 1),
    "要支援2, twice": (facts("support2", per_week=2), 0),
    "事業対象者, twice: the manual names 要支援1 only": (facts("project_eligible", per_week=2), 0),
    "要支援1, a home visit twice": (facts(service="A2", per_week=2), 0),
}


@pytest.mark.parametrize(("asked", "warnings"), TIMES.values(), ids=TIMES)
def test_day_service_is_once_a_week_in_principle_for_support1(asked: dict[str, Any], warnings: int) -> None:
    """A-Q51."""
    answer = evaluate("frequency", ADACHI, asked)
    assert len(answer["warnings"]) == warnings
    assert answer["missing_weeks"] == []


WEEKS = {
    "the week of 05-20 is empty": (["2019-05-08", "2019-05-16", "2019-05-29"], ["2019-05-20"]),
    "a Monday and a Sunday belong to their week": (["2019-05-06", "2019-05-19", "2019-05-20"], []),
    "four times a month is not every week": (
        ["2019-05-01", "2019-05-07", "2019-05-08", "2019-05-09"],
        ["2019-05-13", "2019-05-20"],
    ),
    "days in the broken weeks at both ends help nothing": (
        ["2019-05-05", "2019-05-27"],
        ["2019-05-06", "2019-05-13", "2019-05-20"],
    ),
    "no use at all": ([], ["2019-05-06", "2019-05-13", "2019-05-20"]),
    "every week": (["2019-05-08", "2019-05-15", "2019-05-22"], []),
}


@pytest.mark.parametrize(("dates", "missing"), WEEKS.values(), ids=WEEKS)
def test_each_whole_week_of_may_2019_needs_a_day(dates: list[str], missing: list[str]) -> None:
    """A-Q56."""
    answer = evaluate("frequency", ADACHI, facts(dates=dates))
    assert answer["missing_weeks"] == missing
    written = [day_text(date.fromisoformat(each)) for each in missing]
    assert [each.partition("から")[0] for each in answer["warnings"]] == written


MONTHS = {
    "a leap February that begins on a Monday": (Month(2044, 2), 4),
    "a February of exactly four weeks": (Month(2021, 2), 4),
    "a month that ends on a Sunday": (Month(2019, 6), 4),
    "a month that begins on a Sunday": (Month(2019, 9), 4),
    "the month of the manual's example": (Month(2019, 5), 3),
}


@pytest.mark.parametrize(("month", "weeks"), MONTHS.values(), ids=MONTHS)
def test_only_weeks_inside_the_month_are_judged(month: Month, weeks: int) -> None:
    assert len(weeks_without(month, [])) == weeks


@given(
    month=st.builds(Month, st.integers(2016, 2040), st.integers(1, 12)),
    picks=st.lists(st.integers(0, 27), max_size=6),
)
def test_a_whole_week_is_missing_or_has_a_day(month: Month, picks: list[int]) -> None:
    dates = [month.first + timedelta(days=each) for each in picks]
    for monday in weeks_without(month, []):
        sunday = monday + timedelta(days=6)
        assert monday.weekday() == 0
        assert month.first <= monday
        assert sunday <= month.last
        empty = not any(monday <= each <= sunday for each in dates)
        assert (monday in weeks_without(month, dates)) is empty


def test_unknown_days_of_use_are_not_judged() -> None:
    assert evaluate("frequency", ADACHI, facts(dates=None)) == evaluate("frequency", ADACHI, facts())


REFUSED = {
    "a care level": (facts("care1"), "status"),
    "nobody": (facts("none"), "status"),
    "a preventive benefit": (facts(service="66"), "service"),
    "no use": (facts(per_week=0), "per_week"),
    "more than every day": (facts(per_week=8), "per_week"),
    "the day before the month": (facts(dates=["2019-04-30"]), "dates"),
    "the day after the month": (facts(dates=["2019-06-01"]), "dates"),
    "a day that does not exist": (facts(dates=["2019-05-32"]), "dates.0"),
    "a month before the manual's": ({**facts(), "month": "2016-09"}, "month"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_frequency_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    assert refused("frequency", ADACHI, asked)["field"] == field


def test_a_ward_without_the_rule_says_so() -> None:
    assert refused("frequency", TOSHIMA, facts())["code"] == "not_published"
