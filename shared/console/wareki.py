"""Dates, months and moments as screens write them, in the era's years and in Asia/Tokyo."""

from datetime import date, datetime
from typing import Final

from shared.policy.dates import TOKYO, DateError, Month, era_date, era_month

_WEEKDAYS: Final = "月火水木金土日"


def wareki(day: date, weekday: bool = False) -> str:
    """``2024-10-01`` → ``令和6年10月1日``, with ``weekday`` ``令和6年10月1日（火）``."""
    try:
        written = era_date(day)
    except DateError:
        written = day.isoformat()
    return f"{written}（{_WEEKDAYS[day.weekday()]}）" if weekday else written


def wareki_month(month: str) -> str:
    """``2024-10`` → ``令和6年10月``; a text that is no month stays as it is."""
    try:
        return era_month(Month.parse(month))
    except DateError:
        return month


def wareki_moment(moment: datetime) -> str:
    """A moment in Asia/Tokyo: ``令和6年10月1日 9:05``."""
    local = moment.astimezone(TOKYO)
    return f"{wareki(local.date())} {local.hour}:{local.minute:02d}"
