"""The messaging process as it runs in production: nameko, eventlet, health."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import tomli_w

from deploy.local.ports import free_port
from services.hokatsu.definition import SERVICE as HOKATSU
from services.kyotaku.definition import SERVICE as KYOTAKU
from services.ward.definition import SERVICE as WARD_SERVICE
from shared.node.node import Node
from tests.exchange.conftest import CENTRE, OFFICE, WARD, Town, open_case, rows, stored

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

    def healthz(self) -> dict[str, Any] | None:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (URLError, OSError):
            return None

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


def receipted(town: Town, partner: str) -> int:
    return int(rows(town.office, "select count(*) from receipted where partner = %s", partner)[0][0])


def test_processes_exchange_events_and_tell_their_health(
    empty_town: Town, processes: dict[str, Process]
) -> None:
    wait_for(lambda: stored(empty_town.office, "AgencyListed")[2:])
    open_case(empty_town.office, to=(CENTRE,))
    wait_for(lambda: receipted(empty_town, CENTRE))
    assert len(stored(empty_town.centre, "CaseOpened")) == 1
    process = processes[CENTRE]
    wait_for(process.connected)
    assert 'renkei_thread_connected{thread="inbox"} 1.0' in process.metrics()
    assert process.end() == 0, process.log.read_text()
