"""Who owes what to whom by when: the table of obligations joined with the events that an agency knows.

Facts are taken from one event at a time (:func:`facts_of`), in any order, so that a view can keep them and a case
page can compute them; :func:`standing` joins them on a day. Time alone emits nothing: what recurs every month and
what is overdue is worked out when it is read. Only events fulfil an obligation.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, Literal

from contracts.catalogue import CROSSING
from contracts.codes import ORIGINALS
from shared.eventlog.model import Event
from shared.policy.calendar import Calendar, calendar
from shared.policy.dates import Month
from shared.policy.obligation_table import PARTIES, Due, Pattern, Row, rows_by_id, table, value_at
from shared.policy.parameters import Parameters, parameters

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode
Kind = Literal["owed", "done", "partly", "ended", "passed", "over", "resumed", "disputed", "undisputed"]
State = Literal["open", "due", "overdue", "done", "late", "void"]

STATES: Final[Mapping[str, str]] = {
    "open": "これから",
    "due": "期限まぢか",
    "overdue": "期限超過",
    "done": "済み",
    "late": "遅れて済み",
    "void": "支援の終了により不要",
}

EVERY_ROW: Final = "*"
"""The row of what an event means for all of them: the end of the person's support, or its resumption."""

_TURNS: Final[Mapping[str, tuple[Kind, str]]] = {
    "SupportEnded": ("over", "ended_on"),
    "SupportResumed": ("resumed", "resumed_on"),
}


