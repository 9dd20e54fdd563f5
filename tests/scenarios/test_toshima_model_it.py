"""The whole case of Toshima's model, across six nodes in one process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.composition import service_named
from deploy.demo.cast import CAST
from deploy.local.find_broker import FallibleBroker
from deploy.play.player import Played, play
from deploy.play.scenario import load_scenario
from deploy.rabbitmq.definitions import definitions
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from tests.conftest import NodeMaker
from tests.scenarios.in_process import InProcess

SCENARIO = load_scenario(Path("deploy/scenarios/toshima_model.yaml"))


@pytest.fixture
def stage(nodes: NodeMaker, broker: FallibleBroker) -> Iterator[InProcess]:
    broker.load(definitions({member.agency: f"secret-of-{member.agency}" for member in CAST}))
    made = InProcess()
    for member in CAST:
        node = nodes.make(
            service_named(member.service),
            member.agency,
            broker=broker.url(member.agency, f"secret-of-{member.agency}"),
            clock=SCENARIO.starts_at,
        )
        made.add(member.name, node)
    yield made
    made.close()


def test_the_case_goes_through_all_its_steps_and_every_expectation_holds(stage: InProcess) -> None:
    told: list[str] = []
    played: Played = play(SCENARIO, stage, told.append)
    assert played.failures == []
    assert played.checks > 70
    for name, node in stage.nodes.items():
        assert list(verify_chain(node.log)) == [], name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
