"""Which servers a run of the tests used, also where workers beside each other had one of their own."""

from typing import Any

import pytest

_USED = pytest.StashKey[dict[str, str]]()
_SENT_BY_WORKERS = "servers_used"


def note_server(config: pytest.Config, kind: str, description: str) -> None:
    """Remember what was used for ``kind``, to be said at the end."""
    config.stash.setdefault(_USED, {})[kind] = description


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the run it belongs to."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_SENT_BY_WORKERS] = session.config.stash.get(_USED, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The run hears what its worker used."""
    for kind, description in getattr(node, "workeroutput", {}).get(_SENT_BY_WORKERS, {}).items():
        note_server(node.config, kind, description)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which servers the tests used."""
    used = config.stash.get(_USED, {})
    for kind in ("RabbitMQ", "PostgreSQL"):
        terminalreporter.write_line(f"{kind}: {used.get(kind, 'not used')}")
