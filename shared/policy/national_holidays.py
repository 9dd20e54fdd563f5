"""The holidays of the Act on National Holidays (国民の祝日に関する法律), computed.

Sixteen holidays, those of them that move to a Monday, substitute holidays (article 3, paragraph 2: the next
day that is no holiday, so chains are possible), citizens' holidays between two holidays (paragraph 3), the
equinoxes, and the one-off laws of 2019 to 2021. Years before 2007 followed another substitute rule and are
refused rather than guessed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

FIRST_YEAR: Final = 2007
LAST_YEAR: Final = 2099
"""The equinox formula holds to 2099; each equinox becomes official on 1 February of the year before."""

ONE_DAY: Final = timedelta(days=1)
MONDAY: Final = 0
SUNDAY: Final = 6

# (month, day, name, first year, last year)
FIXED: Final = (
    (1, 1, "元日", FIRST_YEAR, LAST_YEAR),
    (2, 11, "建国記念の日", FIRST_YEAR, LAST_YEAR),
    (2, 23, "天皇誕生日", 2020, LAST_YEAR),
    (4, 29, "昭和の日", FIRST_YEAR, LAST_YEAR),
    (5, 3, "憲法記念日", FIRST_YEAR, LAST_YEAR),
    (5, 4, "みどりの日", FIRST_YEAR, LAST_YEAR),
    (5, 5, "こどもの日", FIRST_YEAR, LAST_YEAR),
    (8, 11, "山の日", 2016, LAST_YEAR),
    (11, 3, "文化の日", FIRST_YEAR, LAST_YEAR),
    (11, 23, "勤労感謝の日", FIRST_YEAR, LAST_YEAR),
    (12, 23, "天皇誕生日", FIRST_YEAR, 2018),
)

# (month, which Monday, name, first year, last year)
MONDAYS: Final = (
    (1, 2, "成人の日", FIRST_YEAR, LAST_YEAR),
    (7, 3, "海の日", FIRST_YEAR, LAST_YEAR),
    (9, 3, "敬老の日", FIRST_YEAR, LAST_YEAR),
    (10, 2, "体育の日", FIRST_YEAR, 2019),
    (10, 2, "スポーツの日", 2020, LAST_YEAR),
)

# Year → name → day, for the years of the Olympic Games (平成27年法律第33号 and its amendment).
MOVED: Final[Mapping[int, Mapping[str, tuple[int, int]]]] = {
    2020: {"海の日": (7, 23), "スポーツの日": (7, 24), "山の日": (8, 10)},
    2021: {"海の日": (7, 22), "スポーツの日": (7, 23), "山の日": (8, 8)},
}

# Accession and enthronement (平成30年法律第99号); these days count as holidays of the Act, so their
# neighbours follow.
ONE_OFF: Final = {date(2019, 5, 1): "天皇の即位の日", date(2019, 10, 22): "即位礼正殿の儀の行われる日"}


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    """Holiday → Japanese name, for one year.

    :raises ValueError: a year outside :data:`FIRST_YEAR` to :data:`LAST_YEAR`.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"祝日は {FIRST_YEAR} 年から {LAST_YEAR} 年まで計算できます（{year} 年は対象外です）。"
        )
    named = _named_holidays(year)
    return MappingProxyType({**_citizens_holidays(named), **_substitutes(named), **named})


def _named_holidays(year: int) -> dict[date, str]:
    days = {name: (month, day) for month, day, name, first, last in FIXED if first <= year <= last}
    for month, which, name, first, last in MONDAYS:
        if first <= year <= last:
            days[name] = (month, _monday(year, month, which))
    days["春分の日"] = (3, _equinox(year, 20_843_100))
    days["秋分の日"] = (9, _equinox(year, 23_248_800))
    days.update(MOVED.get(year, {}))
    named = {date(year, month, day): name for name, (month, day) in days.items()}
    named.update({day: name for day, name in ONE_OFF.items() if day.year == year})
    return named


def _monday(year: int, month: int, which: int) -> int:
    offset = (MONDAY - date(year, month, 1).weekday()) % 7
    return 1 + offset + 7 * (which - 1)


def _equinox(year: int, millionths: int) -> int:
    """Day of the month, from the day in 1980 (in millionths) and the length of the solar year."""
    passed = year - 1980
    return (millionths + 242_194 * passed) // 1_000_000 - passed // 4


def _substitutes(named: Mapping[date, str]) -> dict[date, str]:
    substitutes = {}
    for day in named:
        if day.weekday() == SUNDAY:
            while day in named:
                day += ONE_DAY
            substitutes[day] = "振替休日"
    return substitutes


def _citizens_holidays(named: Mapping[date, str]) -> dict[date, str]:
    between = (day + ONE_DAY for day in named if day + 2 * ONE_DAY in named)
    return {day: "国民の休日" for day in between if day not in named}
