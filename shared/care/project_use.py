"""An entrusted office tells its centre when nothing of the project is used any more, and when it is again.

Only a centre may do the checklist that months without use ask for (A-Q7, A-Q21a, A-Q38b), and it sees no single service
of an entrusted case.
"""

from datetime import date
from typing import Any

from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.service import Command, Situation


def use_ended(
    situation: Situation, command: Command, track: str, checklist_again_from: date | None
) -> list[NewEvent]:
    """The word to the centre that the last service of the project has ended, where that owes a checklist in time."""
    if track != "entrusted" or checklist_again_from is None:
        return []
    return _reported(situation, command, "ended", command.fields["last_used_on"], checklist_again_from)


def use_resumed(situation: Situation, command: Command, track: str) -> list[NewEvent]:
    """The word to the centre that the project is used again, after it was told of the end."""
    fields, on = command.fields, command.fields["started_on"]
    project: Any = requirements.found(situation, "services.project", on) or ()
    ended_on = situation.case.project_unused_since
    if track != "entrusted" or ended_on is None or fields["service"] not in project:
        return []
    return _reported(situation, command, "resumed", on, None)


def _reported(
    situation: Situation, command: Command, use: str, changed_on: date, checklist_again_from: date | None
) -> list[NewEvent]:
    centre = situation.case.centre
    if centre is None:
        return []
    said = {
        "office": situation.me,
        "use": use,
        "changed_on": changed_on,
        "checklist_again_from": checklist_again_from,
        "reported_on": command.occurred_on,
    }
    return [NewEvent("ProjectUseReported", said, case_id=command.case_id, to=(centre,))]
