"""Counting what arrives: per sender and epoch, in order and without gaps."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from contracts.envelope import Frame
from contracts.errors import ASKED_AGAIN
from shared.eventlog.database import Connection

REPEAT: Final = 500
"""Messages whose receipts are repeated when one of them arrives again: its receipt was lost, so were the
others."""


class Place(Enum):
    """Where a number stands against what has been received."""

    NEXT = "next"
    DUPLICATE = "duplicate"
    REUSED = "reused"
    GAP = "gap"
    OLD_EPOCH = "old epoch"


@dataclass(frozen=True, slots=True)
class Incoming:
    """How far a partner's messages have been received, and what else this node keeps because of messages."""

    epoch: int = 0
    through: int = 0
    digest: bytes | None = None
    any_held: bool = False
    any_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """The sender's event of the same id that is in the log already: it came under another number before."""

    position: int
    data: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An earlier message under the same number. ``comes_again``: it was refused for now, and its sender may be asked
    to send it again."""

    digest: bytes
    answered: bool
    comes_again: bool = False


def place(frame: Frame, digest: bytes, incoming: Incoming, seen: Seen | None) -> Place:
    """Judge a number. ``seen`` is what was received under it before."""
    if seen is not None:
        return Place.DUPLICATE if seen.digest == digest else Place.REUSED
    if frame.epoch < incoming.epoch:
        return Place.OLD_EPOCH
    expected = incoming.through + 1 if frame.epoch == incoming.epoch else 1
    return Place.NEXT if frame.sequence == expected else Place.GAP


def chain_broken(frame: Frame, incoming: Incoming) -> bool:
    """Whether the message names another predecessor than the one that was received."""
    return frame.sequence > 1 and frame.previous_digest != incoming.digest


def lost_history(frame: Frame, incoming: Incoming) -> int:
    """How many received messages a sender restored from a backup no longer knows; 0 in an epoch already
    begun."""
    if frame.epoch <= incoming.epoch or frame.former_through is None or frame.former_epoch != incoming.epoch:
        return 0
    return max(0, incoming.through - frame.former_through)


def incoming_of(connection: Connection, frame: Frame) -> tuple[Incoming, Seen | None, Earlier | None]:
    """The state against which a message is judged; to be read under the head row's lock."""
    row = connection.execute(
        """
        select coalesce(incoming_epoch, 0), coalesce(received_through, 0), received_digest,
               exists (select from held where held.partner = %(partner)s),
               exists (select from waiting), received.digest, received.answered,
               coalesce(received.status = 'refused' and received.code = any(%(asked_again)s), false),
               events.position, events.data
          from (select 1) as always
          left join partners on partners.partner = %(partner)s
          left join received on received.partner = %(partner)s and received.epoch = %(epoch)s
                            and received.sequence = %(sequence)s
          left join events on events.id = %(id)s and events.sender = %(partner)s
        """,
        {
            "partner": frame.sender,
            "epoch": frame.epoch,
            "sequence": frame.sequence,
            "id": frame.id,
            "asked_again": list(ASKED_AGAIN),
        },
    ).fetchone()
    assert row is not None
    epoch, through, digest, any_held, any_waiting, seen, answered, comes_again, *event = row
    return (
        Incoming(epoch, through, digest, any_held, any_waiting),
        Seen(seen, answered, comes_again) if seen else None,
        Earlier(*event) if event[0] else None,
    )


def advance(connection: Connection, frame: Frame, digest: bytes) -> None:
    """Count a message as the last one received from its sender."""
    connection.execute(
        """
        insert into partners (partner, incoming_epoch, received_through, received_digest, last_received_at)
        values (%s, %s, %s, %s, clock_timestamp())
        on conflict (partner) do update
           set incoming_epoch = excluded.incoming_epoch, received_through = excluded.received_through,
               received_digest = excluded.received_digest, last_received_at = excluded.last_received_at
        """,
        (frame.sender, frame.epoch, frame.sequence, digest),
    )


def repeat_receipts(connection: Connection, frame: Frame) -> None:
    """Have the receipts of this message and of those after it sent again."""
    connection.execute(
        "update received set answered = false where partner = %s and epoch = %s and sequence between %s and %s"
        " and answered",
        (frame.sender, frame.epoch, frame.sequence, frame.sequence + REPEAT - 1),
    )
