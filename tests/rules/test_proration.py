"""Whole months and days: A-Q47, A-Q48a, A-Q48b, A-Q48c, A-Q52, A-Q59, A-Q61, A-Q62, decision 12."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused


def use(status: str, per_week: int | None) -> dict[str, Any]:
    return {"status": status, "per_week": per_week}


def change(
    service: str,
    before: tuple[str, int | None],
    after: tuple[str, int | None],
    on: str = "2019-05-16",
    occasion: str = "category_change",
) -> dict[str, Any]:
    return {
        "month": on[:7],
        "service": service,
        "occasion": occasion,
        "on": on,
        "from": use(*before),
        "to": use(*after),
    }


def periods(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        tuple(each[key] for key in ("from", "to", "days", "status", "per_week")) for each in answer["periods"]
    ]


WHOLE = {
    "A7, 要支援1 to 2, still once a week": (
        change("A7", ("support1", 1), ("support2", 1)),
        ("2019-05-01", "2019-05-31", 31, "support1", 1),
        "A-Q48a",
    ),
    "A7, 要支援2 to 1, still twice a week": (
        change("A7", ("support2", 2), ("support1", 2)),
        ("2019-05-01", "2019-05-31", 31, "support2", 2),
        "A-Q48a",
    ),
    "day service, twice to once a week": (
        change("A6", ("support2", 2), ("support2", 1), occasion="frequency_change"),
        ("2019-05-01", "2019-05-31", 31, "support2", 2),
        "A-Q52",
    ),
    "day service, once to twice, is paid as the month began": (
        change("A7", ("support2", 1), ("support2", 2), occasion="frequency_change"),
        ("2019-05-01", "2019-05-31", 31, "support2", 1),
        "A-Q52",
    ),
    "a home visit on the last day of a leap February": (
        change("A2", ("support2", 2), ("support2", 1), "2020-02-29", "frequency_change"),
        ("2020-02-01", "2020-02-29", 29, "support2", 2),
        "A-Q52",
    ),
    "a change of category on the first is no change in mid-month": (
        change("A6", ("support1", 1), ("support2", 2), "2019-05-01"),
        ("2019-05-01", "2019-05-31", 31, "support2", 2),
        "A-Q47",
    ),
    "a change of the count on the first is the month's count": (
        change("A6", ("support2", 2), ("support2", 1), "2019-05-01", "frequency_change"),
        ("2019-05-01", "2019-05-31", 31, "support2", 1),
        "A-Q52",
    ),
}


@pytest.mark.parametrize(("asked", "period", "rule"), WHOLE.values(), ids=WHOLE)
def test_a_month_that_is_paid_whole(asked: dict[str, Any], period: tuple[Any, ...], rule: str) -> None:
    answer = evaluate("proration", ADACHI, asked)
    assert (answer["method"], periods(answer), answer["days"]) == ("whole_month", [period], period[2])
    assert rule in answer["rules"]


def contract(occasion: str, on: str, service: str = "A6") -> dict[str, Any]:
    return {
        "month": on[:7],
        "service": service,
        "occasion": occasion,
        "on": on,
        "from": use("support1", 1),
    }


@pytest.mark.parametrize(
    ("occasion", "on", "first", "last", "days"),
    [
        ("contract_started", "2019-06-16", "2019-06-16", "2019-06-30", 15),
        ("contract_started", "2019-06-30", "2019-06-30", "2019-06-30", 1),
        ("contract_started", "2019-06-02", "2019-06-02", "2019-06-30", 29),
        ("contract_ended", "2019-06-16", "2019-06-01", "2019-06-16", 16),
        ("contract_ended", "2019-06-01", "2019-06-01", "2019-06-01", 1),
        ("contract_ended", "2020-02-28", "2020-02-01", "2020-02-28", 28),
    ],
)
def test_a_contract_that_begins_or_ends_in_mid_month_is_paid_by_its_days(
    occasion: str, on: str, first: str, last: str, days: int
) -> None:
    """A-Q47: from the day of the contract, not of the first use; until the day on which it ended."""
    for insurer in (ADACHI, TOSHIMA):
        answer = evaluate("proration", insurer, contract(occasion, on))
        assert (answer["method"], answer["days"]) == ("daily", days)
        assert periods(answer) == [(first, last, days, "support1", 1)]
        assert answer["rules"] == ["A-Q47"]


@pytest.mark.parametrize(
    ("occasion", "on"),
    [("contract_started", "2019-06-01"), ("contract_ended", "2019-06-30"), ("contract_ended", "2020-02-29")],
)
def test_a_contract_of_the_whole_month_is_paid_whole(occasion: str, on: str) -> None:
    answer = evaluate("proration", ADACHI, contract(occasion, on))
    assert answer["method"] == "whole_month"


def test_a_stay_in_hospital_is_no_cause_of_proration() -> None:
    """A-Q47."""
    asked = {**contract("hospital", "2019-06-16"), "on": None}
    answer = evaluate("proration", ADACHI, asked)
    assert (answer["method"], answer["days"]) == ("whole_month", 30)


DAILY = {
    "A7, 要支援2 to 1 and twice to once": (
        change("A7", ("support2", 2), ("support1", 1)),
        [("2019-05-01", "2019-05-15", 15, "support2", 2), ("2019-05-16", "2019-05-31", 16, "support1", 1)],
        ["A-Q47", "A-Q48b"],
    ),
    "A7, 要支援1 to 2 and once to twice, by inference": (
        change("A7", ("support1", 1), ("support2", 2)),
        [("2019-05-01", "2019-05-15", 15, "support1", 1), ("2019-05-16", "2019-05-31", 16, "support2", 2)],
        ["A-Q47", "A-Q48c", "decision 12"],
    ),
    "A6 follows the notice though the count stays": (
        change("A6", ("support1", 1), ("support2", 1)),
        [("2019-05-01", "2019-05-15", 15, "support1", 1), ("2019-05-16", "2019-05-31", 16, "support2", 1)],
        ["A-Q47"],
    ),
    "事業対象者 to 要支援": (
        change("A2", ("project_eligible", 1), ("support1", 1), "2020-02-29"),
        [
            ("2020-02-01", "2020-02-28", 28, "project_eligible", 1),
            ("2020-02-29", "2020-02-29", 1, "support1", 1),
        ],
        ["A-Q47"],
    ),
    "the second of the month": (
        change("A6", ("support1", 1), ("support2", 2), "2019-12-02"),
        [("2019-12-01", "2019-12-01", 1, "support1", 1), ("2019-12-02", "2019-12-31", 30, "support2", 2)],
        ["A-Q47"],
    ),
    "to 要介護: the project pays until the day before": (
        change("A7", ("support2", 1), ("care1", 1)),
        [("2019-05-01", "2019-05-15", 15, "support2", 1)],
        ["A-Q47", "A-Q59"],
    ),
    "to 要介護 on the first: nothing of the project": (
        change("A7", ("support2", 1), ("care1", None), "2019-05-01"),
        [],
        ["A-Q47", "A-Q59"],
    ),
    "from 要介護: the project pays from the day on": (
        change("A7", ("care1", None), ("support2", 2)),
        [("2019-05-16", "2019-05-31", 16, "support2", 2)],
        ["A-Q47", "A-Q59"],
    ),
}


@pytest.mark.parametrize(("asked", "expected", "rules"), DAILY.values(), ids=DAILY)
def test_a_month_that_is_paid_by_days(
    asked: dict[str, Any], expected: list[tuple[Any, ...]], rules: list[str]
) -> None:
    answer = evaluate("proration", ADACHI, asked)
    assert (answer["method"], periods(answer)) == ("daily", expected)
    assert answer["days"] == sum(each[2] for each in expected)
    assert answer["rules"] == rules


@pytest.mark.parametrize(
    ("before", "after", "assumed"),
    [
        (("support1", 1), ("support2", 1), []),
        (("support2", 1), ("support1", 1), ["proration.weekly_count_other_changes"]),
        (("project_eligible", 1), ("support1", 1), ["proration.weekly_count_other_changes"]),
        (("project_eligible", 1), ("support2", 1), ["proration.weekly_count_other_changes"]),
        (("support2", 2), ("support1", 1), []),
        (("project_eligible", 1), ("support2", 2), ["proration.frequency_raised"]),
        (("support2", 2), ("project_eligible", 1), ["proration.frequency_raised"]),
    ],
)
def test_only_the_two_changes_that_the_manual_names_are_without_an_assumption(
    before: tuple[str, int], after: tuple[str, int], assumed: list[str]
) -> None:
    """A-Q48a, A-Q48b; every other change of the category of a service paid by its weekly count is an inference."""
    answer = evaluate("proration", ADACHI, change("A7", before, after))
    assert [each["name"] for each in answer["parameters"] if each["assumed"]] == assumed


def test_what_the_manual_does_not_state_is_marked_as_assumed() -> None:
    """A-Q48c, decision 12."""
    answer = evaluate("proration", ADACHI, change("A7", ("support1", 1), ("support2", 2)))
    assert [each["name"] for each in answer["parameters"] if each["assumed"]] == [
        "proration.frequency_raised"
    ]
    stated = evaluate("proration", ADACHI, change("A7", ("support2", 2), ("support1", 1)))
    assert not any(each["assumed"] for each in stated["parameters"])


def stay(first: str, last: str, month: str = "2019-08", **more: Any) -> dict[str, Any]:
    return {"month": month, "service": "A6", "occasion": "short_stay", "short_stay": [first, last], **more}


STAYS = {
    "the manual's example": (stay("2019-08-03", "2019-08-09"), [2, 22]),
    "from the first day": (stay("2019-08-01", "2019-08-09"), [22]),
    "to the last day": (stay("2019-08-30", "2019-08-31"), [29]),
    "one day": (stay("2019-08-15", "2019-08-15"), [14, 16]),
    "into the next month": (stay("2019-08-30", "2019-09-03"), [29]),
    "from the month before": (stay("2019-07-28", "2019-08-02"), [29]),
    "the whole month": (stay("2019-08-01", "2019-08-31"), []),
    "around a leap day": (stay("2020-02-28", "2020-02-28", "2020-02"), [27, 1]),
}


@pytest.mark.parametrize("insurer", [ADACHI, TOSHIMA])
@pytest.mark.parametrize(("asked", "days"), STAYS.values(), ids=STAYS)
def test_the_days_around_a_short_stay_are_counted(
    insurer: str, asked: dict[str, Any], days: list[int]
) -> None:
    """A-Q61."""
    answer = evaluate("proration", insurer, asked)
    assert (answer["method"], [each["days"] for each in answer["periods"]]) == ("daily", days)
    assert answer["days"] == sum(days)


def test_a_short_stay_says_in_which_state_the_days_are_paid() -> None:
    told = {"on": "2019-08-03", "from": use("support2", 2), "to": use("support2", 2)}
    answer = evaluate("proration", ADACHI, stay("2019-08-03", "2019-08-09", **told))
    assert periods(answer)[0] == ("2019-08-01", "2019-08-02", 2, "support2", 2)
    assert periods(evaluate("proration", ADACHI, stay("2019-08-03", "2019-08-09")))[0][3:] == (None, None)


def move(on: str, **more: Any) -> dict[str, Any]:
    return {"month": on[:7], "service": "A6", "occasion": "moved_out", "on": on, **more}


@pytest.mark.parametrize(
    ("on", "days"),
    [("2019-05-16", 15), ("2019-05-02", 1), ("2019-05-01", 0), ("2019-05-31", 30), ("2020-02-29", 28)],
)
def test_who_moves_out_of_the_ward_is_paid_for_until_the_day_before(on: str, days: int) -> None:
    """A-Q62."""
    answer = evaluate("proration", ADACHI, move(on))
    assert (answer["method"], answer["days"]) == ("daily", days)
    assert len(answer["periods"]) == (1 if days else 0)


def test_where_the_wards_differ_it_is_by_what_they_stated() -> None:
    whole = change("A7", ("support1", 1), ("support2", 1))
    assert evaluate("proration", TOSHIMA, whole)["method"] == "daily", "the notice knows no weekly count"
    assert refused("proration", TOSHIMA, move("2025-05-16"))["code"] == "not_published"
    visit = change("A2", ("support2", 2), ("support2", 1), occasion="frequency_change")
    assert evaluate("proration", TOSHIMA, visit)["method"] == "whole_month", "the ministry's answer of 2006"
    day_service = change("A6", ("support2", 2), ("support2", 1), occasion="frequency_change")
    problem = refused("proration", TOSHIMA, day_service)
    assert (problem["code"], problem["field"]) == ("not_published", "service")


REFUSED = {
    "the day before the month": (
        {**change("A6", ("support1", 1), ("support2", 1)), "on": "2019-04-30"},
        "on",
    ),
    "the day after the month": ({**change("A6", ("support1", 1), ("support2", 1)), "on": "2019-06-01"}, "on"),
    "no day": ({**change("A6", ("support1", 1), ("support2", 1)), "on": None}, "on"),
    "no state before": ({**change("A6", ("support1", 1), ("support2", 1)), "from": None}, "from"),
    "no state after": ({**change("A6", ("support1", 1), ("support2", 1)), "to": None}, "to"),
    "no weekly count": (change("A6", ("support1", None), ("support2", 1)), "from"),
    "no change of category": (change("A6", ("support1", 1), ("support1", 2)), "to"),
    "a change of category as well": (
        change("A6", ("support1", 1), ("support2", 2), occasion="frequency_change"),
        "to",
    ),
    "no change of the count": (
        change("A6", ("support1", 1), ("support1", 1), occasion="frequency_change"),
        "to",
    ),
    "a count of a care level": (
        change("A6", ("care1", 1), ("care1", 2), occasion="frequency_change"),
        "from",
    ),
    "from care to care": (change("A6", ("care1", 1), ("care2", 1)), "from"),
    "a preventive benefit": (change("67", ("support1", 1), ("support2", 1)), "service"),
    "an unknown status": (change("A6", ("support3", 1), ("support2", 1)), "from.status"),
    "a field that does not exist": (
        {**change("A6", ("support1", 1), ("support2", 1)), "to": {"status": "support2", "weekly": 1}},
        "to.weekly",
    ),
    "a short stay that ends before it begins": (stay("2019-08-09", "2019-08-03"), "short_stay"),
    "a short stay in another month": (stay("2019-07-01", "2019-07-31"), "short_stay"),
    "a short stay of three days": (
        {**stay("2019-08-09", "2019-08-09"), "short_stay": ["2019-08-09"] * 3},
        "short_stay",
    ),
    "no short stay": ({"month": "2019-08", "service": "A6", "occasion": "short_stay"}, "short_stay"),
    "a short stay at a move": (move("2019-05-16", short_stay=["2019-05-01", "2019-05-02"]), "short_stay"),
    "a short stay that changes the state": (
        stay("2019-08-03", "2019-08-09", **{"from": use("support1", 1), "to": use("support2", 1)}),
        "to",
    ),
    "a short stay of a care level": (stay("2019-08-03", "2019-08-09", **{"from": use("care1", 1)}), "from"),
    "another day than the stay's first": (stay("2019-08-03", "2019-08-09", on="2019-08-04"), "on"),
    "a move without a day": ({"month": "2019-05", "service": "A6", "occasion": "moved_out"}, "on"),
    "a month before the project": (change("A6", ("support1", 1), ("support2", 1), "2015-03-16"), "month"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_proration_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    assert refused("proration", ADACHI, asked)["field"] == field


def test_the_last_day_that_can_be_written_is_no_obstacle() -> None:
    ends = {
        "month": "9999-12",
        "service": "A6",
        "occasion": "short_stay",
        "short_stay": ["0001-01-01", "9999-12-31"],
    }
    assert evaluate("proration", TOSHIMA, ends)["days"] == 0


@given(on=st.dates(date(2016, 10, 1), date(2040, 12, 31)), service=st.sampled_from(["A2", "A6", "A7"]))
def test_the_days_of_a_change_of_category_are_those_of_the_month(on: date, service: str) -> None:
    answer = evaluate("proration", ADACHI, change(service, ("support1", 1), ("support2", 2), on.isoformat()))
    first = date.fromisoformat(answer["periods"][0]["from"])
    last = date.fromisoformat(answer["periods"][-1]["to"])
    assert first == on.replace(day=1)
    assert (last + timedelta(days=1)).day == 1
    assert answer["days"] == (last - first).days + 1
