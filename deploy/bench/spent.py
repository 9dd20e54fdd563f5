"""CPU that processes and their children have used, where the system tells (Linux)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")


@dataclass(frozen=True)
class Spent:
    """The CPU of these processes with their threads, and of the processes that they started."""

    processes: Sequence[int]

    def seconds(self) -> float | None:
        """All that they have used so far; None where the system does not tell. What has ended counts no more."""
        if not (_PROCESSES / "self" / "schedstat").exists():
            return None
        return sum(_of(each) for main in self.processes for each in (main, *_children(main))) / 1e9


def _of(process: int) -> int:
    """Nanoseconds that all threads of a process were on a CPU."""
    threads = (_PROCESSES / str(process) / "task").glob("*/schedstat")
    try:
        return sum(int(each.read_text().split()[0]) for each in threads)
    except (OSError, IndexError):
        return 0  # it has just ended


def _children(process: int) -> list[int]:
    try:
        told = [each.read_text() for each in (_PROCESSES / str(process) / "task").glob("*/children")]
    except OSError:
        return []
    return [int(each) for text in told for each in text.split()]
