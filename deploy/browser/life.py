"""What the nodes have lived through whose pages are shown: the demo's case, a claim month and an intake at Adachi."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.cli.at_node import ROOT
from deploy.play.joined import joined
from deploy.play.scenario import Scenario, load_scenario

_SCENARIOS: Final = ROOT / "deploy" / "scenarios"
_PLAYS: Final = (
    _SCENARIOS / "toshima_model.yaml",
    _SCENARIOS / "adachi_claims.yaml",
    _SCENARIOS / "adachi_checklist.yaml",
    Path(__file__).with_name("afterwards.yaml"),
)
SHOWN: Final = ("hana", "take", "kaede", "haru")
"""The cases whose pages are looked at, by their names in the plays."""


def first_addresses(cases: Mapping[str, str]) -> list[str]:
    """Pages that show more than others of their view, by the cases' numbers: the month with a paper correction."""
    return [f"/claims/2017-09/{cases['kaede']}"]


def life() -> Scenario:
    """The plays as one, in the order of their days."""
    return joined("画面で見る出来事", [load_scenario(each) for each in _PLAYS])
