"""Open days, holidays and the year-end closure: A-S5, decisions 7 and 13."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.calendar import OutsideCalendar, calendar
from shared.policy.evaluators import evaluate
from shared.policy.national_holidays import FIRST_YEAR, LAST_YEAR, holidays_of
from tests.rules.asking import ADACHI, TOSHIMA, refused

OFFICE = calendar(TOSHIMA)
DAYS = st.dates(date(FIRST_YEAR, 1, 10), date(LAST_YEAR, 12, 20))

CASES = {
    "an ordinary Monday": ("2025-01-06", True, None, "2025-01-07"),
    "a Friday leads to Monday": ("2025-01-17", True, None, "2025-01-20"),
    "a Saturday": ("2025-01-18", False, None, "2025-01-20"),
    "Sports Day when the 9th was a holiday": ("2017-10-09", False, "体育の日", "2017-10-10"),
    "the 9th on a Saturday": ("2017-12-09", False, None, "2017-12-11"),
    "the 9th before Coming of Age Day": ("2027-01-09", False, None, "2027-01-12"),
    "the last open day of a year": ("2024-12-27", True, None, "2025-01-06"),
    "the closure is no holiday": ("2024-12-30", False, None, "2025-01-06"),
    "New Year's Day is one": ("2025-01-01", False, "元日", "2025-01-06"),
    "the last day of the closure": ("2025-01-03", False, None, "2025-01-06"),
    "the day before the closure": ("2023-12-28", True, None, "2024-01-04"),
    "a substitute after three holidays in a row": ("2026-05-06", False, "振替休日", "2026-05-07"),
    "a citizens' holiday between two holidays": ("2026-09-22", False, "国民の休日", "2026-09-24"),
    "ten closed days at the accession": ("2019-04-27", False, None, "2019-05-07"),
    "the day of the accession": ("2019-05-01", False, "天皇の即位の日", "2019-05-07"),
    "between holidays at the accession": ("2019-05-02", False, "国民の休日", "2019-05-07"),
    "Marine Day moved for the Games": ("2021-07-22", False, "海の日", "2021-07-26"),
    "its ordinary Monday was open": ("2021-07-19", True, None, "2021-07-20"),
    "no Emperor's Birthday in 2019": ("2019-12-23", True, None, "2019-12-24"),
    "the Emperor's Birthday since 2020": ("2020-02-23", False, "天皇誕生日", "2020-02-25"),
}


@pytest.mark.parametrize(("day", "is_open", "holiday", "next_open"), CASES.values(), ids=CASES)
def test_calendar(day: str, is_open: bool, holiday: str | None, next_open: str) -> None:
    answer = evaluate("calendar", TOSHIMA, {"date": day})
    assert (answer["open"], answer["holiday"], answer["next_open"]) == (is_open, holiday, next_open)
    assert answer["rules"]


REFUSED = {
    "no such day": "2025-02-29",
    "not in ISO form": "2025/01/06",
    "without hyphens": "20250106",
    "a week date": "2025-W02-1",
    "before the calendar": "2006-12-31",
    "after the calendar": "2100-01-01",
    "the next open day is beyond it": "2099-12-31",
}


@pytest.mark.parametrize("day", REFUSED.values(), ids=REFUSED)
def test_calendar_is_refused_naming_the_field(day: str) -> None:
    assert refused("calendar", TOSHIMA, {"date": day})["field"] == "date"


# The library's wording of one name differs from the law's (平成30年法律第99号).
WORDINGS = {"即位礼正殿の儀が行われる日": "即位礼正殿の儀の行われる日"}


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_holidays_agree_with_an_independent_library(year: int) -> None:
    theirs = holidays.country_holidays("JP", years=year, language="ja")
    assert dict(holidays_of(year)) == {day: WORDINGS.get(name, name) for day, name in theirs.items()}


def test_a_year_beyond_the_calendar_is_refused() -> None:
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(ValueError, match="対象外"):
            holidays_of(year)
        with pytest.raises(OutsideCalendar, match="範囲外"):
            OFFICE.is_open(date(year, 6, 1))


WARNINGS = {
    "month end on a Sunday warns from Friday": (date(2025, 8, 31), date(2025, 8, 29)),
    "month end on a Thursday warns that day": (date(2025, 7, 31), date(2025, 7, 31)),
    "the 5th on a Saturday warns from Friday": (date(2025, 7, 5), date(2025, 7, 4)),
    "the 5th within Golden Week warns from before it": (date(2026, 5, 5), date(2026, 5, 1)),
    "the 5th after the closure": (date(2025, 1, 5), date(2024, 12, 27)),
}


@pytest.mark.parametrize(("due", "warns_from"), WARNINGS.values(), ids=WARNINGS)
def test_warning_starts_on_the_last_open_day(due: date, warns_from: date) -> None:
    assert OFFICE.last_open_on_or_before(due) == warns_from


PROMPTLY = {
    "three open days from a Monday": (date(2025, 1, 6), 3, date(2025, 1, 9)),
    "three open days over the new year": (date(2024, 12, 27), 3, date(2025, 1, 8)),
    "three open days from a closed day": (date(2025, 1, 4), 3, date(2025, 1, 8)),
    "no days": (date(2025, 1, 4), 0, date(2025, 1, 4)),
}


@pytest.mark.parametrize(("day", "count", "expected"), PROMPTLY.values(), ids=PROMPTLY)
def test_counting_open_days(day: date, count: int, expected: date) -> None:
    assert OFFICE.add_open_days(day, count) == expected


def test_open_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        OFFICE.add_open_days(date(2025, 1, 6), -1)


@given(DAYS)
def test_the_next_open_day_is_open_and_every_day_between_is_closed(day: date) -> None:
    following = OFFICE.next_open(day)
    assert following > day
    assert OFFICE.is_open(following)
    assert not any(OFFICE.is_open(each) for each in _between(day, following))
    assert OFFICE.open_on_or_after(day) == (day if OFFICE.is_open(day) else following)


@given(DAYS)
def test_the_last_open_day_is_open_and_every_day_after_it_is_closed(day: date) -> None:
    last = OFFICE.last_open_on_or_before(day)
    assert last <= day
    assert OFFICE.is_open(last)
    assert not any(OFFICE.is_open(each) for each in _between(last, day + timedelta(1)))


@given(st.dates(date(2010, 1, 1), date(2090, 1, 1)), st.integers(0, 40), st.integers(0, 40))
def test_open_days_add_up(day: date, first: int, second: int) -> None:
    assert OFFICE.add_open_days(OFFICE.add_open_days(day, first), second) == OFFICE.add_open_days(
        day, first + second
    )


def test_both_wards_keep_the_same_days() -> None:
    assert all(
        OFFICE.is_open(day) == calendar(ADACHI).is_open(day)
        for day in _between(date(2024, 3, 31), date(2025, 4, 1))
    )


def _between(after: date, before: date) -> list[date]:
    return [after + timedelta(days) for days in range(1, (before - after).days)]
