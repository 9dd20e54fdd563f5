"""Who owes what to whom by when: the table of obligations joined with the events that an agency knows.

:func:`standing` joins the facts of :mod:`shared.policy.obligation_facts` on a day. Time alone emits
nothing: what recurs every month and what is overdue is worked out when it is read. Only events fulfil an obligation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from contracts.codes import ORIGINALS
from shared.policy.calendar import OutsideCalendar
from shared.policy.citing import cited_rules, source_of
from shared.policy.dates import Month, day_text
from shared.policy.obligation_due import Ground, due_on, row_for
from shared.policy.obligation_facts import Fact, key_of, same_but_for_anything, undisputed, values_of
from shared.policy.obligation_table import Row, rows_by_id

State = Literal["open", "due", "overdue", "done", "late", "void", "erased"]

STATES: Final[Mapping[str, str]] = {
    "open": "これから",
    "due": "期限まぢか",
    "overdue": "期限超過",
    "done": "済み",
    "late": "遅れて済み",
    "void": "不要になった",
    "erased": "個人情報の消去により不要",
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation on a day.

    ``period`` is the month it is for, where it recurs; ``month`` that, or the service month of its trigger. ``due`` is
    None without a date. ``assumed``: no document states how long there is time, only our parameter or table does.
    ``rest`` are the codes of what is lacking after a part of it was done. ``void_by`` is the event after which nobody
    owes it any more: the support ended, what it was for never came, or the person was erased.
    """

    row: str
    rules: tuple[str, ...]
    title: str
    debtor: str
    creditor: str
    since: date
    period: str | None
    month: str | None
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


def standing(facts: Sequence[Fact], ground: Ground, today: date) -> list[Obligation]:
    """The obligations of one case on ``today``, the next to fall due first, what is done or void last."""
    found: dict[tuple[str, ...], Obligation] = {}
    facts = undisputed(facts, ground.me)
    breaks, erased = _breaks(facts), next((each for each in facts if each.kind == "erased"), None)
    of_row = defaultdict(list)
    for each in facts:
        of_row[each.row].append(each)
    for owed in facts:
        row = row_for(owed, ground) if owed.kind == "owed" else None
        begun = _begun(row, owed, of_row[owed.row]) if row else None
        for period in _periods(row, owed, of_row[owed.row], breaks, today) if row and begun else ():
            # The same duty is owed once, however often its trigger came: one sheet a month for two services.
            named = _named(row, owed, period) if row else ()
            # Once it is void the same may be asked for again: a switch that is undone and reported again.
            if row and begun and (named not in found or found[named].void_by is not None):
                obligation = _obligation(row, begun, period, of_row[owed.row], ground, today)
                obligation = _voided(obligation, row, period, breaks)
                obligation = _needless(obligation, row, owed, of_row[owed.row])
                if not (row.opens and obligation.open) or obligation.since <= today:
                    found[named] = obligation
    asked = [_erased(each, erased) for each in found.values() if not _asked_elsewhere(each, found.values())]
    return sorted(asked, key=lambda each: (not each.open, each.due or date.max, each.since, each.row))


def _begun(row: Row, owed: Fact, facts: Sequence[Fact]) -> Fact | None:
    """The fact that makes an obligation, from the event on that it awaits; None until there is such an event."""
    if row.awaits is None:
        return owed
    events = [each for each in facts if each.kind == "begun" and each.on >= owed.on]
    first = min(events, key=lambda each: each.on, default=None)
    return owed._replace(on=first.on, event=first.event, sender=first.sender) if first else None


def _named(row: Row, owed: Fact, period: Month | None) -> tuple[str, ...]:
    """What makes an obligation one of its own. An event's id alone would not: another sender's may be the same."""
    if period:
        return row.id, str(period)
    return (row.id, owed.key) if row.match else (row.id, owed.sender, owed.event)


def _asked_elsewhere(each: Obligation, found: Iterable[Obligation]) -> bool:
    """Whether the row to which this one yields asks for the same act: it is open, or was done after this was owed.

    Of what recurs it is whatever that row says of the same month.
    """
    better = rows_by_id()[each.row].yields_to
    if better is not None and each.period:
        return any((other.row, other.period) == (better, each.period) for other in found)
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


def _needless(obligation: Obligation, row: Row, owed: Fact, facts: Sequence[Fact]) -> Obligation:
    """The obligation, void if what it was for never came; what makes it itself does not make it void."""
    if not row.void_by or not obligation.open:
        return obligation
    after = facts[facts.index(owed) + 1 :]
    voids = (each for each in after if each.kind == "void" and same_but_for_anything(each.key, owed.key))
    void = next((each for each in voids if (each.sender, each.event) != (owed.sender, owed.event)), None)
    return replace(obligation, state="void", void_by=void.event, rest=()) if void else obligation


