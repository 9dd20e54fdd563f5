"""A case that an office joins later, across real nodes: it learns of the case, and the others of it (T-07M, T-18M).

The other flows are played in memory; this one asks something of the exchange.
"""

from pathlib import Path
from uuid import UUID

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from services.billing.formats import support_claim
from services.billing.past import files_again
from shared.eventlog.chain import verify_chain
from shared.eventlog.rebuild import live_digest, rebuild
from tests.scenarios.conftest import SetStage
from tests.scenarios.test_toshima_model_it import the_pure_functions, the_view_of


def test_an_office_takes_a_case_over_from_its_centre(set_stage: SetStage) -> None:
    scenario = load_scenario(Path("deploy/scenarios/transferred.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    case_id = UUID(played.cases[scenario.case])
    for name, node in stage.nodes.items():
        assert the_view_of(node, case_id) == the_pure_functions(node, case_id), name
        assert list(verify_chain(node.log)) == [], name
        for view in node.log.views:
            assert live_digest(node.log, view) == rebuild(node.log, view), (name, view.NAME)


def test_numbers_that_a_ward_records_stand_in_the_claim_file_and_in_the_same_file_made_again(
    set_stage: SetStage,
) -> None:
    """A-Q20: deciphered at the billing desk's own node, byte for byte as submitted."""
    scenario = load_scenario(Path("deploy/scenarios/adachi_month_changes.yaml"))
    stage = set_stage(scenario)
    played = play(scenario, stage)
    assert played.failures == []
    node = stage.nodes["billing"]
    (submission_id,) = node.situation().agency.submissions.by_id
    _, files = files_again(node, submission_id)
    (file,) = [each for each in files if each.format == "8125"]
    claims = support_claim.read(file.written.content).claims
    assert {each.insured_number: (each.payer, each.recipient) for each in claims} == {
        "0000000047": (None, None),
        "H000000048": ("12139002", "0000018"),
    }
