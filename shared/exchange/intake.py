"""Reading an agency's inbox queue: in order, a bounded number at a time, acknowledged only when asked.

nameko's own consumer declares queues (our users may configure nothing), hands messages to parallel
workers (which reorders them) and drops what it cannot decode. Here bodies are bytes, and nothing is
requeued or rejected, because every delivery that the broker has to repeat brings a message nearer to the
dead letters.
"""

from dataclasses import dataclass
from typing import Any, Final

from contracts.topology import inbox_queue
from shared.exchange.broker import BROKER_ERRORS, connect, drop, keep_alive

PREFETCH: Final = 100


class BrokerAway(Exception):
    """The connection to the broker is gone; whatever was not settled will be delivered again."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One body, and the tag with which it is settled."""

    tag: int
    body: bytes


class Intake:
    """One consumer on one agency's inbox. It opens its connection when needed."""

    def __init__(self, url: str, agency: str, prefetch: int = PREFETCH) -> None:
        self._url = url
        self._queue = inbox_queue(agency)
        self._prefetch = prefetch
        self._connection: Any = None
        self._channel: Any = None
        self._arrived: list[Arrived] = []
        self.connections = 0
        """How many connections were opened so far."""

    def collect(self, wait: float) -> list[Arrived]:
        """What has arrived and was not handed out before, in order; waits up to ``wait`` seconds for the
        first.

        :raises BrokerAway: reconnect by calling again.
        """
        try:
            self._open()
            if not self._arrived:
                self._drain(wait)
            while len(self._arrived) < self._prefetch and self._drain(0.001):
                pass
            self._connection.heartbeat_tick()
        except BROKER_ERRORS as problem:
            self.close()
            raise BrokerAway(f"{type(problem).__name__}: {problem}") from problem
        arrived, self._arrived = self._arrived, []
        return arrived

    def settle(self, through: int) -> None:
        """Acknowledge everything handed out up to tag ``through``: it is stored. :raises BrokerAway:
        connection gone."""
        try:
            self._channel.basic_ack(through, multiple=True)
        except (*BROKER_ERRORS, AttributeError) as problem:
            self.close()
            raise BrokerAway(f"{type(problem).__name__}: {problem}") from problem

    def keep_alive(self) -> None:
        """Heartbeats while the node is busy or its database is away. :raises BrokerAway: connection gone."""
        if self._connection is None:
            return
        try:
            keep_alive(self._connection)
        except BROKER_ERRORS as problem:
            self.close()
            raise BrokerAway(f"{type(problem).__name__}: {problem}") from problem

    @property
    def connected(self) -> bool:
        """Whether there is a connection that nothing has been found wrong with."""
        return self._connection is not None

    def close(self) -> None:
        """Give the connection back; the broker delivers again what was not settled."""
        connection, self._connection, self._channel = self._connection, None, None
        self._arrived = []
        if connection is not None:
            drop(connection)

    def _drain(self, wait: float) -> bool:
        try:
            self._connection.drain_events(timeout=wait)
        except TimeoutError:
            return False
        return True

    def _open(self) -> None:
        if self._connection is not None:
            return
        self._arrived = []
        self._connection = connect(self._url)
        self._channel = self._connection.channel()
        self._channel.auto_decode = False
        self._channel.basic_qos(0, self._prefetch, False)
        self._channel.basic_consume(self._queue, callback=self._on_message, on_cancel=self._on_cancel)
        self.connections += 1

    def _on_message(self, message: Any) -> None:
        body = message.body
        self._arrived.append(
            Arrived(message.delivery_tag, body.encode() if isinstance(body, str) else bytes(body))
        )

    def _on_cancel(self, consumer_tag: str) -> None:
        raise ConnectionError("the broker cancelled the consumer")
