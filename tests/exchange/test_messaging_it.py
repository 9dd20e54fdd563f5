"""The messaging process as it runs in production: nameko, eventlet, health."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
import pytest
import tomli_w
from psycopg.conninfo import conninfo_to_dict

from contracts.topology import dead_queue
from deploy.local.ports import free_port
from services.hokatsu.definition import SERVICE as HOKATSU
from services.kyotaku.definition import SERVICE as KYOTAKU
from services.ward.definition import SERVICE as WARD_SERVICE
from shared.node.node import Node
from tests.exchange.conftest import CENTRE, OFFICE, WARD, Town, example, open_case, record, rows, stored

pytestmark = pytest.mark.processes
PATIENCE = 60


def wait_for(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
    return found


class Process:
    """One node's messaging process."""

    def __init__(self, node: Node, folder: Path) -> None:
        self.port = free_port().number
        config = node.config
        content = {
            "node": {
                "name": config.name,
                "agency": config.agency,
                "service": config.service,
                "training": True,
                "key_file": str(config.key_file),
            },
            "database": {"dsn": config.database, "keys_dsn": config.keys_database},
            "broker": {"url": config.broker},
            "web": {"host": "127.0.0.1", "health_port": self.port},
            "trust": {insurer: dict(key) for insurer, key in config.trust.items()},
        }
        file = folder / f"{config.agency}.toml"
        file.write_text(tomli_w.dumps(content), encoding="utf-8")
        self.log = folder / f"{config.agency}.log"
        self._program = [sys.executable, "-m", "deploy.cli", "node", "messaging", "--config", str(file)]
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                self._program, stdout=output, stderr=output, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
            )

    def answer(self) -> tuple[int, dict[str, Any]] | None:
        """Status and body of its health; ``None`` when it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as answer:
                return answer.status, json.load(answer)
        except HTTPError as problem:
            return problem.code, json.load(problem)
        except (URLError, OSError):
            return None

    def healthz(self) -> dict[str, Any] | None:
        found = self.answer()
        return found[1] if found and found[0] == 200 else None

    def connected(self) -> bool:
        found = self.healthz()
        return bool(found and found["inbox_connected"] and found["relay_connected"])

    def metrics(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def end(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(timeout=PATIENCE)


@pytest.fixture
def processes(empty_town: Town, tmp_path: Path) -> Iterator[dict[str, Process]]:
    for agency, service in ((WARD, WARD_SERVICE), (OFFICE, KYOTAKU), (CENTRE, HOKATSU)):
        empty_town.add(agency, service)
    empty_town.list_agencies([WARD, OFFICE, CENTRE], (OFFICE, CENTRE))
    started = {agency: Process(each.node, tmp_path) for agency, each in empty_town.exchanges.items()}
    yield started
    for process in started.values():
        process.child.kill()
        process.child.wait()
        print(process.log.name, process.log.read_text(encoding="utf-8")[-3000:])  # shown when the test fails


def answered(town: Town) -> int:
    """How many of the office's messages the centre has receipted as stored."""
    query = "select count(*) from receipted where partner = %s and status = 'stored'"
    return int(rows(town.office, query, CENTRE)[0][0])


@contextmanager
def no_database(town: Town, superuser: str, agency: str) -> Iterator[None]:
    """The database refuses everybody, as when its server is down."""
    name = conninfo_to_dict(town.exchanges[agency].node.config.database)["dbname"]
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"alter database {name} with allow_connections false".encode())
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
        )
        try:
            yield
        finally:
            connection.execute(f"alter database {name} with allow_connections true".encode())
    time.sleep(1.1)  # what a pool still holds is tried before use once it has rested for a second


@pytest.fixture
def settled(empty_town: Town, processes: dict[str, Process]) -> Town:
    """Processes that know each other."""
    for agency in (OFFICE, CENTRE):
        wait_for(lambda agency=agency: len(stored(empty_town.exchanges[agency].node, "AgencyListed")) == 3)
    for process in processes.values():
        wait_for(process.connected)
    return empty_town


def test_processes_exchange_events_and_tell_their_health(
    settled: Town, processes: dict[str, Process]
) -> None:
    open_case(settled.office, to=(CENTRE,))
    wait_for(lambda: answered(settled))
    assert len(stored(settled.centre, "CaseOpened")) == 1
    process = processes[CENTRE]
    assert 'renkei_thread_connected{thread="inbox"} 1.0' in process.metrics()
    assert process.end() == 0, process.log.read_text()


def test_while_the_database_is_away_messages_are_held_and_none_is_dead_lettered(
    settled: Town, processes: dict[str, Process], postgres_server: str
) -> None:
    case_id = open_case(settled.office, to=(CENTRE,))
    wait_for(lambda: answered(settled) == 1)
    with no_database(settled, postgres_server, CENTRE):
        for version in range(1, 30):
            data = example("PlanSubmitted", plan_version=version)
            record(settled.office, "PlanSubmitted", data, case_id=case_id, to=(CENTRE,))
        wait_for(lambda: "messages are held" in processes[CENTRE].log.read_text())
        wait_for(lambda: (processes[CENTRE].answer() or (0, {}))[0] == 503)
    wait_for(lambda: answered(settled) == 30)
    versions = [json.loads(row.data)["plan_version"] for row in stored(settled.centre, "PlanSubmitted")]
    assert versions == list(range(1, 30))
    assert settled.depth(dead_queue(CENTRE)) == 0
    assert processes[CENTRE].child.poll() is None


