"""What becomes of an event: made ready outside the transaction that stores it, from what the node knows
now."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

import psycopg

from contracts.disclosure import open_fields
from contracts.envelope import Frame
from shared.care.claim_authority import ABOUT_CLAIMS, objection
from shared.eventlog.log import Record
from shared.eventlog.model import Event
from shared.eventlog.personal import PersonErased
from shared.exchange.authenticity import Authentic, claimed_case
from shared.exchange.authority import (
    Accepted,
    KnownCase,
    NotAccepted,
    Rules,
    UnknownCase,
    UnknownParty,
    judge,
)
from shared.exchange.directory import Directory
from shared.node.node import Node
from shared.node.recording import stream_of

REMEMBERED: Final = 1000
NOT_RECORDED: Final = "記録の処理で失敗しました"
AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database is away or had to give up: nothing was stored, and the same is to be tried again."""

logger = logging.getLogger("renkei.exchange.inbox")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``stored`` has records: the received event first, then what this service does about it; or the
    ``position`` at which the log has the event already.

    ``expected`` are the stream versions on which the reaction was decided; ``reaction_fault`` says how it
    failed. ``otherwise`` is the code with which a message is refused that has waited in vain.
    """

    status: Literal["stored", "waiting", "refused"]
    code: str | None = None
    field: str | None = None
    case_id: UUID | None = None
    records: tuple[Record, ...] = ()
    expected: Mapping[str, int] | None = None
    of_directory: bool = False
    tells_parties: bool = False
    reaction_fault: str | None = None
    position: int | None = None
    otherwise: str | None = None

    def given_up(self) -> "Verdict":
        """The refusal of a message that has waited in vain."""
        return Verdict("refused", self.otherwise or self.code, self.field, self.case_id)

    @property
    def plain(self) -> bool:
        """Whether an event is stored and nothing else follows from it."""
        return (
            self.status == "stored"
            and len(self.records) == 1
            and not (self.of_directory or self.reaction_fault)
        )


class KnownCases:
    """What the node's log says of its cases: looked up once, and again when somebody joined one."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known: OrderedDict[UUID, KnownCase] = OrderedDict()

    def of(self, case_id: UUID) -> KnownCase | None:
        """What the case's opening says, ``None`` when the node does not know the case."""
        known = self._known.get(case_id)
        if known is None:
            case = self._node.situation(case_id).case
            if case.opening is None:
                return None
            known = self._known[case_id] = KnownCase(case.insurer, case.parties, case.opening)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    def forget(self, case_id: UUID) -> bool:
        """Look a case up anew when it is asked for next; whether it was remembered."""
        return self._known.pop(case_id, None) is not None

    def insurer_of(self, payload: Mapping[str, object]) -> str | None:
        """The insurer of the case that a payload is about: as the log knows it, else as the opening claims it."""
        case_id = claimed_case(payload)
        if case_id is None:
            return None
        known, data = self.of(case_id), payload.get("data")
        if known is not None:
            return known.insurer
        claimed = data.get("insurer") if isinstance(data, Mapping) else None
        return claimed if isinstance(claimed, str) else None


def decide(
    node: Node, directory: Directory, message: Authentic, cases: KnownCases, react: bool = True
) -> Verdict:
    """Judge an event and make its records. Without ``react`` the reaction is left out, as one that failed while it
    was stored.

    :raises psycopg.OperationalError: the database is away.
    """
    frame, case_id = frame_of(message), claimed_case(message.payload)
    insurer = cases.insurer_of(message.payload)
    rules = Rules(
        node.agency,
        node.service.role,
        node.event_types,
        node.config.trust,
        directory.roles(frame.sender, frame.time, insurer),
        cases.of,
        lambda agency: directory.roles(agency, frame.time, insurer),
        lambda event_type, data: (
            objection(node.situation().agency, node.agency, event_type, data)
            if event_type in ABOUT_CLAIMS
            else None
        ),
    )
    try:
        accepted = _judged(message, rules, cases, case_id)
        joined = None
        if accepted.kind.joins and case_id is not None:
            joined = node.knowledge.look(case_id).expected
            cases.forget(case_id)
            accepted = judge(message, rules)
        record = _record(node, message, accepted)
    except NotAccepted as problem:
        return Verdict("refused", problem.code, problem.field, case_id)
    except UnknownCase as problem:
        return Verdict("waiting", "unknown_case", case_id=problem.case_id)
    except UnknownParty as problem:
        return Verdict(
            "waiting", "unknown_party", problem.field, problem.case_id, otherwise=problem.otherwise
        )
    kind = accepted.kind
    begins = kind.opens_case and case_id is not None and cases.of(case_id) is None
    stored = Verdict(
        "stored",
        case_id=case_id,
        records=(record,),
        # Two openings of one case, or two offices for it, that arrive together: the second is judged again when the
        # first is stored.
        expected={record.stream: 0} if begins else joined,
        of_directory=kind.scope == "directory",
        tells_parties=kind.opens_case or kind.joins is not None,
    )
    return _with_reaction(node, stored, accepted) if react else replace(stored, reaction_fault=NOT_RECORDED)


def _judged(message: Authentic, rules: Rules, cases: KnownCases, case_id: UUID | None) -> Accepted:
    """As the log knows the case now, not as it was when it was looked up: an office may have joined it."""
    try:
        return judge(message, rules)
    except (NotAccepted, UnknownCase, UnknownParty):
        if case_id is None or not cases.forget(case_id):
            raise
        return judge(message, rules)


def frame_of(message: Authentic) -> Frame:
    """The frame of a message that is an event."""
    assert isinstance(message.claim, Frame)
    return message.claim


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


def _with_reaction(node: Node, stored: Verdict, accepted: Accepted) -> Verdict:
    record = stored.records[0]
    if record.type not in node.service.reactions:
        return stored
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
        return replace(stored, reaction_fault=type(problem).__name__)
    return replace(stored, records=(record, *reacted.records), expected=reacted.expected)
