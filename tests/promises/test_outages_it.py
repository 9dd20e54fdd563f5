"""What is gone for a while: a partner, the broker, the database. The nodes go on and recover by themselves."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.promises.ground import Ground, until
from tests.promises.holdings import unfinished
from tests.promises.town import AGENCIES, Town, town

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def shared_town(promised_ground: Ground) -> Iterator[Town]:
    with town(promised_ground) as made:
        yield made


@pytest.fixture
def quiet_town(shared_town: Town) -> Iterator[Town]:
    """A town at rest, before the test and after it: everything is delivered, nothing is parked or given up."""
    yield shared_town
    shared_town.scene.target.settle()
    with shared_town.scene.opened() as nodes:
        assert [flaw for node in nodes.values() for flaw in unfinished(node)] == []
    assert shared_town.scene.stage.dead_letters() == 0


def assert_everything_arrived_in_order(found: Town) -> None:
    for node in AGENCIES:
        for partner in AGENCIES:
            if node != partner:
                assert found.received(partner, node) == found.addressed(node, partner)


def test_a_partner_down_delays_nobody_and_gets_everything_in_order_when_it_returns(quiet_town: Town) -> None:
    town, scene = quiet_town, quiet_town.scene
    for part in ("web", "messaging"):
        scene.end("centre", part)
    for _ in range(3):
        town.announce()
        town.ask_centre()
        town.await_delivery("ward", "office")
    assert town.undelivered("ward", "centre") == 3
    assert town.undelivered("office", "centre") == 3
    for part in ("web", "messaging"):
        scene.start("centre", part)
    town.tell_office()
    for sender, recipient in (("ward", "centre"), ("office", "centre"), ("centre", "office")):
        town.await_delivery(sender, recipient)
    assert_everything_arrived_in_order(town)


def test_a_slow_query_does_not_freeze_the_messaging_process(quiet_town: Town) -> None:
    """With psycopg's own way of waiting, nothing else of the process would run until the lock is free."""
    town, scene = quiet_town, quiet_town.scene
    with scene.held_log("centre"):
        town.ask_centre()
        scene.await_writer("centre")
        health = scene.health("centre")
        assert scene.writers("centre") > 0, "the inbox does not wait any more"
    assert health.get("database") is True
    town.await_delivery("office", "centre")


def test_the_broker_gone_and_back_needs_nobody(quiet_town: Town) -> None:
    town, scene = quiet_town, quiet_town.scene
    before = town.pids()
    scene.ground.broker.kill()
    town.announce()
    town.ask_centre()
    town.tell_office()
    until(
        lambda: not scene.health("centre").get("inbox_connected", True), "the inbox knows that it is cut off"
    )
    assert town.undelivered("office", "centre") == 1
    scene.ground.broker.restart()
    scene.target.settle()
    assert_everything_arrived_in_order(town)
    assert town.pids() == before


def test_the_database_server_gone_and_back_needs_nobody(quiet_town: Town) -> None:
    town, scene = quiet_town, quiet_town.scene
    before = town.pids()
    town.announce()
    scene.ground.postgres.kill()
    for node in AGENCIES:
        until(lambda node=node: scene.health(node).get("database") is False, f"{node} knows it")  # type: ignore[misc]
    scene.ground.postgres.restart()
    town.ask_centre()
    scene.target.settle()
    assert_everything_arrived_in_order(town)
    assert town.pids() == before


def test_messages_that_arrive_while_the_database_is_away_are_held_and_taken_in_later(
    quiet_town: Town,
) -> None:
    """Requeueing them would bring them to the dead letters within a second."""
    town, scene = quiet_town, quiet_town.scene
    before = town.pids()
    _close(scene.ground, "centre")
    try:
        until(lambda: scene.health("centre").get("database") is False, "the centre's node knows it")
        for _ in range(3):
            town.ask_centre()
            town.announce()
        town.await_delivery("ward", "office")
        until(lambda: scene.health("centre").get("problem") is not None, "the inbox holds what arrived")
        assert town.undelivered("office", "centre") == 3
    finally:
        _reopen(scene.ground, "centre")
    scene.target.settle()
    assert_everything_arrived_in_order(town)
    assert town.pids() == before


def _close(ground: Ground, database: str) -> None:
    """Let nobody into a database, and end the sessions that are there."""
    with psycopg.connect(ground.postgres.dsn, autocommit=True) as connection:
        connection.execute(f"alter database {database} allow_connections false".encode())
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (database,)
        )


def _reopen(ground: Ground, database: str) -> None:
    with psycopg.connect(ground.postgres.dsn, autocommit=True) as connection:
        connection.execute(f"alter database {database} allow_connections true".encode())
