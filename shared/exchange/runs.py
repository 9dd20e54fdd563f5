"""Storing a run of one partner's messages with the statements of a single one.

Nearly all messages come in their turn, whole and new. Whatever differs in any way is left to :mod:`storing`, which
takes messages one by one.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shared.eventlog.database import Connection
from shared.eventlog.log import Writing
from shared.eventlog.model import Event
from shared.exchange.authenticity import Authentic
from shared.exchange.keeping import release_held
from shared.exchange.numbering import Incoming, Place, advance, chain_broken, lost_history, place
from shared.exchange.verdict import Verdict, frame_of

Run = Sequence[tuple[Authentic, Verdict]]

_STATE: Final = """
    select coalesce(incoming_epoch, 0), coalesce(received_through, 0), received_digest,
           exists (select from held where held.partner = %(partner)s), exists (select from waiting),
           exists (select from received where received.partner = %(partner)s and received.epoch = %(epoch)s
                                          and received.sequence = any(%(sequences)s))
           or exists (select from events where events.id = any(%(ids)s) and events.sender = %(partner)s)
      from (select 1) as always left join partners on partners.partner = %(partner)s
"""
_RECEIVED: Final = """
    insert into received (partner, epoch, sequence, digest, event_id, status, position)
    select %s, %s, told.sequence, told.digest, told.event_id, 'stored', told.position
      from unnest(%s::bigint[], %s::bytea[], %s::uuid[], %s::bigint[]) as told (sequence, digest, event_id, position)
"""


def take_run(writing: Writing, run: Run) -> Incoming | None:
    """Count and store one partner's messages, under the head row's lock; returns the state that was found.

    ``None``, and nothing is done, when one of them is not plainly the next, or was decided on a state that may have
    moved on.
    """
    incoming, any_known = _state(writing.connection, run)
    if any_known or not _in_turn(run, incoming):
        return None
    events = writing.append([verdict.records[0] for _, verdict in run])
    _note(writing.connection, run, events)
    last, frame = run[-1][0], frame_of(run[-1][0])
    advance(writing.connection, frame, last.digest)
    if incoming.any_held:
        release_held(writing.connection, frame)
    return incoming


def _state(connection: Connection, run: Run) -> tuple[Incoming, bool]:
    frames = [frame_of(message) for message, _ in run]
    row = connection.execute(
        _STATE,
        {
            "partner": frames[0].sender,
            "epoch": frames[0].epoch,
            "sequences": [each.sequence for each in frames],
            "ids": [each.id for each in frames],
        },
    ).fetchone()
    assert row is not None
    *state, any_known = row
    return Incoming(*state), bool(any_known)


def _in_turn(run: Run, incoming: Incoming) -> bool:
    message, first = run[0][0], frame_of(run[0][0])
    return (
        place(first, message.digest, incoming, None) is Place.NEXT
        and not chain_broken(first, incoming)
        and not lost_history(first, incoming)
        and all(_follows(before, after) for (before, _), (after, _) in pairwise(run))
        and all(verdict.plain and verdict.expected is None for _, verdict in run)
        and len({frame_of(message).id for message, _ in run}) == len(run)
    )


def _follows(before: Authentic, after: Authentic) -> bool:
    one, next_ = frame_of(before), frame_of(after)
    return (next_.sender, next_.epoch, next_.sequence, next_.previous_digest) == (
        one.sender,
        one.epoch,
        one.sequence + 1,
        before.digest,
    )


def _note(connection: Connection, run: Run, events: Sequence[Event]) -> None:
    frames = [frame_of(message) for message, _ in run]
    connection.execute(
        _RECEIVED,
        (
            frames[0].sender,
            frames[0].epoch,
            [each.sequence for each in frames],
            [message.digest for message, _ in run],
            [each.id for each in frames],
            [each.position for each in events],
        ),
    )
