"""Who plans a case, as papers name them: the agency, and the person who signed its sheets last (計画作成者)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from shared.forms.matter import Matter

_NAMING: Final = ("PlanDrafted", "DraftSubmitted", "PlanSubmitted", "MeetingHeld", "EvaluationRecorded")
"""Events whose sheets bear the planner's name."""
_AGAIN_UNKNOWN: Final = "PlannerChanged"
"""Another person goes on from here, whom the event does not name (A-Q43)."""


def planning_agency(matter: Matter, on: date) -> str | None:
    """The office, or the centre where it does the care itself."""
    case = matter.case
    return case.office if case.office and not case.done_by_centre(on) else case.centre


def planner_name(matter: Matter, on: date) -> str:
    """The name that stood last, by ``on``, on a sheet of the agency that plans then; empty where none is known."""
    agency, found = planning_agency(matter, on), ""
    for each in matter.said(*_NAMING, _AGAIN_UNKNOWN):
        if each.event.sender != agency or each.event.occurred_on > on:
            continue
        found = "" if each.event.type == _AGAIN_UNKNOWN else _named(each.fields) or found
    return found


def planner_on_paper(matter: Matter, on: date) -> dict[str, str]:
    """Name of the planning agency, of the person, and where people reach them."""
    agency = planning_agency(matter, on)
    return {
        "planner": matter.name_of(agency),
        "planner_name": planner_name(matter, on),
        "planner_reached": matter.contact_of(agency)["reached"],
    }


def _named(said: Mapping[str, Any]) -> str:
    return (said.get("paper") or {}).get("planner") or said.get("planner") or ""
