"""A case's audit timeline (経過一覧): every event with both clocks, whose act it was, and who entered it."""

from collections.abc import Sequence
from typing import Final

from shared.eventlog.model import Event
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day
from shared.policy.dates import TOKYO

WHOLE: Final = "all"


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [Printout("timeline", WHOLE, "経過一覧（監査用）")]


def _fields(matter: Matter, printout: Printout) -> Fields:
    ordered = sorted(matter.events, key=lambda each: (each.occurred_on, each.position))
    return {
        "title": "ケースの経過一覧",
        "person": matter.person_on_paper(),
        "case": str(matter.case.id or ""),
        "agency": matter.name_of(matter.me),
        "agency_number": matter.me,
        "number": len(ordered),
        "lines": [_line(matter, each) for each in ordered],
    }


def _line(matter: Matter, event: Event) -> dict[str, str]:
    recorded = event.recorded_at.astimezone(TOKYO)
    return {
        "position": str(event.position),
        "on": day(event.occurred_on),
        "recorded": f"{day(recorded.date())} {recorded.hour}:{recorded.minute:02d}",
        "title": matter.titles.get(event.type, event.type),
        "by": matter.name_of(event.sender),
        "actor": "（受信）" if event.received else event.actor,
    }


TIMELINE: Final = Form("timeline", "経過一覧（監査用）", "timeline", _printouts, _fields)
