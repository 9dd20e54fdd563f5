"""Sending one unnumbered message: signed with the agency's key, sealed for its recipient, confirmed by the broker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from contracts.topology import routing_key
from shared.exchange import jose
from shared.exchange.broker import Outgoing, Publisher
from shared.exchange.directory import DirectoryReader
from shared.node.node import Node


class Post:
    """Sends messages that are neither numbered nor receipted: whoever misses one asks again."""

    def __init__(self, node: Node, directory: DirectoryReader, publisher: Publisher) -> None:
        self._node = node
        self._directory = directory
        self._publisher = publisher

    def heading(self, partner: str) -> tuple[UUID, str, str, bool, datetime]:
        """What every unnumbered message begins with: id, sender, recipient, training, time."""
        return uuid4(), self._node.agency, partner, self._node.training, self._node.log.head().now

    def send(self, partner: str, name: str, payload: str, typ: str, disclosures: Sequence[str] = ()) -> bool:
        """Send a payload; false when the partner has no key that counts, or the broker did not take it."""
        directory, now = self._directory.read(), self._node.log.head().now
        key = directory.encryption_key(partner, now)
        if key is None:
            return False
        listed = [each.kid for each in directory.current_keys(self._node.agency, "sig", now)]
        token = jose.sign(payload, self._node.agency_keys.signing_key(listed), typ)
        body = jose.seal(token, disclosures, key)
        return self._publisher.publish([Outgoing(routing_key(partner, name), body)]) == ["confirmed"]
