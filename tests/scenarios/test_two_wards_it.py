"""Two wards on one exchange, across real nodes: each a trust anchor with its own directory (A-Q62)."""

from pathlib import Path
from uuid import UUID

import pytest

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from tests.scenarios.conftest import SetStage
from tests.scenarios.test_toshima_model_it import the_pure_functions, the_view_of


@pytest.mark.parametrize("flow", ["adachi_checklist", "adachi_certification", "adachi_move", "adachi_claims"])
def test_each_case_goes_through_all_its_steps_under_the_rules_of_its_insurer(
    flow: str, set_stage: SetStage
) -> None:
    scenario = load_scenario(Path(f"deploy/scenarios/{flow}.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    assert set(stage.nodes["border_office"].config.trust) == {"131169", "131219"}
    for case in played.cases.values():
        for name, node in stage.nodes.items():
            assert the_view_of(node, UUID(case)) == the_pure_functions(node, UUID(case)), (name, case)
    for name, node in stage.nodes.items():
        assert list(verify_chain(node.log)) == [], name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
    (form,) = [
        each
        for each in stage.events("adachi", played.cases[scenario.case])
        if each["type"] == "NotificationFiled"
    ]
    assert form["personal"]["name"]


def test_the_ward_receives_the_answers_as_they_were_given_to_the_centre(set_stage: SetStage) -> None:
    """A-Q12a: form 1 is not written again."""
    scenario = load_scenario(Path("deploy/scenarios/adachi_checklist.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    case = UUID(played.cases[scenario.case])
    (recorded,) = [
        each for each in stage.nodes["adachi_centre"].replay(case).events if each.type == "ChecklistRecorded"
    ]
    (received,) = [
        each for each in stage.nodes["adachi"].replay(case).events if each.type == "ChecklistSubmitted"
    ]
    assert received.personal
    assert recorded.personal
    assert received.personal["answers"] == recorded.personal["answers"]
    assert (received.personal["height_cm"], "age" in received.personal) == ("150", False)
