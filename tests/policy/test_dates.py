"""Months, and dates as people in Japan write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.dates import (
    DateError,
    Month,
    era_date,
    era_month,
    last_day_of_months,
    parse_date,
    parse_month,
    short_era_date,
)

READ = {
    "in full": ("令和6年10月1日", date(2024, 10, 1)),
    "short": ("R6.10.1", date(2024, 10, 1)),
    "short in small letters": ("r6.10.1", date(2024, 10, 1)),
    "short with slashes": ("R6/10/1", date(2024, 10, 1)),
    "short with zeroes": ("R06.10.01", date(2024, 10, 1)),
    "compact": ("20241001", date(2024, 10, 1)),
    "ISO": ("2024-10-01", date(2024, 10, 1)),
    "slashes": ("2024/10/1", date(2024, 10, 1)),
    "Western year in Japanese": ("2024年10月1日", date(2024, 10, 1)),
    "full width": ("令和６年１０月１日", date(2024, 10, 1)),
    "full width with a long vowel sign as hyphen": ("２０２４ー１０ー０１", date(2024, 10, 1)),
    "with blanks": (" 令和 6年 10月 1日 ", date(2024, 10, 1)),
    "the first year": ("令和元年5月1日", date(2019, 5, 1)),
    "the first year as a number": ("令和1年5月1日", date(2019, 5, 1)),
    "the last day of Heisei": ("平成31年4月30日", date(2019, 4, 30)),
    "a Heisei date printed before the change": ("H31/7/31", date(2019, 7, 31)),
    "an old card's last day": ("平成33年3月31日", date(2021, 3, 31)),
    "the first day of Heisei": ("平成元年1月8日", date(1989, 1, 8)),
    "the last day of Showa": ("S64.1.7", date(1989, 1, 7)),
    "a birth date in Showa": ("昭和20年4月1日", date(1945, 4, 1)),
    "the first day of Showa": ("昭和元年12月25日", date(1926, 12, 25)),
    "a birth date in Taisho": ("大正12年9月1日", date(1923, 9, 1)),
    "Meiji": ("M45.7.29", date(1912, 7, 29)),
    "a leap day": ("令和6年2月29日", date(2024, 2, 29)),
}


@pytest.mark.parametrize(("text", "day"), READ.values(), ids=READ)
def test_a_date_is_read(text: str, day: date) -> None:
    assert parse_date(text) == day


UNREADABLE = {
    "nothing": "",
    "words": "来月の初め",
    "no such day": "2025-02-29",
    "no such day in an era": "令和7年2月29日",
    "no such month": "令和6年13月1日",
    "the day before Reiwa": "令和元年4月30日",
    "the day before Heisei": "平成元年1月7日",
    "the day before Showa": "昭和元年12月24日",
    "year zero": "令和0年1月1日",
    "Heisei long after its end": "平成50年1月1日",
    "Showa as if it had never ended": "昭和99年10月1日",
    "mixed signs": "2024-10/01",
    "an unknown era": "安政6年10月1日",
    "seven digits": "2024100",
    "a month": "2024-10",
    "Arabic-Indic digits": "٢٠٢٤-١٠-٠١",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_date_is_refused_in_japanese(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(text)
    assert "。" in str(caught.value)


PRINTED = {
    "Reiwa": (date(2024, 10, 1), "令和6年10月1日", "R6.10.1"),
    "the first day of Reiwa": (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
    "the last day of Heisei": (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
    "Showa": (date(1945, 4, 1), "昭和20年4月1日", "S20.4.1"),
    "the last day of Showa": (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
    "the first day that can be printed": (date(1873, 1, 1), "明治6年1月1日", "M6.1.1"),
}


@pytest.mark.parametrize(("day", "full", "short"), PRINTED.values(), ids=PRINTED)
def test_a_date_is_printed(day: date, full: str, short: str) -> None:
    assert (era_date(day), short_era_date(day)) == (full, short)


def test_a_day_before_the_gregorian_calendar_is_not_printed() -> None:
    with pytest.raises(DateError):
        era_date(date(1872, 12, 31))


@given(st.dates(date(1873, 1, 1), date(2117, 12, 31)))
def test_every_day_survives_being_printed_and_read(day: date) -> None:
    assert parse_date(era_date(day)) == day
    assert parse_date(short_era_date(day)) == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day:%Y%m%d}") == day


MONTHS = {
    "in full": ("令和6年10月", Month(2024, 10)),
    "short": ("R6.10", Month(2024, 10)),
    "compact": ("202410", Month(2024, 10)),
    "ISO": ("2024-10", Month(2024, 10)),
    "slash": ("2024/10", Month(2024, 10)),
    "full width": ("２０２４－１０", Month(2024, 10)),
    "the month in which an era began": ("平成元年1月", Month(1989, 1)),
    "the month in which an era ended": ("昭和64年1月", Month(1989, 1)),
}


@pytest.mark.parametrize(("text", "month"), MONTHS.values(), ids=MONTHS)
def test_a_month_is_read(text: str, month: Month) -> None:
    assert parse_month(text) == month


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "令和元年4月", "20241001", "令和6年", "2024-10-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_month(text)


@pytest.mark.parametrize(
    "text", ["2024-1", "2024-00", "2024-13", "24-01", "2024/01", "2024-01-01", " 2024-01", "0000-01"]
)
def test_the_stored_form_of_a_month_is_exact(text: str) -> None:
    with pytest.raises(DateError):
        Month.parse(text)


def test_months_count_across_years() -> None:
    assert Month(2024, 12).plus(1) == Month(2025, 1)
    assert Month(2025, 1).plus(-1) == Month(2024, 12)
    assert Month(2025, 3).since(Month(2024, 12)) == 3
    assert Month(2024, 2).last == date(2024, 2, 29)
    assert Month.of(date(2025, 2, 28)).first == date(2025, 2, 1)
    assert era_month(Month(2019, 5)) == "令和元年5月"


SOME_MONTHS = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


@given(SOME_MONTHS, st.integers(-1200, 1200))
def test_going_some_months_on_and_counting_them_agree(month: Month, count: int) -> None:
    later = month.plus(count)
    assert later.since(month) == count
    assert later.plus(-count) == month
    assert (later > month) is (count > 0)


@given(SOME_MONTHS)
def test_every_month_survives_being_stored(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert parse_month(era_month(month)) == month


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        (date(2019, 4, 1), 24, date(2021, 3, 31)),
        (date(2019, 4, 15), 24, date(2021, 4, 14)),
        (date(2020, 2, 29), 24, date(2022, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 28)),
        (date(2018, 8, 30), 6, date(2019, 2, 28)),
        (date(2018, 8, 28), 6, date(2019, 2, 27)),
        (date(2019, 8, 30), 6, date(2020, 2, 29)),
        (date(2018, 12, 31), 1, date(2019, 1, 30)),
        (date(2018, 12, 1), 1, date(2018, 12, 31)),
    ],
)
def test_a_period_of_months_ends_before_the_corresponding_day_or_with_the_month(
    begins: date, months: int, last: date
) -> None:
    assert last_day_of_months(begins, months) == last
