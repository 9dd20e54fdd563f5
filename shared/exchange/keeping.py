"""What the inbox keeps beside the log: what became of every number, what is held, what waits."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.envelope import Frame
from shared.eventlog.database import Connection
from shared.exchange.authenticity import Authentic, NotYet
from shared.exchange.parking import is_erased, park_unauthentic
from shared.exchange.verdict import Verdict, frame_of
from shared.node.node import Node

MOST_HELD: Final = 2000
"""Messages of one partner held behind a gap. Later ones are let go: they are sent again with those that
miss."""
MOST_UNKNOWN: Final = 10_000
MOST_UNKNOWN_BYTES: Final = 64 * 1024 * 1024
"""Messages of unknown senders that wait. Anybody who can reach the broker can send them, so there is an end to it:
what comes beyond is parked without its body, and comes again as long as its sender has no receipt."""


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


def hold(connection: Connection, frame: Frame, body: bytes, case_id: UUID | None) -> None:
    """Keep a message that came before its turn; one about a person who was erased here is let go."""
    if is_erased(connection, case_id):
        return
    connection.execute(
        "insert into held (partner, epoch, sequence, case_id, jwe) select %s, %s, %s, %s, %s"
        " where (select count(*) from held where partner = %s) < %s on conflict do nothing",
        (frame.sender, frame.epoch, frame.sequence, case_id, body.decode("ascii"), frame.sender, MOST_HELD),
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


def keep_unknown(connection: Connection, body: bytes, problem: NotYet) -> None:
    """Keep a message whose sender or key is not known yet; nothing in it is believed.

    What is too much, and what claims to be about a person who was erased here, is parked without its body.
    """
    row = connection.execute(
        "select count(*), coalesce(sum(bytes), 0), exists (select from waiting where jws_digest = %s)"
        " from waiting where sequence is null",
        (problem.digest,),
    ).fetchone()
    assert row is not None
    messages, held, waits = row
    if waits:
        return
    too_much = messages >= MOST_UNKNOWN or held + len(body) > MOST_UNKNOWN_BYTES
    if too_much or is_erased(connection, problem.case_id):
        park_unauthentic(
            connection, problem.code, body, partner=problem.claimed, digest=problem.digest, keep=False
        )
        return
    connection.execute(
        "insert into waiting (jws_digest, partner, case_id, reason, jwe) values (%s, %s, %s, %s, %s)",
        (problem.digest, problem.claimed, problem.case_id, problem.code, body.decode("ascii")),
    )


def waiting_messages(node: Node, case_id: UUID | None, directory: bool) -> list[Kept]:
    """What waits and may be judged now, in the order of arrival.

    With ``case_id`` that case's, with ``directory`` those of unknown senders; with neither whatever there
    is a reason to try: an event in the log that tells of its case's parties names its sender, its sender is unknown,
    or its day is over. What an agency that never joins a case sends about it costs nothing meanwhile.
    """
    telling = [each.name for each in node.event_types.values() if each.opens_case or each.joins]
    with node.database.connection() as connection:
        rows = connection.execute(
            """
            select id, partner, epoch, sequence, case_id, jwe, since < clock_timestamp() - interval '1 day'
              from waiting
             where case when %(directory)s then sequence is null
                        when %(case_id)s::uuid is not null then case_id = %(case_id)s
                        else sequence is null or since < clock_timestamp() - interval '1 day'
                             or exists (select from events
                                         where events.case_id = waiting.case_id and events.type = any(%(telling)s)
                                           and strpos(events.data, waiting.partner) > 0) end
             order by id
            """,
            {"directory": directory, "case_id": case_id, "telling": telling},
        ).fetchall()
    return [
        Kept(number, partner, epoch, sequence, case, jwe.encode("ascii"), late)
        for number, partner, epoch, sequence, case, jwe, late in rows
    ]


def stop_waiting(connection: Connection, kept: Kept) -> bool:
    """Let a message wait no longer; false when it does not wait any more, or for something else than before."""
    gone = connection.execute(
        "delete from waiting where id = %s and sequence is not distinct from %s returning id",
        (kept.id, kept.sequence),
    ).fetchone()
    return gone is not None
