"""The life of a certification, provisional plans and the end of a support, played across nodes.

Every play holds what it expects; afterwards each node's view of what is owed agrees with the pure functions, and a view
that is folded anew is the live one (T-23, T-27, T-34R, T-35D, T-36, T-37, T-39, T-40, A-Q41).
"""

from pathlib import Path
from uuid import UUID

import pytest

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from tests.scenarios.conftest import SetStage
from tests.scenarios.test_toshima_model_it import the_pure_functions, the_view_of

PLAYS = {"category_change_to_care": 25, "life_events": 20, "provisional_plan": 35, "discrepancy": 12}
"""Name of the file → how many checks it makes at least."""


@pytest.mark.parametrize("name", PLAYS)
def test_the_play_goes_through_and_every_expectation_holds(name: str, set_stage: SetStage) -> None:
    scenario = load_scenario(Path(f"deploy/scenarios/{name}.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    assert played.checks >= PLAYS[name]
    for node_name, node in stage.nodes.items():
        for case in played.cases.values():
            assert the_view_of(node, UUID(case)) == the_pure_functions(node, UUID(case)), node_name
        assert list(verify_chain(node.log)) == [], node_name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (node_name, view.NAME)
