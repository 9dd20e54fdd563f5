"""How a case takes in consultations, checklists, the ward's register, and the cards that the person holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.care.folds.reading import Data, Fold, day, maybe, unchanged
from shared.care.intake import (
    Checklist,
    Complaint,
    Consultation,
    CopaymentShare,
    PublicAssistance,
    Registration,
    held_after,
)
from shared.care.parts import Certification
from shared.care.state import Case
from shared.eventlog.model import Event


def _consulted(case: Case, event: Event, data: Data) -> Case:
    found = Consultation(
        day(data["consulted_on"]), tuple(data["wishes"]), bool(data["at_once"]), data["next_step"]
    )
    return case.but(consultations=(*case.consultations, found))


def _checked(case: Case, event: Event, data: Data) -> Case:
    found = _checklist(event, data, bool(data["confirmation_needed"]))
    return case.but(checklists=(*case.checklists, found))


def _checklist(event: Event, data: Data, confirmation_needed: bool) -> Checklist:
    return Checklist(
        data["checklist_id"],
        event.id,
        day(data["checked_on"]),
        data["outcome"],
        tuple(data["criteria"]),
        confirmation_needed,
    )


def _submitted(case: Case, event: Event, data: Data) -> Case:
    """The ward learns of a checklist by its form; whether somebody still sees the person is the centre's to know."""
    found = _checklist(event, data, confirmation_needed=False)
    known = tuple(each for each in case.checklists if each.id == found.id)
    handed_in = {**case.submitted_checklists, data["notification_id"]: found.id}
    return case.but(
        checklists=case.checklists if known else (*case.checklists, found), submitted_checklists=handed_in
    )


def _confirmed(case: Case, event: Event, data: Data) -> Case:
    met = tuple(replace(each, confirmation_needed=False) for each in case.checklists)
    return case.but(checklists=met)


def _registered(case: Case, event: Event, data: Data) -> Case:
    entry = Registration(data["notification_id"], day(data["eligible_from"]), day(data["registered_on"]))
    eligible = Certification("project_eligible", entry.eligible_from, None, entry.registered_on)
    return case.but(registration=entry, certifications=(*case.certifications, eligible))


def eligible_until(case: Case, certified: Certification) -> Case:
    """The case with its 事業対象者 ended where a certification begins (A-Q21b): the ward never cancels it (A-Q24)."""
    if certified.valid_from is None:
        return case
    until = certified.valid_from - timedelta(days=1)
    shortened = tuple(
        replace(each, valid_to=until)
        if each.status == "project_eligible" and each.valid_from is not None and each.valid_to is None
        else each
        for each in case.certifications
    )
    return case.but(certifications=shortened)


def _issued(case: Case, event: Event, data: Data) -> Case:
    # A new card takes the place of any other.
    gone = ("pink_card", "green_card") if {"pink_card", "green_card"} & set(data["cards"]) else ()
    return case.but(cards=held_after(case.cards_held, gone, data["cards"]))


def _returned(case: Case, event: Event, data: Data) -> Case:
    return case.but(cards=held_after(case.cards_held, data["cards"], ()))


def _share_set(case: Case, event: Event, data: Data) -> Case:
    share = CopaymentShare(int(data["percent"]), day(data["valid_from"]), bool(data["public_assistance"]))
    return case.but(share=share)


def _assisted(case: Case, event: Event, data: Data) -> Case:
    """A period that was told again, its end mostly, takes the place of what was known of it."""
    told = PublicAssistance(event.id, day(data["valid_from"]), maybe(data["valid_to"]))
    others = [each for each in case.assistances if each.valid_from != told.valid_from]
    return case.but(assistances=tuple(sorted((*others, told), key=lambda each: each.valid_from)))


def _complained(case: Case, event: Event, data: Data) -> Case:
    number = data.get("complaint_id") or str(event.id)
    received = Complaint(data["centre"], tuple(data["desks"]), day(data["received_on"]))
    return case.but(complaints={number: received, **case.complaints})


def _complaint_answered(case: Case, event: Event, data: Data) -> Case:
    known = case.complaints.get(data["complaint_id"])
    if known is None:
        return case  # of a complaint that this agency never heard of
    answered = replace(known, answered_on=day(data["answered_on"]))
    return case.but(complaints={**case.complaints, data["complaint_id"]: answered})


FOLDS: Final[Mapping[str, Fold]] = {
    "ConsultationRecorded": _consulted,
    "ChecklistRecorded": _checked,
    "PreventionChecklistRecorded": unchanged,
    "GuidanceGiven": unchanged,
    "CareManagementDecided": unchanged,
    "ComplaintReceived": _complained,
    "ComplaintAnswered": _complaint_answered,
    "PersonConfirmed": _confirmed,
    "ChecklistSubmitted": _submitted,
    "ProjectEligibilityRegistered": _registered,
    "CardsIssued": _issued,
    "CardLost": unchanged,
    "CopaymentShareSet": _share_set,
    "PublicAssistanceRecorded": _assisted,
    "CardsReturned": _returned,
}
