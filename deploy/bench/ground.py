"""Where the bench runs: a private PostgreSQL server that syncs to disk, and its nodes."""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg
import tomli_w
from psycopg import sql
from psycopg.conninfo import make_conninfo

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from deploy.cli.at_node import ROOT
from deploy.local.databases import create_node_databases, drop_node_databases
from deploy.local.ports import Port, free_port
from deploy.local.postgres import PrivatePostgres
from shared.eventlog.migrate import migrate, migrate_keys
from shared.node.agency_keys import AgencyKeys

FOLDER: Final = ROOT / ".local" / "bench"
AGENCIES: Final[Mapping[str, str]] = {"ward": WARD, "office": OFFICE, "centre": CENTRE}
SERVICES: Final[Mapping[str, str]] = {"ward": "ward", "office": "kyotaku", "centre": "hokatsu"}
_BILLING_DESK: Final = "billing"
"""It takes no part in the exchange that is measured."""


@dataclass(frozen=True)
class Place:
    """A node's configuration file, and the ports on which its two processes answer."""

    name: str
    agency: str
    keys: AgencyKeys
    config: Path
    web: Port
    health: Port


@dataclass
class Ground:
    """A server (its process too), and the folder of its nodes' files. All its nodes trust the bench's ward."""

    dsn: str
    folder: Path = FOLDER
    server: int = 0

    @cached_property
    def _ward_keys(self) -> AgencyKeys:
        return _keys(WARD, self.folder / "nodes" / "ward_keys.json")

    def database(self, name: str) -> str:
        """Connection string of a new empty database, for its owner."""
        with psycopg.connect(self.dsn, autocommit=True) as server:
            server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return make_conninfo(self.dsn, dbname=name)

    def analyse(self, *databases: str) -> None:
        """Take the planner's statistics, as the server does by itself within a minute."""
        for name in databases:
            with psycopg.connect(make_conninfo(self.dsn, dbname=name), autocommit=True) as connection:
                connection.execute("analyze")

    def node(
        self,
        name: str,
        *,
        prefix: str = "",
        broker: str = "amqp://nobody:nothing@127.0.0.1:1/",
        training: bool = False,
    ) -> Place:
        """Databases, empty or as they were left, and the configuration of a node: one of :data:`AGENCIES`, or a
        billing desk.

        Only the clock of a node for ``training`` can be set.
        """
        agency, place = {**AGENCIES, _BILLING_DESK: BILLING}[name], self.folder / "nodes" / f"{prefix}{name}"
        keys = self._ward_keys if agency == WARD else _keys(agency, place / "keys.json")
        place.mkdir(parents=True, exist_ok=True)
        keys.save(place / "keys.json")
        made = create_node_databases(self.dsn, f"{prefix}{name}", secrets.token_hex(9), secrets.token_hex(9))
        migrate(made.owner, made.application_role)
        migrate_keys(made.keys_owner, made.application_role)
        web, health = free_port(), free_port()
        content = {
            "node": {
                "name": name,
                "agency": agency,
                "service": SERVICES.get(name, name),
                "key_file": "keys.json",
                "training": training,
            },
            "database": {"dsn": made.application, "keys_dsn": made.keys_application},
            "broker": {"url": broker},
            "web": {"port": web.number, "health_port": health.number},
            "trust": {WARD: self._ward_keys.anchor()},
        }
        _write_secret(place / "node.toml", content)
        return Place(name, agency, keys, place / "node.toml", web, health)

    def forget(self, name: str, prefix: str = "") -> None:
        """Remove what a run left of a node. Harmless when there is nothing."""
        drop_node_databases(self.dsn, f"{prefix}{name}")
        shutil.rmtree(self.folder / "nodes" / f"{prefix}{name}", ignore_errors=True)


@contextmanager
def ground() -> Iterator[Ground]:
    """A server with nothing on it, erased afterwards."""
    server = PrivatePostgres(FOLDER / "postgres", durable=True)
    server.start()
    try:
        yield Ground(server.dsn)
    finally:
        server.erase()


@contextmanager
def kept_ground() -> Iterator[Ground]:
    """A server with what the last run left on it, stopped afterwards."""
    folder = FOLDER / "kept"
    with PrivatePostgres(folder / "postgres", durable=True) as server:
        yield Ground(server.dsn, folder, server.pid)


def remove_kept() -> None:
    """Remove what runs left."""
    PrivatePostgres(FOLDER / "kept" / "postgres").erase()
    shutil.rmtree(FOLDER / "kept", ignore_errors=True)


def _keys(agency: str, file: Path) -> AgencyKeys:
    """The keys that an earlier run made, or fresh ones."""
    if file.exists():
        return AgencyKeys.load(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    keys = AgencyKeys.generate(agency)
    keys.save(file)
    return keys


def _write_secret(path: Path, content: Mapping[str, Any]) -> None:
    path.touch(mode=0o600)
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
