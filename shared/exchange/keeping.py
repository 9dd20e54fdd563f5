"""What the inbox keeps beside the log: what became of every number, what is held, what waits."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.envelope import Frame
from shared.eventlog.database import Connection
from shared.exchange.authenticity import Authentic
from shared.exchange.verdict import Verdict, frame_of
from shared.node.node import Node

MOST_HELD: Final = 2000
"""Messages of one partner held behind a gap. Later ones are let go: they are sent again with those that
miss."""
MOST_UNKNOWN: Final = 10_000
"""Messages of unknown senders that wait, so that nobody who can reach the broker can fill the database."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that waits. Its number was consumed if it has a ``sequence``. ``late``: it has waited for
    a day."""

    id: int
    partner: str | None
    epoch: int | None
    sequence: int | None
    case_id: UUID | None
    body: bytes
    late: bool


def take_head(connection: Connection) -> None:
    """Take the log's head row: whoever writes does this first, so that writers wait in one order."""
    connection.execute("select lock_head()")


# --- received ---


def insert_received(
    connection: Connection, frame: Frame, digest: bytes, verdict: Verdict, position: int | None
) -> None:
    """Note what became of a number; its receipt is owed from now on."""
    connection.execute(
        "insert into received (partner, epoch, sequence, digest, event_id, status, code, field, position)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            frame.sender,
            frame.epoch,
            frame.sequence,
            digest,
            frame.id,
            verdict.status,
            verdict.code,
            verdict.field,
            position,
        ),
    )


def update_received(connection: Connection, frame: Frame, verdict: Verdict, position: int | None) -> None:
    """Note what became of a message that waited or was parked; a new receipt is owed."""
    connection.execute(
        "update received set status = %s, code = %s, field = %s, position = %s, answered = false"
        " where partner = %s and epoch = %s and sequence = %s and status <> 'stored'",
        (
            verdict.status,
            verdict.code,
            verdict.field,
            position,
            frame.sender,
            frame.epoch,
            frame.sequence,
        ),
    )


def refuse_received(connection: Connection, kept: Kept, code: str) -> None:
    """Note that a message that waited is refused without having been read again."""
    connection.execute(
        "update received set status = 'refused', code = %s, answered = false"
        " where partner = %s and epoch = %s and sequence = %s and status = 'waiting'",
        (code, kept.partner, kept.epoch, kept.sequence),
    )


# --- held ---


def hold(connection: Connection, frame: Frame, body: bytes) -> None:
    """Keep a message that came before its turn."""
    connection.execute(
        "insert into held (partner, epoch, sequence, jwe) select %s, %s, %s, %s"
        " where (select count(*) from held where partner = %s) < %s on conflict do nothing",
        (frame.sender, frame.epoch, frame.sequence, body.decode("ascii"), frame.sender, MOST_HELD),
    )


def next_held(node: Node, partner: str) -> bytes | None:
    """The held message whose turn it is."""
    with node.database.connection() as connection:
        row = connection.execute(
            "select jwe from held join partners using (partner)"
            " where partner = %s and epoch = incoming_epoch and sequence = received_through + 1",
            (partner,),
        ).fetchone()
    return None if row is None else str(row[0]).encode("ascii")


def drop_next_held(connection: Connection, partner: str) -> None:
    """Let the held message go whose turn it is."""
    connection.execute(
        "delete from held using partners where held.partner = %s and partners.partner = held.partner"
        " and epoch = incoming_epoch and sequence = received_through + 1",
        (partner,),
    )


def release_held(connection: Connection, frame: Frame) -> None:
    """Let held messages go whose turn has passed, those of earlier epochs among them."""
    connection.execute(
        "delete from held where partner = %s and (epoch, sequence) <= (%s, %s)",
        (frame.sender, frame.epoch, frame.sequence),
    )


# --- waiting ---


def keep_waiting(connection: Connection, message: Authentic, verdict: Verdict) -> None:
    """Keep an authentic message, its number consumed, until its case is known."""
    frame = frame_of(message)
    connection.execute(
        "insert into waiting (jws_digest, partner, epoch, sequence, case_id, reason, jwe)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (jws_digest) do update"
        "   set epoch = excluded.epoch, sequence = excluded.sequence, case_id = excluded.case_id,"
        "       reason = excluded.reason",
        (
            message.digest,
            frame.sender,
            frame.epoch,
            frame.sequence,
            verdict.case_id,
            verdict.code,
            message.body.decode("ascii"),
        ),
    )


def keep_unknown(connection: Connection, body: bytes, digest: bytes, claimed: str, reason: str) -> None:
    """Keep a message whose sender or key is not known yet; nothing in it is believed."""
    connection.execute(
        "insert into waiting (jws_digest, partner, reason, jwe) select %s, %s, %s, %s"
        " where (select count(*) from waiting where sequence is null) < %s on conflict (jws_digest) do nothing",
        (digest, claimed, reason, body.decode("ascii"), MOST_UNKNOWN),
    )


def waiting_messages(node: Node, case_id: UUID | None, directory: bool) -> list[Kept]:
    """What waits and may be judged now, in the order of arrival.

    With ``case_id`` that case's, with ``directory`` those of unknown senders; with neither whatever there
    is a reason to try: its case is in the log, its sender is unknown, or its day is over.
    """
    with node.database.connection() as connection:
        rows = connection.execute(
            """
            select id, partner, epoch, sequence, case_id, jwe, since < clock_timestamp() - interval '1 day'
              from waiting
             where case when %(directory)s then sequence is null
                        when %(case_id)s::uuid is not null then case_id = %(case_id)s
                        else sequence is null or since < clock_timestamp() - interval '1 day'
                             or exists (select from events where events.case_id = waiting.case_id) end
             order by id
            """,
            {"directory": directory, "case_id": case_id},
        ).fetchall()
    return [
        Kept(number, partner, epoch, sequence, case, jwe.encode("ascii"), late)
        for number, partner, epoch, sequence, case, jwe, late in rows
    ]


def stop_waiting(connection: Connection, kept: Kept) -> bool:
    """Let a message wait no longer; false when it did not wait any more."""
    return connection.execute("delete from waiting where id = %s", (kept.id,)).rowcount > 0
