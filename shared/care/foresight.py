"""What an act would bring about at each party, before it is done: the same decision, folded on a copy.

Nothing is recorded. What partners do by themselves is worked out as far as this agency knows the case, and so is what
they owe (decision 28: it informs and never forbids).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import uuid5

from contracts.catalogue import CROSSING
from contracts.codes import DESKS
from contracts.json_text import read, written
from shared.care import requirements
from shared.care.case import Case, evolve_case
from shared.care.following import FOLLOWING
from shared.care.model import model_over
from shared.care.notifications import signature_needed
from shared.care.parts import Mode, Notification
from shared.eventlog.model import Event, NewEvent
from shared.node.service import Advice, Command, CommandSpec, Decided, Situation
from shared.policy.dates import Month
from shared.policy.notification_filings import desk_at
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligation_table import rows_by_id
from shared.policy.obligations import Obligation, standing

_TOLD_ON: Final = ("effective_from", "starts_on", "taken_over_on", "ended_on")
"""Fields of an event that say from when it counts, or until when."""
_OCCASIONS: Final = {
    "care_management_a": "to_care_management_a",
    "preventive_support": "to_preventive_support",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that would be recorded: by whom, of what type, and to whom it would be sent."""

    by: str
    type: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What begins or ends for a party: one obligation, or the same of several months. ``done``: this act fulfils it."""

    what: Obligation
    months: tuple[str, ...]
    done: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """A notification that becomes due: of whom, at which desk, by when, signed or not, with the mark or not."""

    what: Obligation
    desk: str
    held: bool
    signed: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class Contracting:
    """A party's contract with the person after the act; ``wanted`` are the new contracts and papers it would owe."""

    agency: str
    signed_on: date | None
    explained_on: date | None
    consented_on: date | None
    wanted: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class MonthClaimed:
    """Whose claim a month is now and after the act: the mode of its last day, None where nobody claims (T-33, T-61)."""

    month: Month
    now: Mode | None
    then: Mode | None


@dataclass(frozen=True, slots=True)
class Foresight:
    """What an act would bring about. ``counts_from`` is the day from which the change holds, or its last day before."""

    counts_from: date
    now: Mode | None
    then: Mode | None
    sent: tuple[Sent, ...]
    begins: tuple[Owed, ...]
    ends: tuple[Owed, ...]
    filings: tuple[Filing, ...]
    contracts: tuple[Contracting, ...]
    entrusted: bool | None
    months: tuple[MonthClaimed, ...]
    advice: tuple[Advice, ...]

    @property
    def said(self) -> str:
        """Everything that it says as one text: the same while nothing of it changes."""
        owed = [(each.what.row, each.what.due, each.months, each.done) for each in (*self.begins, *self.ends)]
        return repr((self.counts_from, self.now, self.then, self.sent, owed, self.months))


def foresee(
    situation: Situation,
    history: Sequence[Event],
    spec: CommandSpec,
    command: Command,
) -> Foresight:
    """What ``command`` would bring about in the case whose events ``history`` is.

    :raises Refused: it would be refused, for the reason that it names.
    """
    return foreseen(Decided(situation, command, spec.decided(situation, command)), history)


def foreseen(decided: Decided, history: Sequence[Event]) -> Foresight:
    """What a decision would bring about in the case whose events ``history`` is."""
    situation, command, decision = decided.situation, decided.command, decided.decision
    events, after, sent = _played(situation, command, decision.events)
    counts_from = _counts_from(events, command.occurred_on)
    until = max(situation.today, Month.of(counts_from).plus(1).last)
    before_owed = _standing(situation, history, until)
    after_owed = _standing(replace(situation, case=after), [*history, *events], until)
    begins = _grouped([each for each in after_owed if each.open], before_owed)
    ends = _grouped([each for each in before_owed if each.open], after_owed, done_in=after_owed)
    then = replace(situation, case=after)
    return Foresight(
        counts_from,
        situation.case.mode(situation.today) or situation.case.latest_mode,
        after.latest_mode if _supported(after, until) else None,
        tuple(sent),
        begins,
        ends,
        tuple(_filing(then, each.what) for each in begins if _makes(each.what, "NotificationFiled")),
        _contracts(after, begins),
        _entrusted(then, counts_from),
        _months(situation.case, after, counts_from),
        tuple(decision.advice),
    )


def _played(
    situation: Situation, command: Command, decided: Sequence[NewEvent]
) -> tuple[list[Event], Case, list[Sent]]:
    """The events that would be recorded, with what partners add by themselves, and the case after them."""
    case, events, sent = situation.case, list[Event](), list[Sent]()
    waiting = [(situation.me, each) for each in decided]
    while waiting:
        by, new = waiting.pop(0)
        event = _event(command, by, new, len(events))
        events.append(event)
        sent.append(Sent(by, new.type, tuple(each for each in new.to if each != by)))
        case = evolve_case(case, event)
        for party in new.to:
            role = case.parties.get(party, "")
            reaction = FOLLOWING.get(role, {}).get(new.type)
            if reaction is not None and party != by:
                there = replace(situation, me=party, role=role, case=case)
                waiting += [(party, each) for each in reaction.react(there, event)]
    return events, case, sent


