"""A day that can't be is refused at its field by every command, before anything is reckoned from it."""

from datetime import UTC, date, datetime

import pytest
from marshmallow import Schema

from contracts.fields import Day, Items, Moment, Month, Row, Text
from shared.node.possible_days import impossible, impossible_act

TODAY = date(2024, 10, 7)


@pytest.mark.parametrize(
    ("day", "can_be"),
    [
        (date(1, 1, 1), False),
        (date(2015, 3, 31), False),
        (date(2015, 4, 1), True),
        (date(2024, 10, 7), True),
        (date(2024, 10, 8), False),
    ],
)
def test_nobody_acted_before_the_project_or_acts_tomorrow(day: date, can_be: bool) -> None:
    assert (impossible_act(day, TODAY) is None) == can_be


class Stay(Schema):
    from_on = Day("入院日")


class Told(Schema):
    told_on = Day("届出日")
    month = Month("対象月")
    held_at = Moment("開催日時")
    place = Text("場所")
    days = Items("訪問日", Day("訪問日"))
    stays = Items("入院", Stay)
    last = Row(Stay, "前回")


def told(day: date) -> dict[str, object]:
    return {
        "told_on": day,
        "month": day.isoformat()[:7],
        "held_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        "place": "0001-01-01",
        "days": [TODAY, day],
        "stays": [{"from_on": TODAY}, {"from_on": day}],
        "last": {"from_on": day},
    }


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2000, 3, 31), date(2065, 1, 1), date(9999, 12, 31)])
def test_a_day_that_can_not_be_is_told_at_each_field(day: date) -> None:
    found = impossible(told(day), Told(), TODAY)
    ask = "は平成12年4月1日から西暦2064年までの間で入力してください"
    assert found == {
        "told_on": [f"「届出日」{ask}"],
        "month": [f"「対象月」{ask}"],
        "held_at": [f"「開催日時」{ask}"],
        "days": {1: [f"「訪問日」{ask}"]},
        "stays": {1: {"from_on": [f"「入院日」{ask}"]}},
        "last": {"from_on": [f"「入院日」{ask}"]},
    }
    assert list(impossible({"month": "0000-01"}, Told(), TODAY)) == ["month"]


@pytest.mark.parametrize("day", [date(2000, 4, 1), date(2064, 12, 31)])
def test_the_first_and_the_last_day_that_can_be_pass(day: date) -> None:
    assert impossible(told(day), Told(), TODAY) == {}
    assert impossible({"month": None, "days": []}, Told(), TODAY) == {}


class Person(Schema):
    birth_date = Day("生年月日")


def test_people_were_born_before_the_law_and_not_before_the_eras() -> None:
    assert impossible({"birth_date": date(1873, 1, 1)}, Person(), TODAY) == {}
    assert list(impossible({"birth_date": date(1872, 12, 31)}, Person(), TODAY)) == ["birth_date"]
