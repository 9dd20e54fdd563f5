"""The private broker, and the definitions that it loads, against a real RabbitMQ."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from amqp.exceptions import AccessRefused
from kombu.connection import Connection
from kombu.messaging import Producer

from contracts.topology import EXCHANGE, dead_queue, inbox_queue, routing_key
from deploy.local import find_broker
from deploy.local.errors import AlreadyRunning, BrokerMissing, BrokerUnusable
from deploy.local.find_broker import FallibleBroker
from deploy.local.given_broker import GivenBroker
from deploy.local.ports import free_port
from deploy.local.rabbitmq import PrivateBroker
from deploy.rabbitmq.definitions import definitions
from tests.broker_fixture import AGENCIES, operator_url, password_of

SENDER, RECIPIENT, THIRD = AGENCIES[:3]


def as_agency(broker: FallibleBroker, agency: str) -> Connection:
    return Connection(broker.url(agency, password_of(agency)), transport_options={"confirm_publish": True})


def send(broker: FallibleBroker, body: str) -> None:
    with as_agency(broker, SENDER) as connection:
        producer = Producer(connection.default_channel, exchange=None, auto_declare=False)
        producer.publish(
            body, exchange=EXCHANGE, routing_key=routing_key(RECIPIENT, "PlanSubmitted"), delivery_mode=2
        )


def taken(broker: FallibleBroker, queue: str) -> str | None:
    with Connection(operator_url(broker)) as connection:
        message = connection.default_channel.basic_get(queue, no_ack=True)
        return None if message is None else str(message.body)


def test_what_one_agency_sends_arrives_in_the_inbox_of_the_other_only(empty_broker: FallibleBroker) -> None:
    send(empty_broker, "hello")
    with as_agency(empty_broker, RECIPIENT) as connection:
        message = connection.default_channel.basic_get(inbox_queue(RECIPIENT), no_ack=True)
        assert message.body == "hello"
    assert taken(empty_broker, inbox_queue(THIRD)) is None


def test_an_agency_may_not_read_the_inbox_of_another(empty_broker: FallibleBroker) -> None:
    with as_agency(empty_broker, SENDER) as connection, pytest.raises(AccessRefused):
        connection.default_channel.basic_get(inbox_queue(RECIPIENT))


def test_an_agency_may_not_declare_a_queue(empty_broker: FallibleBroker) -> None:
    with as_agency(empty_broker, SENDER) as connection, pytest.raises(AccessRefused):
        connection.default_channel.queue_declare("queue of my own")


def test_an_agency_may_not_write_past_the_exchange(empty_broker: FallibleBroker) -> None:
    with as_agency(empty_broker, SENDER) as connection:
        producer = Producer(connection.default_channel, exchange=None, auto_declare=False)
        with pytest.raises(AccessRefused):
            producer.publish("past", exchange="", routing_key=inbox_queue(RECIPIENT))


def test_a_rejected_message_is_kept_with_the_dead_letters_of_its_recipient(
    empty_broker: FallibleBroker,
) -> None:
    send(empty_broker, "refused")
    with as_agency(empty_broker, RECIPIENT) as connection:
        channel = connection.default_channel
        message = channel.basic_get(inbox_queue(RECIPIENT))
        channel.basic_reject(message.delivery_tag, requeue=False)
    kept = None
    while kept is None:  # the broker moves it after the rejection
        kept = taken(empty_broker, dead_queue(RECIPIENT))
    assert kept == "refused"


def test_a_killed_broker_returns_with_its_messages_and_a_wiped_one_with_its_queues(
    empty_broker: FallibleBroker,
) -> None:
    send(empty_broker, "survivor")
    empty_broker.kill()
    with pytest.raises(OSError), as_agency(empty_broker, SENDER) as connection:  # noqa: PT011
        connection.connect()
    empty_broker.restart()
    assert taken(empty_broker, inbox_queue(RECIPIENT)) == "survivor"
    send(empty_broker, "lost")
    empty_broker.wipe()
    empty_broker.restart()
    send(empty_broker, "after the loss")
    assert taken(empty_broker, inbox_queue(RECIPIENT)) == "after the loss"


def test_users_and_queues_can_be_added_to_a_running_broker(broker: FallibleBroker) -> None:
    broker.load(definitions({"1301600035": "late"}))
    with Connection(broker.url("1301600035", "late")) as connection:
        assert connection.default_channel.basic_get(inbox_queue("1301600035")) is None


def test_a_private_broker_listens_on_the_loopback_addresses_only_and_leaves_no_process(
    broker: FallibleBroker,
) -> None:
    if not isinstance(broker, PrivateBroker):
        pytest.skip("the session's broker runs in a container")
    own_ports = {f"{port.number:04X}" for port in broker._ports}
    seen = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, port = line.split()[1].split(":")
        if port in own_ports and line.split()[3] == "0A":
            seen.add(port)
            assert address == "0100007F"
    assert seen == own_ports


def test_two_runs_cannot_share_a_broker_folder(broker: FallibleBroker) -> None:
    if not isinstance(broker, PrivateBroker):
        pytest.skip("the session's broker runs in a container")
    with pytest.raises(AlreadyRunning, match="別の実行が使用中"):
        PrivateBroker(broker.folder, {}, Path("/nowhere")).start()


def test_a_given_broker_gets_what_the_definitions_say_and_one_user_for_all(broker: FallibleBroker) -> None:
    given = GivenBroker(operator_url(broker), definitions({"1301600043": "x"}))
    given.start()
    given.start()
    assert given.url("1301600043", "x") == operator_url(broker)
    with Connection(given.url("1301600043", "x")) as connection:
        producer = Producer(connection.default_channel, exchange=None, auto_declare=False)
        producer.publish("here", exchange=EXCHANGE, routing_key=routing_key("1301600043", "PlanSubmitted"))
    assert taken(broker, inbox_queue("1301600043")) == "here"


def test_a_given_broker_on_which_others_work_is_refused(empty_broker: FallibleBroker) -> None:
    with as_agency(empty_broker, RECIPIENT) as connection:
        connection.default_channel.basic_consume(inbox_queue(RECIPIENT))
        given = GivenBroker(operator_url(empty_broker), definitions({RECIPIENT: "x"}))
        with pytest.raises(BrokerUnusable, match="ほかのノードが使っています"):
            given.start()


def test_a_given_user_without_rights_is_refused_with_what_is_needed(broker: FallibleBroker) -> None:
    given = GivenBroker(broker.url(SENDER, password_of(SENDER)), definitions({SENDER: "x"}))
    with pytest.raises(BrokerUnusable, match="configure・write・read"):
        given.start()


def test_a_given_broker_that_does_not_answer_is_refused() -> None:
    port = free_port()
    with pytest.raises(BrokerUnusable, match="RabbitMQ が動いていることを確認"):
        GivenBroker(f"amqp://guest:guest@127.0.0.1:{port}/", definitions({})).start()
    port.release()


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(find_broker.GIVEN_URL, raising=False)
    monkeypatch.setattr(find_broker, "_SYSTEM_FOLDERS", [])
    return iter([None])


def test_without_any_broker_the_message_says_in_both_languages_what_to_install(
    nothing_installed: None, tmp_path: Path
) -> None:
    with pytest.raises(BrokerMissing) as missing:
        find_broker.find_broker(tmp_path, {}, print)
    assert "RabbitMQ が見つかりません" in str(missing.value)
    assert "RabbitMQ was not found" in str(missing.value)
    assert find_broker.GIVEN_URL in str(missing.value)


_APT_GET = """#!/bin/sh
echo "$RUNLEVEL $DEBIAN_FRONTEND $*" >> {folder}/called
if [ "$1" = install ] && [ -e {folder}/lists ]; then : > {folder}/rabbitmq-server; : > {folder}/rabbitmq-env; fi
if [ "$1" = update ]; then : > {folder}/lists; fi
[ -e {folder}/lists ]
"""


def test_root_on_debian_gets_the_package_without_its_service_and_the_lists_are_fetched_when_missing(
    nothing_installed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in (("apt-get", _APT_GET.format(folder=tmp_path)), ("systemctl", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(find_broker, "_SYSTEM_FOLDERS", [tmp_path])
    told: list[str] = []
    found = find_broker.find_broker(tmp_path / "broker", {}, told.append)
    assert isinstance(found, PrivateBroker)
    called = (tmp_path / "called").read_text().splitlines()
    assert [line.split()[2] for line in called] == ["install", "update", "install"]
    assert all(line.startswith("1 noninteractive ") for line in called)
    assert "RabbitMQ を導入しています" in told[0]


def test_a_url_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(find_broker.GIVEN_URL, "amqp://someone:secret@broker.example:5672/")
    found = find_broker.find_broker(tmp_path, {}, print)
    assert found.description == "given broker broker.example:5672, one user for all nodes"
    assert found.url("131169", "pw") == "amqp://someone:secret@broker.example:5672/"
