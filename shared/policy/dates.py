"""Months, and dates as people in Japan write them.

Stored data and interfaces use ISO 8601 (``2024-10-01``, months ``2024-10``). Papers and people use the
Japanese era calendar (令和6年10月1日, R6.10.1); it is read here and printed here.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.policy.full_width import normalise

TOKYO: Final = ZoneInfo("Asia/Tokyo")
"""The time zone of every business date."""


class DateError(ValueError):
    """Text that is no date or month; the message is Japanese and says how to write one."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; ``str`` gives ``YYYY-MM``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise DateError(
                f"{self.year}年{self.month}月という月はありません。月は1から12で入力してください（例 2024-10）。"
            )

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read exactly ``YYYY-MM``.

        :raises DateError: anything else.
        """
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None:
            raise DateError(f"「{text}」は月ではありません。2024-10 の形で入力してください。")
        return cls(int(match[1]), int(match[2]))

    @property
    def first(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> "Month":
        """The month that many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def since(self, earlier: "Month") -> int:
        """Number of months from ``earlier`` to this one (0 for the same month)."""
        return (self.year - earlier.year) * 12 + self.month - earlier.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Era:
    """One era; ``start`` is its first day. An era ends the day before the next one starts."""

    name: str
    letter: str
    start: date


# Meiji starts here with the Gregorian calendar (明治6年1月1日); older days cannot be converted by counting
# years.
ERAS: Final = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1873, 1, 1)),
)
FIRST_YEARS: Final = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}

OVERRUN_YEARS: Final = 10
"""An era's name is accepted this long after its end: old cards say 平成33年3月31日 and mean 2021."""

_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_ERA_NAMES: Final = "|".join(f"{each.name}|{each.letter}" for each in ERAS)
_YEAR: Final = rf"(?:(?P<era>{_ERA_NAMES})(?P<era_year>[0-9]{{1,2}}|元)|(?P<year>[0-9]{{4}}))"
_DATE: Final = re.compile(
    rf"{_YEAR}(?:年(?P<m1>[0-9]{{1,2}})月(?P<d1>[0-9]{{1,2}})日|(?P<s>[-./])(?P<m2>[0-9]{{1,2}})(?P=s)(?P<d2>[0-9]{{1,2}}))"
)
_MONTH: Final = re.compile(rf"{_YEAR}(?:年(?P<m1>[0-9]{{1,2}})月|[-./](?P<m2>[0-9]{{1,2}}))")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")


def parse_date(text: str) -> date:
    """Read a date as people write it.

    ``令和6年10月1日``, ``R6.10.1``, ``20241001``, ``2024-10-01``, ``2024/10/1``.

    Full-width characters are accepted. An era's name may run past its end (see :data:`OVERRUN_YEARS`),
    never before its start.

    :raises DateError: no date, an impossible one, or one before its era.
    """
    cleaned = _cleaned(text)
    compact = _COMPACT.fullmatch(cleaned)
    if compact and compact[3]:
        return _day(text, int(compact[1]), int(compact[2]), int(compact[3]))
    match = _DATE.fullmatch(cleaned.upper())
    if match is None:
        raise DateError(
            f"「{text}」は日付として読めません。2024-10-01 または 令和6年10月1日 の形で入力してください。"
        )
    day = _day(text, _year(text, match), int(match["m1"] or match["m2"]), int(match["d1"] or match["d2"]))
    _inside_era(text, match, day, day)
    return day


def parse_month(text: str) -> Month:
    """Read a month as people write it: ``令和6年10月``, ``R6.10``, ``202410``, ``2024-10``, ``2024/10``.

    :raises DateError: no month, or one outside its era.
    """
    cleaned = _cleaned(text)
    compact = _COMPACT.fullmatch(cleaned)
    if compact and not compact[3]:
        return Month(int(compact[1]), int(compact[2]))
    match = _MONTH.fullmatch(cleaned.upper())
    if match is None:
        raise DateError(
            f"「{text}」は月として読めません。2024-10 または 令和6年10月 の形で入力してください。"
        )
    month = Month(_year(text, match), int(match["m1"] or match["m2"]))
    _inside_era(text, match, month.first, month.last)
    return month


def last_day_of_months(begins: date, months: int) -> date:
    """Last day of a period of that many months counted from ``begins`` (民法第143条).

    The day before the corresponding day; the last day of the month where it has no corresponding day.
    """
    target = Month.of(begins).plus(months)
    if begins.day > target.last.day:
        return target.last
    return target.first + timedelta(days=begins.day - 2)


def era_date(day: date) -> str:
    """``令和6年10月1日``; the first year of an era is 元年.

    :raises DateError: before 1873.
    """
    era, year = _era_of(day)
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def short_era_date(day: date) -> str:
    """``R6.10.1``.

    :raises DateError: before 1873.
    """
    era, year = _era_of(day)
    return f"{era.letter}{year}.{day.month}.{day.day}"


def era_month(month: Month) -> str:
    """``令和6年10月``, in the era of the month's first day.

    :raises DateError: before 1873.
    """
    era, year = _era_of(month.first)
    return f"{era.name}{'元' if year == 1 else year}年{month.month}月"


def short_era_month(month: Month) -> str:
    """``R6.10``, in the era of the month's first day.

    :raises DateError: before 1873.
    """
    era, year = _era_of(month.first)
    return f"{era.letter}{year}.{month.month}"


def day_text(day: date) -> str:
    """A day as messages to people write it: ``令和6年10月1日``; one that no era covers as ``1600-01-01``."""
    try:
        return era_date(day)
    except DateError:
        return day.isoformat()


def month_text(month: "Month | str") -> str:
    """A month as messages to people write it: ``令和6年10月``; a text that is no month stays as it is."""
    try:
        return era_month(month if isinstance(month, Month) else Month.parse(month))
    except DateError:
        return str(month)


def _cleaned(text: str) -> str:
    return normalise(text).translate(_HYPHENS).replace(" ", "")


def _era_of(day: date) -> tuple[Era, int]:
    for era in ERAS:
        if day >= era.start:
            return era, day.year - FIRST_YEARS[era.name] + 1
    raise DateError(f"{day.isoformat()} は元号で書けません（明治6年より前）。")


def _year(text: str, match: re.Match[str]) -> int:
    if match["year"]:
        return int(match["year"])
    era_year = 1 if match["era_year"] == "元" else int(match["era_year"])
    if era_year == 0:
        raise DateError(f"「{text}」の年は 1（元年）から数えます。")
    return FIRST_YEARS[_era(match).name] + era_year - 1


def _era(match: re.Match[str]) -> Era:
    return next(each for each in ERAS if match["era"] in (each.name, each.letter))


def _inside_era(text: str, match: re.Match[str], first: date, last: date) -> None:
    """Refuse a day (or a month from ``first`` to ``last``) that lies before its era or long after it."""
    if not match["era"]:
        return
    era = _era(match)
    if last < era.start:
        raise DateError(
            f"「{text}」は{era.name}が始まる {era.start.isoformat()} より前です。元号を確かめてください。"
        )
    position = ERAS.index(era)
    if position and first.year > ERAS[position - 1].start.year + OVERRUN_YEARS:
        raise DateError(f"「{text}」は{era.name}の年として大きすぎます。元号と年を確かめてください。")


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as problem:
        raise DateError(
            f"「{text}」という日はありません。月と日を確かめて入力してください（例 2024-10-01）。"
        ) from problem
