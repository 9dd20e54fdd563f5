"""Visits, evaluations, a plan's longest period, six months without use: A-Q21a, A-Q30, A-Q38a, A-Q38b, A-Q42, A-Q44."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.dates import Month
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

DAYS = st.dates(date(2016, 10, 1), date(2060, 12, 31))


def month_of_plan(plan_from: str, plan_to: str, month: str, change: bool = False) -> dict[str, Any]:
    return {"plan_from": plan_from, "plan_to": plan_to, "month": month, "marked_change": change}


HALF_YEAR = ("2019-04-01", "2019-09-30")
MONTHS: dict[str, tuple[dict[str, Any], bool]] = {
    "the first month": (month_of_plan(*HALF_YEAR, "2019-04"), False),
    "the second": (month_of_plan(*HALF_YEAR, "2019-05"), False),
    "the third": (month_of_plan(*HALF_YEAR, "2019-06"), True),
    "the fourth": (month_of_plan(*HALF_YEAR, "2019-07"), False),
    "the fourth with a marked change": (month_of_plan(*HALF_YEAR, "2019-07", True), True),
    "the sixth and last": (month_of_plan(*HALF_YEAR, "2019-09"), True),
    "the last, though not a third": (month_of_plan("2019-04-01", "2019-08-10", "2019-08"), True),
    "a plan from the last day of a month": (month_of_plan("2019-04-30", "2020-04-29", "2019-06"), True),
    "over the end of the year": (month_of_plan("2019-11-15", "2020-11-14", "2020-01"), True),
    "the month before that": (month_of_plan("2019-11-15", "2020-11-14", "2019-12"), False),
    "a plan of one month": (month_of_plan("2019-04-01", "2019-04-30", "2019-04"), True),
}


@pytest.mark.parametrize(("asked", "visit"), MONTHS.values(), ids=MONTHS)
def test_months_with_a_visit_at_home(asked: dict[str, Any], visit: bool) -> None:
    """A-Q30."""
    answer = evaluate("monitoring", ADACHI, asked)
    assert answer["visit_required"] is visit
    assert answer["minimum"] == ("visit" if visit else "meet_or_call")


@given(plan_from=DAYS, months=st.integers(0, 23))
def test_there_are_never_three_months_of_a_plan_without_a_visit(plan_from: date, months: int) -> None:
    last = Month.of(plan_from).plus(months)
    plan = {"plan_from": plan_from.isoformat(), "plan_to": last.last.isoformat(), "marked_change": False}
    visits = [
        evaluate("monitoring", TOSHIMA, {**plan, "month": str(Month.of(plan_from).plus(number))})[
            "visit_required"
        ]
        for number in range(months + 1)
    ]
    assert visits[-1]
    assert all(any(visits[at : at + 3]) for at in range(len(visits) - 2))


EVALUATIONS: dict[str, tuple[str, str, list[str]]] = {
    "the remainder has its own": ("2019-01-01", "2019-07-31", ["2019-06-30", "2019-07-31"]),
    "two whole years": (
        "2018-04-01",
        "2020-03-31",
        ["2018-09-30", "2019-03-31", "2019-09-30", "2020-03-31"],
    ),
    "less than six months": ("2019-04-01", "2019-08-31", ["2019-08-31"]),
    "exactly six": ("2019-04-01", "2019-09-30", ["2019-09-30"]),
    "one day more": ("2019-04-01", "2019-10-01", ["2019-09-30", "2019-10-01"]),
    "one day less": ("2019-04-01", "2019-09-29", ["2019-09-29"]),
    "use from the end of a month": ("2019-01-31", "2019-07-31", ["2019-06-30", "2019-07-31"]),
    "the last day of a leap February": ("2019-09-10", "2020-06-30", ["2020-02-29", "2020-06-30"]),
    "the last day of an ordinary one": ("2020-09-01", "2021-03-31", ["2021-02-28", "2021-03-31"]),
    "one day": ("2019-04-01", "2019-04-01", ["2019-04-01"]),
}


@pytest.mark.parametrize(("use_from", "certified_to", "due"), EVALUATIONS.values(), ids=EVALUATIONS)
def test_days_by_which_an_evaluation_is_due(use_from: str, certified_to: str, due: list[str]) -> None:
    """A-Q38a, A-Q42, A-Q44."""
    asked = {"use_from": use_from, "certified_to": certified_to}
    assert evaluate("evaluation", ADACHI, asked)["due"] == due


@given(use_from=DAYS, days=st.integers(0, 1500))
def test_evaluations_are_at_most_six_months_apart_and_the_last_ends_the_certification(
    use_from: date, days: int
) -> None:
    certified_to = use_from + timedelta(days=days)
    asked = {"use_from": use_from.isoformat(), "certified_to": certified_to.isoformat()}
    due = [date.fromisoformat(each) for each in evaluate("evaluation", ADACHI, asked)["due"]]
    assert due == sorted(set(due))
    assert due[-1] == certified_to
    months = [Month.of(use_from).plus(-1), *map(Month.of, due)]
    assert all(later.since(before) <= 6 for before, later in pairwise(months))


PLANS: dict[str, tuple[str, str]] = {
    "from the first of a month": ("2019-04-01", "2021-03-31"),
    "from the middle": ("2019-04-15", "2021-04-14"),
    "from the last of a month": ("2019-01-31", "2021-01-30"),
    "over a year's end": ("2019-01-01", "2020-12-31"),
    "from a leap day": ("2020-02-29", "2022-02-28"),
    "from the day after a leap day": ("2020-03-01", "2022-02-28"),
    "to a leap year's February": ("2022-03-01", "2024-02-29"),
    "to the day before a leap day": ("2022-02-28", "2024-02-27"),
    "the first day of the procedure": ("2016-10-01", "2018-09-30"),
}


@pytest.mark.parametrize(("begins", "latest_to"), PLANS.values(), ids=PLANS)
def test_a_plan_holds_two_years_at_most(begins: str, latest_to: str) -> None:
    """A-Q38a."""
    assert evaluate("plan-validity", ADACHI, {"from": begins})["latest_to"] == latest_to


def test_what_toshima_has_not_stated_is_marked_as_assumed() -> None:
    for name, asked in (
        ("plan-validity", {"from": "2019-04-01"}),
        ("evaluation", {"use_from": "2019-04-01", "certified_to": "2019-09-30"}),
        ("checklist-renewal", {"last_use": "2019-04-01", "on": "2019-09-30"}),
    ):
        marks = {
            insurer: [each["assumed"] for each in evaluate(name, insurer, asked)["parameters"]]
            for insurer in (ADACHI, TOSHIMA)
        }
        assert marks == {ADACHI: [False], TOSHIMA: [True]}


UNUSED: dict[str, tuple[str, str]] = {
    "last use at the end of September": ("2018-09-30", "2019-04-01"),
    "last use within a month": ("2018-09-10", "2019-03-11"),
    "six months end with February": ("2018-08-31", "2019-03-01"),
    "no such day in February": ("2018-08-29", "2019-03-01"),
    "nor the day before": ("2018-08-28", "2019-03-01"),
    "the last day that February has": ("2018-08-27", "2019-02-28"),
    "a leap February has one more": ("2019-08-28", "2020-02-29"),
    "after it": ("2019-08-29", "2020-03-01"),
    "over a year's end": ("2019-12-31", "2020-07-01"),
}


@pytest.mark.parametrize(("last_use", "required_from"), UNUSED.values(), ids=UNUSED)
def test_the_checklist_is_done_again_after_more_than_six_months_without_use(
    last_use: str, required_from: str
) -> None:
    """A-Q21a, A-Q38b, decision 17: not on the last day of the six months, but on the day after."""
    first = date.fromisoformat(required_from)
    for on, required in (
        (first - timedelta(days=1), False),
        (first, True),
        (first + timedelta(days=1), True),
    ):
        answer = evaluate("checklist-renewal", ADACHI, {"last_use": last_use, "on": on.isoformat()})
        assert (answer["required"], answer["required_from"]) == (required, required_from)
        expected = ["checklist", "plan_review", "meeting", "confirmation"] if required else []
        assert answer["tasks"] == expected


@given(last_use=DAYS)
def test_six_months_without_use_are_never_less_and_never_much_more(last_use: date) -> None:
    asked = {"last_use": last_use.isoformat(), "on": last_use.isoformat()}
    required_from = date.fromisoformat(evaluate("checklist-renewal", ADACHI, asked)["required_from"])
    target = Month.of(last_use).plus(6)
    corresponding = date(
        target.year, target.month, min(last_use.day, monthrange(target.year, target.month)[1])
    )
    # A month's last day is followed by a first, and February may lack up to three days of the month counted from.
    assert timedelta(days=1) <= required_from - corresponding <= timedelta(days=4)


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a month before the plan": ("monitoring", month_of_plan(*HALF_YEAR, "2019-03"), "month"),
    "a month after it": ("monitoring", month_of_plan(*HALF_YEAR, "2019-10"), "month"),
    "a plan that ends before it begins": (
        "monitoring",
        month_of_plan("2019-04-01", "2019-03-31", "2019-04"),
        "plan_to",
    ),
    "a certification that ends before the use": (
        "evaluation",
        {"use_from": "2019-04-01", "certified_to": "2019-03-31"},
        "certified_to",
    ),
    "evaluations before the procedure": (
        "evaluation",
        {"use_from": "2016-09-30", "certified_to": "2017-03-31"},
        "use_from",
    ),
    "evaluations beyond the calendar": (
        "evaluation",
        {"use_from": "2019-04-01", "certified_to": "9999-12-31"},
        "certified_to",
    ),
    "a plan before the procedure": ("plan-validity", {"from": "2016-09-30"}, "from"),
    "a plan beyond the calendar": ("plan-validity", {"from": "9999-12-31"}, "from"),
    "a day before the last use": (
        "checklist-renewal",
        {"last_use": "2019-04-02", "on": "2019-04-01"},
        "on",
    ),
    "a day beyond the calendar": (
        "checklist-renewal",
        {"last_use": "9999-12-31", "on": "9999-12-31"},
        "on",
    ),
}


@pytest.mark.parametrize(("name", "asked", "field"), REFUSED.values(), ids=REFUSED)
def test_an_impossible_period_is_refused_naming_the_field(
    name: str, asked: dict[str, Any], field: str
) -> None:
    assert refused(name, ADACHI, asked)["field"] == field
