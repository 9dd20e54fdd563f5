"""Where messages go on the broker: names and queue arguments shared by nodes, definitions and vendors.

One topic exchange; the routing key is `<recipient agency>.<event type>`; each agency reads its own durable
quorum queue.
"""

from __future__ import annotations

VHOST = "renkei"
EXCHANGE = "renkei"
DEAD_EXCHANGE = "renkei.dead"

DELIVERY_LIMIT = 1000
"""Deliveries before the broker gives a message up. At least 100: every lost connection counts one."""


def inbox_queue(agency: str) -> str:
    """The queue from which the agency with this number reads what others send it."""
    return f"inbox.{agency}"


def dead_queue(agency: str) -> str:
    """The queue in which the broker keeps what it gave up delivering to this agency."""
    return f"dead.{agency}"


def routing_key(agency: str, event_type: str) -> str:
    """The key under which a message of this type travels to this agency."""
    return f"{agency}.{event_type}"


def binding_key(agency: str) -> str:
    """The pattern that brings everything addressed to this agency into its inbox."""
    return f"{agency}.#"


def queue_arguments(agency: str) -> dict[str, str | int]:
    """The arguments with which the inbox queue of this agency is declared."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
    }
