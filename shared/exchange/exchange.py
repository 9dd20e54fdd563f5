"""A node's relay and reception together, for whoever turns them by hand: tests and the scenario player."""

from collections.abc import Sequence

from shared.exchange.reception import Reception
from shared.exchange.relay import Relay
from shared.node.node import Node


class Exchange:
    """Sending and receiving of one node in one thread."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.relay = Relay(node)
        self.reception = Reception(node)

    def turn(self, wait: float = 0.02) -> int:
        """Send what is due, take in what has arrived; returns how many messages moved.

        :raises BrokerAway: the broker is away.
        """
        moved = self.relay.pump() + self.reception.turn(wait)
        return moved + self.reception.inbox.retry_waiting()

    def close(self) -> None:
        """Give the broker connections back."""
        self.relay.close()
        self.reception.close()


def drain(exchanges: Sequence[Exchange], turns: int = 200) -> None:
    """Turn all nodes until nothing moves any more.

    :raises RuntimeError: messages still move after so many turns.
    """
    quiet = 0
    for _ in range(turns):
        moved = sum(each.turn() for each in exchanges)
        quiet = 0 if moved else quiet + 1
        if quiet == 3:  # a message may be between the broker's confirm and its delivery
            return
    raise RuntimeError(f"the exchange did not come to rest in {turns} turns")
