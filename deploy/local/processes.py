"""A set of our own programs: started together, watched, ended together."""

import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

from deploy.local.children import Child

_BETWEEN_LOOKS = 0.2  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
"""Seconds before a program that ended is started again; doubled each time it ends again soon."""
_STEADY = 30.0
"""Seconds after which a program counts as running well, and its pauses begin anew."""


@dataclass
class _Entry:
    child: Child
    program: Sequence[str]
    environment: Mapping[str, str]
    restart: bool
    since: float
    pause: float = _FIRST_PAUSE


class Processes:
    """Programs by name, each writing to ``<logs>/<name>.log``.

    Leaving the context ends them all, the last started first. None outlives this process, however it ends. With
    ``restart`` a program that ends unasked is started again, as systemd or the container engine does in production.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(
        self,
        name: str,
        program: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        restart: bool = False,
    ) -> Child:
        """Start ``program`` under ``name``; ``environment`` is added to ours. One of that name is ended first."""
        self.stop(name)
        with self._lock:
            child = self._run(name, program, environment or {})
            self._entries[name] = _Entry(child, program, environment or {}, restart, time.monotonic())
        if restart and self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="processes", daemon=True)
            self._watcher.start()
        return child

    def child(self, name: str) -> Child:
        """The program that runs, or last ran, under ``name``. Raises KeyError when there is none."""
        with self._lock:
            return self._entries[name].child

    def kill(self, name: str, for_good: bool = False) -> None:
        """End it by SIGKILL, as a crash would; with ``restart`` it comes back, unless it is ``for_good``."""
        with self._lock:
            entry = self._entries.pop(name) if for_good else self._entries[name]
        entry.child.kill()

    def stop(self, name: str) -> None:
        """End it in order and for good. Harmless when there is none of that name."""
        with self._lock:
            entry = self._entries.pop(name, None)
        if entry is not None:
            entry.child.stop()

    def stop_all(self) -> None:
        """End all of them in order; they end side by side, the last started is asked first."""
        with self._lock:
            children = [entry.child for entry in reversed(self._entries.values())]
            self._entries.clear()
        for child in children:
            child.ask_to_end()
        for child in children:
            child.stop()
        # Last: the kernel would end what the watcher had started together with the watcher's thread.
        self._over.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_all()

    def _run(self, name: str, program: Sequence[str], environment: Mapping[str, str]) -> Child:
        return Child(program, self._logs / f"{name}.log", environment=environment)

    def _watch(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS):
            with self._lock:
                for name, entry in self._entries.items():
                    if entry.restart and entry.child.exit_code is not None:
                        self._revive(name, entry)

    def _revive(self, name: str, entry: _Entry) -> None:
        """Start it again once its pause is over, counted from its last start."""
        now = time.monotonic()
        ran = now - entry.since
        if ran > _STEADY:
            entry.pause = _FIRST_PAUSE
        if ran >= entry.pause:
            entry.child = self._run(name, entry.program, entry.environment)
            entry.since, entry.pause = now, min(2 * entry.pause, _LONGEST_PAUSE)


@contextmanager
def one_interruption() -> Iterator[None]:
    """Let the first SIGINT, SIGTERM or SIGHUP raise KeyboardInterrupt, and ignore further ones.

    So whatever asks us to end, ``with`` blocks end their servers in order, and an impatient second Ctrl-C does not
    cut that short. A signal that was ignored before, as under nohup, stays ignored. For the main thread only.
    """
    every = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    asking = [each for each in every if signal.getsignal(each) is not signal.SIG_IGN]

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in asking:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in asking}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
