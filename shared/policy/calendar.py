"""Open days of a ward office: what deadlines, warnings and "promptly" are counted by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from shared.policy.errors import PolicyError
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Day, Facts
from shared.policy.national_holidays import FIRST_YEAR, LAST_YEAR, holidays_of
from shared.policy.parameters import Parameters, parameters

SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)


class OutsideCalendar(ValueError):
    """A day for which holidays can't be computed; the message is Japanese."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{day.isoformat()} は休日表の範囲外です（{FIRST_YEAR}-01-01 から {LAST_YEAR}-12-31 まで）。"
        )


@dataclass(frozen=True)
class Calendar:
    """Open and closed days of one insurer's office.

    Closed are Saturdays, Sundays, national holidays and the year-end closure, which is no holiday by law
    but a closed day all the same (parameter ``office.closure``). Every method raises
    :class:`OutsideCalendar` beyond the years that can be computed.
    """

    parameters: Parameters
    _known: dict[date, bool] = field(default_factory=dict, repr=False, compare=False)
    """Days that were asked for before: deadlines of thousands of cases fall on the same few hundred."""

    def holiday_name(self, day: date) -> str | None:
        """Name of the holiday, substitute or citizens' holiday; ``None`` on other days, open or closed."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise OutsideCalendar(day)
        return holidays_of(day.year).get(day)

    def is_open(self, day: date) -> bool:
        """Whether the office is open."""
        known = self._known.get(day)
        if known is None:
            known = self.holiday_name(day) is None and day.weekday() < SATURDAY and not self._in_closure(day)
            self._known[day] = known
        return known

    def next_open(self, day: date) -> date:
        """The first open day after ``day``."""
        return next(self._open_days(day, ONE_DAY))

    def open_on_or_after(self, day: date) -> date:
        """``day`` if it is open, otherwise the next open day."""
        return day if self.is_open(day) else self.next_open(day)

    def last_open_on_or_before(self, day: date) -> date:
        """``day`` if it is open, otherwise the open day before it, when a deadline on ``day`` warns."""
        return day if self.is_open(day) else next(self._open_days(day, -ONE_DAY))

    def add_open_days(self, day: date, count: int) -> date:
        """The ``count``-th open day after ``day``; ``day`` itself when ``count`` is 0.

        :raises ValueError: a negative count.
        """
        if count < 0:
            raise ValueError("count must not be negative")
        following = self._open_days(day, ONE_DAY)
        for _ in range(count):
            day = next(following)
        return day

    def _open_days(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_open(day):
                yield day

    def _in_closure(self, day: date) -> bool:
        closure: Any = self.parameters.value("office.closure", day)
        here = f"{day.month:02d}-{day.day:02d}"
        first, last = closure["first"], closure["last"]
        if first <= last:
            return bool(first <= here <= last)
        return bool(here >= first or here <= last)


@cache
def calendar(insurer: str) -> Calendar:
    """Calendar of an insurer's office, by insurer number.

    :raises ParameterError: the insurer is unknown.
    """
    return Calendar(parameters(insurer))


class CalendarInput(Facts):
    """Input of ``calendar``."""

    date = Day(required=True, metadata={"title": "日"})


def evaluate_calendar(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``calendar`` as an evaluator (A-S5, decisions 7 and 13).

    ``holiday`` is the name of a holiday by law and ``null`` otherwise; the year-end closure is closed
    without being a holiday.

    :raises PolicyError: a day for which holidays can't be computed.
    """
    office = Calendar(parameters)
    day: date = facts["date"]
    try:
        values = {
            "open": office.is_open(day),
            "holiday": office.holiday_name(day),
            "next_open": office.next_open(day).isoformat(),
        }
    except OutsideCalendar as problem:
        raise PolicyError("out_of_range", "date", str(problem)) from problem
    return result(values, ["A-S5", "decision 7", "decision 13"], [parameters.entry("office.closure", day)])


CALENDAR = Evaluator(
    "calendar", "開庁日・祝日・次の開庁日を答える", CalendarInput, evaluate_calendar, dated_by="date"
)
