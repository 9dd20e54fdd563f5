"""A case's timeline: what every agency did, when, when it became known here, and what became of what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import TEXTS
from shared.console.reading import AgencyNames, Fact, named
from shared.console.runs import facts_of_run, plan_names, runs
from shared.eventlog.model import Event
from shared.node.node import Node

_TRAVELS: Final = """
-- What became of a delivery is what its partner's last receipt says, from the moment when this log took that receipt.
-- The table `receipted` has the last one only; what an earlier moment knew stands in the receipts themselves.
select d.position, d.partner, s.signed_at,
    coalesce(earlier.recorded_at, case when not answer.came_later then last.recorded_at end),
    coalesce(earlier.status, case when not answer.came_later then r.status end),
    coalesce(earlier.code, case when not answer.came_later then r.code end)
from events e join deliveries d using (position)
    left join sent s using (partner, epoch, sequence)
    left join receipted r using (partner, epoch, sequence)
    left join events last on last.position = r.position
    cross join lateral (
        select %(known_at)s::timestamptz is not null
           and coalesce(last.recorded_at > %(known_at)s, false) as came_later) as answer
    left join lateral (
        select receipt.recorded_at, told.status, told.code
          from events receipt
          cross join lateral json_to_recordset(receipt.data::json -> 'answers')
            as told(sequence bigint, status text, code text)
         where answer.came_later and receipt.stream = 'partner:' || d.partner
           and receipt.position > d.position and receipt.position < r.position
           and receipt.recorded_at <= %(known_at)s
           and (receipt.data::json ->> 'epoch')::integer = d.epoch and told.sequence = d.sequence
         order by receipt.position desc limit 1) as earlier on true
where e.case_id = %(case)s and (%(known_at)s::timestamptz is null or e.recorded_at <= %(known_at)s)
order by d.position, d.partner
"""
_ANSWERS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, str]]]] = {
    "NotificationFiled": (
        ("notification_id", "revision"),
        {"NotificationAccepted": "受理", "NotificationReturned": "差戻し"},
    ),
    "SimultaneousContractRequested": (
        (),
        {"SimultaneousContractAgreed": "承諾", "SimultaneousContractDeclined": "辞退"},
    ),
    "RecordsRequested": (("request_id",), {"RecordsProvided": "提供"}),
    "RiskReported": (
        ("report_id",),
        {"RiskReportAccepted": "受理", "RiskReportReturned": "差戻し"},
    ),
    "ReviewRequested": (("review_id",), {"ReviewConcluded": "検証結果"}),
}
"""What asks for an answer → the fields that both carry, and the types that answer, each with its word."""
_UNFAVOURABLE: Final = frozenset({"差戻し", "辞退"})


@dataclass(frozen=True, slots=True)
class Travel:
    """One event on its way to one partner. ``state``: unsent, sent, stored (到達), waiting, refused.

    ``reached_at`` is when this node learned what became of it there, by this node's clock.
    """

    partner: str
    state: str
    sent_at: datetime | None
    reached_at: datetime | None
    code: str | None

    @property
    def reason(self) -> str:
        """Why it waits or was refused there."""
        return TEXTS.get(self.code, self.code) if self.code else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side decided about a filing or a request; ``event`` is ``None`` while it is open."""

    word: str
    event: Event | None

    @property
    def unfavourable(self) -> bool:
        """Whether something has to be done again."""
        return self.word in _UNFAVOURABLE


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the timeline, or those that one act made together: ``event`` is the first of ``run``."""

    event: Event
    run: Sequence[Event]
    title: str
    sender: str
    own: bool
    facts: Sequence[Fact]
    travels: Sequence[Travel] = field(default_factory=tuple)
    answer: Answer | None = None


def steps(
    node: Node,
    case_id: UUID,
    events: Sequence[Event],
    names: AgencyNames,
    known_at: datetime | None = None,
) -> list[Step]:
    """The steps of a case, in the order in which they were done, then in which they became known here."""
    return told(node, case_id, course(events), events, names, known_at)


def course(events: Iterable[Event]) -> list[list[Event]]:
    """The events of a case in the order of its steps, those that one act made together."""
    return runs(sorted(events, key=lambda each: (each.occurred_on, each.position)))


def latest(
    node: Node, events: Sequence[Event], least: int, most: int, seen_through: int
) -> list[list[Event]]:
    """The newest ``least`` steps, and what arrived after ``seen_through`` wherever it stands, the newest first.

    No more than ``most``. Of more unread steps those that arrived first are chosen: marked as read they make room for
    the next.
    """
    found = course(events)[::-1]
    unread = [
        place
        for place, run in enumerate(found)
        if place >= least and run[0].sender != node.agency and run[-1].position > seen_through
    ]
    first = sorted(unread, key=lambda place: found[place][-1].position)[: max(0, most - least)]
    return [found[place] for place in sorted([*range(min(least, len(found))), *first])]


def unread_left(
    node: Node, events: Iterable[Event], shown: Iterable[Sequence[Event]], seen_through: int
) -> list[int]:
    """The positions of what arrived after ``seen_through`` and does not stand among the ``shown`` steps, in order."""
    seen = {each.position for run in shown for each in run}
    return sorted(
        each.position
        for each in events
        if each.sender != node.agency and each.position > seen_through and each.position not in seen
    )


def told(
    node: Node,
    case_id: UUID,
    shown: Iterable[list[Event]],
    events: Sequence[Event],
    names: AgencyNames,
    known_at: datetime | None = None,
) -> list[Step]:
    """Some steps of a case whose events are ``events``, with what became of each."""
    travels = _travels(node, case_id, names, known_at)
    plans = plan_names(events)
    return [
        Step(
            run[0],
            run,
            node.titles.get(run[0].type, run[0].type),
            named(run[0].sender, names),
            run[0].sender == node.agency,
            facts_of_run(node, run, names, plans),
            list(dict.fromkeys(each for event in run for each in travels.get(event.position, ()))),
            answer_to(run[0], events),
        )
        for run in shown
    ]


def answer_to(event: Event, events: Iterable[Event]) -> Answer | None:
    """The answer to a filing or request; ``None`` for an event that asks for none."""
    asked = _ANSWERS.get(event.type)
    if asked is None:
        return None
    same, words = asked
    wanted = [event.data.get(name) for name in same]
    alike = [other for other in events if [other.data.get(name) for name in same] == wanted]
    again = sum(other.type == event.type for other in alike) > 1
    for other in alike:  # in any order: question and answer come from different agencies
        if other.type in words and not (again and other.position < event.position):
            return Answer(words[other.type], other)
    return Answer("", None)


def _travels(
    node: Node, case_id: UUID, names: AgencyNames, known_at: datetime | None
) -> Mapping[int, list[Travel]]:
    with node.database.connection() as connection:
        rows = connection.execute(_TRAVELS.encode(), {"case": case_id, "known_at": known_at}).fetchall()
    found: dict[int, list[Travel]] = {}
    for position, partner, signed_at, reached_at, status, code in rows:
        sent = signed_at if known_at is None or (signed_at and signed_at <= known_at) else None
        state = str(status or ("sent" if sent else "unsent"))
        found.setdefault(position, []).append(Travel(named(partner, names), state, sent, reached_at, code))
    return found
