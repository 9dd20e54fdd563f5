"""Receiving: every message is authenticated, counted, judged and stored in one transaction, or changes
nothing.

What arrives twice repeats its receipt; what arrives early is held; what can't be judged yet waits; what
is refused is parked, its number is consumed and its receipt says why, and what follows flows on.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from uuid import UUID

from contracts.envelope import Frame
from contracts.errors import NOT_STORED
from contracts.file import FilePiece, FileRequest
from contracts.opening import OpeningRequest
from contracts.receipt import Receipt, ResendRequest
from shared.eventlog.log import Writing
from shared.eventlog.model import WrongExpectedVersion
from shared.exchange.answering import Answering
from shared.exchange.authenticity import Authentic, NotYet, Unauthentic, claimed_case
from shared.exchange.broker import Publisher
from shared.exchange.filing import Filing
from shared.exchange.judging import Judge
from shared.exchange.keeping import drop_next_held, next_held, take_head
from shared.exchange.numbering import Incoming, Place
from shared.exchange.openings import Openings
from shared.exchange.parking import park, park_unauthentic
from shared.exchange.post import Post
from shared.exchange.receipts import store_receipt
from shared.exchange.resending import send_again
from shared.exchange.runs import Run, take_run
from shared.exchange.storing import settle_number, take_number
from shared.exchange.verdict import AWAY, Verdict, frame_of
from shared.exchange.waiting import Kept, keep_unknown, refuse_received, stop_waiting, waiting_messages
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
        self._judge = Judge(node)
        publisher = publisher or Publisher(node.config.broker)
        self._answering = Answering(node, self._judge.directory, publisher)
        post = Post(node, self._judge.directory, publisher)
        self._filing = Filing(node, post)
        self._openings = Openings(node, post)
        self._lock = threading.RLock()
        self._retrying = self._retry_again = False

    def receive(self, body: bytes) -> None:
        """Take in one body from the broker. When this returns, the body may be acknowledged: it is dealt
        with.

        :raises psycopg.OperationalError, psycopg.InterfaceError: the database is away; nothing was stored.
        """
        with self._lock:
            message = self._authentic_or_kept(body)
            if message is None:
                return
            try:
                self._dispatch(message)
            except AWAY:
                raise
            except Exception:
                # One message that nobody thought of must not stop what follows.
                logger.exception("a message could not be dealt with")
                with self._writing() as writing:
                    park(
                        writing.connection,
                        "message",
                        NOT_STORED,
                        partner=message.claim.sender,
                        body=body,
                        case_id=claimed_case(message.payload),
                    )

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
        """Send the receipts, requests and pieces of files that are owed; returns how many messages went out.
        Never raises for the broker."""
        with self._lock:
            return self._answering.answer() + self._filing.answer() + self._openings.answer()

    def ask_partners(self) -> None:
        """Ask every partner for what follows the last message received: after a start, or when the broker
        was lost."""
        with self._lock:
            self._answering.ask_all()

    def ask_again(self, partner: str, epoch: int, sequence: int) -> bool:
        """Ask a partner to send again from its message ``sequence`` on; false when the broker did not take it."""
        with self._lock:
            return self._answering.ask_again(partner, epoch, sequence - 1)

    def retry_waiting(self, case_id: UUID | None = None, directory: bool = False) -> int:
        """Try again what waits and could be judged now; what has waited for a day is given up. Returns
        how many messages went on."""
        with self._lock:
            if self._retrying:
                self._retry_again = True
                return 0
            self._retrying = True
            try:
                done = self._retry_each(case_id, directory)
                while self._retry_again:
                    self._retry_again = False
                    done += self._retry_each(None, False)
                return done
            finally:
                self._retrying = self._retry_again = False

    def settle(self, message: Authentic, verdict: Verdict, kept: Kept | None) -> Verdict:
        """Store or refuse a message whose number was consumed before: it waited (``kept``) or was parked.

        Returns the verdict that was carried out: it is judged again when the state moved on meanwhile, the last time
        under the log's lock. :raises WrongExpectedVersion: even then; nothing was stored.
        """
        early: Verdict | None = verdict
        for attempt in range(ATTEMPTS):
            try:
                with self._writing() as writing:
                    verdict = early or self._judge.verdict_under_lock(writing, message)
                    if kept is None or stop_waiting(writing.connection, kept):
                        settle_number(writing, message, verdict)
                return verdict
            except WrongExpectedVersion:
                early = self.verdict(message) if attempt < ATTEMPTS - 2 else None
        raise WrongExpectedVersion("a verdict under the log's lock met a newer state")

    def authenticated(self, body: bytes) -> Authentic:
        """Authenticate a body with what is known now. :raises Unauthentic, NotYet: it can't be."""
        with self._lock:
            return self._judge.authenticated(body)

    def verdict(self, message: Authentic) -> Verdict:
        """Judge an authentic event with what is known now."""
        with self._lock:
            return self._judge.verdict(message)

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

    def _authentic_or_kept(self, body: bytes) -> Authentic | None:
        """The message in a body; one that proves nothing, or nothing yet, is put aside."""
        try:
            return self._judge.authenticated(body)
        except Unauthentic as problem:
            self._park_unauthentic(body, problem)
        except NotYet as problem:
            with self._writing() as writing:
                keep_unknown(writing.connection, body, problem)
        except AWAY:
            raise
        except Exception:
            logger.exception("a body could not be read")
            self._park_unauthentic(body, Unauthentic("unreadable"))
        return None

    def _dispatch(self, message: Authentic) -> None:
        if isinstance(message.claim, Receipt):
            store_receipt(self._node, message, message.claim)
            self._openings.heard(message.claim)
        elif isinstance(message.claim, ResendRequest):
            send_again(self._node, message.claim)
        elif isinstance(message.claim, FileRequest):
            self._filing.asked(message.claim)
        elif isinstance(message.claim, FilePiece):
            self._filing.take(message, message.claim)
        elif isinstance(message.claim, OpeningRequest):
            self._openings.asked(message.claim)
        else:
            self._event(message)

    def _plain_run(self, bodies: Sequence[bytes]) -> list[tuple[Authentic, Verdict]]:
        run: list[tuple[Authentic, Verdict]] = []
        for body in bodies:
            try:
                message = self._judge.authenticated(body)
                if not isinstance(message.claim, Frame):
                    return run
                verdict = self._judge.verdict(message)
            except AWAY:
                raise
            except Exception:
                return run  # it comes alone, and what is wrong with it is dealt with then
            if not verdict.plain:
                return run
            run.append((message, verdict))
        return run

    def _store_run(self, run: Sequence[tuple[Authentic, Verdict]]) -> bool:
        try:
            with self._writing() as writing:
                found = [each for partner in _by_partner(run) for each in self._place_run(writing, partner)]
        except AWAY:
            raise
        except WrongExpectedVersion:
            return False  # a reaction was decided on a state that an earlier message of the run has changed
        except Exception:
            logger.exception("storing a run failed; its messages are taken one by one")
            return False
        for (message, verdict), incoming in found:
            self._follow_up(message, verdict, incoming)
        return True

    def _place_run(self, writing: Writing, run: Run) -> list[tuple[tuple[Authentic, Verdict], Incoming]]:
        incoming = take_run(writing, run)
        return [(each, incoming or self._place(writing, *each)) for each in run]

    def _follow_up(self, message: Authentic, verdict: Verdict, incoming: Incoming) -> None:
        """What a message that was taken sets in motion: those held behind it, those that waited for it."""
        following: Authentic | None = message
        while following is not None:
            if verdict.of_directory:
                self._judge.directory.read(fresh=True)
            if (
                incoming.any_waiting
                and verdict.status == "stored"
                and (verdict.of_directory or verdict.tells_parties)
            ):
                self.retry_waiting(verdict.case_id, verdict.of_directory)
            following = self._next_held(frame_of(message)) if incoming.any_held else None
            if following is not None:
                verdict, incoming = self._take(following)

    def _event(self, message: Authentic) -> None:
        self._follow_up(message, *self._take(message))

    def _take(self, message: Authentic) -> tuple[Verdict, Incoming]:
        """Count, judge and store one event; decided again when the state moved on meanwhile."""
        react = True
        for attempt in range(2 * ATTEMPTS):
            try:
                early = self._judge.verdict(message, react) if attempt < ATTEMPTS - 1 else None
                with self._writing() as writing:
                    verdict = early or self._judge.verdict_under_lock(writing, message, react)
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

    def _place(self, writing: Writing, message: Authentic, verdict: Verdict) -> Incoming:
        incoming, found = take_number(writing, message, verdict)
        if found is Place.GAP:
            self._answering.ask(frame_of(message), incoming)
        return incoming

    def _next_held(self, frame: Frame) -> Authentic | None:
        """The held message that is next in turn now."""
        while (body := next_held(self._node, frame.sender)) is not None:
            try:
                return self._judge.authenticated(body)
            except (Unauthentic, NotYet) as problem:
                # Its key was withdrawn while it was held; the sender still owes this number.
                with self._writing() as writing:
                    drop_next_held(writing.connection, frame.sender)
                    _park_apart(writing, body, problem)
        return None

    # --- what can't be judged yet ---

    def _park_unauthentic(self, body: bytes, problem: Unauthentic) -> None:
        logger.warning("an unauthentic message arrived", extra={"facts": {"code": problem.code}})
        with self._writing() as writing:
            _park_apart(writing, body, problem)

    def _retry_each(self, case_id: UUID | None, directory: bool) -> int:
        done = 0
        for kept in waiting_messages(self._node, case_id, directory):
            try:
                done += self._retry(kept)
            except AWAY:
                raise
            except Exception:
                logger.exception("a waiting message could not be dealt with")
                done += kept.late and self._give_up(kept, NOT_STORED)
        return done

    def _retry(self, kept: Kept) -> bool:
        """Try one waiting message again; true when it waits no longer."""
        try:
            message = self._judge.authenticated(kept.body)
        except NotYet as problem:
            return kept.late and self._give_up(kept, problem.code, problem)
        except Unauthentic as problem:
            return self._give_up(kept, problem.code, problem)
        if kept.sequence is None:
            self._dispatch(message)
            with self._writing() as writing:
                stop_waiting(writing.connection, kept)
            return True
        verdict = self._judge.verdict(message)
        if verdict.status == "waiting":
            if not kept.late:
                return False
            verdict = verdict.given_up()
        self.settle(message, verdict, kept)
        return True

    def _give_up(self, kept: Kept, code: str, problem: Unauthentic | NotYet | None = None) -> bool:
        with self._writing() as writing:
            connection = writing.connection
            stop_waiting(connection, kept)
            if kept.sequence is None:
                _park_apart(writing, kept.body, problem or Unauthentic(code, kept.partner))
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


def _park_apart(writing: Writing, body: bytes, problem: Unauthentic | NotYet) -> None:
    """Put a body aside that proves nothing; the claimed sender has no receipt and may send it again."""
    park_unauthentic(
        writing.connection,
        problem.code,
        body,
        partner=problem.claimed,
        case_id=problem.case_id,
        keep=problem.code != "too_large" and not (problem.personal and problem.case_id is None),
        detail=getattr(problem, "detail", ""),
    )


def _by_partner(run: Run) -> list[Run]:
    return [list(each) for _, each in groupby(run, key=lambda pair: frame_of(pair[0]).sender)]
