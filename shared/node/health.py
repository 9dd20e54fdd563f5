"""Whether a node's process can do its work, and its Prometheus metrics; neither holds personal data."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout

from shared.node.node import Node

_TIMEOUT: Final = 1.0
_KEEP: Final = 5.0

# One probe a partner, however long the log is: what lies behind the last receipt is undelivered.
_SITUATION: Final = """
with recursive addressed as (
    (select partner from deliveries order by partner limit 1)
    union all
    select (select partner from deliveries where partner > addressed.partner order by partner limit 1)
      from addressed where addressed.partner is not null
), outboxes as (
    select addressed.partner, head.epoch,
        case when partners.outgoing_epoch = head.epoch then partners.receipted_through else 0 end as through
    from addressed cross join head left join partners using (partner)
), pending as (
    select (select events.recorded_at from deliveries join events using (position)
             where deliveries.partner = outboxes.partner and deliveries.epoch = outboxes.epoch
               and deliveries.sequence > outboxes.through order by deliveries.sequence limit 1) as since,
        greatest(0, (select coalesce(max(sequence), 0) from deliveries
             where deliveries.partner = outboxes.partner and deliveries.epoch = outboxes.epoch) - through) as number
    from outboxes
)
select (select position from head),
    (select extract(epoch from node_now() - min(since)) from pending),
    (select coalesce(sum(number), 0)::bigint from pending),
    (select count(*) from waiting),
    (select count(*) from parked where resolved_at is null)
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is under way: the log's last position, what no receipt has come for, what waits, what is parked.

    The age of the oldest undelivered event is in seconds of the node's clock.
    """

    position: int = 0
    oldest_undelivered: float | None = None
    undelivered: int = 0
    waiting: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at the node found."""

    database: bool
    broker: bool
    backlog: Backlog = Backlog()

    @property
    def working(self) -> bool:
        """A node whose broker is away still serves its people; without its database it can't."""
        return self.database

    def as_json(self) -> dict[str, Any]:
        """The body of ``/healthz``."""
        status = "ok" if self.database and self.broker else "degraded" if self.database else "down"
        return {
            "status": status,
            "database": self.database,
            "broker": self.broker,
            "position": self.backlog.position,
            "oldest_undelivered_seconds": self.backlog.oldest_undelivered,
            "undelivered": self.backlog.undelivered,
            "waiting": self.backlog.waiting,
            "parked": self.backlog.parked,
        }


def look(node: Node) -> Health:
    """Look at the node now; a part that can't be reached is named, never raised."""
    broker = broker_answers(node.config.broker)
    try:
        return Health(True, broker, backlog(node))
    except (DatabaseError, PoolTimeout, OSError):
        return Health(False, broker)


def backlog(node: Node) -> Backlog:
    """What is under way at the node now."""
    with node.database.connection() as connection:
        row = connection.execute(_SITUATION.encode()).fetchone()
    assert row is not None
    position, age, undelivered, waiting, parked = row
    return Backlog(position, None if age is None else max(0.0, float(age)), undelivered, waiting, parked)


def broker_answers(url: str) -> bool:
    """Whether the broker's port accepts a connection; nothing is said to it."""
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname or "", parts.port or 5672), _TIMEOUT):
        return True
    return False


class NodeMetrics(Collector):
    """Gauges of one node, looked up when they are asked for and kept for five seconds."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._seen: tuple[float, Health] | None = None

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        health = self._health()
        yield _gauge("renkei_database_up", "データベースにつながるか", health.database)
        yield _gauge("renkei_broker_up", "ブローカーにつながるか", health.broker)
        if not health.database:
            return
        yield _gauge("renkei_log_position", "ログの最後の位置", health.backlog.position)
        yield _gauge("renkei_undelivered", "到達していない送信の数", health.backlog.undelivered)
        age = health.backlog.oldest_undelivered or 0.0
        yield _gauge("renkei_oldest_undelivered_seconds", "最も古い未到達の送信からの秒数", age)
        yield _gauge("renkei_waiting", "待機している受信の数", health.backlog.waiting)
        yield _gauge("renkei_parked", "要確認の受信の数", health.backlog.parked)

    def _health(self) -> Health:
        if self._seen is None or monotonic() - self._seen[0] > _KEEP:
            self._seen = (monotonic(), look(self._node))
        return self._seen[1]


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, value=float(value))
