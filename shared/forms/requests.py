"""Papers for the ward: the viewing request (閲覧申請, T-18) and the correction application of the project (A-Q54a)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.codes import RECORDS
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day, month
from shared.forms.planner import planner_name, planning_agency

BLANK: Final = "blank"
DAY_SERVICES: Final = frozenset({"A5", "A6", "A7", "A8"})
"""Kinds of 通所型サービス; the other project services are 訪問型 (A-Q54d)."""


def _viewing_printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout("viewing-request", each.id, "認定調査票・主治医意見書の閲覧申請", each.requested_on)
        for each in matter.case.records_requests.values()
    ]


def _viewing_fields(matter: Matter, printout: Printout) -> Fields:
    asked = matter.case.records_requests[printout.of]
    return {
        "title": "要介護認定・要支援認定資料 閲覧申請書",
        "addressee": f"{matter.insurer_name}長",
        "requested_on": day(asked.requested_on),
        "requester": matter.name_of(asked.requester),
        "requester_number": asked.requester,
        "requester_reached": matter.contact_of(asked.requester)["reached"],
        "planner_name": planner_name(matter, asked.requested_on)
        if asked.requester == planning_agency(matter, asked.requested_on)
        else "",
        "person": matter.person_on_paper(),
        "records": [{"on": code in asked.records, "title": title} for code, title in RECORDS.items()],
        "consented_on": day(asked.consented_on),
        "provided_on": day(asked.provided_on),
    }


def _correction_printouts(matter: Matter) -> Sequence[Printout]:
    """Where the insurer wants project services corrected on paper: one to be filled in, and each applied for."""
    if not _on_paper(matter):
        return []
    name = "correction-application"
    blank = Printout(name, BLANK, "総合事業用 過誤申立書（これから記入するもの）")
    applied = [
        Printout(name, each.id, f"総合事業用 過誤申立書（{month(each.service_month)}分）", each.applied_on)
        for each in matter.case.project_corrections
    ]
    return [blank, *applied]


def _on_paper(matter: Matter) -> Mapping[str, Any]:
    """How the insurer wants them corrected, if on paper."""
    way: Mapping[str, Any] = matter.stated("correction.project_service", matter.today) or {}
    return way if way.get("route") == "paper" else {}


def _correction_fields(matter: Matter, printout: Printout) -> Fields:
    way = _on_paper(matter)
    applied = next((each for each in matter.case.project_corrections if each.id == printout.of), None)
    said = matter.last_said("ProjectCorrectionApplied", application_id=printout.of)
    contact = matter.contact_of(applied.provider if applied else None)
    by_day = applied is not None and applied.service in DAY_SERVICES
    return {
        "title": "総合事業用 過誤申立書",
        "address": way["address"],
        "code": applied.code if applied else way["code"],
        "person": matter.person_on_paper(),
        "insurer": matter.insurer_name,
        "insurer_number": matter.case.insurer,
        "provider": matter.name_of(applied.provider) if applied else "",
        "provider_number": applied.provider if applied else "",
        "provider_address": contact["address"],
        "provider_telephone": contact["telephone"],
        "service_month": month(applied.service_month if applied else None),
        "day_service": by_day,
        "visit_service": applied is not None and not by_day,
        "decided_on": day(applied.decided_on if applied else None),
        "applied_on": day(applied.applied_on if applied else None),
        "reason": said.get("reason") or "",
    }


VIEWING_REQUEST: Final = Form(
    "viewing-request", "閲覧申請書", "viewing_request", _viewing_printouts, _viewing_fields
)
CORRECTION_APPLICATION: Final = Form(
    "correction-application",
    "総合事業用 過誤申立書",
    "correction_application",
    _correction_printouts,
    _correction_fields,
)
