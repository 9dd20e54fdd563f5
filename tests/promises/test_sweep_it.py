"""Every node killed at every step, and every exact place at every step that comes to it. Only with ``--sweep``."""

from typing import Any

import pytest

from deploy.demo.cast import CAST
from tests.promises.ground import Ground
from tests.promises.plays import PLACES, Undisturbed, assert_undisturbed, node_sweep, place_sweep

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("node", [member.name for member in CAST])
def test_a_node_killed_at_every_step_ends_as_one_that_was_not(
    promised_ground: Ground, undisturbed: Undisturbed, seed: int, node: str
) -> None:
    plan = node_sweep(seed, node, undisturbed)
    assert_undisturbed(promised_ground, undisturbed, plan, seed, promptly=True)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_place_broken_at_every_step_changes_nothing(
    promised_ground: Ground, undisturbed: Undisturbed, seed: int, place: type[Any]
) -> None:
    plan = place_sweep(seed, place, undisturbed)
    assert_undisturbed(promised_ground, undisturbed, plan, seed, promptly=True)
