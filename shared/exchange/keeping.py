"""What the inbox keeps beside the log: what became of every number, what is held."""

from typing import Final
from uuid import UUID

from contracts.envelope import Frame
from shared.eventlog.database import Connection
from shared.exchange.parking import is_erased
from shared.exchange.verdict import Verdict
from shared.node.node import Node

MOST_HELD: Final = 2000
MOST_HELD_BYTES: Final = 64 * 1024 * 1024
"""Messages of one partner held behind a gap. Later ones are let go: they are sent again with those that
miss."""


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


# --- held ---


def hold(connection: Connection, frame: Frame, body: bytes, case_id: UUID | None) -> None:
    """Keep a message that came before its turn; one about a person who was erased here is let go."""
    if is_erased(connection, case_id):
        return
    connection.execute(
        "insert into held (partner, epoch, sequence, case_id, jwe) select %s, %s, %s, %s, %s"
        " where (select count(*) < %s and coalesce(sum(octet_length(jwe)), 0) + %s <= %s from held where partner = %s)"
        " on conflict do nothing",
        (
            frame.sender,
            frame.epoch,
            frame.sequence,
            case_id,
            body.decode("ascii"),
            MOST_HELD,
            len(body),
            MOST_HELD_BYTES,
            frame.sender,
        ),
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
