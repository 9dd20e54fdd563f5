"""Dates, months and moments as screens write them, in the era's years and in Asia/Tokyo."""

from datetime import date, datetime
from typing import Final

from shared.policy.dates import TOKYO, day_text, month_text

_WEEKDAYS: Final = "月火水木金土日"


def wareki(day: date, weekday: bool = False) -> str:
    """``2024-10-01`` → ``令和6年10月1日``, with ``weekday`` ``令和6年10月1日（火）``."""
    written = day_text(day)
    return f"{written}（{_WEEKDAYS[day.weekday()]}）" if weekday else written


def wareki_month(month: str) -> str:
    """``2024-10`` → ``令和6年10月``; a text that is no month stays as it is."""
    return month_text(month)


def wareki_moment(moment: datetime) -> str:
    """A moment in Asia/Tokyo: ``令和6年10月1日 9:05``."""
    local = moment.astimezone(TOKYO)
    return f"{wareki(local.date())} {local.hour}:{local.minute:02d}"
