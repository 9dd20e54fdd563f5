"""Talking to RabbitMQ: connections with time limits everywhere, and publishing in confirmed windows.

Plain blocking code; it also works when eventlet has replaced the sockets. The broker is disposable:
nothing here is durable, and whatever was not confirmed is published again by the relay.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

import amqp
from amqp.exceptions import AMQPError
from kombu.connection import Connection as Address

from contracts.topology import EXCHANGE

CONNECT_SECONDS: Final = 5
OPERATION_SECONDS: Final = 15
HEARTBEAT_SECONDS: Final = 30
WINDOW: Final = 200
"""Messages published before their confirms are awaited. One by one a node reaches 1,000 a second, so
5,500."""

BROKER_ERRORS: Final = (AMQPError, OSError)
Outcome = Literal["confirmed", "unroutable", "nacked", "broker_away", "broker_blocked"]

PROBLEMS: Final[dict[str, str]] = {
    "unroutable": "宛先の受信箱が中継サーバーにありません。相手の事業所の受信箱が作られると届きます",
    "nacked": "中継サーバーが受け付けませんでした。自動で送り直します",
    "broker_away": "中継サーバーに接続できません。つながりしだい送ります",
    "broker_blocked": "中継サーバーの空き容量が足りず、受け付けが止まっています。管理者に連絡してください",
}
"""Outcome of a publish → what people read about it."""

logger = logging.getLogger("renkei.exchange.broker")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish."""

    routing_key: str
    body: bytes


def connect(url: str) -> Any:
    """A connection to the broker, every operation of which ends within a time limit.

    :raises OSError, amqp.exceptions.AMQPError: the broker is away or refuses this user.
    """
    address = Address(url, connect_timeout=CONNECT_SECONDS, heartbeat=HEARTBEAT_SECONDS)
    connection = address.transport.establish_connection()
    connection.transport.sock.settimeout(OPERATION_SECONDS)
    return connection


def keep_alive(connection: Any) -> None:
    """Read what has arrived and send a heartbeat when one is due; call it about once a second.

    :raises OSError, amqp.exceptions.AMQPError: the connection is gone.
    """
    with suppress(TimeoutError):
        connection.drain_events(timeout=0.001)
    connection.heartbeat_tick()


def drop(connection: Any) -> None:
    """Close a connection without waiting for a broker that may not answer."""
    try:
        if connection.connected:
            connection.transport.sock.settimeout(1)
            connection.close()
    except Exception as problem:
        logger.debug("closing a connection failed", extra={"facts": {"problem": type(problem).__name__}})
    finally:
        connection.collect()


class Publisher:
    """Publishes with confirms over one connection, which it opens when needed and replaces when it breaks."""

    def __init__(self, url: str, confirm_seconds: float = OPERATION_SECONDS) -> None:
        self._url = url
        self._confirm_seconds = confirm_seconds
        self._connection: Any = None
        self._channel: Any = None
        self._tag = 0
        self._unconfirmed: dict[int, int] = {}
        self._returned: set[int] = set()
        self._nacked: set[int] = set()
        self._blocked = False

    def publish(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Publish in windows; one outcome for each message, in order. Never raises for trouble with the
        broker."""
        outcomes: list[Outcome] = []
        for start in range(0, len(messages), WINDOW):
            window = messages[start : start + WINDOW]
            if outcomes and outcomes[-1] in ("broker_away", "broker_blocked"):
                outcomes += [outcomes[-1]] * len(window)
            else:
                outcomes += self._publish_window(window)
        return outcomes

    def keep_alive(self) -> None:
        """Heartbeats while there is nothing to publish. A connection that is gone is noticed here, too."""
        if self._connection is None:
            return
        try:
            keep_alive(self._connection)
        except BROKER_ERRORS:
            self.close()

    @property
    def connected(self) -> bool:
        """Whether there is a connection that nothing has been found wrong with."""
        return self._connection is not None

    def probe(self) -> bool:
        """Try to have a connection; false when the broker is away."""
        try:
            self._open()
        except BROKER_ERRORS:
            self.close()
        return self.connected

    def close(self) -> None:
        """Give the connection back; a later publish opens a new one."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            drop(connection)

    def _publish_window(self, window: Sequence[Outgoing]) -> list[Outcome]:
        self._unconfirmed, self._returned, self._nacked = {}, set(), set()
        problem: Outcome = "broker_away"
        try:
            self._open()
            for index, message in enumerate(window):
                self._send(index, message)
            self._await_confirms()
        except BROKER_ERRORS as trouble:
            problem = "broker_blocked" if self._blocked else "broker_away"
            logger.warning("publishing was interrupted", extra={"facts": {"problem": type(trouble).__name__}})
            self.close()
            missing = set(self._unconfirmed.values()) | set(range(self._handed_over, len(window)))
        else:
            missing = set()
        return [self._outcome(index, missing, problem) for index in range(len(window))]

    def _outcome(self, index: int, missing: set[int], problem: Outcome) -> Outcome:
        if index in missing:
            return problem
        if index in self._returned:
            return "unroutable"
        return "nacked" if index in self._nacked else "confirmed"

    def _open(self) -> None:
        self._handed_over = 0
        if self._connection is not None:
            return
        self._blocked = False
        self._connection = connect(self._url)
        self._connection.on_blocked = self._on_blocked
        self._connection.on_unblocked = self._on_unblocked
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_return"].add(self._on_return)
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._tag = 0

    def _send(self, index: int, message: Outgoing) -> None:
        self._tag += 1
        self._unconfirmed[self._tag] = index
        self._handed_over = index + 1
        content = amqp.Message(
            message.body, content_type="application/jose", delivery_mode=2, message_id=str(index)
        )
        self._channel.basic_publish(
            content,
            exchange=EXCHANGE,
            routing_key=message.routing_key,
            mandatory=True,
            timeout=OPERATION_SECONDS,
        )

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + self._confirm_seconds
        while self._unconfirmed:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError(f"{len(self._unconfirmed)} messages were not confirmed in time")
            self._connection.drain_events(timeout=remaining)

    def _settled(self, tag: int, multiple: bool) -> list[int]:
        tags = [each for each in self._unconfirmed if each <= tag] if multiple else [tag]
        return [self._unconfirmed.pop(each) for each in tags if each in self._unconfirmed]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._nacked.update(self._settled(tag, multiple))

    def _on_return(self, reason: Any, exchange: str, routing_key: str, message: Any) -> None:
        # The broker returns an unroutable message before it confirms it.
        self._returned.add(int(message.properties["message_id"]))

    def _on_blocked(self, reason: str) -> None:
        self._blocked = True

    def _on_unblocked(self) -> None:
        self._blocked = False
