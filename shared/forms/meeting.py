"""The record of a care meeting (サービス担当者会議の要点, sheet E), one for each meeting that was held (T-27)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from contracts.codes import PLAN_OCCASIONS
from shared.care.events import ATTENDEES
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day

_WRITTEN: Final = ("summary", "place", "held_at", "topics", "conclusion", "remaining")


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "meeting",
            str(each.event.id),
            f"会議の要点（{PLAN_OCCASIONS[each.fields['occasion']]}）",
            date.fromisoformat(each.fields["held_on"]),
            matter.document_of(each.event, "meeting_record"),
        )
        for each in matter.said("MeetingHeld")
    ]


def _fields(matter: Matter, printout: Printout) -> Fields:
    meetings = list(matter.said("MeetingHeld"))
    number, event, said = next(
        (number, each.event, each.fields)
        for number, each in enumerate(meetings, start=1)
        if str(each.event.id) == printout.of
    )
    return {
        "title": "サービス担当者会議の要点",
        "person": matter.person_on_paper(),
        "planner": matter.name_of(event.sender),
        "planner_name": said.get("planner") or "",
        "held_on": day(said["held_on"]),
        "number": number,
        "occasion": PLAN_OCCASIONS[said["occasion"]],
        "attendees": [{"on": code in said["attendees"], "title": title} for code, title in ATTENDEES.items()],
        "present": [
            {"affiliation": each.get("affiliation") or "", "name": each["name"]}
            for each in said.get("present") or ()
        ],
        **{name: said.get(name) or "" for name in _WRITTEN},
    }


MEETING: Final = Form("meeting", "サービス担当者会議の要点（E表）", "meeting", _printouts, _fields)
