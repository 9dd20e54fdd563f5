"""Whatever ends ``./renkei demo``: no node, no server, nothing that it started stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.folders import remove
from tests.promises.ground import until

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)

# The command itself, in a folder of its own and with one member, so that three of them fit on a small machine.
_DEMO = """
import signal, sys, time
from pathlib import Path
for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, signal.SIG_DFL)  # whoever runs these tests may ignore some of them
from deploy.cli.__main__ import main
from deploy.cli.commands import demo
from deploy.demo import nodes
demo.DEMO, nodes.CAST = Path(sys.argv[1]), nodes.CAST[:1]
demo.play = lambda *arguments: (print("PLAYING", flush=True), time.sleep(600))
sys.exit(main(["demo"]))
"""


@dataclass(frozen=True)
class Process:
    """A process as ``/proc`` shows it; number and start together are its own."""

    pid: int
    parent: int
    started: int
    state: str


class Demos:
    """Demos under way, each with the processes that were seen below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Process] = set()
        self.running: dict[signal.Signals, subprocess.Popen[str]] = {}

    def start(self, by: signal.Signals) -> None:
        """One that will be ended by a signal."""
        program = [sys.executable, "-c", _DEMO, str(self._folder / by.name)]
        self.running[by] = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def await_play(self, by: signal.Signals) -> set[Process]:
        """Until it plays; returns all processes below it."""
        demo = self.running[by]
        assert demo.stdout is not None
        assert any("PLAYING" in line for line in demo.stdout), "the demo ended by itself"
        below = descendants(demo.pid)
        self._seen |= below
        return below

    def clear(self) -> None:
        """End whatever is left, which a failed test may have found."""
        for demo in self.running.values():
            if demo.poll() is None:
                self._seen |= descendants(demo.pid)
            demo.kill()
            demo.wait()
        for each in filter(runs, self._seen):
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        for by in self.running:
            remove(self._folder / by.name / "postgres")


@pytest.fixture
def demos(tmp_path: Path) -> Iterator[Demos]:
    made = Demos(tmp_path)
    yield made
    made.clear()


def test_a_demo_that_is_ended_leaves_no_process_behind(demos: Demos) -> None:
    for by in SIGNALS:
        demos.start(by)
    for by in SIGNALS:
        left = demos.await_play(by)
        assert sum("deploy.cli" in command_line(each) for each in left) == 2
        assert any("postgres" in command_line(each) for each in left)
        demos.running[by].send_signal(by)
        demos.running[by].wait()
        until(lambda left=left: not any(map(runs, left)), f"all ends with {by.name}")  # type: ignore[misc]


def descendants(pid: int) -> set[Process]:
    """All processes below one."""
    every = [each for each in map(looked_up, filter(str.isdigit, os.listdir("/proc"))) if each is not None]
    found: set[Process] = set()
    below = {pid}
    while below:
        children = {each for each in every if each.parent in below} - found
        found |= children
        below = {each.pid for each in children}
    return found


def looked_up(pid: str) -> Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
        return None
    return Process(int(pid), int(stat[1]), int(stat[19]), stat[0])


def command_line(process: Process) -> str:
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def runs(process: Process) -> bool:
    """Whether it runs still: a zombie, for which nobody has waited yet, does not, nor a later one of its number."""
    now = looked_up(str(process.pid))
    return now is not None and now.started == process.started and now.state != "Z"
