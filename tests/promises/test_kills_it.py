"""Whatever is killed, and whenever: at the end every node holds what an undisturbed run holds."""

import pytest

from tests.promises.ground import Ground
from tests.promises.plays import Undisturbed, assert_undisturbed, sampled_plan

pytestmark = pytest.mark.processes


def test_a_play_with_seeded_faults_ends_as_one_without(
    promised_ground: Ground, undisturbed: Undisturbed, seed: int
) -> None:
    assert_undisturbed(promised_ground, undisturbed, sampled_plan(seed, undisturbed), seed)
