"""Whatever is killed, and whenever: at the end every node holds what an undisturbed run holds."""

import pytest

from tests.promises.ground import Ground
from tests.promises.plays import Undisturbed, assert_undisturbed, sampled_plan

pytestmark = pytest.mark.processes


def test_a_play_with_seeded_faults_ends_as_one_without(
    request: pytest.FixtureRequest,
) -> None:
    if not (request.config.getoption("--sweep") or request.config.getoption("--seed") is not None):
        pytest.skip("takes minutes on two busy cores: run it with --seed N or --sweep")
    promised_ground: Ground = request.getfixturevalue("promised_ground")
    undisturbed: Undisturbed = request.getfixturevalue("undisturbed")
    seed: int = request.getfixturevalue("seed")
    assert_undisturbed(promised_ground, undisturbed, sampled_plan(seed, undisturbed), seed)
