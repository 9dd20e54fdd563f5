"""The broker as it is: confirms, unroutable messages, a broker that dies and comes back empty."""

import pytest

from contracts.events.sample import OFFICE
from contracts.topology import routing_key
from deploy.local.find_broker import FallibleBroker
from shared.exchange.broker import Outgoing, Publisher
from shared.exchange.intake import BrokerAway, Intake
from tests.broker_fixture import password_of

CENTRE = "1301600019"


def url(broker: FallibleBroker, agency: str) -> str:
    return broker.url(agency, password_of(agency))


def messages(number: int, to: str = CENTRE) -> list[Outgoing]:
    return [Outgoing(routing_key(to, "Test"), f"{to} {index}".encode()) for index in range(number)]


def collect_all(intake: Intake, number: int) -> list[bytes]:
    bodies: list[bytes] = []
    for _ in range(200):
        arrived = intake.collect(0.1)
        bodies += [each.body for each in arrived]
        if arrived:
            intake.settle(arrived[-1].tag)
        if len(bodies) >= number:
            break
    return bodies


def test_windows_of_messages_are_confirmed_and_arrive_in_order(empty_broker: FallibleBroker) -> None:
    publisher, intake = Publisher(url(empty_broker, OFFICE)), Intake(url(empty_broker, CENTRE), CENTRE)
    sent = messages(950)
    assert publisher.publish(sent) == ["confirmed"] * 950
    assert collect_all(intake, 950) == [each.body for each in sent]
    publisher.close()
    intake.close()


def test_an_unroutable_message_is_reported_and_the_others_are_not_touched(
    empty_broker: FallibleBroker,
) -> None:
    publisher = Publisher(url(empty_broker, OFFICE))
    mixed = [*messages(2), *messages(1, to="1371699999"), *messages(1)]
    assert publisher.publish(mixed) == ["confirmed", "confirmed", "unroutable", "confirmed"]
    assert publisher.publish(messages(1)) == ["confirmed"]
    publisher.close()


def test_what_is_not_acknowledged_comes_again_in_order(empty_broker: FallibleBroker) -> None:
    publisher = Publisher(url(empty_broker, OFFICE))
    publisher.publish(messages(20))
    publisher.close()
    first = Intake(url(empty_broker, CENTRE), CENTRE)
    arrived = first.collect(5)
    while len(arrived) < 20:
        arrived += first.collect(5)
    first.settle(arrived[6].tag)
    first.close()
    second = Intake(url(empty_broker, CENTRE), CENTRE)
    assert collect_all(second, 13) == [each.body for each in messages(20)[7:]]
    second.close()


def test_no_more_than_the_prefetch_is_taken_at_once(empty_broker: FallibleBroker) -> None:
    publisher, intake = (
        Publisher(url(empty_broker, OFFICE)),
        Intake(url(empty_broker, CENTRE), CENTRE, prefetch=10),
    )
    publisher.publish(messages(25))
    taken = [intake.collect(0.5) for _ in range(5)]
    assert sum(map(len, taken)) == 10
    publisher.close()
    intake.close()


def test_a_broker_that_is_away_is_reported_not_raised() -> None:
    publisher = Publisher("amqp://nobody:nothing@127.0.0.1:1/renkei")
    assert publisher.publish(messages(3)) == ["broker_away"] * 3
    assert not publisher.connected
    assert not publisher.probe()
    publisher.keep_alive()
    with pytest.raises(BrokerAway):
        Intake("amqp://nobody:nothing@127.0.0.1:1/renkei", CENTRE).collect(0.1)


def test_an_agencys_user_can_not_read_anothers_inbox(empty_broker: FallibleBroker) -> None:
    with pytest.raises(BrokerAway):
        Intake(url(empty_broker, OFFICE), CENTRE).collect(0.1)


def test_a_killed_and_wiped_broker_comes_back_complete_and_connections_are_made_anew(
    empty_broker: FallibleBroker,
) -> None:
    publisher, intake = Publisher(url(empty_broker, OFFICE)), Intake(url(empty_broker, CENTRE), CENTRE)
    assert publisher.publish(messages(1)) == ["confirmed"]
    intake.collect(1)
    empty_broker.kill()
    try:
        assert publisher.publish(messages(2)) == ["broker_away"] * 2
        with pytest.raises(BrokerAway):
            for _ in range(100):
                intake.collect(0.1)
        empty_broker.wipe()
    finally:
        empty_broker.restart()
    assert publisher.publish(messages(2)) == ["confirmed"] * 2
    assert collect_all(intake, 2) == [each.body for each in messages(2)]
    assert intake.connections == 2
    publisher.close()
    intake.close()
