"""What becomes of an event: made ready outside the transaction that stores it, from what the node knows
now."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import psycopg

from contracts.disclosure import open_fields
from contracts.envelope import Frame
from shared.eventlog.log import Record
from shared.eventlog.model import Event
from shared.eventlog.personal import PersonErased
from shared.exchange.authenticity import Authentic
from shared.exchange.authority import Accepted, NotAccepted, Rules, UnknownCase, judge
from shared.exchange.directory import Directory
from shared.node.node import Node
from shared.node.recording import stream_of

Parties = Callable[[UUID], Collection[str]]
AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database is away or had to give up: nothing was stored, and the same is to be tried again."""

logger = logging.getLogger("renkei.exchange.inbox")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``stored`` has records: the received event first, then what this service does about it; or the
    ``position`` at which the log has the event already.

    ``expected`` are the stream versions on which the reaction was decided; ``reaction_fault`` says how it
    failed.
    """

    status: Literal["stored", "waiting", "refused"]
    code: str | None = None
    field: str | None = None
    case_id: UUID | None = None
    records: tuple[Record, ...] = ()
    expected: Mapping[str, int] | None = None
    of_directory: bool = False
    reaction_fault: str | None = None
    position: int | None = None

    @property
    def plain(self) -> bool:
        """Whether an event is stored and nothing else follows from it."""
        return (
            self.status == "stored"
            and len(self.records) == 1
            and not (self.of_directory or self.reaction_fault)
        )


def decide(
    node: Node, directory: Directory, message: Authentic, react: bool = True, parties: Parties | None = None
) -> Verdict:
    """Judge an event and make its records.

    Without ``react`` the reaction is left out, as one that failed while it was stored. ``parties`` gives the parties
    of a case; by default they are looked up.

    :raises psycopg.OperationalError: the database is away.
    """
    frame = frame_of(message)
    rules = Rules(
        node.agency,
        node.service.role,
        node.event_types,
        node.config.trust,
        directory.roles(frame.sender, frame.time),
        parties or parties_of(node),
    )
    case_id = claimed_case(message.payload)
    try:
        accepted = judge(message, rules)
        record = _record(node, message, accepted)
    except NotAccepted as problem:
        return Verdict("refused", problem.code, problem.field, case_id)
    except UnknownCase as problem:
        return Verdict("waiting", "unknown_case", case_id=problem.case_id)
    of_directory = accepted.kind.scope == "directory"
    if not react:
        return Verdict(
            "stored", None, None, case_id, (record,), None, of_directory, "記録の処理で失敗しました"
        )
    reactions, expected, fault = _reactions(node, record, accepted)
    return Verdict("stored", None, None, case_id, (record, *reactions), expected, of_directory, fault)


def parties_of(node: Node) -> Parties:
    """Looks the parties of a case up in the node's log."""
    return lambda case_id: node.situation(case_id).case.parties


def frame_of(message: Authentic) -> Frame:
    """The frame of a message that is an event."""
    assert isinstance(message.claim, Frame)
    return message.claim


def claimed_case(payload: Mapping[str, object]) -> UUID | None:
    """The case that a payload names, when it names one."""
    try:
        return UUID(str(payload.get("case")))
    except ValueError:
        return None


def _record(node: Node, message: Authentic, accepted: Accepted) -> Record:
    envelope, frame = accepted.envelope, accepted.envelope.frame
    if message.disclosures and envelope.case is None:
        raise NotAccepted("invalid_field", "case")
    personal = None
    if message.disclosures and envelope.case is not None:
        try:
            personal = node.keys.seal(envelope.case, frame.id, list(message.disclosures))
        except PersonErased:
            logger.info(
                "a person was erased here: personal fields are not kept",
                extra={"facts": {"case": envelope.case}},
            )
    return Record(
        stream=stream_of(accepted.kind, envelope.case, accepted.data),
        id=frame.id,
        type=envelope.type,
        schema_version=envelope.version,
        case_id=envelope.case,
        sender=frame.sender,
        occurred_on=envelope.occurred_on,
        actor=envelope.actor,
        causation=envelope.causation,
        correlation=envelope.correlation,
        data=envelope.data,
        personal=personal,
        origin=message.jws,
    )


def _reactions(
    node: Node, record: Record, accepted: Accepted
) -> tuple[tuple[Record, ...], Mapping[str, int] | None, str | None]:
    if record.type not in node.service.reactions:
        return (), None, None
    event = Event(
        0,
        record.stream,
        0,
        record.id,
        record.type,
        record.schema_version,
        record.case_id,
        record.sender,
        record.occurred_on,
        node.now(),
        record.actor,
        record.causation,
        record.correlation,
        open_fields(accepted.data),
        True,
    )
    try:
        reacted = node.reactions_to(event)
    except AWAY:
        raise
    except Exception as problem:
        logger.exception("a reaction failed", extra={"facts": {"type": record.type, "event": record.id}})
        return (), None, type(problem).__name__
    return reacted.records, reacted.expected, None
