"""An office and a centre as their real processes on a real broker, listed by a ward; the bench gives commands."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID, uuid4

from contracts.catalogue import CROSSING
from contracts.events.sample import CENTRE, OFFICE, WARD
from deploy.bench.case_events import life_of_a_case
from deploy.bench.figures import Tell
from deploy.bench.ground import AGENCIES, FOLDER, SERVICES, Ground, Place
from deploy.bench.writing import ACTOR, DAY, record
from deploy.cli.at_node import ROOT
from deploy.composition import node_from
from deploy.local.children import wait_until
from deploy.local.find_broker import own_broker
from deploy.local.processes import Processes
from deploy.rabbitmq.definitions import definitions
from shared.eventlog.model import NewEvent
from shared.exchange.exchange import Exchange, drain
from shared.node.node import Node
from shared.node.service import Command

PARTS: Final = ("web", "messaging")
PATIENCE: Final = 120.0
"""Seconds to wait for receipts."""


@dataclass
class Town:
    """The office in the bench's own process, beside the office's and the centre's processes."""

    office: Node
    places: dict[str, Place]
    processes: Processes
    cases: list[UUID] = field(default_factory=list)

    def open_cases(self, number: int) -> None:
        """Open cases to which the centre is a party, and wait until it knows them."""
        for _ in range(number):
            case_id = uuid4()
            record(self.office, life_of_a_case(case_id, 1))
            self.cases.append(case_id)
        self.await_receipts()

    def command(self, number: int) -> None:
        """One command, whose event is for the centre; the cases take turns."""
        fields = {"change": "moved_within", "changed_on": DAY, "note": "見本町二丁目へ転居"}
        case_id = self.cases[number % len(self.cases)]
        self.office.handle(Command(uuid4(), "ReportCircumstance", case_id, fields, ACTOR, DAY))

    def await_receipts(self) -> None:
        """Return once the partner's receipts for all deliveries are in the log."""
        wait_until(lambda: self._owed() == 0, "到達確認", patience=PATIENCE)

    def memory(self) -> dict[str, float]:
        """Resident memory of each process, in MB."""
        found = {}
        for name in ("office", "centre"):
            for part in PARTS:
                found[f"{name}-{part}"] = resident(self.processes.child(f"{name}-{part}").pid)
        return found

    def _owed(self) -> int:
        with self.office.database.connection() as connection:
            row = connection.execute(
                "select (select count(*) from deliveries) - (select count(*) from receipted where status = 'stored')"
            ).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def town(ground: Ground, tell: Tell) -> Iterator[Town]:
    """Start everything; ended and closed afterwards."""
    passwords = {agency: secrets.token_hex(9) for agency in AGENCIES.values()}
    broker = own_broker(FOLDER / "broker", definitions(passwords), tell)
    tell("RabbitMQ を起動しています")
    broker.start()
    try:
        places = {
            name: ground.node(name, broker=broker.url(agency, passwords[agency]))
            for name, agency in AGENCIES.items()
        }
        nodes = {name: node_from(place.config) for name, place in places.items()}
        for node in nodes.values():
            node.open()
        with Processes(FOLDER / "logs") as processes:
            tell("居宅と包括のプロセス（画面、送受信）を起動しています")
            for name in ("office", "centre"):
                start(processes, places[name])
            _list_agencies(nodes["ward"], places)
            yield Town(nodes["office"], places, processes)
        for node in nodes.values():
            node.close()
    finally:
        broker.erase()


def start(processes: Processes, place: Place, parts: Sequence[str] = PARTS) -> None:
    """Start processes of a node, and return once they answer."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    for part in parts:
        program = [sys.executable, "-m", "deploy.cli", "node", part, "--config", str(place.config)]
        processes.start(f"{place.name}-{part}", program, environment=environment)
    for part, port in (("web", place.web), ("messaging", place.health)):
        if part in parts:
            wait_until(
                lambda port=port: _healthy(port.number),  # type: ignore[misc]
                f"{place.name}-{part}",
                patience=90,
            )


def resident(pid: int) -> float:
    """Resident memory of a process, in MB."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _list_agencies(ward: Node, places: dict[str, Place]) -> None:
    record(ward, [_listing(place) for place in places.values()])
    exchange = Exchange(ward)
    until = time.monotonic() + PATIENCE
    while _unlisted(ward) and time.monotonic() < until:
        drain([exchange])
    exchange.close()


def _unlisted(ward: Node) -> bool:
    with ward.database.connection() as connection:
        row = connection.execute("select count(*) from receipted where status = 'stored'").fetchone()
    assert row is not None
    return int(row[0]) < len(AGENCIES) * 2


def _listing(place: Place) -> NewEvent:
    period = {"valid_from": "2024-09-01T00:00:00+09:00", "valid_to": None}
    keys = [
        {"kid": each["kid"], "use": each["use"], "jwk": each, **period} for each in place.keys.public_jwks()
    ]
    data = {
        **CROSSING["AgencyListed"].example,
        "insurer": WARD,
        "agency": place.agency,
        "name": f"見本の{place.name}",
        "roles": [SERVICES[place.name]],
        "keys": keys,
    }
    return NewEvent("AgencyListed", data, to=(OFFICE, CENTRE))
