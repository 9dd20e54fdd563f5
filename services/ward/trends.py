"""How the model went month by month: cases by type, switches, deadlines kept, held forms used (T-00, T-01).

Every figure is counted from what the ward's log holds: notifications filed and decided, held forms used or void.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final
from uuid import UUID

from contracts.codes import TYPES
from services.ward.evaluation import SWITCHES, Filed
from services.ward.register import Entry
from shared.policy.dates import Month

MOST: Final = 24
"""Months on one chart."""


@dataclass(frozen=True, slots=True)
class HeldForm:
    """A form that a centre held: the day it was filed for a switch, or made void; the ward hears of no other."""

    used_on: date | None
    voided_on: date | None


def months_between(first: date, last: date) -> list[Month]:
    """The months of a period, of a long one the last :data:`MOST`; none where it ends before it begins."""
    begin, end = Month.of(first), Month.of(last)
    count = min(MOST, end.since(begin) + 1)
    return [end.plus(-back) for back in reversed(range(count))] if count > 0 else []


def cases_by_type(
    registers: Iterable[Sequence[Entry]], ends: Mapping[UUID, date], months: Sequence[Month]
) -> dict[str, list[int]]:
    """Type in Japanese → of each month how many cases had it on the month's last day, by their current notification.

    ``ends`` are the last days of cases that ended: each is counted up to the last month whose last day it reached. The
    later start takes the place of the earlier, of two that start together the one accepted last
    (``register.current``).
    """
    changes = {kind: [0] * (len(months) + 1) for kind in TYPES}
    for entries in registers:
        begun = [each for each in entries if each.start_date is not None]
        if len(begun) > 1:
            begun.sort(key=lambda each: (each.start_date or date.min, each.number))
        for each, following in zip(begun, [*begun[1:], None], strict=True):
            if each.type not in changes:
                continue
            since = _place(each.start_date, months)
            until = _place(following.start_date, months) if following else len(months)
            ended = ends.get(each.case_id) if each.case_id else None
            until = min(until, _place(ended + timedelta(days=1), months)) if ended is not None else until
            if since < until:
                changes[each.type][since] += 1
                changes[each.type][until] -= 1
    return {TYPES[kind]: list(accumulate(counted[:-1])) for kind, counted in changes.items()}


def _place(day: date | None, months: Sequence[Month]) -> int:
    """The first of the months on whose last day ``day`` has come."""
    if day is None or not months:
        return len(months)
    place = (day.year - months[0].year) * 12 + day.month - months[0].month
    return min(max(0, place), len(months))


def switches_by_month(filings: Iterable[Filed], months: Sequence[Month]) -> dict[str, list[int]]:
    """Switches whose notification was accepted, by the month of their start: with a simultaneous contract or not."""
    counted: dict[str, list[int]] = {"同時契約": [0] * len(months), "同時契約でないもの": [0] * len(months)}
    for each in filings:
        if each.decision == "accepted" and each.occasion in SWITCHES:
            kind = "同時契約" if each.simultaneous else "同時契約でないもの"
            _count(counted[kind], each.start_date or each.filed_on, months)
    return counted


def deadlines_by_month(filings: Iterable[Filed], months: Sequence[Month]) -> dict[str, list[int]]:
    """First filings of held forms by the month of their start: until its last day, or later (T-16)."""
    counted: dict[str, list[int]] = {"期限内": [0] * len(months), "遅れ": [0] * len(months)}
    for each in filings:
        if each.held_since is None or each.start_date is None or each.revision != 1:
            continue
        filed, start = each.filed_on, each.start_date
        kept = (filed.year, filed.month) <= (start.year, start.month)
        _count(counted["期限内" if kept else "遅れ"], each.start_date, months)
    return counted


def held_by_month(forms: Iterable[HeldForm], months: Sequence[Month]) -> dict[str, list[int]]:
    """Forms that centres held, by the month in which they were filed or made void (T-14, decision 25)."""
    counted: dict[str, list[int]] = {"使用": [0] * len(months), "無効": [0] * len(months)}
    for each in forms:
        _count(counted["使用"], each.used_on, months)
        _count(counted["無効"], each.voided_on, months)
    return counted


def _count(counted: list[int], day: date | None, months: Sequence[Month]) -> None:
    if day is None or not months:
        return
    place = (day.year - months[0].year) * 12 + day.month - months[0].month
    if 0 <= place < len(months):
        counted[place] += 1
