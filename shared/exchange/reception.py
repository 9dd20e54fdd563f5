"""The receiving half of a node at work: queue → inbox → acknowledgement → receipts, strictly in order."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final

from shared.exchange.inbox import RUN, Inbox
from shared.exchange.intake import Arrived, BrokerAway, Intake
from shared.exchange.verdict import AWAY
from shared.node.node import Node

WAIT_SECONDS: Final = 1.0
TICK_SECONDS: Final = 5.0
"""How often what waits is looked at without an event that calls for it: another process may have opened a
case."""
ANSWER_SECONDS: Final = 0.1
"""How often receipts go out while messages keep coming. A receipt answers a whole run of them and costs both sides as
much as several messages."""
SLOWEST_RETRY_SECONDS: Final = 5.0

logger = logging.getLogger("renkei.exchange.reception")


class Reception:
    """Takes in what arrives at one node. Plain blocking code, for a thread of whatever kind."""

    def __init__(self, node: Node, inbox: Inbox | None = None, intake: Intake | None = None) -> None:
        self.inbox = inbox or Inbox(node)
        self._intake = intake or Intake(node.config.broker, node.agency)
        self._arrived: deque[Arrived] = deque()
        self._asked_on = 0
        self._answered_at = -ANSWER_SECONDS
        self._owing = False
        self.alive_at = time.monotonic()
        self.problem: str | None = None

    @property
    def connected(self) -> bool:
        """Whether the broker connection is thought to be good."""
        return self._intake.connected

    def turn(self, wait: float = WAIT_SECONDS) -> int:
        """Take in one batch; returns how many bodies were dealt with. It is answered at once, or, while more keeps
        coming, together with what follows within :data:`ANSWER_SECONDS`.

        When the database goes away in the middle, the rest of the batch stays here, unacknowledged, and
        the next turn goes on with it: nothing is requeued, so nothing comes nearer to the dead letters.

        :raises BrokerAway: unacknowledged bodies will be delivered again.
        :raises psycopg.OperationalError, psycopg.InterfaceError: the database is away.
        """
        self.alive_at = time.monotonic()
        self._collect(min(wait, ANSWER_SECONDS) if self._owing else wait)
        done = self._take_in()
        self._owing = self._owing or done > 0
        if not done and self._asked_on != self._intake.connections:
            # The queue is empty for the first time on this connection: whatever else is missing was lost.
            self._asked_on = self._intake.connections
            self.inbox.ask_partners()
        if not done or time.monotonic() - self._answered_at >= ANSWER_SECONDS:
            self._owing, self._answered_at = False, time.monotonic()
            self.inbox.answer()
        return done

    def run(self, stop: threading.Event, turn: Callable[[], object] | None = None) -> None:
        """Take in what arrives until ``stop`` is set; waits while broker or database are away.

        ``turn`` stands for :meth:`turn` where something else, like a framework's worker, is to call it. Ends with an
        exception only for a fault of its own: then the process shall end, too, and be started anew.
        """
        pause = 0.1
        while not stop.is_set():
            try:
                (turn or self.turn)()
                pause, self.problem = 0.1, None
            except (BrokerAway, *AWAY) as problem:
                self.problem = type(problem).__name__
                logger.warning("messages are held", extra={"facts": {"problem": self.problem}})
                self._hold(stop, pause)
                pause = min(SLOWEST_RETRY_SECONDS, pause * 2)
        self.close()

    def close(self) -> None:
        """Give the broker connections back."""
        self._intake.close()
        self.inbox.close()

    def _collect(self, wait: float) -> None:
        if not self._arrived:
            self._arrived.extend(self._intake.collect(wait))

    def _take_in(self) -> int:
        done, last = 0, None
        try:
            while self._arrived:
                taken = self.inbox.receive_run([each.body for each in islice(self._arrived, RUN)])
                last = [self._arrived.popleft().tag for _ in range(taken)][-1]
                done += taken
        finally:
            if last is not None:
                self._settle(last)
        return done

    def _settle(self, tag: int) -> None:
        try:
            self._intake.settle(tag)
        except BrokerAway:
            self._arrived.clear()
            raise

    def _hold(self, stop: threading.Event, seconds: float) -> None:
        self.alive_at = time.monotonic()
        stop.wait(seconds)
        try:
            self._intake.keep_alive()
        except BrokerAway:
            self._arrived.clear()
