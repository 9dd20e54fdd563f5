"""The Toshima scenario on real processes: once undisturbed, and then with faults."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from deploy.cli.commands.demo import SCENARIO
from deploy.demo.report import proofs
from deploy.demo.stage import PARTS
from deploy.play.player import play
from deploy.play.scenario import Scenario, load_scenario
from deploy.play.target import Answer, Order, Target
from tests.promises.faults import (
    AnswerLost,
    BrokerWiped,
    DatabaseKilled,
    Fault,
    KilledBeforeCommit,
    KilledBetweenArrivalAndStore,
    KilledBetweenCommitAndPublish,
    KilledBetweenPublishAndConfirm,
    KilledBetweenStoreAndAcknowledgement,
    Step,
    a_kill,
)
from tests.promises.ground import Ground, Scene
from tests.promises.holdings import Holdings, differences, holdings, unfinished

Plan = Mapping[int, Fault]
"""Which fault at which step."""

KILLS: Final = 12
"""Seeded kills of a sampled play, besides one fault of every exact place."""


def scenario() -> Scenario:
    """The case of the demo."""
    return load_scenario(SCENARIO)


@dataclass(frozen=True)
class Undisturbed:
    """What the play comes to when nothing goes wrong."""

    steps: Sequence[Step]
    holdings: Mapping[str, Holdings]


class _Watched:
    """A target whose commands go through ``around``, with their number in the play; all else is passed on."""

    def __init__(self, target: Target, around: Callable[[int, Order, Callable[[], Answer]], Answer]) -> None:
        self._target = target
        self._around = around
        self._given = 0

    def give(self, order: Order) -> Answer:
        number, self._given = self._given, self._given + 1
        return self._around(number, order, lambda: self._target.give(order))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


def play_undisturbed(ground: Ground) -> Undisturbed:
    """Play the scenario without faults, and note which command made whom receive what."""
    steps: list[Step] = []
    chosen = scenario()
    with ground.scene(chosen.starts_at) as scene:

        def note(number: int, order: Order, give: Callable[[], Answer]) -> Answer:
            steps.append(Step(number, order.node, order.command))
            answer = give()
            # At once: the same event may be sent to others later, before what they need it for.
            steps[-1] = _with_outcome(scene, steps[-1], answer)
            return answer

        played = play(chosen, _Watched(scene.target, note), print)
        assert played.failures == []
        assert _flaws(scene) == []
        return Undisturbed(steps, _held(scene))


def _with_outcome(scene: Scene, step: Step, answer: Answer) -> Step:
    events = tuple(str(each["id"]) for each in answer.events)
    rows = scene.rows(
        step.node,
        "select partner, id::text from deliveries join events using (position) where id = any(%s::uuid[])",
        list(events),
    )
    reached: dict[str, tuple[str, ...]] = {}
    for agency, event in rows:
        name = scene.ground.name_of(agency)
        reached[name] = (*reached.get(name, ()), event)
    return replace(step, events=events, reached=reached)


def play_disturbed(ground: Ground, undisturbed: Undisturbed, plan: Plan, promptly: bool = False) -> list[str]:
    """Play the scenario with the faults of ``plan``; returns what does not hold at the end."""
    chosen = scenario()

    def disturb(number: int, order: Order, give: Callable[[], Answer]) -> Answer:
        fault, step = plan.get(number), undisturbed.steps[number]
        assert (step.node, step.command) == (order.node, order.command)
        if fault is None:
            return give()
        print(f"    {number} {order.node} {order.command}: {fault}", flush=True)
        return fault.around(scene, step, give)

    with ground.scene(chosen.starts_at, promptly=promptly) as scene:
        played = play(chosen, _Watched(scene.target, disturb), print)
        return [*played.failures, *_flaws(scene), *differences(undisturbed.holdings, _held(scene))]


def assert_undisturbed(
    ground: Ground, undisturbed: Undisturbed, plan: Plan, seed: int, promptly: bool = False
) -> None:
    """Play with faults; fail with the plan and with how to repeat it when the end is not the undisturbed one."""
    told = [f"seed {seed}; repeat this test with --seed {seed}"]
    told += [f"  step {number}: {fault}" for number, fault in plan.items()]
    print("\n".join(told), flush=True)
    found = play_disturbed(ground, undisturbed, plan, promptly)
    if found:
        pytest.fail("\n".join([*told, *found]), pytrace=False)


def _held(scene: Scene) -> dict[str, Holdings]:
    with scene.opened() as nodes:
        return {name: holdings(node) for name, node in nodes.items()}


def _flaws(scene: Scene) -> list[str]:
    """What does not verify, what differs when it is rebuilt, what has not come to rest."""
    with scene.opened() as nodes:
        found = [flaw for node in nodes.values() for flaw in unfinished(node)]
        found += [sentence for holds, sentence in proofs(list(nodes.values())) if not holds]
    dead = scene.stage.dead_letters()
    return [*found, *([f"{dead} dead-letter queues are not empty"] if dead else [])]


# --- plans ---


def sampled_plan(seed: int, undisturbed: Undisturbed) -> Plan:
    """One fault of every exact place and some seeded kills, each at another step."""
    chance = random.Random(seed)
    nodes = sorted(undisturbed.holdings)
    steps = list(undisturbed.steps)
    chance.shuffle(steps)
    plan: dict[int, Fault] = {}
    for place in PLACES:
        step = next(each for each in steps if each.number not in plan and fits(place, each))
        plan[step.number] = fault_at(place, step, chance)
    free = [each for each in steps if each.number not in plan]
    for step in free[:KILLS]:
        parts = chance.choice((("web",), ("messaging",), PARTS))
        plan[step.number] = a_kill(chance, chance.choice(nodes), parts)
    return dict(sorted(plan.items()))


def node_sweep(seed: int, node: str, undisturbed: Undisturbed) -> Plan:
    """Both processes of one node killed at every step."""
    chance = random.Random(seed)
    return {step.number: a_kill(chance, node, PARTS) for step in undisturbed.steps}


def place_sweep(seed: int, place: type[Any], undisturbed: Undisturbed) -> Plan:
    """One exact place, broken at every step that comes to it."""
    chance = random.Random(seed)
    return {step.number: fault_at(place, step, chance) for step in undisturbed.steps if fits(place, step)}


PLACES: Final[tuple[type[Any], ...]] = (
    BrokerWiped,
    DatabaseKilled,
    KilledBeforeCommit,
    AnswerLost,
    KilledBetweenCommitAndPublish,
    KilledBetweenPublishAndConfirm,
    KilledBetweenArrivalAndStore,
    KilledBetweenStoreAndAcknowledgement,
)
"""Every exact place at which a play is broken."""

_AT_PARTNER: Final = (BrokerWiped, KilledBetweenArrivalAndStore, KilledBetweenStoreAndAcknowledgement)
_SENDING: Final = (KilledBetweenCommitAndPublish, KilledBetweenPublishAndConfirm, *_AT_PARTNER)


def fits(place: type[Any], step: Step) -> bool:
    """Whether a step comes to this place: it records something, or something of it reaches a partner."""
    return bool(step.reached if place in _SENDING else step.events)


def fault_at(place: type[Any], step: Step, chance: random.Random) -> Fault:
    """The fault of that place, with one of the partners whom the step reaches."""
    fault: Fault = place(chance.choice(sorted(step.reached))) if place in _AT_PARTNER else place()
    return fault
