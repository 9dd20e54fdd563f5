"""Whatever ends ``./renkei demo``: no node, no server, nothing that it started stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.folders import remove
from tests.promises.ground import until

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)

# The command itself, in a folder of its own and with one member, so that three of them fit on a small machine.
_DEMO = """
import sys, time
from pathlib import Path
from deploy.cli.__main__ import main
from deploy.cli.commands import demo
from deploy.demo import nodes
demo.DEMO, nodes.CAST = Path(sys.argv[1]), nodes.CAST[:1]
demo.play = lambda *arguments: time.sleep(600)
sys.exit(main(["demo"]))
"""


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    started: dict[str, subprocess.Popen[str]] = {}

    def start(name: str) -> "subprocess.Popen[str]":
        program = [sys.executable, "-c", _DEMO, str(tmp_path / name)]
        started[name] = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        return started[name]

    yield start
    for name, demo in started.items():
        demo.kill()
        demo.wait()
        remove(tmp_path / name / "postgres")


def test_a_demo_that_is_ended_leaves_no_process_behind(
    start_demo: Callable[[str], "subprocess.Popen[str]"],
) -> None:
    demos = {by: start_demo(by.name) for by in SIGNALS}
    for by, demo in demos.items():
        assert demo.stdout is not None
        assert any("ケースを進めています" in line for line in demo.stdout), "the demo ended by itself"
        left = descendants(demo.pid)
        assert len([each for each in left if "deploy.cli" in command_line(each)]) == 2
        assert any("postgres" in command_line(each) for each in left)
        demo.send_signal(by)
        demo.wait()
        until(lambda left=left: not any(map(runs, left)), f"all ends with {by.name}")  # type: ignore[misc]


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    parents = {each: parent for each in every_process() if (parent := parent_of(each)) is not None}
    found, below = [], {pid}
    while below:
        below = {each for each, parent in parents.items() if parent in below}
        found += sorted(below)
    return found


def every_process() -> list[int]:
    return [int(each) for each in os.listdir("/proc") if each.isdigit()]


def parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def runs(pid: int) -> bool:
    """A zombie, which nobody has waited for yet, does not run any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
