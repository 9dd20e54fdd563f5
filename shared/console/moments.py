"""Moments in addresses, forms and bodies: which moment a text means."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from shared.node.node import end_of_day
from shared.policy.dates import TOKYO, DateError, day_text, parse_date
from shared.policy.full_width import normalise

_CLOCK: Final = re.compile(r"(.+?)[ T]*\s(\d{1,2})[:時](\d{2})?分?")


@dataclass(frozen=True, slots=True)
class DayAsked:
    """A day as somebody typed it: the ``day`` that the text names, what to ``show`` in its field, what is ``wrong``."""

    day: date | None
    show: str
    wrong: str = ""


def day_asked(text: str, latest: date | None = None) -> DayAsked:
    """The day that a text names, not later than ``latest``; nothing for an empty text."""
    if not text.strip():
        return DayAsked(None, "")
    try:
        day = parse_date(text)
    except DateError as problem:
        return DayAsked(None, text, str(problem))
    if latest is not None and day > latest:
        return DayAsked(None, text, f"今日（{day_text(latest)}）以前の日付にしてください。")
    return DayAsked(day, day_text(day))


def read_moment(text: str) -> datetime | None:
    """The moment a text names; without an offset it is in Asia/Tokyo, a date alone means its end there.

    ``2024-10-07T09:00:00+09:00``, ``2024-10-07``, ``令和6年10月7日 9:05`` (to that minute's end). ``None`` when it
    names no moment.
    """
    tidy = normalise(text)
    try:
        return end_of_day(parse_date(tidy))
    except DateError:
        pass
    try:
        # A plus sign in an address that was not escaped arrives as a space.
        moment = datetime.fromisoformat(tidy.replace(" ", "+") if "T" in tidy else tidy)
    except ValueError:
        return _spoken(tidy)
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


def _spoken(tidy: str) -> datetime | None:
    match = _CLOCK.fullmatch(tidy)
    if match is None:
        return None
    try:
        minute = time(int(match[2]), int(match[3] or 0), 59, 999_999)
        return datetime.combine(parse_date(match[1]), minute, TOKYO)
    except (DateError, ValueError):
        return None
