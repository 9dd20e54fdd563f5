"""A month closed on one node while events still arrive from another: real databases, a real broker, a desk away.

The centre closes its month by the report that it knows; the office's next report is under way to a desk that does not
answer. Nothing is drafted from another report than the confirmed one, and what comes later changes nothing silently.
"""

from pathlib import Path
from uuid import UUID

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from tests.scenarios.conftest import SetStage
from tests.scenarios.test_toshima_model_it import the_pure_functions, the_view_of


def test_a_month_is_closed_on_one_node_while_events_still_arrive_from_another(set_stage: SetStage) -> None:
    """T-32, T-33, T-61, A-Q53."""
    scenario = load_scenario(Path("deploy/scenarios/closed_while_away.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    case_id = UUID(played.cases[scenario.case])
    for name, node in stage.nodes.items():
        assert the_view_of(node, case_id) == the_pure_functions(node, case_id), name
        assert list(verify_chain(node.log)) == [], name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
    desk, centre = (stage.nodes[each].situation(case_id).case for each in ("billing", "centre"))
    assert desk.claims == centre.claims, "both know the same claims"
    assert desk.reopenings == centre.reopenings
    assert {each: one.outcome for each, one in desk.worksheets.items()} == {
        each: one.outcome for each, one in centre.worksheets.items()
    }
