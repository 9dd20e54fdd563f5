"""Where promises are put to the test: servers that may be broken, and nodes as real processes, made anew each time."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
from kombu.connection import Connection
from psycopg.conninfo import make_conninfo

from contracts.topology import inbox_queue
from deploy.composition import node_from
from deploy.demo.nodes import MadeNode, make, prepare
from deploy.demo.stage import Stage, empty_queues, healthy, process_name, running
from deploy.local.children import wait_until
from deploy.local.find_broker import FallibleBroker, own_broker
from deploy.local.postgres import PrivatePostgres
from deploy.play.http import HttpTarget
from deploy.rabbitmq.definitions import OPERATOR, definitions
from shared.node.node import Node
from tests.promises.proxy import Proxy

PATIENCE = 120.0
"""Seconds after which something that must happen counts as not happening."""


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds that must come to hold by itself."""
    wait_until(holds, what, patience=PATIENCE)


@dataclass
class Scene:
    """A running stage, the servers below it, and the means to break any of them."""

    stage: Stage
    ground: "Ground"
    nodes: Mapping[str, MadeNode]
    target: HttpTarget
    promptly: bool = False
    """Whether we start again what we killed. Else the supervisor does, after a pause that grows with each time."""

    # --- processes ---

    def kill(self, node: str, *parts: str) -> None:
        """SIGKILL; the processes come back."""
        for part in parts:
            self.stage.processes.kill(process_name(node, part), for_good=self.promptly)
        if self.promptly:
            for part in parts:
                self.start(node, part)

    def end(self, node: str, part: str) -> None:
        """SIGKILL; it stays away until ``start``."""
        self.stage.processes.kill(process_name(node, part), for_good=True)

    def start(self, node: str, part: str) -> None:
        self.stage.start(self.nodes[node], part)

    def pid(self, node: str, part: str) -> int:
        return self.stage.processes.child(process_name(node, part)).pid

    def await_part(self, node: str, part: str) -> None:
        """Until the process answers that its node can work."""
        port = self.nodes[node].web if part == "web" else self.nodes[node].health
        until(lambda: healthy(port.number), f"{node} {part}")

    def health(self, node: str) -> dict[str, Any]:
        """What the node's messaging process says of itself; empty when it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.nodes[node].health.number}/healthz", timeout=60) as answer:
                return dict(json.loads(answer.read()))
        except HTTPError as refusal:
            return dict(json.loads(refusal.read()))
        except (URLError, OSError, HTTPException, ValueError):
            return {}

    def await_relay(self, node: str) -> None:
        """Until the node's relay has its line to the broker."""
        until(lambda: bool(self.health(node).get("relay_connected")), f"the relay of {node} is connected")

    def await_reader(self, node: str) -> None:
        """Until the node reads from its inbox at the broker."""
        queue = inbox_queue(self.nodes[node].member.agency)

        def read() -> bool:
            with Connection(self.ground.operator_url, connect_timeout=10) as connection:
                declared = connection.default_channel.queue_declare(queue, passive=True)
                return bool(declared.consumer_count > 0)

        until(read, f"{node} reads its inbox")

    # --- databases ---

    def connect(self, node: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """A superuser's session in the node's database, each statement its own transaction."""
        return psycopg.connect(make_conninfo(self.ground.postgres.dsn, dbname=node), autocommit=True)

    def rows(self, node: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self.connect(node) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def number(self, node: str, query: str, *parameters: object) -> int:
        return int(self.rows(node, query, *parameters)[0][0])

    def knows(self, node: str, events: Sequence[str]) -> bool:
        """Whether all these events are in the node's log."""
        found = self.number(node, "select count(*) from events where id = any(%s::uuid[])", list(events))
        return found == len(events)

    @contextmanager
    def held_log(self, node: str) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """Hold the head row of the node's log: whoever wants to write there waits until this ends."""
        with self.connect(node) as connection, connection.transaction():
            connection.execute("select from head for update")
            yield connection

    def await_writer(self, node: str) -> None:
        """Until somebody waits for the head row that :meth:`held_log` holds."""
        until(lambda: self.writers(node) > 0, f"a writer waits at {node}")

    def writers(self, node: str) -> int:
        """How many sessions of the node wait for a lock."""
        return self.number(
            node,
            "select count(*) from pg_stat_activity where datname = %s and wait_event_type = 'Lock'",
            node,
        )

    # --- what it came to ---

    @contextmanager
    def opened(self) -> Iterator[dict[str, Node]]:
        """The nodes as objects of this process, to look into their logs."""
        with ExitStack() as closing:
            found = {name: node_from(made.config) for name, made in self.nodes.items()}
            for node in found.values():
                closing.callback(node.close)
            yield found


@dataclass
class Ground:
    """A database server and a broker that tests may break, and the keys and ports of the six members."""

    folder: Path
    postgres: PrivatePostgres
    broker: FallibleBroker
    operator_url: str
    nodes: list[MadeNode]
    proxies: dict[str, Proxy] = field(default_factory=dict)
    _scenes: int = 0
    _taken: bool = False

    @contextmanager
    def scene(self, clock: datetime, members: Sequence[str] = (), promptly: bool = False) -> Iterator[Scene]:
        """The nodes of ``members`` (else all) as processes, with empty training logs and nothing on its way.

        One at a time: the members' queues and databases are the same each time, so are their keys.
        """
        assert not self._taken, "the last scene is still on"
        self._taken, self._scenes = True, self._scenes + 1
        chosen = [each for each in self.nodes if not members or each.member.name in members]
        folder = self.folder / f"scene{self._scenes}"
        folder.mkdir()
        empty_queues(self.operator_url, chosen)
        make(chosen, self.postgres.dsn, self._by_proxy, clock, print)
        try:
            with running(folder, chosen, self.operator_url, print) as stage:
                by_name = {each.member.name: each for each in chosen}
                yield Scene(stage, self, by_name, HttpTarget(stage.sign_ins), promptly)
        finally:
            self._taken = False

    def proxy(self, node: str) -> Proxy:
        """What stands between a node and the broker."""
        return next(self.proxies[each.member.agency] for each in self.nodes if each.member.name == node)

    def name_of(self, agency: str) -> str:
        """The node of an agency."""
        return next(each.member.name for each in self.nodes if each.member.agency == agency)

    def _by_proxy(self, agency: str, password: str) -> str:
        return self.proxies[agency].url(self.broker.url(agency, password))


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """The servers, running; everything they wrote is deleted afterwards."""
    nodes = prepare(folder / "nodes", None)
    operator = secrets.token_urlsafe(18)
    passwords = {each.member.agency: each.broker_password for each in nodes}
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = PrivatePostgres(folder / "postgres", durable=False)
        ending.callback(postgres.erase)
        postgres.start()
        broker = own_broker(folder / "broker", definitions(passwords, operator), print)
        ending.callback(broker.erase)
        broker.start()
        made = Ground(folder, postgres, broker, broker.url(OPERATOR, operator), nodes)
        for agency, password in passwords.items():
            made.proxies[agency] = Proxy(broker.url(agency, password))
            ending.callback(made.proxies[agency].close)
        yield made
