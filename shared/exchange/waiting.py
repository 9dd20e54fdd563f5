"""Messages that can't be judged yet, and wait: for their sender, its key, their case, or who joins it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.eventlog.database import Connection
from shared.exchange.authenticity import Authentic, NotYet
from shared.exchange.parking import is_erased, park_unauthentic
from shared.exchange.verdict import Verdict, frame_of
from shared.node.node import Node

MOST_UNKNOWN: Final = 10_000
MOST_UNKNOWN_BYTES: Final = 64 * 1024 * 1024
"""Messages of unknown senders that wait. Anybody who can reach the broker can send them, so there is an end to it:
what comes beyond is parked without its body, and comes again as long as its sender has no receipt."""
MOST_WAITING: Final = 2000
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
"""Authentic messages of one partner that wait. What comes beyond is refused, and can be asked for again once its case
is known: no partner fills the disk with cases that never come, nor takes the room of another."""


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


def may_wait(connection: Connection, message: Authentic) -> bool:
    """Whether an authentic message may wait beside those of its sender that do; asked under the head row's lock."""
    row = connection.execute(
        "select count(*) < %s and coalesce(sum(bytes), 0) + %s <= %s from waiting"
        " where partner = %s and sequence is not null and jws_digest <> %s",
        (MOST_WAITING, len(message.body), MOST_WAITING_BYTES, frame_of(message).sender, message.digest),
    ).fetchone()
    assert row is not None
    return bool(row[0])


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


def waiting_messages(node: Node, case_id: UUID | None, directory: bool) -> Iterator[Kept]:
    """What waits and may be judged now, in the order of arrival; one body at a time is in memory.

    With ``case_id`` that case's, with ``directory`` those of unknown senders; with neither whatever there
    is a reason to try: an event in the log that tells of its case's parties names its sender, its sender is unknown,
    or its day is over. What an agency that never joins a case sends about it costs nothing meanwhile.
    """
    telling = [each.name for each in node.event_types.values() if each.opens_case or each.joins]
    with node.database.connection() as connection:
        numbers = connection.execute(
            _TO_TRY, {"directory": directory, "case_id": case_id, "telling": telling}
        ).fetchall()
    for (number,) in numbers:
        with node.database.connection() as connection:
            row = connection.execute(_KEPT, (number,)).fetchone()
        if row is not None:  # else another process has dealt with it
            id_, partner, epoch, sequence, case, jwe, late = row
            yield Kept(id_, partner, epoch, sequence, case, jwe.encode("ascii"), late)


_TO_TRY: Final = """
    select id from waiting
     where case when %(directory)s then sequence is null
                when %(case_id)s::uuid is not null then case_id = %(case_id)s
                else sequence is null or since < clock_timestamp() - interval '1 day'
                     or exists (select from events
                                 where events.case_id = waiting.case_id and events.type = any(%(telling)s)
                                   and strpos(events.data, waiting.partner) > 0) end
     order by id
"""
_KEPT: Final = """
    select id, partner, epoch, sequence, case_id, jwe, since < clock_timestamp() - interval '1 day'
      from waiting where id = %s
"""


def stop_waiting(connection: Connection, kept: Kept) -> bool:
    """Let a message wait no longer; false when it does not wait any more, or for something else than before."""
    gone = connection.execute(
        "delete from waiting where id = %s and sequence is not distinct from %s returning id",
        (kept.id, kept.sequence),
    ).fetchone()
    return gone is not None


def refuse_received(connection: Connection, kept: Kept, code: str) -> None:
    """Note that a message that waited is refused without having been judged again."""
    connection.execute(
        "update received set status = 'refused', code = %s, answered = false"
        " where partner = %s and epoch = %s and sequence = %s and status = 'waiting'",
        (code, kept.partner, kept.epoch, kept.sequence),
    )
