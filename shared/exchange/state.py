"""The state of the exchange for people and machines: what went to each partner, what came back, what waits.

It names no person. The words: 送信 (sent), 到達 (receipted: the partner stored it), 受理／差戻し (a desk's
answer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from contracts.errors import TEXTS
from shared.eventlog.database import Connection
from shared.exchange.directory import Directory, DirectoryReader
from shared.node.node import Node

MOST_REFUSALS: Final = 20


@dataclass(frozen=True, slots=True)
class RefusedThere:
    """One of our messages that the partner refused."""

    sequence: int
    type: str
    code: str
    message: str
    field: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PartnerState:
    """One partner. Numbers of messages are of the present epoch.

    ``undelivered`` counts what no receipt has come for, ``undelivered_since`` is when the oldest of it
    was recorded. ``waiting_there``, ``refused_there``: receipted, but the partner can't judge it yet, or
    refused it. ``receipted_at`` is when this node's log took the last receipt. ``accepted``, ``returned``,
    ``declined``, ``unanswered`` count our requests by the partner's answer; ``accepted_on``, ``returned_on``,
    ``declined_on`` are the days of the last ones. ``held``: arrived before its turn; ``waiting``: can't be
    judged here yet; ``parked``: a person must look at it.
    """

    partner: str
    name: str
    listed: bool
    sent_through: int = 0
    receipted_through: int = 0
    to_send: int = 0
    undelivered: int = 0
    undelivered_since: datetime | None = None
    receipted_at: datetime | None = None
    waiting_there: int = 0
    refused_there: int = 0
    refusals: tuple[RefusedThere, ...] = ()
    attempts: int = 0
    next_attempt: datetime | None = None
    problem: str | None = None
    accepted: int = 0
    accepted_on: date | None = None
    returned: int = 0
    returned_on: date | None = None
    declined: int = 0
    declined_on: date | None = None
    unanswered: int = 0
    unanswered_since: date | None = None
    received_through: int = 0
    received_at: datetime | None = None
    held: int = 0
    held_since: datetime | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    parked: int = 0
    parked_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """All partners, and the sums; ``parked`` counts also what claims no known sender."""

    agency: str
    partners: tuple[PartnerState, ...]
    undelivered: int
    waiting: int
    parked: int


def exchange_state(node: Node) -> ExchangeState:
    """Look at the exchange now. :raises psycopg.OperationalError: the database is away."""
    directory = DirectoryReader(node.log, node.config.trust).read()
    now = node.log.head().now
    with node.database.connection() as connection:
        found = _partners(connection)
        refusals = _refusals(connection)
        answers = _answers(connection, node.agency)
        sums = connection.execute(_SUMS).fetchone()
    assert sums is not None
    partners = tuple(
        _state(directory, now, row, refusals.get(row["partner"], ()), answers.get(row["partner"], {}))
        for row in found
    )
    return ExchangeState(node.agency, partners, sum(each.undelivered for each in partners), *sums)


def _state(
    directory: Directory,
    now: datetime,
    row: Mapping[str, Any],
    refusals: tuple[RefusedThere, ...],
    answers: Mapping[str, Any],
) -> PartnerState:
    partner = row["partner"]
    return PartnerState(
        name=directory.name(partner),
        listed=bool(directory.roles(partner, now)),
        refusals=refusals,
        **row,
        **answers,
    )


_SUMS: Final = (
    "select (select count(*) from waiting), (select count(*) from parked where resolved_at is null)"
)

_PARTNERS: Final = """
    with recursive addressed as (
        -- One probe a partner, however long the log is. The relay may not have looked at a partner yet.
        (select partner from deliveries order by partner limit 1)
        union all
        select (select partner from deliveries where partner > addressed.partner order by partner limit 1)
          from addressed where addressed.partner is not null
    ), known as (
        select partner from addressed where partner is not null union select partner from partners
        union select partner from waiting where partner is not null
        union select partner from parked where partner is not null and resolved_at is null
    ), incoming as (
        select partner, 'held' as kind, held_at as since from held
        union all select partner, 'waiting', since from waiting
        union all select partner, 'parked', parked_at from parked where resolved_at is null
    ), put_aside as (
        select partner, count(*) filter (where kind = 'held') as held,
               min(since) filter (where kind = 'held') as held_since,
               count(*) filter (where kind = 'waiting') as waiting,
               min(since) filter (where kind = 'waiting') as waiting_since,
               count(*) filter (where kind = 'parked') as parked,
               min(since) filter (where kind = 'parked') as parked_since
          from incoming group by partner
    ), outgoing as (
        select known.partner, head.epoch, attempts, next_attempt, problem, received_through, last_received_at,
               case when outgoing_epoch = head.epoch then sent_through else 0 end as sent,
               case when outgoing_epoch = head.epoch then receipted_through else 0 end as receipted,
               coalesce((select max(sequence) from deliveries d
                          where d.partner = known.partner and d.epoch = head.epoch), 0) as last
          from known cross join head left join partners using (partner)
    )
    select o.partner, sent as sent_through, receipted as receipted_through,
           greatest(0, last - sent) as to_send, greatest(0, last - receipted) as undelivered,
           (select e.recorded_at from deliveries d join events e using (position)
             where d.partner = o.partner and d.epoch = o.epoch and d.sequence > receipted
             order by d.sequence limit 1) as undelivered_since,
           (select e.recorded_at from events e where e.stream = 'partner:' || o.partner
             order by e.version desc limit 1) as receipted_at,
           (select count(*) from receipted r where r.partner = o.partner and status = 'waiting') as waiting_there,
           (select count(*) from receipted r where r.partner = o.partner and status = 'refused') as refused_there,
           coalesce(attempts, 0) as attempts,
           case when isfinite(next_attempt) and (attempts > 0 or sent > receipted) then next_attempt
                end as next_attempt,
           problem, coalesce(received_through, 0) as received_through, last_received_at as received_at,
           coalesce(held, 0) as held, held_since, coalesce(waiting, 0) as waiting, waiting_since,
           coalesce(parked, 0) as parked, parked_since
      from outgoing o left join put_aside using (partner)
     order by o.partner
