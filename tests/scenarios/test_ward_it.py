"""The flows in which the ward takes part, each played across all nodes in one process."""

from pathlib import Path
from uuid import UUID

import pytest

from deploy.composition import service_named
from deploy.demo.cast import CAST
from deploy.local.find_broker import FallibleBroker
from deploy.play.player import play
from deploy.play.scenario import load_scenario
from deploy.rabbitmq.definitions import definitions
from shared.console.duties import duty_rows
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from shared.node.errors import UnknownCase
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import standing
from tests.conftest import NodeMaker
from tests.scenarios.in_process import InProcess

FLOWS = ("plan_review", "risk_report", "end_of_model", "move_within", "designation")


@pytest.mark.parametrize("flow", FLOWS)
def test_the_flow_goes_through_all_its_steps_and_every_view_agrees_with_the_log(
    nodes: NodeMaker, broker: FallibleBroker, flow: str
) -> None:
    scenario = load_scenario(Path(f"deploy/scenarios/{flow}.yaml"))
    broker.load(definitions({member.agency: f"secret-of-{member.agency}" for member in CAST}))
    stage = InProcess()
    playing = {each.node for each in scenario.agencies}
    for member in (each for each in CAST if each.name in playing):
        url = broker.url(member.agency, f"secret-of-{member.agency}")
        service = service_named(member.service)
        stage.add(member.name, nodes.make(service, member.agency, broker=url, clock=scenario.starts_at))
    try:
        played = play(scenario, stage)
        assert played.failures == []
        for name, node in stage.nodes.items():
            assert list(verify_chain(node.log)) == [], name
            for view in node.log.views:
                assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
            for case in played.cases.values():
                the_view_of_obligations_is_what_the_events_say(stage, name, UUID(case))
    finally:
        stage.close()


def the_view_of_obligations_is_what_the_events_say(stage: InProcess, name: str, case_id: UUID) -> None:
    node = stage.nodes[name]
    try:
        replay = node.replay(case_id)
    except UnknownCase:
        assert duty_rows(node, case_id) == []
        return
    ground = Ground.of(replay.case.insurer, replay.case.parties, node.agency)
    facts = [fact for event in replay.events for fact in facts_of(event)]
    facts += node.situation().agency.submissions.facts(str(case_id))
    assert sorted((each.what for each in duty_rows(node, case_id)), key=str) == sorted(
        standing(facts, ground, node.today()), key=str
    ), name
