"""The flows of a case between agencies and types, each played day by day.

What each play shows stands in deploy/scenarios/README.md.
"""

import re
from pathlib import Path

import pytest

from deploy.play.player import play
from deploy.play.scenario import load_scenario
from tests.scenarios.in_memory import InMemory

FLOWS = {
    "toshima_model": 70,
    "entrusted_support": 30,
    "entrusted_care_management_a": 10,
    "transferred": 30,
    "direct_case": 20,
    "outside_model": 20,
    "back_and_forth": 15,
    "mid_month_return": 12,
    "rented_again": 15,
    "office_changed": 15,
    "adachi_month_changes": 7,
    "adachi_claims": 25,
    "claims_returned": 17,
    "closed_while_away": 15,
    "adachi_checklist": 30,
    "adachi_certification": 20,
    "adachi_move": 20,
}
"""Name of the scenario → how many checks it makes at least."""


@pytest.mark.parametrize("flow", FLOWS)
def test_the_flow_goes_through_all_its_steps_and_every_expectation_holds(flow: str) -> None:
    stage = InMemory()
    played = play(load_scenario(Path(f"deploy/scenarios/{flow}.yaml")), stage)
    assert played.failures == []
    assert played.checks >= FLOWS[flow]
    for desk in stage.town.desks.values():
        for case_id in {each.case_id for each in desk.events if each.case_id}:
            assert desk.situation(case_id).case.unread == {}


def test_the_examples_name_the_demo_s_case_by_its_number() -> None:
    """README and the commands' help show what can be typed after a demo."""
    played = play(load_scenario(Path("deploy/scenarios/toshima_model.yaml")), InMemory())
    texts = [
        Path("README.md").read_text(),
        *(each.read_text() for each in Path("deploy/cli/commands").glob("*.py")),
    ]
    named = {
        number for text in texts for number in re.findall(r"(?:--case|renkei case) ([0-9a-f]{4})\b", text)
    }
    assert named == {played.cases["hana"][:4]}
