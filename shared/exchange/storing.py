"""Counting a message and doing what was decided about it: the statements of its one transaction."""

import json
from dataclasses import replace
from hashlib import sha256

from contracts.disclosure import open_fields
from contracts.errors import ALARMS, NOT_STORED, REACTION_FAILED, TOO_MANY_WAITING
from shared.eventlog.database import Connection
from shared.eventlog.log import Writing
from shared.exchange.authenticity import Authentic, claimed_case
from shared.exchange.keeping import hold, insert_received, release_held, update_received
from shared.exchange.numbering import (
    Earlier,
    Incoming,
    Place,
    advance,
    chain_broken,
    incoming_of,
    lost_history,
    place,
    repeat_receipts,
)
from shared.exchange.parking import Kind, park, resolve_come_again
from shared.exchange.verdict import Verdict, frame_of
from shared.exchange.waiting import keep_waiting, may_wait


def take_number(writing: Writing, message: Authentic, verdict: Verdict) -> tuple[Incoming, Place]:
    """Count an event and, when it is its turn, do what the verdict says. Returns the state that was found.

    :raises WrongExpectedVersion: the verdict's reaction was decided on a state that has moved on.
    """
    frame, connection = frame_of(message), writing.connection
    incoming, seen, earlier = incoming_of(connection, frame)
    found = place(frame, message.digest, incoming, seen)
    if found is Place.NEXT:
        _consume(writing, message, verdict, incoming, earlier)
    elif found is Place.DUPLICATE:
        if seen is not None and seen.comes_again and verdict.status == "stored":
            settle_number(writing, message, verdict)
            resolve_come_again(connection, frame)
        elif seen is not None and seen.answered:
            repeat_receipts(connection, frame)
    elif found is Place.GAP:
        hold(connection, frame, message.body, claimed_case(message.payload))
    elif found is Place.REUSED:
        _park_message(connection, "alarm", "number_reused", message)
    elif earlier is None:  # else it was on its way when its sender numbered it anew
        _park_message(connection, "alarm", "old_epoch", message)
    return incoming, found


def settle_number(writing: Writing, message: Authentic, verdict: Verdict) -> None:
    """Do what the verdict says about an event whose number was consumed before.

    :raises WrongExpectedVersion: the verdict's reaction was decided on a state that has moved on.
    """
    frame = frame_of(message)
    _, _, earlier = incoming_of(writing.connection, frame)
    verdict = _unless_too_much(writing.connection, message, _unless_known(verdict, earlier))
    position = _carry_out(writing, message, verdict)
    update_received(writing.connection, frame, verdict, position)


def _consume(
    writing: Writing,
    message: Authentic,
    verdict: Verdict,
    incoming: Incoming,
    earlier: Earlier | None,
) -> None:
    frame, connection = frame_of(message), writing.connection
    lost = lost_history(frame, incoming)
    if lost:
        _park_message(connection, "alarm", "history_lost", message, f"{lost} 件")
    if chain_broken(frame, incoming):
        verdict = Verdict("refused", "previous_digest_mismatch", case_id=verdict.case_id)
    verdict = _unless_too_much(connection, message, _unless_known(verdict, earlier))
    position = _carry_out(writing, message, verdict)
    insert_received(connection, frame, message.digest, verdict, position)
    advance(connection, frame, message.digest)
    if incoming.any_held:
        release_held(connection, frame)


def _unless_known(verdict: Verdict, earlier: Earlier | None) -> Verdict:
    """An event that came before under another number, as after its sender's restore, is not stored twice."""
    if verdict.status != "stored" or earlier is None:
        return verdict
    record = verdict.records[0]
    if _open_text(earlier.data) == _open_text(record.data):
        return replace(verdict, records=(), position=earlier.position)
    return Verdict("refused", "event_differs", case_id=verdict.case_id)


def _unless_too_much(connection: Connection, message: Authentic, verdict: Verdict) -> Verdict:
    """A message for which there is no room to wait is refused: it can be asked for again when its case is known."""
    if not _is_to_wait(verdict) or may_wait(connection, message):
        return verdict
    return Verdict("refused", TOO_MANY_WAITING, case_id=verdict.case_id)


def _is_to_wait(verdict: Verdict) -> bool:
    return verdict.status == "waiting" and verdict.code != NOT_STORED


def _open_text(data: str) -> dict[str, object]:
    # A repeated decision salts anew, so only what is open can be compared.
    return open_fields(json.loads(data))


def _carry_out(writing: Writing, message: Authentic, verdict: Verdict) -> int | None:
    """Store, keep or park a message; returns the position of a stored event."""
    if verdict.status == "stored":
        return _append(writing, message, verdict) if verdict.records else verdict.position
    if _is_to_wait(verdict):
        keep_waiting(writing.connection, message, verdict)
    else:
        kind: Kind = "alarm" if verdict.code in ALARMS else "message"
        detail = f"項目 {verdict.field}" if verdict.field else ""
        _park_message(writing.connection, kind, verdict.code or NOT_STORED, message, detail)
    return None


def _append(writing: Writing, message: Authentic, verdict: Verdict) -> int:
    position = writing.append(verdict.records, verdict.expected)[0].position
    if verdict.reaction_fault:
        park(
            writing.connection,
            "reaction",
            REACTION_FAILED,
            partner=frame_of(message).sender,
            position=position,
            case_id=verdict.case_id,
            detail=verdict.reaction_fault,
        )
    return position


def _park_message(
    connection: Connection, kind: Kind, code: str, message: Authentic, detail: str = ""
) -> None:
    frame = frame_of(message)
    park(
        connection,
        kind,
        code,
        partner=frame.sender,
        epoch=frame.epoch,
        sequence=frame.sequence,
        body=message.body if _is_to_be_kept(message, code) else None,
        digest=sha256(message.body).digest(),
        size=len(message.body),
        case_id=claimed_case(message.payload),
        detail=detail,
    )


def _is_to_be_kept(message: Authentic, code: str) -> bool:
    """Whether there is room for a message's body, and the person of whom it tells could be erased: by the case."""
    if message.too_large or code == TOO_MANY_WAITING:
        return False
    personal = bool(message.disclosures) or code == "personal_in_clear"
    return not personal or claimed_case(message.payload) is not None
