"""Ages as the law reckons them: one comes of an age at the end of the day before one's birthday.

年齢計算ニ関する法律 and 民法 143; who is born on 29 February has the birthday on 1 March of other years.
"""

from datetime import date, timedelta


def comes_of(age: int, birth_date: date) -> date:
    """The day on which somebody comes of an age in whole years."""
    year = birth_date.year + age
    leap_day = (birth_date.month, birth_date.day) == (2, 29)
    birthday = date(year, 3, 1) if leap_day and not _has_leap_day(year) else birth_date.replace(year=year)
    return birthday - timedelta(days=1)


def age_on(birth_date: date, day: date) -> int:
    """The age in whole years on a day."""
    years = day.year - birth_date.year + 1  # who is born on 1 January comes of it on 31 December
    while day < comes_of(years, birth_date):
        years -= 1
    return years


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
