"""The RabbitMQ broker of a test session: a container when an engine answers, else a private node."""

from collections.abc import Iterator

import pytest
from kombu.connection import Connection

from deploy.local.engine import engine_answers
from deploy.local.find_broker import FallibleBroker, own_broker
from deploy.rabbitmq.definitions import OPERATOR, definitions
from tests.servers_used import note_server

OPERATOR_PASSWORD = "operator-of-the-tests"
AGENCIES = ("131169", "1301600019", "1301600027", "1371600014", "1371600022", "9913000017")
"""Agencies that the session's broker knows from its start; ``broker.load`` adds others."""


def password_of(agency: str) -> str:
    """The broker password of one of AGENCIES."""
    return f"secret-of-{agency}"


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FallibleBroker]:
    """A running broker with users and queues for AGENCIES; tests may kill, wipe and restart it.

    A test that breaks it must leave it running. ``operator`` (OPERATOR_PASSWORD) may do everything on it.
    """
    document = definitions({agency: password_of(agency) for agency in AGENCIES}, OPERATOR_PASSWORD)
    chosen: FallibleBroker
    if engine_answers():
        from deploy.local.container_broker import ContainerBroker

        chosen = ContainerBroker(document)
    else:
        chosen = own_broker(tmp_path_factory.mktemp("rabbitmq"), document, print)
    try:
        chosen.start()
        note_server(pytestconfig, "RabbitMQ", chosen.description)
        yield chosen
    finally:
        chosen.erase()


@pytest.fixture
def empty_broker(broker: FallibleBroker) -> FallibleBroker:
    """The session's broker with nothing in the queues of AGENCIES."""
    with Connection(operator_url(broker)) as connection:
        for agency in AGENCIES:
            for queue in (f"inbox.{agency}", f"dead.{agency}"):
                connection.default_channel.queue_purge(queue)
    return broker


def operator_url(broker: FallibleBroker) -> str:
    """The address under which a test may look at and move everything on the broker."""
    return broker.url(OPERATOR, OPERATOR_PASSWORD)
