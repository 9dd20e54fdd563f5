"""Receiving: every message is authenticated, counted, judged and stored in one transaction, or changes
nothing.

What arrives twice repeats its receipt; what arrives early is held; what can't be judged yet waits; what
is refused is parked, its number is consumed and its receipt says why, and what follows flows on.
"""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from uuid import UUID

from contracts.disclosure import open_fields
from contracts.envelope import Frame
from contracts.errors import ALARMS, NOT_STORED, REACTION_FAILED, WAITING
from contracts.receipt import Receipt, ResendRequest
from shared.eventlog.database import Connection
from shared.eventlog.log import Writing
from shared.eventlog.model import WrongExpectedVersion
from shared.exchange.answering import Answering
from shared.exchange.authenticity import Authentic, NotYet, Unauthentic, authenticate
from shared.exchange.authority import is_directory_event
from shared.exchange.broker import Publisher
from shared.exchange.directory import Directory, DirectoryReader
from shared.exchange.keeping import (
    Kept,
    drop_next_held,
    hold,
    insert_received,
    keep_unknown,
    keep_waiting,
    next_held,
    refuse_received,
    release_held,
    stop_waiting,
    take_head,
    update_received,
    waiting_messages,
)
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
from shared.exchange.parking import Kind, park
from shared.exchange.receipts import store_receipt
from shared.exchange.resending import send_again
from shared.exchange.verdict import AWAY, Verdict, claimed_case, decide, frame_of, parties_of
from shared.node.node import Node

RUN = 20
"""Messages that share a transaction at most, so that nobody waits long for the log's head row."""
ATTEMPTS = 4
"""How often a reaction is decided again when the case moved on meanwhile; the last time under the log's
lock."""

logger = logging.getLogger("renkei.exchange.inbox")


