"""Documents handed over, commented and returned, played across nodes (T-19, T-24, T-30R, T-31R, T-35R)."""

from pathlib import Path
from uuid import UUID

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from shared.eventlog.rebuild import live_digest, rebuild
from tests.scenarios.conftest import SetStage
from tests.scenarios.test_toshima_model_it import the_pure_functions, the_view_of


def test_every_original_can_be_followed_until_it_is_back_at_the_centre(set_stage: SetStage) -> None:
    scenario = load_scenario(Path("deploy/scenarios/documents.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    assert played.checks >= 34
    case = played.cases[scenario.case]
    for name, node in stage.nodes.items():
        assert the_view_of(node, UUID(case)) == the_pure_functions(node, UUID(case)), name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)
    assert both_ledgers_agree_on_originals(stage.documents("centre", case), stage.documents("office", case))


def both_ledgers_agree_on_originals(one: object, other: object) -> bool:
    """Where both know a document they know its original in the same place."""

    def places(rows: object) -> dict[tuple[object, ...], object]:
        assert isinstance(rows, list)
        return {
            (each["kind"], each["month"] or each["made_on"], each["version"]): each["original_at"]
            for each in rows
        }

    here, there = places(one), places(other)
    shared = here.keys() & there.keys()
    return len(shared) > 8 and all(here[each] == there[each] for each in shared)
