"""The ground of the promises, shared by all of them, and the play against which others are compared."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.promises.ground import Ground, ground
from tests.promises.plays import Undisturbed, play_undisturbed


@pytest.fixture(scope="session")
def promised_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Servers of our own: the session's others serve tests that need them unbroken."""
    with ground(tmp_path_factory.mktemp("promises")) as made:
        yield made


USUAL_SEED: Final = 20241010
"""What breaks must break again when the same tests are run again; other seeds are tried with ``--seed``."""


@pytest.fixture(scope="session")
def undisturbed(promised_ground: Ground) -> Undisturbed:
    """The scenario played once without faults."""
    return play_undisturbed(promised_ground)


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """What faults happen where: the one given by ``--seed``; else always the same, but a new one for a sweep."""
    given = pytestconfig.getoption("seed")
    if given is not None:
        return int(given)
    return secrets.randbelow(1_000_000) if pytestconfig.getoption("sweep") else USUAL_SEED


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The sweep takes most of an hour: only on request."""
    return True if collection_path.name == "test_sweep_it.py" and not config.getoption("sweep") else None
