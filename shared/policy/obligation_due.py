"""Whom a row of the obligation table binds in a case, and when it falls due there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from contracts.catalogue import CROSSING
from shared.policy.calendar import Calendar, calendar
from shared.policy.dates import Month
from shared.policy.deadlines import end_of_month, fixed_day
from shared.policy.obligation_facts import Fact
from shared.policy.obligation_table import PARTIES, Due, Row, rows_by_id
from shared.policy.parameters import Parameters, parameters


@dataclass(frozen=True, slots=True)
class Ground:
    """What the obligations of one case need besides its facts: the parties, and the insurer's calendar.

    ``me`` is the agency that asks, or None for all of them.
    """

    insurer: str
    parties: Mapping[str, str]
    calendar: Calendar
    parameters: Parameters
    me: str | None = None

    @classmethod
    def of(cls, insurer: str, parties: Mapping[str, str], me: str | None = None) -> "Ground":
        """The ground of a case of ``insurer`` with ``parties`` (agency → role), as ``me`` sees it."""
        return cls(insurer, parties, calendar(insurer), parameters(insurer), me)

    def follows(self, row: Row, owed: Fact) -> bool:
        """Whether the agency that asks can know how this obligation stands.

        It owes it, it is owed to it, or an event that fulfils it reaches agencies of its role.
        """
        if self.me is None or self.me in (self.agency(owed.debtor), self.agency(owed.creditor)):
            return True
        return not row.between and self.parties.get(self.me) in _told(row.id)

    def has(self, party: str) -> bool:
        """Whether the case has somebody in a party's role: without an office nobody owes what an office owes."""
        role = PARTIES.get(party)
        return role in (None, "person", "carer") or not self.parties or role in self.parties.values()

    def agency(self, party: str) -> str:
        """The agency in a party's role; the word itself where the case has none."""
        if party == "carer":
            party = "office" if "kyotaku" in self.parties.values() else "centre"
        role = PARTIES.get(party)
        if role is None:
            return party
        for (
            each,
            its,
        ) in self.parties.items():  # asked for every obligation: a generator would take twice as long
            if its == role:
                return each
        return party


@cache
def _told(row_id: str) -> frozenset[str]:
    """The roles that an event which fulfils a row reaches."""
    types = [CROSSING[each.type] for each in rows_by_id()[row_id].fulfilled_by if each.type in CROSSING]
    return frozenset(role for each in types for role in each.recipients)


def row_for(owed: Fact, ground: Ground) -> Row | None:
    row = rows_by_id().get(owed.row)
    if row is None or (row.insurers and ground.insurer not in row.insurers):
        return None
    return row if ground.has(owed.debtor) and ground.follows(row, owed) else None


def due_date(
    row_id: str, ground: Ground, on: date, *, basis: date | None = None, period: Month | None = None
) -> date | None:
    """When the obligation of a row falls due that an act on ``on`` makes: what a decision warns by.

    ``basis`` is the date of which the due rule speaks, ``period`` the month of a row that recurs. None where the row
    binds nobody at this insurer, or has no date.

    :raises ParameterError: no value was published for that day.
    """
    owed = Fact("owed", row_id, "[]", on, "", basis=basis)
    row = row_for(owed, ground)
    return due_on(row.due, owed, period, (), ground)[0] if row else None


def due_on(
    due: Due, owed: Fact, period: Month | None, facts: Sequence[Fact], ground: Ground
) -> tuple[date | None, bool]:
    """The day, and whether it rests on an assumption."""
    if due.kind in ("open_days", "after_event", "days_after"):
        days = ground.parameters.entry(str(due.parameter), owed.on)
        start = (
            _first_of(_passed_on(owed, facts), owed.basis)
            if due.kind == "after_event"
            else owed.basis or owed.on
        )
        return _days_after(due, start, days.value, ground), days.assumed or due.assumed
    if due.kind == "day_after_month":
        day_after, assumed = _day_after_month(due, owed, period or Month.of(owed.basis or owed.on), ground)
        return day_after, assumed or due.assumed
    found = _due_without_parameter(due, owed, period, facts)
    if due.not_before and found:
        days = ground.parameters.entry(due.not_before, owed.on)
        least = ground.calendar.add_open_days(owed.on, days.value)
        return max(found, least), due.assumed or (found < least and days.assumed)
    return found, due.assumed


def _day_after_month(due: Due, owed: Fact, month: Month, ground: Ground) -> tuple[date, bool]:
    """The stated day of the month after ``month``, or where the row says so the first one not before the trigger."""
    after = month.plus(1)
    day = ground.parameters.entry(str(due.parameter), after.first)
    if due.or_later_month and fixed_day(after, day) < owed.on:
        return _day_after_month(due, owed, after, ground)
    return fixed_day(after, day), day.assumed


def _days_after(due: Due, start: date | None, days: int, ground: Ground) -> date | None:
    if start is None:
        return None
    if due.kind == "days_after":
        return start + timedelta(days=days)
    return ground.calendar.add_open_days(start, days)


def _first_of(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


def _passed_on(owed: Fact, facts: Sequence[Fact]) -> date | None:
    """The day of the event before or after which it is due, known only once that has happened."""
    passed = [each.on for each in facts if (each.kind, each.row) == ("passed", owed.row)]
    return min((day for day in passed if day >= owed.on), default=None)


def _due_without_parameter(due: Due, owed: Fact, period: Month | None, facts: Sequence[Fact]) -> date | None:
    match due.kind:
        case "same_day":
            return owed.basis or owed.on
        case "month_end":
            return end_of_month(period.first if period else owed.basis or owed.on)
        case "before":
            return owed.basis - timedelta(days=1) if owed.basis else None
        case "on":
            return owed.basis
        case "before_event":
            return _passed_on(owed, facts)
        case _:
            return None
