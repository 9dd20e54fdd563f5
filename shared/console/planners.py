"""Who of this agency plans which case: for lists and forms of a service that keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from shared.console.case_rows import PLANNERS
from shared.console.forms import Control
from shared.console.frame import console, node

_PLANNER: Final = "select planner from view_planners.planners where case_id = %s"
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


def planner_of(case_id: UUID) -> str | None:
    """Account name of who plans a case here; None where nobody was assigned or this service does not keep it."""
    if not kept_here():
        return None
    with node().database.connection() as connection:
        row = connection.execute(_PLANNER.encode(), (case_id,)).fetchone()
    return row[0] if row else None


def with_care_managers(controls: Sequence[Control]) -> list[Control]:
    """The controls, the one for who plans the case turned into a choice among the people of this office."""
    people = list(care_managers().items())
    return [
        replace(each, kind="choice", options=people, hint=each.hint)
        if each.name == "planner" and people
        else each
        for each in controls
    ]
