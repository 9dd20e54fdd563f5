"""The demo's stage: private servers, six nodes of two processes each, all ended with this process."""

import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from kombu.connection import Connection

from contracts.topology import dead_queue, inbox_queue
from deploy.cli.at_node import ROOT
from deploy.demo.cast import Member
from deploy.demo.nodes import MadeNode, make, prepare, save_sign_ins
from deploy.local.children import wait_until
from deploy.local.find_broker import find_broker
from deploy.local.postgres import PrivatePostgres
from deploy.local.processes import Processes
from deploy.rabbitmq.definitions import OPERATOR, definitions

Tell = Callable[[str], None]
PARTS: Final = ("web", "messaging")
"""The two processes of a node."""


def process_name(node: str, part: str) -> str:
    """Under which name one of a node's processes is supervised, and its log written."""
    return f"{node}-{part}"


class Stage:
    """Where the case is played; ``sign_ins`` is the file with addresses, tokens and passwords."""

    def __init__(self, folder: Path, nodes: Sequence[MadeNode], processes: Processes, operator: str) -> None:
        self.folder = folder
        self.nodes = nodes
        self.processes = processes
        self._operator_url = operator
        self.sign_ins = folder / "sign-in.json"

    def start(self, node: MadeNode, part: str) -> None:
        """Start one of a node's processes; it is started again whenever it ends unasked."""
        program = [sys.executable, "-m", "deploy.cli", "node", part, "--config", str(node.config)]
        environment = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        name = process_name(node.member.name, part)
        self.processes.start(name, program, environment=environment, restart=True)

    def await_answers(self) -> None:
        """Return once every process answers that its node can work; raises StartFailed after long."""
        for node in self.nodes:
            for port, part in ((node.web, "画面"), (node.health, "送受信")):
                wait_until(partial(healthy, port.number), f"{node.member.name} の{part}", patience=90)

    def dead_letters(self) -> int:
        """How many dead-letter queues hold a message; none is expected to, ever."""
        with Connection(self._operator_url, connect_timeout=10) as connection:
            queues = [dead_queue(node.member.agency) for node in self.nodes]
            return sum(connection.default_channel.basic_get(queue) is not None for queue in queues)


@contextmanager
def stage(
    folder: Path,
    clock: datetime,
    first_port: int | None,
    tell: Tell,
    members: Sequence[Member] | None = None,
) -> Iterator[Stage]:
    """Servers and nodes of the members, or of the whole cast, running with empty training logs at ``clock``."""
    folder.mkdir(parents=True, exist_ok=True)
    tell("PostgreSQL を起動しています")
    with PrivatePostgres(folder / "postgres") as postgres:  # refuses a second demo before anything is changed
        nodes = prepare(folder / "nodes", first_port, members)
        passwords = {node.member.agency: node.broker_password for node in nodes}
        tell("RabbitMQ を探しています")
        operator = secrets.token_urlsafe(18)
        broker = find_broker(folder / "broker", definitions(passwords, operator), tell)
        tell("RabbitMQ を起動しています（数秒かかります）")
        broker.start()
        try:
            tell(f"RabbitMQ: {broker.description}")
            url = broker.url(OPERATOR, operator)
            empty_queues(url, nodes)
            make(nodes, postgres.dsn, broker.url, clock, tell)
            with running(folder, nodes, url, tell) as made:
                yield made
        finally:
            broker.stop()


@contextmanager
def running(folder: Path, nodes: Sequence[MadeNode], operator_url: str, tell: Tell) -> Iterator[Stage]:
    """The processes of nodes that are made, on servers that run already; logs and sign-ins go to ``folder``."""
    with Processes(folder / "logs") as processes:
        made = Stage(folder, nodes, processes, operator_url)
        save_sign_ins(nodes, made.sign_ins)
        tell(f"{len(nodes)}ノード（各2プロセス）を起動しています")
        for node in nodes:
            for part in PARTS:
                made.start(node, part)
        made.await_answers()
        yield made


def healthy(port: int) -> bool:
    """Whether the process that answers on this port says that its node can work."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def empty_queues(operator_url: str, nodes: Sequence[MadeNode]) -> None:
    """Messages of an earlier demo are for keys that no longer exist."""
    with Connection(operator_url, connect_timeout=10) as connection:
        for node in nodes:
            for queue in (inbox_queue(node.member.agency), dead_queue(node.member.agency)):
                connection.default_channel.queue_purge(queue)
