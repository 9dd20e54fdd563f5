"""A RabbitMQ that somebody else runs, given by its URL."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from amqp import Channel
from amqp.exceptions import AccessRefused, AMQPError, PreconditionFailed
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from deploy.local.errors import BrokerUnusable

_REMEDIES = {
    AccessRefused: "すべての configure・write・read の権限がある利用者の URL を指定してください。",
    PreconditionFailed: "同名のキューが別の設定であります。空の仮想ホストを指定してください。",
}
_UNREACHABLE = "URL と、RabbitMQ が動いていることを確認してください。"


class GivenBroker:
    """The broker at ``url``, which we neither start nor stop.

    AMQP has no way to make users, so all nodes use the one of the URL. They lose nothing by it that counts: who
    sent a message is told by its signature, never by the broker.
    """

    def __init__(self, url: str, definitions: Mapping[str, Any]) -> None:
        self._url = url
        self._definitions = definitions

    @property
    def description(self) -> str:
        """What runs and where, for a person; without the password."""
        address = urlsplit(self._url)
        return f"given broker {address.hostname}:{address.port or 5672}, one user for all nodes"

    def url(self, user: str, password: str) -> str:
        """The AMQP address, the same for every user of the definitions."""
        return self._url

    def start(self) -> None:
        """Declare exchanges, queues and bindings of the definitions; those that are there already stay.

        Raises BrokerUnusable when it can't be reached, when its user may not declare, when a queue exists in
        another shape, or when somebody reads from one: then these queues belong to nodes that are at work.
        """
        try:
            with Connection(self._url, connect_timeout=10) as connection:
                connection.connect()  # once; asking for a channel would try again for long
                self._declare(connection.default_channel)
        except (OSError, AMQPError, OperationalError) as failure:
            remedy = next(
                (text for kind, text in _REMEDIES.items() if isinstance(failure, kind)), _UNREACHABLE
            )
            raise self._unusable(remedy, failure) from failure

    def stop(self) -> None:
        """Nothing: it is not ours."""

    def _declare(self, channel: Channel) -> None:
        for exchange in self._definitions["exchanges"]:
            channel.exchange_declare(exchange["name"], exchange["type"], durable=True, auto_delete=False)
        for queue in self._definitions["queues"]:
            found = channel.queue_declare(
                queue["name"], durable=True, auto_delete=False, arguments=queue["arguments"]
            )
            if found.consumer_count:
                raise self._unusable(
                    "ほかのノードが使っています。空の仮想ホストを指定してください。", found.queue
                )
        for binding in self._definitions["bindings"]:
            channel.queue_bind(binding["destination"], binding["source"], binding["routing_key"])

    def _unusable(self, remedy: str, reason: object) -> BrokerUnusable:
        return BrokerUnusable(
            f"指定された RabbitMQ ({self.description}) を使えません: {reason}\n{remedy}\n"
            f"The RabbitMQ given can't be used: {reason}\n"
            "It needs: an empty virtual host, and a user who may configure, write and read everything in it."
        )