_DISPUTES: Final[Mapping[str, Kind]] = {
    "DiscrepancyFound": "disputed",
    "DiscrepancySettled": "undisputed",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one event means for one row.

    ``owed``: it makes the obligation; ``done``: it fulfils it; ``partly``: it fulfils it but for the codes in ``rest``;
    ``ended``: it ends the recurrence (of ``debtor``, if it names one); ``passed``: it is the event before or after
    which the obligation is due; ``over`` and ``resumed``: the support of the person ended or goes on, for every row.
    ``key`` holds the matched values as JSON, ``on`` the day of the act, ``basis`` the date of which the due rule or the
    recurrence speaks. ``event`` is the event's id, unique among those of its ``sender`` only.
    """

    kind: Kind
    row: str
    key: str
    on: date
    event: str
    debtor: str = ""
    creditor: str = ""
    basis: date | None = None
    rest: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation on a day.

    ``period`` is the month it is for, where it recurs; ``due`` is None without a date. ``assumed``: no document states
    how long there is time, only our parameter or table does. ``rest`` are the codes of what is lacking after a part of
    it was done. ``void_by`` is the event with which the support ended, where nobody owes it any more.
    """

    row: str
    rules: tuple[str, ...]
    title: str
    debtor: str
    creditor: str
    since: date
    period: str | None
    due: date | None
    warn_from: date | None
    assumed: bool
    state: State
    done_on: date | None
    made_by: str
    done_by: str | None
    void_by: str | None
    rest: tuple[str, ...]
    source: str
    explanation: str

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.done_on is None and self.void_by is None


def facts_of(event: Event) -> list[Fact]:
    """What one event means for the rows of the table. Pure, and independent of every other event."""
    found = [fact for row in _rows_about(event.type) for fact in _facts_for(row, event)]
    if event.type in _DISPUTES:
        found += _dispute(event)
    turn = _TURNS.get(event.type)
    if turn is not None:
        kind, field = turn
        basis = _date(event.data.get(field)) or event.occurred_on
        found.append(
            Fact(
                kind,
                EVERY_ROW,
                "[]",
                event.occurred_on,
                str(event.id),
                basis=basis,
                sender=event.sender,
            )
        )
    return found


def _dispute(event: Event) -> list[Fact]:
    data = event.data
    if data.get("outcome") == "event_void":
        return []
    kind, finder, about = _DISPUTES[event.type], str(data.get("finder")), str(data.get("about"))
    return [
        Fact(kind, EVERY_ROW, "[]", event.occurred_on, str(data.get("event_id")), debtor=finder, sender=about)
    ]


def _undisputed(facts: Sequence[Fact], me: str | None) -> list[Fact]:
    """The facts without those of events that contradict what ``me`` knows and do not stand yet."""
    disputed: set[tuple[str, str]] = set()
    for each in facts:
        if each.kind == "disputed" and each.debtor == me:
            disputed.add((each.sender, each.event))
        elif each.kind == "undisputed":
            disputed.discard((each.sender, each.event))
    return [each for each in facts if (each.sender, each.event) not in disputed] if disputed else [*facts]


def event_types() -> frozenset[str]:
    """Types of the events that :func:`facts_of` reads."""
    return frozenset(each.type for row in table() for each in _patterns(row)) | set(_TURNS) | set(_DISPUTES)


def _patterns(row: Row) -> list[Pattern]:
    until = [row.recurs.until] if row.recurs and row.recurs.until else []
    before = [row.due.event] if row.due.event else []
    return [row.trigger, *row.fulfilled_by, *until, *before]


@cache
def _rows_about(event_type: str) -> list[Row]:
    return [row for row in table() if any(each.type == event_type for each in _patterns(row))]


def _facts_for(row: Row, event: Event) -> Iterable[Fact]:
    data, on, made, sender = event.data, event.occurred_on, str(event.id), event.sender
    if row.trigger.matches(event.type, data):
        yield Fact(
            "owed",
            row.id,
            _key(data, row.match),
            on,
            made,
            _party(row.debtor, event),
            _party(row.creditor, event),
            _basis(row, data),
            sender=sender,
        )
    if any(each.matches(event.type, data) for each in row.fulfilled_by):
        rest = tuple(data.get(row.rest) or ()) if row.rest else ()
        yield Fact(
            "partly" if rest else "done",
            row.id,
            _key(data, row.match.values()),
            on,
            made,
            rest=rest,
            sender=sender,
        )
    if row.recurs and row.recurs.until and row.recurs.until.matches(event.type, data):
        whose = str(data[row.recurs.of]) if row.recurs.of else ""
        basis = _date(data.get(row.recurs.field or ""))
        yield Fact("ended", row.id, "[]", on, made, whose, basis=basis, sender=sender)
    if row.due.event and row.due.event.matches(event.type, data):
        yield Fact("passed", row.id, "[]", on, made, sender=sender)


def _key(data: Mapping[str, Any], names: Iterable[str]) -> str:
    return _ENCODE([value_at(data, name) for name in names])


def _party(party: str, event: Event) -> str:
    if party == "carer" and event.type not in CROSSING:
        return event.sender  # an act of care stays with who did it, also when another takes over
    return str(event.data.get(party.removeprefix("field:"))) if party.startswith("field:") else party


def _basis(row: Row, data: Mapping[str, Any]) -> date | None:
    name = row.recurs.start if row.recurs else row.due.field
    return _date(value_at(data, name)) if name else None


def _date(value: Any) -> date | None:
    """A date, or the first day of a month, as events carry them."""
    if not isinstance(value, str):
        return None
    return date.fromisoformat(value if len(value) == 10 else f"{value}-01")


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

    def follows(self, row: Row, owed: "Fact") -> bool:
        """Whether the agency that asks can know how this obligation stands.

        It owes it, it is owed to it, or an event that fulfils it reaches agencies of its role.
        """
        if self.me is None or self.me in (self.agency(owed.debtor), self.agency(owed.creditor)):
            return True
        return self.parties.get(self.me) in _told(row.id)

    def has(self, party: str) -> bool:
        """Whether the case has somebody in a party's role: without an office nobody owes what an office owes."""
        role = PARTIES.get(party)
        return role in (None, "person", "carer") or not self.parties or role in self.parties.values()

    def agency(self, party: str) -> str:
        """The agency in a party's role; the word itself where the case has none."""
        if party == "carer":
            party = "office" if "kyotaku" in self.parties.values() else "centre"
        role = PARTIES.get(party)
        return next((each for each, its in self.parties.items() if its == role), party) if role else party


@cache
def _told(row_id: str) -> frozenset[str]:
    """The roles that an event which fulfils a row reaches."""
    types = [CROSSING[each.type] for each in rows_by_id()[row_id].fulfilled_by if each.type in CROSSING]
    return frozenset(role for each in types for role in each.recipients)


def standing(facts: Sequence[Fact], ground: Ground, today: date) -> list[Obligation]:
    """The obligations of one case on ``today``, the next to fall due first, what is done or void last."""
    found: dict[tuple[str, ...], Obligation] = {}
    facts = _undisputed(facts, ground.me)
    breaks = _breaks(facts)
    of_row = defaultdict(list)
    for each in facts:
        of_row[each.row].append(each)
    for owed in facts:
        row = _row_for(owed, ground) if owed.kind == "owed" else None
        for period in _periods(row, owed, of_row[owed.row], breaks, today) if row else ():
            # The same duty is owed once, however often its trigger came: one sheet a month for two services.
            named = _named(row, owed, period) if row else ()
            if row and named not in found:
                obligation = _obligation(row, owed, period, of_row[owed.row], ground, today)
                obligation = _voided(obligation, row, period, breaks)
                if not (row.opens and obligation.open) or obligation.since <= today:
                    found[named] = obligation
    asked = [each for each in found.values() if not _asked_elsewhere(each, found.values())]
    return sorted(asked, key=lambda each: (not each.open, each.due or date.max, each.since, each.row))


def _named(row: Row, owed: Fact, period: Month | None) -> tuple[str, ...]:
    """What makes an obligation one of its own. An event's id alone would not: another sender's may be the same."""
    if period:
        return row.id, str(period)
    return (row.id, owed.key) if row.match else (row.id, owed.sender, owed.event)


def _asked_elsewhere(each: Obligation, found: Iterable[Obligation]) -> bool:
    """Whether the row to which this one yields asks for the same act: it is open, or was done after this was owed."""
    better = rows_by_id()[each.row].yields_to
    return better is not None and any(
        other.row == better
        and other.since - timedelta(days=rows_by_id()[better].earlier_days) <= each.since
        and (other.done_on is None or other.done_on >= each.since)
        for other in found
    )


@dataclass(frozen=True, slots=True)
class _Break:
    """The support of the person ended with ``last`` as its last day; ``until`` it went on, or it did not."""

    last: date
    event: str
    until: date | None = None


def _breaks(facts: Sequence[Fact]) -> list[_Break]:
    found: list[_Break] = []
    for each in facts:
        if each.kind == "over" and each.basis and not (found and found[-1].until is None):
            found.append(_Break(each.basis, each.event))
        elif each.kind == "resumed" and found and found[-1].until is None:
            found[-1] = replace(found[-1], until=each.basis)
    return found


def _voided(obligation: Obligation, row: Row, period: Month | None, breaks: Sequence[_Break]) -> Obligation:
    """The obligation, void if the support is over; what was owed for an earlier month stays as it was."""
    over = breaks[-1] if breaks and breaks[-1].until is None else None
    if over is None or row.survives or not obligation.open or (period and period.last < over.last):
        return obligation
    return replace(obligation, state="void", void_by=over.event, rest=())


def _row_for(owed: Fact, ground: Ground) -> Row | None:
    row = rows_by_id().get(owed.row)
    if row is None or (row.insurers and ground.insurer not in row.insurers):
        return None
    return row if ground.has(owed.debtor) and ground.follows(row, owed) else None


def _periods(
    row: Row, owed: Fact, facts: Sequence[Fact], breaks: Sequence[_Break], today: date
) -> list[Month | None]:
    if row.recurs is None:
        return [None]
    if owed.basis is None:
        return []
    ends = [
        each.basis
        for each in facts
        if (each.kind, each.row) == ("ended", row.id) and each.basis and each.debtor in ("", owed.debtor)
    ]
    last = Month.of(min((day for day in ends if day >= owed.basis), default=today))
    month, months = Month.of(owed.basis), list[Month | None]()
    while month <= last:
        if not any(_within(month, each) for each in breaks):
            months.append(month)
        month = month.plus(1)
    return months


def _within(month: Month, each: _Break) -> bool:
    """Whether the whole month lies in a break."""
    return each.last < month.first and (each.until is None or month.last < each.until)


def _obligation(
    row: Row, owed: Fact, period: Month | None, facts: Sequence[Fact], ground: Ground, today: date
) -> Obligation:
    done = _fulfilment(row, owed, period, facts)
    due, assumed = _due_on(row.due, owed, period, facts, ground)
    warn_from = ground.calendar.last_open_on_or_before(due) if due else None
    return Obligation(
        row=row.id,
        rules=row.rules,
        title=row.title,
        debtor=ground.agency(owed.debtor),
        creditor=ground.agency(owed.creditor),
        since=_since(row, owed, period, due, ground),
        period=str(period) if period else None,
        due=due,
        warn_from=warn_from,
        assumed=assumed,
        state=_state(due, warn_from, done, today),
        done_on=done.on if done else None,
        made_by=owed.event,
        done_by=done.event if done else None,
        void_by=None,
        rest=() if done else _rest(owed, facts),
        source=row.source,
        explanation=row.explanation,
    )


def _since(row: Row, owed: Fact, period: Month | None, due: date | None, ground: Ground) -> date:
    if row.opens and due:
        days = ground.parameters.entry(row.opens, owed.on).value
        return max(owed.on, due - timedelta(days=days))
    return max(owed.on, period.first) if period else owed.on


def _fulfilment(row: Row, owed: Fact, period: Month | None, facts: Sequence[Fact]) -> Fact | None:
    key = json.dumps([str(period)]) if period else owed.key
    # Where the values match, the act may come first: a use sheet is issued before the service starts.
    matched = period is not None or bool(row.match)
    earliest = date.min if matched else owed.on - timedelta(days=row.earlier_days)
    acts = [
        each
        for each in facts
        if (each.kind, each.row, each.key) == ("done", row.id, key) and each.on >= earliest
    ]
    return min(acts, key=lambda each: each.on, default=None)


def _rest(owed: Fact, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What every act so far left over."""
    parts = [each.rest for each in facts if (each.kind, each.row, each.key) == ("partly", owed.row, owed.key)]
    return tuple(code for code in parts[0] if all(code in each for each in parts)) if parts else ()


def due_date(
    row_id: str, ground: Ground, on: date, *, basis: date | None = None, period: Month | None = None
) -> date | None:
    """When the obligation of a row falls due that an act on ``on`` makes: what a decision warns by.

    ``basis`` is the date of which the due rule speaks, ``period`` the month of a row that recurs. None where the row
    binds nobody at this insurer, or has no date.

    :raises ParameterError: no value was published for that day.
    """
    owed = Fact("owed", row_id, "[]", on, "", basis=basis)
    row = _row_for(owed, ground)
    return _due_on(row.due, owed, period, (), ground)[0] if row else None


def _due_on(
    due: Due, owed: Fact, period: Month | None, facts: Sequence[Fact], ground: Ground
) -> tuple[date | None, bool]:
    """The day, and whether it rests on an assumption."""
    if due.kind in ("open_days", "after_event", "days_after"):
        days = ground.parameters.entry(str(due.parameter), owed.on)
        start = _passed_on(owed, facts) if due.kind == "after_event" else owed.basis or owed.on
        return _days_after(due, start, days.value, ground), days.assumed or due.assumed
    if due.kind == "day_after_month":
        after = (period or Month.of(owed.on)).plus(1).first
        day = ground.parameters.entry(str(due.parameter), after)
        return after + timedelta(days=day.value - 1), day.assumed or due.assumed
    found = _due_without_parameter(due, owed, period, facts)
    if due.not_before and found:
        days = ground.parameters.entry(due.not_before, owed.on)
        least = ground.calendar.add_open_days(owed.on, days.value)
        return max(found, least), due.assumed or (found < least and days.assumed)
    return found, due.assumed


def _days_after(due: Due, start: date | None, days: int, ground: Ground) -> date | None:
    if start is None:
        return None
    if due.kind == "days_after":
        return start + timedelta(days=days)
    return ground.calendar.add_open_days(start, days)


def _passed_on(owed: Fact, facts: Sequence[Fact]) -> date | None:
    """The day of the event before or after which it is due, known only once that has happened."""
    passed = [each.on for each in facts if (each.kind, each.row) == ("passed", owed.row)]
    return min((day for day in passed if day >= owed.on), default=None)


def _due_without_parameter(due: Due, owed: Fact, period: Month | None, facts: Sequence[Fact]) -> date | None:
    match due.kind:
        case "same_day":
            return owed.basis or owed.on
        case "month_end":
            return (period or Month.of(owed.basis or owed.on)).last
        case "before":
            return owed.basis - timedelta(days=1) if owed.basis else None
        case "on":
            return owed.basis
        case "before_event":
            return _passed_on(owed, facts)
        case _:
            return None


def _state(due: date | None, warn_from: date | None, done: Fact | None, today: date) -> State:
    if done is not None:
        return "late" if due is not None and done.on > due else "done"
    if due is not None and today > due:
        return "overdue"
    return "due" if warn_from is not None and today >= warn_from else "open"


def rest_text(obligation: Obligation) -> str:
    """What is lacking after a part of it was done, in Japanese."""
    return "、".join(ORIGINALS.get(code, code) for code in obligation.rest)


def due_text(obligation: Obligation) -> str:
    """When it is due, in Japanese: a date, the event that it must precede, or that no document states a time."""
    if obligation.due is not None:
        return obligation.due.isoformat()
    kind = rows_by_id()[obligation.row].due.kind
    return {"before_event": "先に行うこと", "after_event": "結果が届いてから"}.get(kind, "期限の定めなし")
