"""The user basic information (利用者基本情報): of each assessment that made one, or to be filled in (T-19)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.care.intake import MEANS, VISITORS
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, certification_on_paper, day
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
    found = next(
        (each for each in matter.said("AssessmentRecorded") if str(each.event.id) == printout.of), None
    )
    said = found.fields if found else {}
    case, on = matter.case, printout.dated or matter.today
    certified = case.certification(on)
    checked = [each for each in case.checklists if each.checked_on <= on]
    return {
        "title": "利用者基本情報",
        "person": matter.person_on_paper(),
        "maker": matter.name_of(found.event.sender if found else matter.me),
        "assessed_on": day(said.get("assessed_on")),
        **_consultation(matter, on),
        **_kind(matter, on),
        "insurer_number": case.insurer,
        "status": STATUSES.get(case.status_on(on), ""),
        "status_before": _status_before(matter, on),
        **certification_on_paper(certified),
        "checked_on": day(checked[-1].checked_on if checked else None),
        "check_positive": bool(checked) and checked[-1].outcome == "applicable",
        "check_negative": bool(checked) and checked[-1].outcome == "not_applicable",
        "residences": [
            {"on": said.get("residence") == code, "title": title} for code, title in RESIDENCES.items()
        ],
        "assisted": case.share is not None and case.share.assisted,
        "findings": said.get("findings") or "",
        "services": [
            f"{SERVICE_KINDS.get(each.service, each.service)}（{matter.name_of(each.provider)}）"
            for each in case.services_used(on, on)
        ],
        "insurer": matter.insurer_name,
    }


def _consultation(matter: Matter, on: date) -> dict[str, Any]:
    """The last consultation by a day: how, who came, and whether it was the first (A-Q8, A-Q9)."""
    held = [
        each.fields
        for each in matter.said("ConsultationRecorded")
        if str(each.fields["consulted_on"]) <= on.isoformat()
    ]
    last = held[-1] if held else {}
    return {
        "consulted_on": day(last.get("consulted_on")),
        "means": [{"on": last.get("means") == code, "title": title} for code, title in MEANS.items()],
        "first_time": len(held) == 1,
        "again": len(held) > 1,
        "consulted_before": day(held[-2]["consulted_on"] if len(held) > 1 else None),
        "visitor": VISITORS.get(last.get("visitor") or "", ""),
        "consultation": last.get("note") or "",
    }


def _kind(matter: Matter, on: date) -> dict[str, bool]:
    """What is planned, and whether an office does it for the centre; nothing is ticked before that is decided."""
    mode = matter.case.mode(on)
    return {
        "support": mode is not None and mode.type == "preventive_support",
        "management": mode is not None and mode.type == "care_management_a",
        "own": mode is not None and mode.track != "entrusted",
        "entrusted": mode is not None and mode.track == "entrusted",
    }


def _status_before(matter: Matter, on: date) -> str:
    """The state before the one that holds on a day; empty where no earlier certification is known."""
    now = matter.case.certification(on)
    if now is None or now.valid_from is None:
        return ""
    before = matter.case.certification(now.valid_from - timedelta(days=1))
    return STATUSES.get(before.status, "") if before else ""


BASIC_INFORMATION: Final = Form(
    "basic-information", "利用者基本情報", "basic_information", _printouts, _fields
)
