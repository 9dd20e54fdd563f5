"""How far each partner has been served: the outgoing half of the table ``partners``.

A retry's time is the machine's clock, not the node's: a scenario that sets the node's clock must not stop it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.eventlog.database import Connection
from shared.exchange.broker import PROBLEMS, Outcome

WINDOW: Final = 1000
"""Messages to one partner that may be on their way without a receipt."""
PATIENCE_SECONDS: Final = 10
"""How long a receipt may take before the first message without one is published again; doubled at each
attempt."""
LONGEST_SECONDS: Final = 300
LONGEST_REFUSED_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Outbox:
    """One partner's outgoing state in one epoch. ``last`` is the highest number that is to be delivered.

    ``elapsed`` tells that the time of the next attempt has come, ``failing`` that the broker refused the
    last one. ``resends`` counts the partner's requests to send again, so that one that arrives during a
    pass is not lost.
    """

    partner: str
    epoch: int
    sent_through: int
    receipted_through: int
    last: int
    attempts: int = 0
    elapsed: bool = False
    failing: bool = False
    resends: int = 0

    @property
    def probing(self) -> bool:
        """Whether only the first message without a receipt may be tried: attempts fail, or its receipt is
        late."""
        return self.attempts > 0 or (self.elapsed and self.sent_through > self.receipted_through)


def due_range(outbox: Outbox, batch: int) -> tuple[int, int] | None:
    """The first and last number to publish now, or ``None``."""
    if outbox.probing:
        probe = min(outbox.sent_through, outbox.receipted_through) + 1
        return (probe, probe) if outbox.elapsed and probe <= outbox.last else None
    first = outbox.sent_through + 1
    last = min(outbox.last, outbox.receipted_through + WINDOW, outbox.sent_through + batch)
    return (first, last) if first <= last else None


def outboxes(connection: Connection, epoch: int) -> list[Outbox]:
    """The outgoing state of every partner that something was ever to be delivered to."""
    rows = connection.execute(
        "select partner, outgoing_epoch, sent_through, receipted_through,"
        "   (select coalesce(max(sequence), 0) from deliveries"
        "     where deliveries.partner = partners.partner and deliveries.epoch = outgoing_epoch),"
        "   attempts, next_attempt <= clock_timestamp(), problem is not null, resends"
        " from partners where outgoing_epoch = %s order by next_attempt, partner",
        (epoch,),
    ).fetchall()
    return [Outbox(*row) for row in rows]


_UNNUMBERED: Final = """
    -- A loose index scan: one probe a partner, however long the log is.
    with recursive addressed as (
        (select partner from deliveries order by partner limit 1)
        union all
        select (select partner from deliveries where partner > addressed.partner order by partner limit 1)
          from addressed where addressed.partner is not null)
    select partner from addressed
     where partner is not null and not exists (
         select from partners where partners.partner = addressed.partner and outgoing_epoch = %(epoch)s)
"""
_START_EPOCH: Final = """
    insert into partners (partner, outgoing_epoch) select unnest(%(partners)s::text[]), %(epoch)s
    on conflict (partner) do update
       set outgoing_epoch = excluded.outgoing_epoch, sent_through = 0, receipted_through = 0, attempts = 0,
           next_attempt = '-infinity', problem = null, resends = partners.resends + 1
"""


def unnumbered(connection: Connection, epoch: int) -> list[str]:
    """The partners with deliveries that have no row yet with the numbering of ``epoch``."""
    return [partner for (partner,) in connection.execute(_UNNUMBERED, {"epoch": epoch}).fetchall()]


def start_epoch(connection: Connection, partners: Sequence[str], epoch: int) -> None:
    """Give these partners their rows, with the numbering of ``epoch``; to be done under the head row's lock."""
    connection.execute(_START_EPOCH, {"partners": list(partners), "epoch": epoch})


def record_attempt(connection: Connection, outbox: Outbox, through: int, failure: Outcome | None) -> None:
    """Note that the broker confirmed everything up to ``through``, and what went wrong with the rest: one row.

    A request to send again that came meanwhile wins over what is noted here, and so does a receipt over a
    probe. The time of the next attempt counts from the oldest message without a receipt.
    """
    broker_fault = failure in ("broker_away", "broker_blocked")
    attempts = _attempts(outbox, bool(failure) and not broker_fault)
    in_flight = outbox.sent_through > outbox.receipted_through and not outbox.probing
    connection.execute(
        "update partners set attempts = %(attempts)s, problem = %(problem)s,"
        "   sent_through = case when %(probing)s then %(through)s else greatest(sent_through, %(through)s) end,"
        "   next_attempt = case when %(keep)s then next_attempt"
        "     else clock_timestamp() + make_interval(secs => %(wait)s) end"
        " where partner = %(partner)s and outgoing_epoch = %(epoch)s and resends = %(resends)s"
        "   and (not %(probing)s or receipted_through = %(receipted)s)",
        {
            "through": max(through, min(outbox.sent_through, outbox.receipted_through)),
            "attempts": attempts,
            "problem": PROBLEMS[failure] if failure else None,
            "probing": outbox.probing,
            "keep": broker_fault or (in_flight and not failure),
            "wait": wait_seconds(attempts, bool(failure)),
            "partner": outbox.partner,
            "epoch": outbox.epoch,
            "resends": outbox.resends,
            "receipted": outbox.receipted_through,
        },
    )


def _attempts(outbox: Outbox, failed: bool) -> int:
    if failed:
        return outbox.attempts + 1
    if not outbox.probing:
        return 0
    return 1 if outbox.failing else outbox.attempts + 1


def record_problem(connection: Connection, partners: Sequence[str], problem: str) -> None:
    """Note why partners can't be served at all; no attempt is counted. One row a statement: see decisions.md."""
    for partner in partners:
        connection.execute(
            "update partners set problem = %s where partner = %s and problem is distinct from %s",
            (problem, partner, problem),
        )


def wait_seconds(attempts: int, failed: bool) -> float:
    """Seconds until the next attempt: short when the broker has no inbox for it, patient when a receipt
    is awaited."""
    if failed:
        return float(min(LONGEST_REFUSED_SECONDS, 2 ** min(attempts, 10)))
    return float(min(LONGEST_SECONDS, PATIENCE_SECONDS * 2 ** min(attempts, 10)))