class Inbox:
    """What arrives at one node. One message at a time: its methods exclude each other."""

    def __init__(self, node: Node, publisher: Publisher | None = None) -> None:
        self._node = node
        self._directory = DirectoryReader(node.log, node.config.trust)
        self._answering = Answering(node, self._directory, publisher or Publisher(node.config.broker))
        self._lock = threading.RLock()

    def receive(self, body: bytes) -> None:
        """Take in one body from the broker. When this returns, the body may be acknowledged: it is dealt
        with.

        :raises psycopg.OperationalError, psycopg.InterfaceError: the database is away; nothing was stored.
        """
        with self._lock:
            try:
                message = self._authenticated(body)
            except Unauthentic as problem:
                self._park_unauthentic(body, problem)
            except NotYet as problem:
                self._keep_unknown(body, problem)
            else:
                self._dispatch(message)

    def receive_run(self, bodies: Sequence[bytes]) -> int:
        """Take in the first of ``bodies``, and with it as many of those behind it as can go in one transaction.

        Returns how many were dealt with. Only events that are plainly acceptable share a transaction: whatever needs
        more thought comes alone. :raises psycopg.OperationalError, psycopg.InterfaceError: as :meth:`receive`.
        """
        with self._lock:
            run = self._plain_run(bodies[:RUN])
            if len(run) < 2 or not self._store_run(run):
                self.receive(bodies[0])
                return 1
            return len(run)

    def answer(self) -> int:
        """Send the receipts and requests that are owed; returns how many messages went out. Never raises
        for the broker."""
        with self._lock:
            return self._answering.answer()

    def ask_partners(self) -> None:
        """Ask every partner for what follows the last message received: after a start, or when the broker
        was lost."""
        with self._lock:
            self._answering.ask_all()

    def retry_waiting(self, case_id: UUID | None = None, directory: bool = False) -> int:
        """Try again what waits and could be judged now; what has waited for a day is given up. Returns
        how many messages went on."""
        with self._lock:
            done = 0
            for kept in waiting_messages(self._node, case_id, directory):
                done += self._retry(kept)
            return done

    def settle(self, message: Authentic, verdict: Verdict, kept: Kept | None) -> None:
        """Store or refuse a message whose number was consumed before: it waited (``kept``) or was parked."""
        frame = frame_of(message)
        for attempt in range(ATTEMPTS):
            try:
                with self._writing() as writing:
                    if attempt:
                        verdict = decide(self._node, self._directory.read(), message)
                    if kept is not None and not stop_waiting(writing.connection, kept):
                        return
                    _, _, earlier = incoming_of(writing.connection, frame)
                    verdict = _unless_known(verdict, earlier)
                    position = _carry_out(writing, message, verdict)
                    update_received(writing.connection, frame, verdict, position)
            except WrongExpectedVersion:
                continue
            self._woken(verdict)
            return

    def authenticated(self, body: bytes) -> Authentic:
        """Authenticate a body with what is known now. :raises Unauthentic, NotYet: it can't be."""
        with self._lock:
            return self._authenticated(body)

    def verdict(self, message: Authentic) -> Verdict:
        """Judge an authentic event with what is known now."""
        with self._lock:
            return decide(self._node, self._directory.read(), message)

    def close(self) -> None:
        """Give the broker connection back."""
        self._answering.close()

    # --- one message ---

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        """A writing transaction that takes the head row first; it does not wait for the answer to that
        alone."""
        with self._node.log.write() as writing:
            take_head(writing.connection)
            yield writing

    def _authenticated(self, body: bytes) -> Authentic:
        try:
            return self._authenticate_with(body, self._directory.read())
        except NotYet:
            return self._authenticate_with(body, self._directory.read(fresh=True))

    def _authenticate_with(self, body: bytes, directory: Directory) -> Authentic:
        node = self._node
        return authenticate(
            body,
            node.agency_keys,
            directory,
            node.training,
            lambda payload: is_directory_event(payload, node.event_types),
        )

    def _dispatch(self, message: Authentic) -> None:
        if isinstance(message.claim, Receipt):
            store_receipt(self._node, message, message.claim)
        elif isinstance(message.claim, ResendRequest):
            send_again(self._node, message.claim)
        else:
            self._event(message)

    def _plain_run(self, bodies: Sequence[bytes]) -> list[tuple[Authentic, Verdict]]:
        parties = cache(parties_of(self._node))
        run: list[tuple[Authentic, Verdict]] = []
        for body in bodies:
            try:
                message = self._authenticated(body)
            except (Unauthentic, NotYet):
                return run
            if not isinstance(message.claim, Frame):
                return run
            verdict = decide(self._node, self._directory.read(), message, parties=parties)
            if not verdict.plain:
                return run
            run.append((message, verdict))
        return run

    def _store_run(self, run: Sequence[tuple[Authentic, Verdict]]) -> bool:
        try:
            with self._writing() as writing:
                found = [(each, self._place(writing, *each)) for each in run]
        except AWAY:
            raise
        except Exception:
            logger.exception("storing a run failed; its messages are taken one by one")
            return False
        for (message, verdict), incoming in found:
            self._afterwards(message, verdict, incoming)
        return True

    def _afterwards(self, message: Authentic, verdict: Verdict, incoming: Incoming) -> None:
        if verdict.of_directory:
            self._directory.read(fresh=True)
        if incoming.any_waiting:
            self._woken(verdict)
        if incoming.any_held and (following := self._next_held(frame_of(message))) is not None:
            self._event(following)

    def _event(self, message: Authentic) -> None:
        verdict, incoming = self._take(message)
        self._afterwards(message, verdict, incoming)

    def _woken(self, verdict: Verdict) -> None:
        if verdict.status == "stored":
            self.retry_waiting(verdict.case_id, verdict.of_directory)

    def _take(self, message: Authentic) -> tuple[Verdict, Incoming]:
        """Count, judge and store one event; decided again when the state moved on meanwhile."""
        react = True
        for attempt in range(2 * ATTEMPTS):
            try:
                early = self._verdict(message, react) if attempt < ATTEMPTS - 1 else None
                with self._writing() as writing:
                    verdict = early or self._verdict(message, react)
                    return verdict, self._place(writing, message, verdict)
            except WrongExpectedVersion:
                continue
            except AWAY:
                raise
            except Exception:
                logger.exception(
                    "storing a message failed", extra={"facts": {"digest": message.digest.hex()}}
                )
                if not react:
                    break
                react = False
        with self._writing() as writing:
            verdict = Verdict("waiting", NOT_STORED)
            return verdict, self._place(writing, message, verdict)

    def _verdict(self, message: Authentic, react: bool) -> Verdict:
        return decide(self._node, self._directory.read(), message, react)

    def _place(self, writing: Writing, message: Authentic, verdict: Verdict) -> Incoming:
        frame, connection = frame_of(message), writing.connection
        incoming, seen, earlier = incoming_of(connection, frame)
        found = place(frame, message.digest, incoming, seen)
        if found is Place.NEXT:
            self._consume(writing, message, verdict, incoming, earlier)
        elif found is Place.DUPLICATE:
            if seen is not None and seen.answered:
                repeat_receipts(connection, frame)
        elif found is Place.GAP:
            hold(connection, frame, message.body)
            self._answering.ask(frame, incoming)
        else:
            code = "number_reused" if found is Place.REUSED else "old_epoch"
            _park_message(connection, "alarm", code, message)
        return incoming

    def _consume(
        self,
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
        verdict = _unless_known(verdict, earlier)
        position = _carry_out(writing, message, verdict)
        insert_received(connection, frame, message.digest, verdict, position)
        advance(connection, frame, message.digest)
        if incoming.any_held:
            release_held(connection, frame)

    def _next_held(self, frame: Frame) -> Authentic | None:
        """The held message that is next in turn now."""
        while (body := next_held(self._node, frame.sender)) is not None:
            try:
                return self._authenticated(body)
            except (Unauthentic, NotYet) as problem:
                # Its key was withdrawn while it was held; the sender still owes this number.
                with self._writing() as writing:
                    drop_next_held(writing.connection, frame.sender)
                    park(writing.connection, "unauthentic", problem.code, partner=frame.sender, body=body)
        return None

    # --- what can't be judged yet ---

    def _park_unauthentic(self, body: bytes, problem: Unauthentic) -> None:
        logger.warning("an unauthentic message arrived", extra={"facts": {"code": problem.code}})
        kept = None if problem.code == "too_large" else body
        with self._writing() as writing:
            park(
                writing.connection,
                "unauthentic",
                problem.code,
                partner=problem.claimed,
                body=kept,
                detail=problem.detail,
            )

    def _keep_unknown(self, body: bytes, problem: NotYet) -> None:
        with self._writing() as writing:
            keep_unknown(writing.connection, body, problem.digest, problem.claimed, problem.code)

    def _retry(self, kept: Kept) -> bool:
        """Try one waiting message again; true when it waits no longer."""
        try:
            message = self._authenticated(kept.body)
        except NotYet as problem:
            return kept.late and self._give_up(kept, problem.code)
        except Unauthentic as problem:
            return self._give_up(kept, problem.code)
        if kept.sequence is None:
            self._dispatch(message)
            with self._writing() as writing:
                stop_waiting(writing.connection, kept)
            return True
        verdict = self.verdict(message)
        if verdict.status == "waiting":
            if not kept.late:
                return False
            verdict = Verdict("refused", verdict.code, case_id=verdict.case_id)
        self.settle(message, verdict, kept)
        return True

    def _give_up(self, kept: Kept, code: str) -> bool:
        with self._writing() as writing:
            connection = writing.connection
            stop_waiting(connection, kept)
            if kept.sequence is None:
                park(connection, "unauthentic", code, partner=kept.partner, body=kept.body)
            else:
                park(
                    connection,
                    "message",
                    code,
                    partner=kept.partner,
                    epoch=kept.epoch,
                    sequence=kept.sequence,
                    body=kept.body,
                    case_id=kept.case_id,
                )
                refuse_received(connection, kept, code)
        return True


def _unless_known(verdict: Verdict, earlier: Earlier | None) -> Verdict:
    """An event that came before under another number, as after its sender's restore, is not stored twice."""
    if verdict.status != "stored" or earlier is None:
        return verdict
    record = verdict.records[0]
    if earlier.sender == record.sender and _open_text(earlier.data) == _open_text(record.data):
        return replace(verdict, records=(), position=earlier.position)
    return Verdict("refused", "event_differs", case_id=verdict.case_id)


def _open_text(data: str) -> dict[str, object]:
    # A repeated decision salts anew, so only what is open can be compared.
    return open_fields(json.loads(data))


def _carry_out(writing: Writing, message: Authentic, verdict: Verdict) -> int | None:
    """Store, keep or park a message; returns the position of a stored event."""
    if verdict.status == "stored":
        return _append(writing, message, verdict) if verdict.records else verdict.position
    if verdict.status == "waiting" and verdict.code in WAITING:
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
        body=None if message.too_large else message.body,
        case_id=claimed_case(message.payload),
        detail=detail,
    )
