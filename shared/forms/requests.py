"""Papers for the ward: the viewing request (閲覧申請, T-18) and the correction application of the project (A-Q54a)."""

from collections.abc import Sequence
from typing import Final

from contracts.codes import RECORDS
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day

BLANK: Final = "blank"


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
        "person": matter.person_on_paper(),
        "records": [{"on": code in asked.records, "title": title} for code, title in RECORDS.items()],
        "consented_on": day(asked.consented_on),
        "provided_on": day(asked.provided_on),
    }


def _correction_printouts(matter: Matter) -> Sequence[Printout]:
    """One to be filled in, where the insurer wants project services corrected on paper."""
    way = matter.stated("correction.project_service", matter.today)
    if not way or way["route"] != "paper":
        return []
    return [Printout("correction-application", BLANK, "総合事業用 過誤申立書（これから記入するもの）")]


def _correction_fields(matter: Matter, printout: Printout) -> Fields:
    way = matter.stated("correction.project_service", matter.today)
    return {
        "title": "総合事業用 過誤申立書",
        "address": way["address"],
        "code": way["code"],
        "person": matter.person_on_paper(),
        "insurer": matter.insurer_name,
        "insurer_number": matter.case.insurer,
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
