"""Slows down sign-in from one address, whatever account names it tries."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final

FREE_FAILURES: Final = 10
"""An office shares one address, so a few mistakes of several people must not lock it out."""
LONGEST_WAIT: Final = 300.0
_FORGET: Final = 900.0
_ADDRESSES: Final = 10_000


class AddressThrottle:
    """Failed sign-ins by address, in memory and bounded: a restart forgives, an account's lock does not."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._guard = threading.Lock()

    def wait(self, address: str) -> int:
        """Whole seconds for which this address has to wait before its next attempt; 0 when it may try."""
        with self._guard:
            count, last = self._failures.get(address, (0, 0.0))
            if count < FREE_FAILURES:
                return 0
            pause = min(LONGEST_WAIT, 2.0 ** min(count - FREE_FAILURES + 1, 12))
            return max(0, round(last + pause - self._clock() + 0.5))

    def failed(self, address: str) -> None:
        """Count one failure of this address."""
        with self._guard:
            now = self._clock()
            count, last = self._failures.pop(address, (0, now))
            self._failures[address] = (1 if now - last > _FORGET else count + 1, now)
            while len(self._failures) > _ADDRESSES:
                self._failures.popitem(last=False)
