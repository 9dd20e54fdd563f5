"""Waiting for PostgreSQL where greenlets share one thread: most answers are awaited at once, slow ones let others run.

A query's answer usually comes within a fraction of a millisecond. Going through eventlet's hub for each of them cost
more than half of all that the messaging process did.
"""

from collections.abc import Generator
from typing import Any, Final

from psycopg import waiting
from psycopg.errors import _WaitTimeout

AT_ONCE_SECONDS: Final = 0.002
"""How long the other greenlets may be kept waiting for a query."""

Conversation = Generator[Any, Any, Any]
"""What psycopg waits for: yields what it wants to do with the socket, is sent what it can do."""


def yield_only_when_slow() -> None:
    """Make every connection of this process wait so.

    After :data:`AT_ONCE_SECONDS` a query is awaited in the way that ``PSYCOPG_WAIT_FUNC`` chose when psycopg was
    imported, which has to be one that eventlet can patch.
    """
    yielding = waiting.wait

    def wait(gen: Conversation, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
        if timeout is not None:
            return yielding(gen, fileno, interval, timeout)
        try:
            return waiting.wait_c(gen, fileno, AT_ONCE_SECONDS, AT_ONCE_SECONDS)
        except _WaitTimeout:
            return yielding(_from_here(gen), fileno, interval)

    waiting.wait = wait


def _from_here(gen: Conversation) -> Conversation:
    """A conversation that was left in the middle, as one that has not begun."""
    try:
        wanted = gen.send(waiting.READY_NONE)
        while True:
            wanted = gen.send((yield wanted))
    except StopIteration as done:
        return done.value