def _erased(obligation: Obligation, erased: Fact | None) -> Obligation:
    """The obligation, which is nobody's any more where the person was erased: nothing could fulfil it."""
    if erased is None or not obligation.open:
        return obligation
    return replace(obligation, state="erased", void_by=erased.event, rest=())


def _periods(
    row: Row, owed: Fact, facts: Sequence[Fact], breaks: Sequence[_Break], today: date
) -> list[Month | None]:
    if row.recurs is None:
        return [None]
    if owed.basis is None:
        return []
    ends = [
        each.basis
        for place, each in enumerate(facts)
        if (each.kind, each.row) == ("ended", row.id)
        and each.basis
        and each.debtor in ("", owed.debtor)
        and (each.basis >= owed.basis or _undone(owed, each, place, facts))
    ]
    last = Month.of(min(ends, default=today))
    month, months = Month.of(owed.basis), list[Month | None]()
    while month <= last:
        if not any(_within(month, each) for each in breaks):
            months.append(month)
        month = month.plus(1)
    return months


def _undone(owed: Fact, end: Fact, place: int, facts: Sequence[Fact]) -> bool:
    """Whether an end, told after the beginning, names the day before it: nothing of it ever was."""
    return (
        owed.basis is not None and end.basis == owed.basis - timedelta(days=1) and place > facts.index(owed)
    )


def _within(month: Month, each: _Break) -> bool:
    """Whether the whole month lies in a break."""
    return each.last < month.first and (each.until is None or month.last < each.until)


def _due(
    row: Row, owed: Fact, period: Month | None, facts: Sequence[Fact], ground: Ground
) -> tuple[date | None, bool, date | None]:
    """The day, whether it is assumed, and from when it is warned of; of a day without known holidays no day is told."""
    try:
        due, assumed = due_on(row.due, owed, period, facts, ground)
        return due, assumed, ground.calendar.last_open_on_or_before(due) if due else None
    except OutsideCalendar:
        return None, True, None


def _obligation(
    row: Row, owed: Fact, period: Month | None, facts: Sequence[Fact], ground: Ground, today: date
) -> Obligation:
    done = _fulfilment(row, owed, period, facts)
    month = period or _month(row, owed)
    due, assumed, warn_from = _due(row, owed, period, facts, ground)
    return Obligation(
        row=row.id,
        rules=cited_rules(row.rules, ground.insurer),
        title=row.title,
        debtor=ground.agency(owed.debtor),
        creditor=ground.agency(owed.creditor),
        since=_since(row, owed, period, due, ground),
        period=str(period) if period else None,
        month=str(month) if month else None,
        due=due,
        warn_from=warn_from,
        assumed=assumed,
        state=_state(due, warn_from, done, today),
        done_on=done.on if done else None,
        made_by=owed.event,
        done_by=done.event if done else None,
        void_by=None,
        rest=() if done else _rest(owed, facts),
        source=source_of(row.rules, row.source, ground.insurer),
        explanation=row.explanation,
    )


def _month(row: Row, owed: Fact) -> Month | None:
    """The service month that what is owed is about, not the month in which something about it came back."""
    if row.due.kind != "day_after_month" or owed.basis is None:
        return None
    if "service_month" in row.match:
        return Month.parse(values_of(owed.key)[list(row.match).index("service_month")])
    return Month.of(owed.basis)


def _since(row: Row, owed: Fact, period: Month | None, due: date | None, ground: Ground) -> date:
    if row.opens and due:
        days = ground.parameters.entry(row.opens, owed.on).value
        return max(owed.on, due - timedelta(days=days))
    return max(owed.on, period.first) if period else owed.on


def _fulfilment(row: Row, owed: Fact, period: Month | None, facts: Sequence[Fact]) -> Fact | None:
    key = key_of([str(period)]) if period else owed.key
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


def _state(due: date | None, warn_from: date | None, done: Fact | None, today: date) -> State:
    if done is not None:
        return "late" if due is not None and done.on > due else "done"
    if due is not None and today > due:
        return "overdue"
    return "due" if warn_from is not None and today >= warn_from else "open"


_AFTER: Final[Mapping[str, str]] = {
    "CertificationResult": "結果が届いてから",
    "EvaluationRecorded": "評価してから",
}
"""Type of the event after which a row is due → what is said until it happens."""


def rest_text(obligation: Obligation) -> str:
    """What is lacking after a part of it was done, in Japanese."""
    return "、".join(ORIGINALS.get(code, code) for code in obligation.rest)


def due_text(obligation: Obligation) -> str:
    """When it is due, in Japanese: a date, the event that it must precede, or that no document states a time."""
    if obligation.due is not None:
        return day_text(obligation.due)
    due = rows_by_id()[obligation.row].due
    if due.kind == "after_event" and due.event is not None:
        return _AFTER[due.event.type]
    return "先に行うこと" if due.kind == "before_event" else "期限の定めなし"
