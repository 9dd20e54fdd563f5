"""Whether an authentic event may be accepted: known type, authorised sender, valid data, a party of the
case."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.definition import ContractError, EventType
from contracts.disclosure import DisclosureMismatch, reveal
from contracts.envelope import Envelope, Frame, parse
from shared.exchange.authenticity import Authentic


class NotAccepted(Exception):
    """An event that is refused. ``code`` is one of ``contracts.errors.REFUSED``; ``field`` names the
    place."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class UnknownCase(Exception):
    """The event's case is not in this node's log yet."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id


@dataclass(frozen=True, slots=True)
class Rules:
    """What this node judges by. ``sender_roles`` are those of the directory at the signing time.

    ``parties`` gives the parties of a case in the node's own log, nothing for a case that it does not know.
    """

    me: str
    my_role: str
    event_types: Mapping[str, EventType]
    trusted_insurers: Collection[str]
    sender_roles: Collection[str]
    parties: Callable[[UUID], Collection[str]]


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that this node takes into its log."""

    envelope: Envelope
    kind: EventType
    data: Mapping[str, Any]


def judge(message: Authentic, rules: Rules) -> Accepted:
    """Judge an event.

    :raises NotAccepted: it is refused, with a stable code.
    :raises UnknownCase: to be tried again when its case is opened.
    """
    frame = message.claim
    assert isinstance(frame, Frame)
    if message.too_large:
        raise NotAccepted("too_large")
    try:
        envelope, data = parse(message.payload, frame)
    except ContractError as problem:
        raise NotAccepted(problem.code, problem.field) from problem
    kind = _kind(envelope, rules)
    _check_roles(envelope, kind, data, rules)
    _check_data(message, kind, data)
    if kind.scope == "case":
        _check_party(envelope, kind, data, rules)
    return Accepted(envelope, kind, data)


def is_directory_event(payload: Mapping[str, Any], event_types: Mapping[str, EventType]) -> bool:
    """Whether a payload claims to be an event of a ward's directory."""
    parts = str(payload.get("type", "")).split(".")
    kind = event_types.get(parts[2]) if len(parts) == 4 else None
    return kind is not None and kind.scope == "directory"


def _kind(envelope: Envelope, rules: Rules) -> EventType:
    kind = rules.event_types.get(envelope.type)
    if kind is None or kind.version != envelope.version or not kind.recipients or kind.scope == "node":
        raise NotAccepted("unknown_type", f"{envelope.type}.v{envelope.version}")
    return kind


def _check_roles(envelope: Envelope, kind: EventType, data: Mapping[str, Any], rules: Rules) -> None:
    sender = envelope.frame.sender
    if kind.scope == "directory":
        # Only an insurer's own ward speaks for its directory, and only one that the configuration trusts.
        if data.get("insurer") != sender:
            raise NotAccepted("sender_not_authorised", "insurer")
        if sender not in rules.trusted_insurers:
            raise NotAccepted("insurer_not_trusted", "insurer")
    elif kind.senders.isdisjoint(rules.sender_roles):
        raise NotAccepted("sender_not_authorised")
    if rules.my_role not in kind.recipients:
        raise NotAccepted("recipient_not_foreseen")


def _check_data(message: Authentic, kind: EventType, data: Mapping[str, Any]) -> None:
    in_clear = sorted(kind.personal_fields & set(data))
    if in_clear:
        raise NotAccepted("personal_in_clear", in_clear[0])
    try:
        personal = reveal(data, message.disclosures, erased=message.erased)
    except DisclosureMismatch as problem:
        raise NotAccepted(problem.code) from problem
    try:
        kind.validate({**data, **personal}, erased=message.erased)
    except ContractError as problem:
        raise NotAccepted(problem.code, problem.field) from problem


def _check_party(envelope: Envelope, kind: EventType, data: Mapping[str, Any], rules: Rules) -> None:
    if envelope.case is None:
        raise NotAccepted("invalid_field", "case")
    sender, known = envelope.frame.sender, rules.parties(envelope.case)
    if kind.opens_case and not known:
        named = data.get("parties", {})
        if sender not in named or rules.me not in named:
            raise NotAccepted("not_a_party", "parties")
    elif not known:
        raise UnknownCase(envelope.case)
    elif sender not in known:
        raise NotAccepted("not_a_party")
