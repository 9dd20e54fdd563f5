"""Child processes: none outlives us, whatever ends us."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.children import Child
from deploy.local.errors import StartFailed
from deploy.local.find_broker import installed_programs
from deploy.local.folders import remove
from deploy.local.ports import free_port
from deploy.local.processes import Processes, one_interruption

ROOT = Path(__file__).parents[2]
SLEEP = ["sleep", "600"]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path) as running:
        yield running


def runs(pid: int) -> bool:
    """Whether a program of this number runs; a zombie, which nobody has waited for yet, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until_gone(*pids: int) -> None:
    while any(map(runs, pids)):
        os.sched_yield()


def parent(tmp_path: Path, body: str) -> "subprocess.Popen[str]":
    """A program that starts ``sleep`` twice, prints their numbers, and then does ``body``."""
    script = f"""
        import os, signal, sys, time
        from pathlib import Path
        from deploy.local.processes import Processes, one_interruption
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)  # whoever runs these tests may ignore some of them
        with one_interruption(), Processes(Path({str(tmp_path)!r})) as processes:
            one = processes.start("one", {SLEEP!r}, restart=True)
            two = processes.start("two", {SLEEP!r})
            print(one.pid, two.pid, flush=True)
            {body}
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whatever_signal_ends_us_our_children_end_too(tmp_path: Path, by: signal.Signals) -> None:
    program = parent(tmp_path, "time.sleep(600)")
    assert program.stdout is not None
    children = [int(pid) for pid in program.stdout.readline().split()]
    assert all(map(runs, children))
    program.send_signal(by)
    program.communicate()
    until_gone(*children)


@pytest.mark.skipif(installed_programs() is None, reason="RabbitMQ is not installed here")
def test_no_server_stays_behind_when_we_are_killed(tmp_path: Path) -> None:
    script = f"""
        import time
        from pathlib import Path
        from deploy.local.find_broker import installed_programs
        from deploy.local.postgres import PrivatePostgres
        from deploy.local.rabbitmq import PrivateBroker
        from deploy.rabbitmq.definitions import definitions
        postgres = PrivatePostgres(Path({str(tmp_path / "postgres")!r}), durable=False)
        broker = PrivateBroker(Path({str(tmp_path / "broker")!r}), definitions({{}}), installed_programs())
        postgres.start()
        broker.start()
        print(postgres._child.pid, broker._broker.pid, broker._epmd.pid, flush=True)
        time.sleep(600)
    """
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None
        servers = [int(pid) for pid in program.stdout.readline().split()]
        assert len(servers) == 3
        assert all(map(runs, servers))
        program.kill()
        program.communicate()
        until_gone(*servers)
    finally:
        program.kill()
        remove(tmp_path / "postgres")


def test_our_children_end_when_we_fail(tmp_path: Path) -> None:
    said, _ = parent(tmp_path, "raise ValueError").communicate()
    until_gone(*map(int, said.split()))


def test_a_second_interruption_does_not_cut_the_ending_short() -> None:
    ended = False
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with one_interruption():
            try:
                signal.raise_signal(signal.SIGTERM)
            except KeyboardInterrupt:
                signal.raise_signal(signal.SIGINT)
                ended = True
        assert ended
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_that_our_caller_ignores_does_not_interrupt_us() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with one_interruption():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_killed_program_returns_when_it_was_started_to_restart(processes: Processes) -> None:
    first = processes.start("kept", SLEEP, restart=True)
    processes.kill("kept")
    while processes.child("kept").pid == first.pid:
        os.sched_yield()
    assert runs(processes.child("kept").pid)


def test_a_stopped_program_does_not_return(processes: Processes) -> None:
    stopped = processes.start("stopped", SLEEP, restart=True)
    processes.stop("stopped")
    assert stopped.exit_code == -signal.SIGTERM
    with pytest.raises(KeyError):
        processes.child("stopped")


def test_output_goes_to_a_log_file_of_the_programs_name(processes: Processes, tmp_path: Path) -> None:
    program = processes.start(
        "talker", ["sh", "-c", "echo out; echo $GREETING >&2"], environment={"GREETING": "hi"}
    )
    program.finish("talker")
    assert (tmp_path / "talker.log").read_text() == "out\nhi\n"


def test_a_program_that_does_not_become_ready_says_why(tmp_path: Path) -> None:
    failing = Child(["sh", "-c", "echo no port left; exit 3"], tmp_path / "log")
    with pytest.raises(StartFailed, match=r"exit status 3(.|\n)*no port left"):
        failing.await_ready(lambda: False, "it")


def test_a_program_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    stubborn = Child(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"], tmp_path / "log")
    stubborn.await_ready(lambda: "ready" in stubborn.log.read_text(), "it")
    stubborn.stop(patience=0.1)
    assert stubborn.exit_code == -signal.SIGKILL


def test_a_port_is_handed_out_once() -> None:
    ports = [free_port() for _ in range(20)]
    assert len({port.number for port in ports}) == 20
    taken = free_port(wanted=ports[0].number)
    assert taken.number != ports[0].number
    ports[0].release()
    again = free_port(wanted=ports[0].number)
    assert again.number == ports[0].number
    for port in [*ports[1:], taken, again]:
        port.release()


def test_a_port_in_use_by_another_program_is_not_handed_out() -> None:
    import socket

    port = free_port()
    number = port.number
    with socket.socket() as other:
        other.bind(("127.0.0.1", number))
        other.listen()
        port.release()
        replacement = free_port(wanted=number)
        assert replacement.number != number
        replacement.release()
