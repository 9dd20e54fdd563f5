"""A case's timeline: what every agency did, when, when it became known here, and what became of what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import TEXTS
from shared.console.reading import AgencyNames, Fact, facts, named
from shared.eventlog.model import Event
from shared.node.node import Node

_TRAVELS: Final = """
select d.position, d.partner, s.signed_at, r.receipted_at, r.status, r.code
from events e join deliveries d using (position)
    left join sent s using (partner, epoch, sequence)
    left join receipted r using (partner, epoch, sequence)
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
}
"""What asks for an answer → the fields that both carry, and the types that answer, each with its word."""
_UNFAVOURABLE: Final = frozenset({"差戻し", "辞退"})


@dataclass(frozen=True, slots=True)
class Travel:
    """One event on its way to one partner. ``state``: unsent, sent, stored (到達), waiting, refused."""

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
    """One event of the timeline."""

    event: Event
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
    travels = _travels(node, case_id, names, known_at)
    found = [
        Step(
            event,
            node.titles.get(event.type, event.type),
            named(event.sender, names),
            event.sender == node.agency,
            facts(node.event_types.get(event.type), event.data, event.personal, names),
            travels.get(event.position, ()),
            answer_to(event, events),
        )
        for event in events
    ]
    return sorted(found, key=lambda step: (step.event.occurred_on, step.event.position))


def answer_to(event: Event, events: Iterable[Event]) -> Answer | None:
    """The answer to a filing or request; ``None`` for an event that asks for none."""
    asked = _ANSWERS.get(event.type)
    if asked is None:
        return None
    same, words = asked
    wanted = [event.data.get(name) for name in same]
    for other in events:  # in any order: question and answer come from different agencies
        if other.type in words and [other.data.get(name) for name in same] == wanted:
            return Answer(words[other.type], other)
    return Answer("", None)


def _travels(
    node: Node, case_id: UUID, names: AgencyNames, known_at: datetime | None
) -> Mapping[int, list[Travel]]:
    with node.database.connection() as connection:
        rows = connection.execute(_TRAVELS.encode(), {"case": case_id, "known_at": known_at}).fetchall()
    found: dict[int, list[Travel]] = {}
    for position, partner, signed_at, receipted_at, status, code in rows:
        sent = signed_at if known_at is None or (signed_at and signed_at <= known_at) else None
        state = str(status or ("sent" if sent else "unsent"))
        if known_at is not None and (receipted_at is None or receipted_at > known_at):
            state, receipted_at, code = "sent" if sent else "unsent", None, None
        found.setdefault(position, []).append(Travel(named(partner, names), state, sent, receipted_at, code))
    return found
