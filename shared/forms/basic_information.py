"""The user basic information (利用者基本情報): of each assessment that made one, or to be filled in (T-19)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day
from shared.policy.eligibility import RESIDENCES

BLANK: Final = "blank"
_KIND: Final = "basic_information"


def _printouts(matter: Matter) -> Sequence[Printout]:
    blank = [Printout("basic-information", BLANK, "利用者基本情報（これから記入するもの）")]
    made = [
        Printout(
            "basic-information",
            str(each.event.id),
            "利用者基本情報",
            date.fromisoformat(each.fields["assessed_on"]),
            matter.document_of(each.event, _KIND),
        )
        for each in matter.said("AssessmentRecorded")
        if _KIND in each.fields["documents"]
    ]
    return [*(blank if matter.me in (matter.case.office, matter.case.centre) else ()), *made]


def _fields(matter: Matter, printout: Printout) -> Fields:
    said = next(
        (each.fields for each in matter.said("AssessmentRecorded") if str(each.event.id) == printout.of), {}
    )
    case, on = matter.case, printout.dated or matter.today
    certified = case.certification(on)
    checked = [each for each in case.checklists if each.checked_on <= on]
    consulted = matter.last_said("ConsultationRecorded")
    return {
        "title": "利用者基本情報",
        "person": matter.person_on_paper(),
        "maker": matter.name_of(case.office or case.centre),
        "assessed_on": day(said.get("assessed_on")),
        "consulted_on": day(consulted.get("consulted_on")),
        "opened_on": day(case.opened_on),
        "status": STATUSES.get(case.status_on(on), ""),
        "certified_from": day(certified.valid_from if certified else None),
        "certified_to": day(certified.valid_to if certified else None),
        "checked_on": day(checked[-1].checked_on if checked else None),
        "check_positive": bool(checked) and checked[-1].outcome == "applicable",
        "check_negative": bool(checked) and checked[-1].outcome == "not_applicable",
        "residences": [
            {"on": said.get("residence") == code, "title": title} for code, title in RESIDENCES.items()
        ],
        "assisted": case.share is not None and case.share.assisted,
        "findings": said.get("findings") or "",
        "consultation": consulted.get("note") or "",
        "services": [
            f"{SERVICE_KINDS.get(each.service, each.service)}（{matter.name_of(each.provider)}）"
            for each in case.services_used(on, on)
        ],
        "insurer": matter.insurer_name,
    }


BASIC_INFORMATION: Final = Form(
    "basic-information", "利用者基本情報", "basic_information", _printouts, _fields
)
