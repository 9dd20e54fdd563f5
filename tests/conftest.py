"""Fixtures of every test: a real PostgreSQL server, and databases cloned from a migrated template."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shared.eventlog.migrate import migrate, migrate_keys
from shared.node.agency_keys import AgencyKeys
from shared.node.config import NodeConfig
from shared.node.node import Node
from shared.node.service import Service
from shared.policy.dates import TOKYO

pytest_plugins = ["tests.servers_used", "tests.postgres_fixture", "tests.broker_fixture"]

APPLICATION = "renkei_application"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sweep", action="store_true", help="kill every node at every step, not a seeded sample"
    )
    parser.addoption("--new-pictures", action="store_true", help="keep pages on paper as they print now")
    parser.addoption("--seed", type=int, default=None, help="replay the kills of one seed")


_WAIT_LONG = {"promises", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest begins first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: (item.path.parent.name not in _WAIT_LONG, not item.path.stem.endswith("_it")))


@dataclass(frozen=True)
class NodeDatabases:
    """Connection strings of one node's two databases, for the application role and for the owner."""

    application: str
    keys: str
    owner: str
    owner_keys: str


_DISARMED = b"select from pg_trigger where tgenabled <> 'O' limit 1"
_EMPTIED = """
set session_replication_role = replica;
truncate {tables};
insert into head default values;
insert into access_head default values;
"""


@dataclass
class Templates:
    """Databases cloned from a migrated template, and emptied after each test for the next one: cloning is slow."""

    superuser: str
    password: str
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _clean: list[NodeDatabases] = field(default_factory=list)

    def lend(self) -> NodeDatabases:
        return self._clean.pop() if self._clean else self._clone(f"node_{next(self._numbers)}")

    def take_back(self, lent: NodeDatabases) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for dsn in (lent.owner, lent.owner_keys):
                name = conninfo_to_dict(dsn)["dbname"]
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
                )
        with psycopg.connect(lent.owner_keys) as connection:
            connection.execute(b"truncate person_keys")
        with psycopg.connect(lent.owner) as connection:
            if connection.execute(_DISARMED).fetchone() is not None:
                return  # a test took the triggers away, to play somebody who tampers: nobody gets this one again
            for (schema,) in connection.execute(
                "select nspname from pg_namespace where starts_with(nspname, 'view_')"
            ).fetchall():
                connection.execute(f"drop schema {schema} cascade".encode())
            tables = connection.execute(
                "select string_agg(quote_ident(tablename), ', ') from pg_tables where schemaname = 'public'"
                " and tablename <> 'migrations'"
            ).fetchone()
            assert tables is not None
            connection.execute(_EMPTIED.format(tables=tables[0]).encode())
        self._clean.append(lent)

    def _clone(self, name: str) -> NodeDatabases:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(f"create database {name} template renkei_template".encode())
            connection.execute(f"create database {name}_keys template renkei_template_keys".encode())
            connection.execute(f"grant create on database {name} to {APPLICATION}".encode())
        return NodeDatabases(
            application=self._dsn(name, APPLICATION),
            keys=self._dsn(f"{name}_keys", APPLICATION),
            owner=self._dsn(name),
            owner_keys=self._dsn(f"{name}_keys"),
        )

    def _dsn(self, database: str, role: str | None = None) -> str:
        if role is None:
            return make_conninfo(self.superuser, dbname=database)
        return make_conninfo(self.superuser, dbname=database, user=role, password=self.password)


@pytest.fixture(scope="session")
def templates(postgres_server: str) -> Templates:
    made = Templates(postgres_server, secrets.token_hex(16))
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"create role {APPLICATION} login password '{made.password}'".encode())
        connection.execute(b"create database renkei_template")
        connection.execute(b"create database renkei_template_keys")
    migrate(make_conninfo(postgres_server, dbname="renkei_template"), APPLICATION)
    migrate_keys(make_conninfo(postgres_server, dbname="renkei_template_keys"), APPLICATION)
    return made


@pytest.fixture
def make_databases(templates: Templates) -> Iterator[Callable[[], NodeDatabases]]:
    """Lends the databases of one more node; they are emptied after the test."""
    lent: list[NodeDatabases] = []

    def make() -> NodeDatabases:
        lent.append(templates.lend())
        return lent[-1]

    yield make
    for each in lent:
        templates.take_back(each)


@pytest.fixture
def databases(make_databases: Callable[[], NodeDatabases]) -> NodeDatabases:
    return make_databases()


class NodeMaker:
    """Makes nodes on databases of their own, all trusting one ward and its neighbours. They are closed after the test.

    ``make`` opens a training log whose clock stands at ``clock``, unless ``training`` is false.
    """

    def __init__(self, databases: Callable[[], NodeDatabases], folder: Path) -> None:
        self._databases = databases
        self._folder = folder
        self.keys: dict[str, AgencyKeys] = {}
        self.databases: dict[str, NodeDatabases] = {}
        self.made: list[Node] = []

    def keys_of(self, agency: str) -> AgencyKeys:
        if agency not in self.keys:
            self.keys[agency] = AgencyKeys.generate(agency)
        return self.keys[agency]

    def make(
        self,
        service: Service,
        agency: str,
        *,
        ward: str = "131169",
        neighbours: Sequence[str] = (),
        broker: str = "amqp://nobody:nothing@127.0.0.1:1/renkei",
        training: bool = True,
        clock: datetime = datetime(2024, 9, 2, 9, tzinfo=TOKYO),
    ) -> Node:
        key_file = self._folder / f"{agency}.json"
        self.keys_of(agency).save(key_file)
        lent = self.databases[agency] = self._databases()
        config = NodeConfig(
            name=f"node_{agency}",
            agency=agency,
            service=service.name,
            training=training,
            database=lent.application,
            keys_database=lent.keys,
            broker=broker,
            key_file=key_file,
            trust={each: self.keys_of(each).anchor() for each in (ward, *neighbours)},
        )
        node = Node(config, service)
        node.open(training_now=clock if training else None)
        self.made.append(node)
        return node


@pytest.fixture
def nodes(make_databases: Callable[[], NodeDatabases], tmp_path: Path) -> Iterator[NodeMaker]:
    maker = NodeMaker(make_databases, tmp_path)
    yield maker
    for node in maker.made:
        node.close()