def test_a_node_recovers_by_itself_when_the_broker_dies_and_comes_back_empty(
    settled: Town, processes: dict[str, Process]
) -> None:
    case_id = open_case(settled.office, to=(CENTRE,))
    wait_for(lambda: answered(settled) == 1)
    settled.broker.kill()
    try:
        record(settled.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
        query = "select problem from partners where partner = %s"
        wait_for(lambda: rows(settled.office, query, CENTRE)[0][0])
        wait_for(lambda: (processes[OFFICE].answer() or (0, {}))[1].get("status") == "degraded")
        settled.broker.wipe()
    finally:
        settled.broker.restart()
    wait_for(lambda: answered(settled) == 2)
    assert len(stored(settled.centre, "PlanSubmitted")) == 1
    assert all(process.child.poll() is None for process in processes.values())


def test_a_slow_query_does_not_freeze_the_process(settled: Town, processes: dict[str, Process]) -> None:
    with settled.centre.connect() as holder:
        holder.execute("select lock_head()")
        open_case(settled.office, to=(CENTRE,))
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        wait_for(lambda: rows(settled.centre, waits)[0][0])
        assert processes[CENTRE].healthz(), "the inbox waits for a lock, and the process answers nobody"
        assert answered(settled) == 0
    wait_for(lambda: answered(settled) == 1)


def test_the_process_ends_when_the_inbox_ends_so_that_its_supervisor_restarts_it(
    settled: Town, processes: dict[str, Process]
) -> None:
    # What no code foresaw: the table that the inbox needs is gone.
    with psycopg.connect(settled.maker.databases[CENTRE].owner, autocommit=True) as owner:
        owner.execute("alter table received rename to elsewhere")
        open_case(settled.office, to=(CENTRE,))
        process = processes[CENTRE]
        assert process.child.wait(timeout=PATIENCE) == 1
        owner.execute("alter table elsewhere rename to received")
    process.start()
    wait_for(lambda: answered(settled) == 1)


@pytest.mark.parametrize("victim", [OFFICE, CENTRE])
def test_processes_killed_again_and_again_lose_nothing_and_double_nothing(
    settled: Town, processes: dict[str, Process], victim: str
) -> None:
    case_id = open_case(settled.office, to=(CENTRE,))
    for version in range(1, 61):
        data = example("PlanSubmitted", plan_version=version)
        record(settled.office, "PlanSubmitted", data, case_id=case_id, to=(CENTRE,))
        if version % 15 == 0:
            processes[victim].child.kill()
            processes[victim].child.wait()
            processes[victim].start()
    wait_for(lambda: answered(settled) == 61)
    versions = [json.loads(row.data)["plan_version"] for row in stored(settled.centre, "PlanSubmitted")]
    assert versions == list(range(1, 61))
    assert settled.depth(dead_queue(CENTRE)) == 0


def test_messaging_does_not_start_without_the_way_of_waiting_that_lets_others_run() -> None:
    program = "from shared.exchange.messaging import run_messaging; run_messaging(None, object)"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    environment.pop("PSYCOPG_WAIT_FUNC", None)
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert "PSYCOPG_WAIT_FUNC" in ended.stderr
    assert ended.returncode != 0


def test_the_way_of_waiting_is_set_before_psycopg_is_imported() -> None:
    program = (
        "import psycopg; from pathlib import Path; from deploy.messaging import serve; serve(Path('none'))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        check=False,
        timeout=60,
    )
    assert "psycopg was imported before" in ended.stderr


def test_a_process_that_is_told_to_stop_says_why_and_exits_with_0(
    settled: Town, processes: dict[str, Process]
) -> None:
    assert processes[CENTRE].end() == 0
    *_, stops, stopped = map(json.loads, processes[CENTRE].log.read_text(encoding="utf-8").splitlines())
    assert (stops["message"], stops["signal"]) == ("messaging stops after the batch at hand", "SIGTERM")
    assert stopped["message"] == "messaging has stopped"


def test_two_signals_at_once_stop_a_process_once(settled: Town, processes: dict[str, Process]) -> None:
    child, log = processes[CENTRE].child, processes[CENTRE].log
    for each in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
        child.send_signal(each)  # both wait for the process to go on
    assert child.wait(timeout=PATIENCE) == 0
    told = [json.loads(line)["message"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert told[-2:] == ["messaging stops after the batch at hand", "messaging has stopped"]


def test_a_batch_that_hangs_does_not_keep_the_process_and_nothing_of_it_is_lost(
    settled: Town, processes: dict[str, Process]
) -> None:
    config = settled.centre.config
    with psycopg.connect(config.owner_database or config.database) as holding:
        holding.execute("select lock_head()")  # whoever writes waits from now on
        open_case(settled.office, to=(CENTRE,))
        waiting = (
            "select count(*) from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        )
        wait_for(lambda: rows(settled.centre, waiting)[0][0])
        assert processes[CENTRE].end() == 0
        last = processes[CENTRE].log.read_text(encoding="utf-8").splitlines()[-1]
        assert "messaging ends without its batch at hand" in last
    processes[CENTRE].start()
    wait_for(lambda: answered(settled))
    assert len(stored(settled.centre, "CaseOpened")) == 1
