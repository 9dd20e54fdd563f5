"""The groups of a ward office and what each takes in (T-12, T-18, T-70, A-Q27); without groups it has its desks."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.codes import DESKS
from shared.policy.parameters import ParameterError, parameters

OTHER_WORK: Final = ("records", "risk_report", "plan_review", "designation", "counter")
"""What arrives at a ward besides notifications and complaints, which go by desks; ``counter``: visitors (A-Q3)."""

_NAME: Final = "ward_group."


@dataclass(frozen=True, slots=True)
class Group:
    """A group, and the desks and kinds of work that it takes; ``assumed`` where the document leaves some of it open."""

    code: str
    name: str
    takes: frozenset[str]
    assumed: bool
    note: str


def groups_on(insurer: str, on: date) -> list[Group]:
    """The groups of a ward on a day, in their order. Everything that arrives is some group's."""
    try:
        known = parameters(insurer)
    except ParameterError:
        return [_everything()]
    found = []
    for name in known.own:
        entry = known.find(name, on) if name.startswith(_NAME) else None
        if entry is not None:
            value: Any = entry.value
            found.append(
                Group(
                    name.removeprefix(_NAME),
                    value["name"],
                    frozenset(value["takes"]),
                    entry.assumed,
                    entry.note or "",
                )
            )
    return found or [_everything()]


def _everything() -> Group:
    return Group("all", "窓口", frozenset((*DESKS, *OTHER_WORK)), False, "")
