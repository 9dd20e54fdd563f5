"""Forms that are no commands do their work once too, however often they are sent.

A command's id stands in the log with its result. What changes accounts or takes in a file has no place there: the keys
that came with such forms are remembered in the web process's memory, long enough for a double click and a reload.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

FIELD: Final = "form_key"
"""The input in which a form brings its key."""
_REMEMBERED: Final = 900.0
_MOST: Final = 1000


@dataclass
class _Entry:
    begun: float
    guard: threading.Lock = field(default_factory=threading.Lock)
    done: bool = False
    result: Any = None


class Once:
    """What forms brought about, by account and key; bounded in number and time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._entries: OrderedDict[tuple[str, UUID], _Entry] = OrderedDict()

    def run(self, account: str, key: UUID, work: Callable[[], Any]) -> Any:
        """Do the work of a form, or return what it brought about when it came before; two at once wait in line.

        What raised an exception was not done: the form may come again.
        """
        entry = self._entry(account, key)
        with entry.guard:
            if not entry.done:
                entry.result = work()
                entry.done = True
            return entry.result

    def result(self, account: str, key: UUID | None) -> Any:
        """What a form of this account brought about; ``None`` when it is not known (any more)."""
        with self._guard:
            found = self._entries.get((account, key)) if key else None
        return found.result if found is not None and found.done else None

    def take(self, account: str, key: UUID | None) -> Any:
        """As :meth:`result`, and it is told only this once; the form still does nothing twice."""
        with self._guard:
            found = self._entries.get((account, key)) if key else None
            if found is None or not found.done:
                return None
            result, found.result = found.result, None
        return result

    def _entry(self, account: str, key: UUID) -> _Entry:
        with self._guard:
            now = self._clock()
            while self._entries and (
                len(self._entries) >= _MOST or next(iter(self._entries.values())).begun < now - _REMEMBERED
            ):
                self._entries.popitem(last=False)
            return self._entries.setdefault((account, key), _Entry(now))


def key_of(text: str | None) -> UUID | None:
    """The key that a form or an address names; ``None`` where it names none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def key_or_new(text: str | None) -> UUID:
    """The key that a form brought; one of its own for a form without."""
    return key_of(text) or uuid4()
