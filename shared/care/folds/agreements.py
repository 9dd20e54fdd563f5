"""How a case takes in its opening, certifications, contracts and modes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shared.care.folds.intake import eligible_until
from shared.care.folds.reading import Data, Fold, day, maybe, unchanged
from shared.care.modes import mark_of
from shared.care.parts import (
    Application,
    Certification,
    Contract,
    Entrustment,
    SimultaneousContract,
    SupportEnd,
)
from shared.care.state import Case
from shared.eventlog.model import Event


def _opened(case: Case, event: Event, data: Data) -> Case:
    if case.opened:
        raise ValueError("a case is opened once: its parties can't be exchanged by opening it again")
    card = data["certification"]
    known = (Certification(card["status"], day(card["valid_from"]), day(card["valid_to"])),) if card else ()
    case = case.but(
        opening=(event.sender, event.id),
        insurer=data["insurer"],
        parties=dict(data["parties"]),
        procedure=data["procedure"],
        status=data["status"],
        insured=data.get("insured") is not False,
        opened_on=day(data["opened_on"]),
        previous_case=data.get("previous_case"),
        previous_plan_end_month=data.get("previous_plan_end_month"),
        previous_plan_kind=data.get("previous_plan_kind"),
        # A result may have overtaken the event that opens the case.
        certifications=known + case.certifications,
    )
    return case.marked()


def _certified(case: Case, event: Event, data: Data) -> Case:
    # Who was found not to need care has no period, whatever the result tells of one.
    period = (data["valid_from"], data["valid_to"]) if data["status"] != "none" else (None, None)
    result = Certification(data["status"], maybe(period[0]), maybe(period[1]), day(data["decided_on"]))
    applied_on = day(data["applied_on"])
    applications = tuple(
        replace(each, decided_on=day(data["decided_on"]), status=data["status"])
        if each.applied_on == applied_on
        else each
        for each in case.applications
    )
    case = eligible_until(case, result)
    return case.but(certifications=(*case.certifications, result), applications=applications)


def _applied(case: Case, event: Event, data: Data) -> Case:
    applied = Application(
        data["occasion"], day(data["applied_on"]), data["agency"], maybe(data["valid_to_before"])
    )
    known = [each for each in case.applications if each.applied_on != applied.applied_on]
    return case.but(applications=(*known, applied))


def _moved(case: Case, event: Event, data: Data) -> Case:
    return case.but(moved_on=day(data["moved_on"]))


def _office_changed(case: Case, event: Event, data: Data) -> Case:
    return case.but(office_until=day(data["last_day"]))


def _support_ended(case: Case, event: Event, data: Data) -> Case:
    return case.but(support_end=SupportEnd(data["agency"], data["reason_code"], day(data["ended_on"])))


def _support_resumed(case: Case, event: Event, data: Data) -> Case:
    return case.but(support_end=None)


def _contract_requested(case: Case, event: Event, data: Data) -> Case:
    asked = SimultaneousContract(day(data["requested_on"]), planned_on=maybe(data["planned_on"]))
    return case.but(simultaneous=asked)


def _contract_agreed(case: Case, event: Event, data: Data) -> Case:
    planned = maybe(data["planned_on"]) or case.simultaneous.planned_on
    agreed = replace(
        case.simultaneous, agreed_on=day(data["agreed_on"]), declined_on=None, planned_on=planned
    )
    return case.but(simultaneous=agreed)


def _contract_declined(case: Case, event: Event, data: Data) -> Case:
    declined = replace(case.simultaneous, declined_on=day(data["declined_on"]), agreed_on=None)
    return case.but(simultaneous=declined)


def _contract_of(data: Data, simultaneous: bool) -> Contract:
    return Contract(
        data["agency"],
        data["contract"],
        day(data["signed_on"]),
        maybe(data["explained_on"]),
        maybe(data["consented_on"]),
        simultaneous,
        maybe(data.get("switch_from")),
    )


def _contract_signed(case: Case, event: Event, data: Data) -> Case:
    signed = _contract_of(data, data["simultaneous"])
    return _marked(case.but(contracts=(*case.contracts, signed)), event, data)


def _contract_kept(case: Case, event: Event, data: Data) -> Case:
    """The centre's contract counts as simultaneous from now on, without being signed again (T-07M).

    Who joined the case later learns of that contract by this word alone.
    """
    kept = _contract_of(data, simultaneous=True)
    others = tuple(
        each for each in case.contracts if (each.agency, each.signed_on) != (kept.agency, kept.signed_on)
    )
    return case.but(contracts=(*others, kept))


def _contract_supplemented(case: Case, event: Event, data: Data) -> Case:
    contracts = list(case.contracts)
    at = max(i for i, each in enumerate(contracts) if each.agency == data["agency"])
    contracts[at] = replace(
        contracts[at],
        explained_on=maybe(data["explained_on"]) or contracts[at].explained_on,
        consented_on=maybe(data["consented_on"]) or contracts[at].consented_on,
    )
    return case.but(contracts=tuple(contracts))


def _switched(case: Case, event: Event, data: Data) -> Case:
    """A switch, and whether the same care manager goes on, as far as the office told (T-60)."""
    stays, on = data.get("same_care_manager"), day(data["effective_from"])
    if stays is not None:
        case = case.but(same_care_manager={**case.same_care_manager, on: stays})
    return _marked(case, event, data)


def _marked(case: Case, event: Event, data: Data) -> Case:
    mark = mark_of(event.type, data)
    return case.marked(mark) if mark else case


def _office_assigned(case: Case, event: Event, data: Data) -> Case:
    """An office joins the case; one that has an office keeps it, and no other party becomes its office."""
    office = data["office"]
    if case.parties.get(data["centre"]) != "hokatsu" or case.office not in (None, office):
        raise ValueError("only the centre of a case without another office assigns one")
    if case.parties.get(office, "kyotaku") != "kyotaku":
        raise ValueError("a party keeps its role")
    joined = case.but(
        parties={**case.parties, office: "kyotaku"},
        procedure=data["procedure"],
        consented_at_centre_on=day(data["consented_on"]),
    )
    return _marked(joined, event, data)


def _entrustment_started(case: Case, event: Event, data: Data) -> Case:
    started = Entrustment(
        data["centre"],
        data["office"],
        day(data["starts_on"]),
        cooperation=bool(data.get("cooperation")),
    )
    return _marked(case.but(entrustments=(*case.entrustments, started)), event, data)


def _entrustment_ended(case: Case, event: Event, data: Data) -> Case:
    ended = replace(case.entrustments[-1], ended_on=day(data["ended_on"]))
    return _marked(case.but(entrustments=(*case.entrustments[:-1], ended)), event, data)


def _originals_returned(case: Case, event: Event, data: Data) -> Case:
    ended_on, entrustments = day(data["entrustment_ended_on"]), list(case.entrustments)
    at = max(i for i, each in enumerate(entrustments) if each.starts_on <= ended_on)
    entrustments[at] = replace(
        entrustments[at],
        originals_returned_on=None if data["remaining"] else day(data["returned_on"]),
    )
    return case.but(entrustments=tuple(entrustments))


FOLDS: Final[Mapping[str, Fold]] = {
    "CircumstanceChanged": unchanged,
    "PersonErased": unchanged,
    "CaseOpened": _opened,
    "CertificationApplied": _applied,
    "CertificationResult": _certified,
    "SupportEnded": _support_ended,
    "CaseMoved": _moved,
    "OfficeChanged": _office_changed,
    "SupportResumed": _support_resumed,
    "SimultaneousContractRequested": _contract_requested,
    "SimultaneousContractAgreed": _contract_agreed,
    "SimultaneousContractDeclined": _contract_declined,
    "ContractSigned": _contract_signed,
    "ContractKept": _contract_kept,
    "ContractSupplemented": _contract_supplemented,
    "OfficeAssigned": _office_assigned,
    "TypeChanged": _marked,
    "ModeSwitched": _switched,
    "ProgressRecordSubmitted": unchanged,
    "EntrustmentStarted": _entrustment_started,
    "EntrustmentEnded": _entrustment_ended,
    "OriginalsReturned": _originals_returned,
}
