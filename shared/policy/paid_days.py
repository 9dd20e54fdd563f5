"""How a month of a project service is paid in which several things happened (A-Q47 to A-Q62)."""

from collections.abc import Sequence
from datetime import date, timedelta

from shared.policy.dates import Month
from shared.policy.proration import ONE_DAY, Period, Proration, Use


def together(month: Month, found: Sequence[Proration]) -> Proration:
    """One answer from those to each single occasion of a month: paid are the days that all of them leave.

    A day's status and weekly count come from the occasion that tells them; the whole month is paid as a bundle where
    none of them prorates. Nothing happened: the whole month.
    """
    rules = tuple(dict.fromkeys(rule for each in found for rule in each.rules))
    used = tuple({entry.name: entry for each in found for entry in each.used}.values())
    if all(each.method == "whole_month" for each in found):
        use = next((period.use for each in found for period in each.periods if period.use != Use()), Use())
        return Proration("whole_month", (Period(month.first, month.last, use),), rules, used)
    days: dict[date, Use] = {month.first + timedelta(days=n): Use() for n in range(month.last.day)}
    for each in found:
        left = {on: period.use for period in each.periods for on in _days(period)}
        days = {on: use if use != Use() else left[on] for on, use in days.items() if on in left}
    return Proration("daily", tuple(_runs(days)), rules, used)


def _days(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range(period.days)]


def _runs(days: dict[date, Use]) -> list[Period]:
    """The days as periods without a gap, each in one state."""
    runs: list[Period] = []
    for on, use in sorted(days.items(), key=lambda each: each[0]):
        if runs and runs[-1].last == on - ONE_DAY and runs[-1].use == use:
            runs[-1] = Period(runs[-1].first, on, use)
        else:
            runs.append(Period(on, on, use))
    return runs
