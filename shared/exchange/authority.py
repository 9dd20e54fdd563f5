"""Whether an authentic event may be accepted: known type, authorised sender, valid data, a party of the
case."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from contracts.definition import ContractError, EventType
from contracts.disclosure import DisclosureMismatch, reveal
from contracts.envelope import Envelope, Frame, parse
from shared.exchange.authenticity import Authentic

JOINING: Final = frozenset({"kyotaku"})
"""Roles in which an agency may join a case after its opening."""


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


class UnknownParty(Exception):
    """An agency that may have joined the event's case meanwhile, which is not in this node's log yet.

    ``otherwise`` is the code with which the event is refused when it does not come to be known; ``field`` names the
    place where the agency stands, unless it is the sender.
    """

    def __init__(self, case_id: UUID, otherwise: str, field: str | None = None) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id
        self.otherwise = otherwise
        self.field = field


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What a node's own log says of a case: it is opened once, and an office may join it later, once.

    ``parties`` maps agencies to their roles, ``opening`` is the sender and id of the event that opened it.
    """

    insurer: str
    parties: Mapping[str, str]
    opening: tuple[str, UUID]


def _no_objection(event_type: str, data: Mapping[str, Any]) -> tuple[str, str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Rules:
    """What this node judges by. ``sender_roles`` are those of the directory at the signing time, ``roles_of`` those of
    another agency, none where it is not listed.

    ``known`` gives what the node's own log says of a case, ``None`` for one that it does not know. ``objection`` says
    by this node's register why an agency's event outside of cases is not its sender's to say: code and field.
    """

    me: str
    my_role: str
    event_types: Mapping[str, EventType]
    trusted_insurers: Collection[str]
    sender_roles: Collection[str]
    known: Callable[[UUID], KnownCase | None]
    roles_of: Callable[[str], Collection[str]]
    objection: Callable[[str, Mapping[str, Any]], tuple[str, str] | None] = _no_objection


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
    :raises UnknownParty: to be tried again when somebody joins its case.
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
    elif kind.scope == "agency":
        objection = rules.objection(kind.name, data)
        if objection is not None:
            raise NotAccepted(*objection)
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
    if kind.speaks_for is not None and data.get(kind.speaks_for) != sender:
        raise NotAccepted("speaks_for_another", kind.speaks_for)
    if kind.scope == "directory":
        # An insurer's own ward speaks for its directory, if the configuration trusts it.
        if sender not in rules.trusted_insurers:
            raise NotAccepted("insurer_not_trusted", kind.speaks_for)
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
    frame, known = envelope.frame, rules.known(envelope.case)
    if known is None:
        if not kind.opens_case:
            raise UnknownCase(envelope.case)
        _check_opening(frame.sender, data, rules)
    elif frame.sender not in known.parties:
        if not _vacant(known.parties).isdisjoint(rules.sender_roles):
            # Its word and that of who let it join the case come from two agencies, in any order.
            raise UnknownParty(envelope.case, "not_a_party")
        raise NotAccepted("not_a_party")
    elif not kind.opens_case:
        _check_act(envelope.case, frame.sender, kind, data, known.parties, rules)
    elif known.opening != (frame.sender, frame.id):
        # The same event may come again under another number; another one would exchange the parties.
        raise NotAccepted("case_opened_again", "parties")


def _check_opening(sender: str, data: Mapping[str, Any], rules: Rules) -> None:
    """Who opens a case takes part in it, as what the directory lists it; and so does who is told of it.

    An office is told of the opening before it joins a case that has none.
    """
    named = data["parties"]
    takes_part = named.get(rules.me) == rules.my_role
    may_join = rules.me not in named and rules.my_role in _vacant(named)
    if named.get(sender) not in rules.sender_roles or not (takes_part or may_join):
        raise NotAccepted("not_a_party", "parties")


def _vacant(parties: Mapping[str, str]) -> frozenset[str]:
    """The roles in which an agency may still join a case: it is opened without an office where a centre does it."""
    return JOINING - frozenset(parties.values())


def _check_act(
    case_id: UUID,
    sender: str,
    kind: EventType,
    data: Mapping[str, Any],
    parties: Mapping[str, str],
    rules: Rules,
) -> None:
    """A party acts in the role that it has in this case, and names nobody but parties, or who joins them."""
    if parties[sender] not in kind.senders:
        raise NotAccepted("sender_not_authorised")
    for name in kind.party_fields:
        if data.get(name) is None:
            continue
        if data[name] in parties:
            if name == kind.joins and parties[data[name]] not in JOINING:
                raise NotAccepted("invalid_field", name)  # it would lose the role that it has
            continue
        if not _may_join(data[name], parties, rules):
            raise NotAccepted("stranger_named", name)
        if name != kind.joins:
            raise UnknownParty(case_id, "stranger_named", name)


def _may_join(agency: str, parties: Mapping[str, str], rules: Rules) -> bool:
    """Whether an agency that is no party may join a case: one that the directory lists in another role never does."""
    roles = rules.roles_of(agency)
    return bool(_vacant(parties)) and (not roles or not _vacant(parties).isdisjoint(roles))
