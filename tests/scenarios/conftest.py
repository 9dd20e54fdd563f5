"""The stage of a play: every agency of the scenario as a node in one process."""

from collections.abc import Callable, Iterator

import pytest

from deploy.composition import service_named
from deploy.demo.cast import TOWN
from deploy.local.find_broker import FallibleBroker
from deploy.play.scenario import Scenario
from deploy.rabbitmq.definitions import definitions
from tests.conftest import NodeMaker
from tests.scenarios.in_process import InProcess

SetStage = Callable[[Scenario], InProcess]


@pytest.fixture
def set_stage(nodes: NodeMaker, broker: FallibleBroker) -> Iterator[SetStage]:
    """Makes the nodes that a scenario names, their clocks at its start."""
    made = InProcess()

    def made_for(scenario: Scenario) -> InProcess:
        broker.load(definitions({member.agency: f"secret-of-{member.agency}" for member in TOWN}))
        wanted = {each.node for each in scenario.agencies}
        wards = [each.agency for each in TOWN if each.service == "ward" and each.name in wanted]
        for member in TOWN:
            if member.name not in wanted:
                continue
            node = nodes.make(
                service_named(member.service),
                member.agency,
                broker=broker.url(member.agency, f"secret-of-{member.agency}"),
                clock=scenario.starts_at,
                ward=wards[0],
                neighbours=wards[1:],
            )
            made.add(member.name, node)
        return made

    yield made_for
    made.close()
