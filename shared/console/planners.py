"""Who of this agency plans which case: for lists and forms of a service that keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.console.case_rows import PLANNERS
from shared.console.forms import Control
from shared.console.frame import console, node

_CARING: Final = frozenset({"care_manager", "staff", "dementia_specialist"})


def kept_here() -> bool:
    """Whether this service records who plans a case."""
    return any(view.NAME == PLANNERS for view in node().service.views)


def care_managers() -> dict[str, str]:
    """Account name → name that colleagues read, of everybody who may plan here."""
    return {
        each.name: each.display
        for each in console().accounts.all()
        if each.role in _CARING and not each.removed
    }


def with_care_managers(controls: Sequence[Control]) -> list[Control]:
    """The controls, the one for who plans the case turned into a choice among the people of this office."""
    people = list(care_managers().items())
    return [
        replace(each, kind="choice", options=people, hint=each.hint)
        if each.name == "planner" and people
        else each
        for each in controls
    ]
