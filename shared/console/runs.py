"""What belongs together in a timeline: the documents that were handed over at once, and the versions of one plan."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from contracts.codes import PLAN_OCCASIONS
from shared.console.reading import AgencyNames, Fact, facts
from shared.eventlog.model import Event
from shared.node.node import Node

_JOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "DocumentHandedOver": ("giver", "receiver", "handed_over_on", "handed_as"),
}
"""Types of which one act makes an event a document → the fields that say that it was one act."""
_LISTED: Final = "渡した書類"


def runs(events: Iterable[Event]) -> list[list[Event]]:
    """Events in their order, those side by side that one act made together. None is lost."""
    found: list[list[Event]] = []
    for event in events:
        if found and _one_act(found[-1][-1], event):
            found[-1].append(event)
        else:
            found.append([event])
    return found


def _one_act(one: Event, other: Event) -> bool:
    same = _JOINED.get(one.type)
    return (
        same is not None
        and (one.type, one.sender, one.occurred_on) == (other.type, other.sender, other.occurred_on)
        and all(one.data.get(name) == other.data.get(name) for name in same)
    )


def facts_of_run(
    node: Node, run: Sequence[Event], names: AgencyNames, plans: Mapping[str, str], personal: bool = True
) -> list[Fact]:
    """What the events of a run say: what they have in common once, and where they differ a row for each."""
    told = [
        _with_plan(
            facts(node.event_types.get(each.type), each.data, each.personal if personal else None, names),
            each.data,
            plans,
        )
        for each in run
    ]
    if len(run) == 1:
        return told[0]
    common = [each for each in told[0] if all(each in other for other in told)]
    rows = [[each for each in one if each not in common] for one in told]
    return [Fact(_LISTED, "", rows), *common]


def plan_names(events: Iterable[Event]) -> dict[str, str]:
    """Number of a plan → what it is called: after the occasion of its first version, 更新の計画."""
    first: dict[str, tuple[int, str]] = {}
    for event in events:
        plan, version, occasion = (event.data.get(each) for each in ("plan_id", "plan_version", "occasion"))
        if plan and version and occasion and version <= first.get(plan, (version, ""))[0]:
            first[plan] = (version, f"{PLAN_OCCASIONS.get(occasion, '')}の計画")
    return {plan: name for plan, (_, name) in first.items()}


def _with_plan(told: Sequence[Fact], data: Mapping[str, Any], plans: Mapping[str, str]) -> list[Fact]:
    """The facts, the version of a plan with the name of the plan: each plan counts its own versions."""
    name, version = plans.get(str(data.get("plan_id"))), data.get("plan_version")
    if name is None or version is None:
        return list(told)
    return [
        Fact("計画", f"{name} 第{version}版") if each == Fact("版", str(version)) else each for each in told
    ]
