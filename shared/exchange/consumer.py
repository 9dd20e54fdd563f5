"""nameko at the edge: what starts, drives and stops the exchange of the node in ``container.config["node"]``.

Everything that matters is plain code in this package; nameko only calls it. Its own message consumer is
not used: it hands messages to parallel workers, needs configure rights, and acknowledges what it can't
decode.
"""

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from eventlet.event import Event
from nameko.extensions import DependencyProvider, Entrypoint
from nameko.timer import Timer

from shared.exchange.intake import BrokerAway
from shared.exchange.reception import Reception
from shared.exchange.relay import Relay
from shared.exchange.verdict import AWAY
from shared.node.node import Node

Method = TypeVar("Method", bound=Callable[..., Any])
HELD: Final = (BrokerAway, *AWAY)
"""What a worker may end with while broker or database are away: the messages are held and tried again."""


class ThreadEnded(Exception):
    """A thread that must run as long as the process has ended: the process ends, and its supervisor
    restarts it."""


class ReceptionProvider(DependencyProvider):  # type: ignore[misc]
    """Gives workers the node's reception; one for the whole process."""

    def setup(self) -> None:
        node: Node = self.container.config["node"]
        self.reception = Reception(node)
        self.container.config["reception"] = self.reception

    def stop(self) -> None:
        self.reception.close()

    def get_dependency(self, worker_ctx: Any) -> Reception:
        return self.reception


class RelayProvider(DependencyProvider):  # type: ignore[misc]
    """Runs the node's relay in a thread of its own."""

    def setup(self) -> None:
        self.stopping = threading.Event()
        self.relay = Relay(self.container.config["node"])
        self.container.config["relay"] = self.relay

    def start(self) -> None:
        self.thread = self.container.spawn_managed_thread(self._run, identifier="relay")

    def stop(self) -> None:
        self.stopping.set()
        self.thread.wait()

    def get_dependency(self, worker_ctx: Any) -> Relay:
        return self.relay

    def _run(self) -> None:
        self.relay.run(self.stopping)
        if not self.stopping.is_set():
            raise ThreadEnded("the relay's thread ended")


class Arrivals(Entrypoint):  # type: ignore[misc]
    """Fires one worker for the next batch, waits until it is done, and fires again: strictly in order.

    While the database is away nothing is acknowledged, rejected or requeued; the batch is tried again
    after a pause.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(expected_exceptions=HELD, **options)

    def setup(self) -> None:
        self.stopping = threading.Event()

    def start(self) -> None:
        self.thread = self.container.spawn_managed_thread(self._run, identifier="inbox")

    def stop(self) -> None:
        self.stopping.set()
        self.thread.wait()

    def _run(self) -> None:
        reception: Reception = self.container.config["reception"]
        reception.run(self.stopping, self._fire)
        if not self.stopping.is_set():
            raise ThreadEnded("the inbox's thread ended")

    def _fire(self) -> None:
        done = Event()

        def handle_result(worker: Any, result: Any, problem: Any) -> tuple[Any, Any]:
            done.send(problem)
            return result, problem

        self.container.spawn_worker(self, (), {}, handle_result=handle_result)
        problem = done.wait()
        if problem is not None:
            raise problem[1]


def arrivals(method: Method) -> Method:
    """Marks the service's method that takes in the next batch."""
    register: Callable[[Method], Method] = Arrivals.decorator
    return register(method)


def every(seconds: int) -> Callable[[Method], Method]:
    """Marks a service's method that is called again and again; while broker or database are away it may fail."""
    register: Callable[[Method], Method] = Timer.decorator(interval=seconds, expected_exceptions=HELD)
    return register
