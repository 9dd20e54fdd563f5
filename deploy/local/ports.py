"""What runs beside each other on one machine share: free TCP ports on 127.0.0.1, and turns at installing."""

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_RANGE = range(20_000, 30_000)
"""Below the ports that the system gives to outgoing connections, so none of those can take a port of ours."""


class Port:
    """A port number that stays ours until ``release`` or the end of this process."""

    def __init__(self, number: int, lock: int) -> None:
        self.number = number
        self._lock = lock

    def release(self) -> None:
        """Let other runs have it."""
        os.close(self._lock)

    def __str__(self) -> str:
        return str(self.number)


def free_port(wanted: int | None = None) -> Port:
    """Reserve a free port, ``wanted`` if that one is free.

    A lock file a port keeps other runs away, since a port that a killed server left must still be free when
    that server restarts. Other programs are seen by trying to bind.
    """
    folder = _locks()
    numbers = random.sample(_RANGE, len(_RANGE))  # random: two machines' worth of runs rarely meet
    for number in numbers if wanted is None else [wanted, *numbers]:
        lock = os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600)
        if _locked(lock) and _bindable(number):
            return Port(number, lock)
        os.close(lock)
    raise OSError("no free port between 20000 and 29999")


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait until no other run of this user's does ``what``, and keep others waiting meanwhile."""
    lock = os.open(_locks() / what, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _locks() -> Path:
    folder = Path(tempfile.gettempdir()) / f"renkei-ports-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        return Path(
            tempfile.mkdtemp(prefix="renkei-ports-")
        )  # somebody took the name: lock only among ourselves
    return folder


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _bindable(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do, past TIME_WAIT
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