"""

_REFUSALS: Final = """
    select partner, sequence, type, code, field, receipted_at
      from (select receipted.*, row_number() over (partition by partner order by receipted_at desc,
      sequence desc) as n
              from receipted where status = 'refused') as latest
      join deliveries using (partner, epoch, sequence) join events on events.position = deliveries.position
     where n <= %s order by partner, receipted_at desc, sequence desc
"""

ACCEPTING: Final = ("NotificationAccepted", "SimultaneousContractAgreed", "RecordsProvided")
"""The answers by which a partner does what it was asked."""

_ANSWERS: Final = """
    select coalesce(answered_by, case when what = 'simultaneous_contract' then centre else insurer end) as
    partner,
           count(*) filter (where answer = any(%(accepted)s)) as accepted,
           max(answered_on) filter (where answer = any(%(accepted)s)) as accepted_on,
           count(*) filter (where answer = 'NotificationReturned') as returned,
           max(answered_on) filter (where answer = 'NotificationReturned') as returned_on,
           count(*) filter (where answer = 'SimultaneousContractDeclined') as declined,
           max(answered_on) filter (where answer = 'SimultaneousContractDeclined') as declined_on,
           count(*) filter (where answered_by is null) as unanswered,
           min(asked_on) filter (where answered_by is null) as unanswered_since
      from view_awaiting_partner.requests left join view_case_list.cases using (case_id)
     where asked_by = %(me)s group by 1
"""


def _partners(connection: Connection) -> list[dict[str, Any]]:
    cursor = connection.execute(_PARTNERS)
    names = [each.name for each in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _refusals(connection: Connection) -> dict[str, tuple[RefusedThere, ...]]:
    found: dict[str, tuple[RefusedThere, ...]] = {}
    for partner, sequence, kind, code, place, at in connection.execute(_REFUSALS, (MOST_REFUSALS,)):
        refusal = RefusedThere(sequence, kind, code, TEXTS.get(code, code), place, at)
        found[partner] = (*found.get(partner, ()), refusal)
    return found


def _answers(connection: Connection, me: str) -> dict[str, dict[str, Any]]:
    known = connection.execute("select to_regclass('view_awaiting_partner.requests') is not null").fetchone()
    if not (known and known[0]):
        return {}
    cursor = connection.execute(_ANSWERS, {"me": me, "accepted": list(ACCEPTING)})
    _, *names = [each.name for each in cursor.description or ()]
    return {partner: dict(zip(names, rest, strict=True)) for partner, *rest in cursor.fetchall() if partner}
