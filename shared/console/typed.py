"""What people type into one input, as a schema wants it: each function takes the text and gives the value.

What can't be read comes back as it was typed, so that the schema's own message names it.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.policy.dates import DateError, parse_date, parse_month
from shared.policy.full_width import full_katakana, normalise, one_width, searchable

_NUMBER_BEHIND: Final = re.compile(r"\((\d{6}|[0-9A-Z]{10})\)\Z")
"""An agency's number as the screens show it, in brackets behind the name."""

_DAY_AND_CLOCK: Final = re.compile(
    r"(.+?)(?:T|\s+|(?<=日)|(?<=\)))(?:(午前|午後)\s*)?(\d{1,2})[:時](\d{1,2})?分?"
)
_OFFSET: Final = "+09:00"
"""Moments are typed in Japan's time."""


def _as_date(text: str) -> str:
    try:
        return parse_date(text).isoformat()
    except DateError:
        return text.strip()


def _as_month(text: str) -> str:
    try:
        return str(parse_month(text))
    except DateError:
        return text.strip()


def _as_clock(text: str) -> str:
    """``9:30``, ``９時３０分``, ``0930`` and ``9時`` as ``09:30`` and ``09:00``."""
    tidy = normalise(text).replace("時", ":").replace("分", "")
    match = re.fullmatch(r"(\d{1,2}):(\d{2})?|(\d{1,2})(\d{2})", tidy)
    if match is None:
        return tidy
    return f"{int(match[1] or match[3]):02}:{match[2] or match[4] or '00'}"


def _as_moment(text: str) -> str:
    """``令和6年11月8日 10:00``, ``2024-11-08 10時``, ``R6.11.8 午後3:05`` in ISO 8601; a moment with offset stays."""
    tidy = normalise(text)
    match = _DAY_AND_CLOCK.fullmatch(tidy)
    if match is None:
        return tidy
    half, hour, minute = match[2], int(match[3]), int(match[4] or 0)
    hour += 12 if half == "午後" and hour < 12 else 0
    try:
        day = parse_date(re.sub(r"\(.\)\Z", "", match[1]))
    except DateError:
        return tidy
    return f"{day.isoformat()}T{hour:02}:{minute:02}:00{_OFFSET}"


def _as_number(text: str) -> int | str:
    tidy = normalise(text).replace(",", "")
    return int(tidy) if re.fullmatch(r"[+-]?\d{1,18}", tidy) else tidy


def as_agency(text: str, agencies: Mapping[str, str]) -> str:
    """The number typed, or in brackets behind a name, or that of the only agency whose name has the text in it."""
    code = normalise(text).upper()
    behind = _NUMBER_BEHIND.search(code)
    if code in agencies or behind is not None:
        return behind[1] if behind is not None else code
    wanted = searchable(text)
    names = {number: searchable(name) for number, name in agencies.items() if name != number}
    whole = [number for number, name in names.items() if name == wanted]
    found = whole or [number for number, name in names.items() if wanted in name]
    return found[0] if len(found) == 1 else code


def _as_long(text: str) -> str:
    return full_katakana(text.replace("\r\n", "\n")).strip()


def as_text(text: str) -> str:
    return one_width(text).strip()


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _as_yes(text: str) -> bool:
    return text == "yes"


READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": _as_date,
    "month": _as_month,
    "number": _as_number,
    "clock": _as_clock,
    "moment": _as_moment,
    "json": _as_json,
    "yesno": _as_yes,
    "long": _as_long,
}
"""Kind of control → what reads its text; any other kind's is read by :func:`as_text`."""
