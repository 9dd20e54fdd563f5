"""Ages as the law reckons them (年齢計算ニ関する法律, 民法 143)."""

from datetime import date

import pytest

from shared.policy.ages import age_on, comes_of


@pytest.mark.parametrize(
    ("birth_date", "age", "day"),
    [
        (date(1954, 5, 11), 65, date(2019, 5, 10)),
        (date(1954, 1, 1), 65, date(2018, 12, 31)),
        (date(1954, 3, 1), 65, date(2019, 2, 28)),
        (date(1952, 3, 1), 68, date(2020, 2, 29)),
        (date(1956, 2, 29), 65, date(2021, 2, 28)),
        (date(1956, 2, 29), 64, date(2020, 2, 28)),
    ],
)
def test_one_comes_of_an_age_on_the_day_before_one_s_birthday(birth_date: date, age: int, day: date) -> None:
    assert comes_of(age, birth_date) == day
    assert age_on(birth_date, day) == age
    assert age_on(birth_date, date.fromordinal(day.toordinal() - 1)) == age - 1


def test_who_is_not_born_yet_has_no_age() -> None:
    assert age_on(date(2019, 5, 12), date(2019, 5, 10)) < 0
