"""Sending: each delivery is signed once, published until the recipient's receipt arrives, partner by partner.

Go-back-N: up to ``WINDOW`` messages to one partner are on their way without a receipt. When none comes
in time, one message alone is published again as a probe, at growing intervals, because a broker that
still has the others would get them twice; the first receipt opens the window again.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, takewhile
from typing import Final
from uuid import UUID

import psycopg
from joserfc.jwk import OKPKey

from contracts.disclosure import DIGESTS
from contracts.envelope import Envelope, Frame, build
from contracts.errors import ALARMS
from contracts.topology import routing_key
from shared.eventlog.database import Connection
from shared.eventlog.log import Row
from shared.exchange import jose
from shared.exchange.broker import PROBLEMS, Outgoing, Publisher
from shared.exchange.directory import Directory, DirectoryReader
from shared.exchange.keeping import take_head
from shared.exchange.outbox import (
    Outbox,
    due_range,
    outboxes,
    record_attempt,
    record_problem,
    start_epoch,
    unnumbered,
)
from shared.exchange.parking import park
from shared.node.node import Node

BATCH: Final = 200
"""Messages to one partner in one pass, so that a long queue for one does not delay the others."""
MOST_BYTES: Final = 8 * 1024 * 1024
"""Of signed messages that are in memory at once."""
POLL_SECONDS: Final = 1.0
GATHER_SECONDS: Final = 0.05
"""Pause after a pass that left nothing behind, so that what is committed meanwhile goes out in one pass: a pass costs
both sides as much as several messages. An event after a rest goes out at once."""
RELAY_LOCK: Final = 0x52454C41
NOT_LISTED: Final = "相手の事業所が名簿に載っていません。登載されると送ります"

logger = logging.getLogger("renkei.exchange.relay")


@dataclass(frozen=True, slots=True)
class Signed:
    """A delivery with its signature, as the table ``sent`` keeps it."""

    sequence: int
    jws: str
    row: Row


class Relay:
    """Publishes what a node owes its partners. One at a time for each node: the loop holds an advisory
    lock."""

    def __init__(self, node: Node, publisher: Publisher | None = None) -> None:
        self._node = node
        self._publisher = publisher or Publisher(node.config.broker)
        self._directory = DirectoryReader(node.log, node.config.trust)
        self._reported: set[tuple[str, int]] = set()
        self.alive_at = time.monotonic()

    def pump(self) -> int:
        """One pass over all partners; returns how many messages the broker confirmed.

        Trouble with the broker or with one partner is written to that partner's ``problem`` and tried
        again later.

        :raises psycopg.OperationalError: the database is away; nothing is lost.
        """
        self.alive_at = time.monotonic()
        head = self._node.log.head()
        with self._node.database.connection() as connection:
            beginning = unnumbered(connection, head.epoch)
        if beginning:
            with self._node.log.write() as writing:
                start_epoch(writing.connection, beginning, writing.head.epoch)
        with self._node.database.connection() as connection:
            waiting = [each for each in outboxes(connection, head.epoch) if due_range(each, BATCH)]
        if not waiting:
            return 0
        if not self._publisher.probe():
            self._note(waiting, PROBLEMS["broker_away"])
            return 0
        directory = self._directory.read()
        return sum(self._serve(outbox, head.now, directory) for outbox in waiting)

    def run(self, stop: threading.Event) -> None:
        """Pump whenever something is to deliver, until ``stop`` is set; waits while another relay is at work.

        Ends with an exception only for a fault of its own; a database that is away is waited for.
        """
        while not stop.is_set():
            try:
                self._run_connected(stop)
            except psycopg.OperationalError as problem:
                logger.warning("the database is away", extra={"facts": {"problem": type(problem).__name__}})
                self.alive_at = time.monotonic()
                stop.wait(POLL_SECONDS)
        self._publisher.close()

    def close(self) -> None:
        """Give the broker connection back."""
        self._publisher.close()

    @property
    def connected(self) -> bool:
        """Whether the broker connection is thought to be good."""
        return self._publisher.connected

    def _run_connected(self, stop: threading.Event) -> None:
        with self._node.connect(autocommit=True) as connection:
            connection.execute("listen renkei_delivery")
            while not stop.is_set() and not _locked(connection):
                self.alive_at = time.monotonic()
                stop.wait(POLL_SECONDS)
            while not stop.is_set():
                sent = self.pump()
                if sent == 0:
                    list(connection.notifies(timeout=POLL_SECONDS, stop_after=1))
                    self._publisher.probe()
                elif sent < BATCH:
                    stop.wait(GATHER_SECONDS)
                self._publisher.keep_alive()

    def _serve(self, outbox: Outbox, now: datetime, directory: Directory) -> int:
        key, due = directory.encryption_key(outbox.partner, now), due_range(outbox, BATCH)
        if key is None or due is None:
            self._note([outbox], NOT_LISTED)
            return 0
        signed = _within(MOST_BYTES, self._signed(outbox, *due, directory))
        outgoing, unreadable = self._sealed(signed, outbox.partner, key)
        outcomes = self._publisher.publish(outgoing)
        confirmed = list(takewhile(lambda each: each == "confirmed", outcomes))
        failure = outcomes[len(confirmed)] if len(confirmed) < len(outcomes) else None
        if outgoing:
            with self._node.database.connection() as connection:
                record_attempt(connection, outbox, due[0] + len(confirmed) - 1, failure)
        if unreadable is not None and failure is None:
            self._report(outbox, unreadable)
        return len(confirmed)

    def _note(self, waiting: Sequence[Outbox], problem: str) -> None:
        with self._node.database.connection() as connection:
            record_problem(connection, [each.partner for each in waiting], problem)

    def _report(self, outbox: Outbox, row: Row) -> None:
        """A delivery stays pending because what it is made of was damaged; those behind it wait for it."""
        code = "disclosures_unreadable"
        self._note([outbox], ALARMS[code])
        if (outbox.partner, row.position) in self._reported:
            return
        self._reported.add((outbox.partner, row.position))
        logger.error("personal fields can't be read", extra={"facts": {"position": row.position}})
        with self._node.log.write() as writing:
            take_head(writing.connection)
            park(
                writing.connection,
                "alarm",
                code,
                partner=outbox.partner,
                position=row.position,
                case_id=row.case_id,
            )

    # --- signing ---

    def _signed(self, outbox: Outbox, first: int, last: int, directory: Directory) -> list[Signed]:
        with self._node.database.connection() as connection, connection.transaction():
            kept = _kept(connection, outbox, first, last)
            rows = _delivered_rows(connection, outbox, first, last)
            signed = [Signed(each, kept[each], rows[each]) for each in sorted(rows) if each in kept]
            fresh = {sequence: row for sequence, row in rows.items() if sequence not in kept}
            return signed + self._sign_fresh(connection, outbox, fresh, directory)

    def _sign_fresh(
        self, connection: Connection, outbox: Outbox, rows: Mapping[int, Row], directory: Directory
    ) -> list[Signed]:
        """Sign what has not been signed; the signatures commit with the caller, before anything is
        published."""
        if not rows:
            return []
        now = _node_now(connection)
        listed = [each.kid for each in directory.current_keys(self._node.agency, "sig", now)]
        key = self._node.agency_keys.signing_key(listed)
        previous = _digest_before(connection, outbox, min(rows))
        signed, records = [], []
        for sequence, row in sorted(rows.items()):
            frame = self._frame(connection, outbox, sequence, row.id, now, previous)
            token = jose.sign(build(_envelope(frame, row)), key, jose.EVENT)
            previous = jose.digest(token)
            signed.append(Signed(sequence, token, row))
            records.append((outbox.partner, outbox.epoch, sequence, token, key.kid, previous, now))
        with connection.cursor() as cursor:
            cursor.executemany("insert into sent values (%s, %s, %s, %s, %s, %s, %s)", records)
        return signed

    def _frame(
        self,
        connection: Connection,
        outbox: Outbox,
        sequence: int,
        event_id: UUID,
        now: datetime,
        previous: bytes | None,
    ) -> Frame:
        former = _former_through(connection, outbox) if sequence == 1 and outbox.epoch > 1 else None
        return Frame(
            event_id,
            self._node.agency,
            outbox.partner,
            outbox.epoch,
            sequence,
            now,
            self._node.training,
            previous,
            None if former is None else outbox.epoch - 1,
            former,
        )

    # --- sealing ---

    def _sealed(
        self, signed: Sequence[Signed], partner: str, key: OKPKey
    ) -> tuple[list[Outgoing], Row | None]:
        """What can be published, up to the first event whose personal fields can't be read although nobody erased
        them: that event comes back beside it."""
        disclosures, erased = self._disclosures([each.row for each in signed])
        outgoing: list[Outgoing] = []
        for each in signed:
            row, found = each.row, disclosures.get(each.row.position)
            gone = found is None and _has_personal_fields(row)
            if gone and row.case_id not in erased:
                return outgoing, row
            body = jose.seal(each.jws, found or [], key, erased=gone)
            outgoing.append(Outgoing(routing_key(partner, row.type), body))
        return outgoing, None

    def _disclosures(self, rows: Sequence[Row]) -> tuple[dict[int, list[str]], set[UUID]]:
        """Disclosures by the position of their event, as far as they can be read; the cases whose persons were
        erased."""
        sealed = [(row.case_id, row) for row in rows if row.case_id is not None and _has_personal_fields(row)]
        texts = self._node.keys.open_of_many(
            [(case_id, row.id, row.personal or b"") for case_id, row in sealed]
        )
        found = list(zip(sealed, texts, strict=True))
        missing = {case_id for (case_id, _), text in found if text is None}
        read = {row.position: text for (_, row), text in found if text is not None}
        return read, self._node.keys.destroyed(list(missing)) if missing else set()


def _has_personal_fields(row: Row) -> bool:
    return DIGESTS in row.data and DIGESTS in json.loads(row.data)


def _within(most: int, signed: Sequence[Signed]) -> Sequence[Signed]:
    """As many of the first messages as fit into so many bytes; one in any case."""
    sizes = accumulate(len(each.jws) + len(each.row.personal or b"") for each in signed)
    return signed[: max(1, sum(size <= most for size in sizes))]


def _envelope(frame: Frame, row: Row) -> Envelope:
    return Envelope(
        frame,
        row.type,
        row.schema_version,
        row.case_id,
        row.causation,
        row.correlation,
        row.occurred_on,
        row.recorded_at,
        row.actor,
        row.data,
    )


def _locked(connection: Connection) -> bool:
    row = connection.execute("select pg_try_advisory_lock(%s)", (RELAY_LOCK,)).fetchone()
    return bool(row and row[0])


def _node_now(connection: Connection) -> datetime:
    row = connection.execute("select greatest(recorded_at, node_now()) from head").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def _kept(connection: Connection, outbox: Outbox, first: int, last: int) -> dict[int, str]:
    rows = connection.execute(
        "select sequence, jws from sent where partner = %s and epoch = %s and sequence between %s and %s",
        (outbox.partner, outbox.epoch, first, last),
    ).fetchall()
    return dict(rows)


def _delivered_rows(connection: Connection, outbox: Outbox, first: int, last: int) -> dict[int, Row]:
    columns = ", ".join(f"events.{each}" for each in Row._fields)
    query = (
        f"select deliveries.sequence, {columns} from deliveries join events using (position)"  # noqa: S608
        " where partner = %s and epoch = %s and sequence between %s and %s order by sequence"
    )
    rows = connection.execute(query.encode(), (outbox.partner, outbox.epoch, first, last)).fetchall()
    return {sequence: Row._make(rest) for sequence, *rest in rows}


def _digest_before(connection: Connection, outbox: Outbox, sequence: int) -> bytes | None:
    row = connection.execute(
        "select digest from sent where partner = %s and epoch = %s and sequence = %s",
        (outbox.partner, outbox.epoch, sequence - 1),
    ).fetchone()
    return None if row is None else bytes(row[0])


def _former_through(connection: Connection, outbox: Outbox) -> int:
    row = connection.execute(
        "select coalesce(max(sequence), 0) from deliveries where partner = %s and epoch = %s",
        (outbox.partner, outbox.epoch - 1),
    ).fetchone()
    assert row is not None
    through: int = row[0]
    return through