def _event(command: Command, by: str, new: NewEvent, number: int) -> Event:
    """An event as it would stand in the log, without what is personal: nothing is decided by that."""
    kind = CROSSING.get(new.type)
    hidden = kind.personal_fields if kind is not None else frozenset()
    data = {name: value for name, value in read(written(new.data)).items() if name not in hidden}
    on = command.occurred_on
    return Event(
        position=0,
        stream="",
        version=0,
        id=uuid5(command.id, f"foresight/{number}"),
        type=new.type,
        schema_version=1,
        case_id=new.case_id,
        sender=by,
        occurred_on=new.occurred_on or on,
        recorded_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        actor="",
        causation=None,
        correlation=None,
        data=data,
    )


def _counts_from(events: Sequence[Event], on: date) -> date:
    """The day that the first of the events names, else the day of the act."""
    named: Any = next((each.data[name] for each in events for name in _TOLD_ON if each.data.get(name)), None)
    return date.fromisoformat(named) if named else on


def _standing(situation: Situation, events: Sequence[Event], until: date) -> list[Obligation]:
    ground = Ground.of(situation.case.insurer, situation.case.parties)
    return standing([fact for each in events for fact in facts_of(each)], ground, until)


def _key(each: Obligation) -> tuple[str | None, ...]:
    return each.row, each.debtor, each.creditor, each.period, each.made_by


def _grouped(
    wanted: Sequence[Obligation], others: Sequence[Obligation], done_in: Sequence[Obligation] = ()
) -> tuple[Owed, ...]:
    """Those that are not open among the others, the months of one row together, what falls due first at the head."""
    open_there = {_key(each) for each in others if each.open}
    done = {_key(each) for each in done_in if each.done_on is not None}
    found: dict[tuple[str | None, ...], list[Obligation]] = {}
    for each in wanted:
        if _key(each) not in open_there:
            name = (each.row, each.debtor, each.creditor, "" if each.period else each.made_by)
            found.setdefault(name, []).append(each)
    return tuple(
        Owed(same[0], tuple(each.period for each in same if each.period), _key(same[0]) in done)
        for same in found.values()
    )


def _makes(what: Obligation, event_type: str) -> bool:
    return any(each.type == event_type for each in rows_by_id()[what.row].fulfilled_by)


def _filing(situation: Situation, what: Obligation) -> Filing:
    """How the notification is filed that an obligation asks for (T-12, T-13, T-16, T-17)."""
    case, mode, on = situation.case, situation.case.latest_mode, situation.today
    desks: Any = requirements.found(situation, "notification.desk", on) or {}
    kind = mode.type if mode else ""
    track = "designated" if what.debtor == case.office else "entrusted"
    desk = desk_at(desks, _OCCASIONS.get(kind, ""), track) if desks else ""
    contract = case.contract_of(what.debtor)
    eased = bool(
        contract and contract.simultaneous and not model_over(situation, mode.effective_from if mode else on)
    )
    held = case.held_notification(what.debtor)
    uses_held = held is not None and eased and kind == "care_management_a"
    made = Notification("", what.debtor, simultaneous_contract=eased)
    return Filing(
        what,
        DESKS.get(desk, desk),
        uses_held,
        not uses_held and signature_needed(situation, made),
        eased,
    )


def _contracts(case: Case, begins: Sequence[Owed]) -> tuple[Contracting, ...]:
    """The contracts of office and centre with the person, and what of them would be owed anew (T-07 to T-11, T-66)."""
    found = []
    for agency in (case.office, case.centre):
        if agency is None:
            continue
        wanted = tuple(
            each.what
            for each in begins
            if each.what.debtor == agency
            and (_makes(each.what, "ContractSigned") or _makes(each.what, "ContractSupplemented"))
        )
        contract = case.contract_of(agency)
        found.append(
            Contracting(
                agency,
                contract.signed_on if contract else None,
                contract.explained_on if contract else None,
                contract.consented_on if contract else None,
                wanted,
            )
        )
    return tuple(found)


def _entrusted(situation: Situation, on: date) -> bool | None:
    """Whether centre and office have a contract of entrustment on the day (T-06); None where none is needed."""
    case, mode = situation.case, situation.case.mode(on)
    if mode is None or mode.track != "entrusted" or case.office is None or case.centre is None:
        return None
    return situation.agency.entrustment_contract(case.centre, case.office, on) is not None


def _months(now: Case, then: Case, counts_from: date) -> tuple[MonthClaimed, ...]:
    """The month before the change, its own and the next (T-33, T-61)."""
    first = Month.of(counts_from).plus(-1)
    return tuple(
        MonthClaimed(month, _claimed(now, month), _claimed(then, month))
        for month in (first, first.plus(1), first.plus(2))
    )


def _claimed(case: Case, month: Month) -> Mode | None:
    return case.mode(month.last) if _supported(case, month.first) else None


def _supported(case: Case, on: date) -> bool:
    return case.supported_on(on)
