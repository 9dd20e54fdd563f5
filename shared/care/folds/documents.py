"""How the ledger of documents takes in what makes, hands over and gives back documents (T-10 to T-35)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.care.documents import PERSON, Attachment, Copy, Document
from shared.care.folds import contract_documents
from shared.care.folds.ledger import changed, days_of, keys_where, made_by_sender, with_copies
from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.state import Case
from shared.eventlog.model import Event


def _checked(case: Case, event: Event, data: Data) -> Case:
    """The questions are one paper, the application with the same answers another, which goes to the ward (A-Q12a)."""
    on = day(data["checked_on"])
    questions = made_by_sender(event, "basic_checklist", on)
    if data["outcome"] != "applicable":
        return case.with_documents(questions)
    return case.with_documents(
        questions, made_by_sender(event, "checklist_request", on, number=data["checklist_id"])
    )


def _checklist_submitted(case: Case, event: Event, data: Data) -> Case:
    """With the ward, which learns of it by this; the centre keeps a copy."""
    on = day(data["submitted_on"])
    form = made_by_sender(event, "checklist_request", day(data["checked_on"]), number=data["checklist_id"])
    return changed(
        case.with_documents(form),
        event,
        [form.key],
        lambda each: each.moved_to(case.ward or "", on).copied_to(data["centre"], on),
    )


def _assessed(case: Case, event: Event, data: Data) -> Case:
    on = day(data["assessed_on"])
    return case.with_documents(*(made_by_sender(event, kind, on) for kind in data["documents"]))


def _met(case: Case, event: Event, data: Data) -> Case:
    on = day(data["held_on"])
    return case.with_documents(made_by_sender(event, "meeting_record", on, **_version(data)))


def _plan_documents(event: Event, data: Data, **more: Any) -> list[Document]:
    kinds = dict.fromkeys("weekly_plan" if each == "D" else "plan" for each in data["sheets"])
    return [
        made_by_sender(event, kind, day(data["delivered_on"]), **_version(data), **more) for kind in kinds
    ]


def _version(data: Data) -> dict[str, Any]:
    return {"number": data["plan_id"], "version": data["plan_version"]}


def _delivered(case: Case, event: Event, data: Data) -> Case:
    copies = (Copy(PERSON, day(data["delivered_on"])),)
    signed = next(
        (
            each.signed_by
            for each in case.plans
            if (each.id, each.version) == (data["plan_id"], data["plan_version"])
        ),
        None,
    )
    return case.with_documents(*_plan_documents(event, data, copies=copies, signed_by=signed))


def _submitted(case: Case, event: Event, data: Data) -> Case:
    """A copy for the centre, which learns of the plan by it. The person consented in writing."""
    made = _plan_documents(event, data, copies=(Copy(PERSON, day(data["delivered_on"])),), signed_by=PERSON)
    on = day(data["submitted_on"])
    return with_copies(case, event, made, case.centre or "", on)


def _continued(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(made_by_sender(event, "progress_record", day(data["changed_on"])))


def _evaluated(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(
        made_by_sender(event, "evaluation", day(data["evaluated_on"]), **_version(data))
    )


def _sheet_issued(case: Case, event: Event, data: Data) -> Case:
    on = day(data["issued_on"])
    return case.with_documents(
        made_by_sender(event, "use_sheet", on, month=data["month"], copies=(Copy(PERSON, on),))
    )


def _provision_sheet_issued(case: Case, event: Event, data: Data) -> Case:
    """Copies went to service offices, as they were needed (T-26R)."""
    on = day(data["issued_on"])
    copies = tuple(Copy(each, on) for each in data["providers"])
    return case.with_documents(
        made_by_sender(event, "provision_sheet", on, month=data["month"], copies=copies)
    )


def _provider_document_received(case: Case, event: Event, data: Data) -> Case:
    """A service office wrote it and has no node; who received it keeps it as the original (T-29)."""
    kind, on = data["document"], day(data["dated"])
    return case.with_documents(
        made_by_sender(event, kind, on, number=data["document_id"], since=day(data["received_on"]))
    )


def _monitored(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(
        made_by_sender(event, "monitoring", day(data["recorded_on"]), month=data["month"])
    )


def _reported(case: Case, event: Event, data: Data) -> Case:
    """The office keeps its own; a month in which the centre entrusts the case is the centre's to claim (T-32R)."""
    month, on = data["service_month"], day(data["reported_on"])
    entrusted = case.entrustment(*days_of(month))
    holder = entrusted.centre if entrusted else event.sender
    copies = () if holder == event.sender else (Copy(event.sender, on),)
    return case.with_documents(
        made_by_sender(event, "performance", on, month=month, original_at=holder, copies=copies)
    )


def _switched(case: Case, event: Event, data: Data) -> Case:
    return case.with_documents(
        made_by_sender(event, "switch_report", day(data["reported_on"])).copied_to(
            data["centre"], day(data["reported_on"])
        ),
    )


def _progress_submitted(case: Case, event: Event, data: Data) -> Case:
    on = day(data["submitted_on"])
    return case.with_documents(made_by_sender(event, "progress_record", on).copied_to(data["centre"], on))


def _records_provided(case: Case, event: Event, data: Data) -> Case:
    """What the ward holds, as a copy; what a centre made itself goes as a copy of its own original."""
    on = day(data["provided_on"])
    made = [
        made_by_sender(
            event, each["kind"], day(each["dated"]), original_at=_source(case, each["kind"], event.sender)
        )
        for each in data["records"]
    ]
    return with_copies(case, event, made, case.office or "", on)


def _source(case: Case, kind: str, sender: str) -> str:
    return (case.ward or sender) if kind in ("certification_survey", "doctor_opinion") else sender


def _handed_over(case: Case, event: Event, data: Data) -> Case:
    """Who receives a document that it does not know learns of it by this."""
    on, plan = day(data["handed_over_on"]), {"number": data["plan_id"], "version": data["plan_version"]}
    handed = made_by_sender(event, data["document"], day(data["dated"]), month=data["month"], **plan)
    handed = handed.but(commented_on=maybe(data["commented_on"]))
    case = case.with_documents(handed)
    move = Document.moved_to if data["handed_as"] == "original" else Document.copied_to
    return changed(
        case,
        event,
        [handed.key],
        lambda each: move(each, data["receiver"], on),
    )


def _attached(case: Case, event: Event, data: Data) -> Case:
    """A file for one document. Who holds a document that it does not know learns of it by this.

    An agency that was told of the document in a list does not know its number and version.
    """
    place = data["document"], data["month"] or day(data["dated"])
    named = data["document_number"], data["version"]
    same = [key for key in case.ledger if key[:2] == place]
    alike = [key for key in same if key[2:] == named] or [key for key in same if key[2:] == (None, None)]
    if not alike:
        more = dict(zip(("number", "version"), named, strict=True))
        made = made_by_sender(event, data["document"], day(data["dated"]), month=data["month"], **more)
        case, alike = case.with_documents(made), [made.key]
    file = Attachment(
        data["digest"],
        data["size"],
        data["file_kind"],
        data["agency"],
        day(data["attached_on"]),
        event.id,
    )
    return changed(case, event, alike[-1:], lambda each: each.with_file(file))


def _commented(case: Case, event: Event, data: Data) -> Case:
    named = ("evaluation", data["plan_id"], data["plan_version"])
    return changed(
        case,
        event,
        keys_where(case, lambda each: (each.kind, each.number, each.version) == named),
        lambda each: each.but(commented_on=day(data["commented_on"])),
    )


def _originals_returned(case: Case, event: Event, data: Data) -> Case:
    """Everything of these kinds that was made under the entrustment is back at the centre (T-31R, T-35R)."""
    ended_on = day(data["entrustment_ended_on"])
    of = next(each for each in reversed(case.entrustments) if each.starts_on <= ended_on)
    back = [each.key for each in case.documents_out(of, ended_on) if each.kind in data["documents"]]
    return changed(
        case,
        event,
        back,
        lambda each: each.moved_to(data["centre"], day(data["returned_on"])),
    )


def _listed(case: Case, event: Event, data: Data) -> Case:
    """The centre learns one by one what the office still has."""
    return case.with_documents(
        *(
            made_by_sender(event, each["document"], day(each["dated"]), month=each["month"])
            for each in _unknown(case, data["papers"])
        ),
    )


def _unknown(case: Case, papers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    there = {(each.kind, each.month or each.made_on.isoformat()) for each in case.documents}
    return [each for each in papers if (each["document"], each["month"] or each["dated"]) not in there]


def _reviewed(case: Case, event: Event, data: Data) -> Case:
    """The newest of each ★ document goes to the centre as a copy (T-51)."""
    on, whole = day(data["submitted_on"]), {(each["document"], each["first"]) for each in data["documents"]}
    there = {(each.kind, each.first.isoformat()) for each in case.documents}
    made = [
        made_by_sender(event, each["document"], day(each["first"]), month=_month_of(each))
        for each in data["documents"]
        if (each["document"], each["first"]) not in there
    ]
    case = case.with_documents(*made)
    return changed(
        case,
        event,
        keys_where(case, lambda each: (each.kind, each.first.isoformat()) in whole),
        lambda each: each.copied_to(data["centre"], on),
    )


def _month_of(each: Mapping[str, Any]) -> str | None:
    """The month of what is made monthly, which is of more than one day."""
    return str(each["first"])[:7] if each["first"] != each["last"] else None


def _provisional(case: Case, event: Event, data: Data) -> Case:
    """The centre gets a provisional plan to check it (T-37); what it makes itself it has."""
    made = made_by_sender(event, "provisional_plan", event.occurred_on, number=data["plan_id"])
    return case.with_documents(made.copied_to(case.centre or made.author, event.occurred_on))


def _claimed(case: Case, event: Event, data: Data) -> Case:
    made = made_by_sender(event, "claim", event.occurred_on, month=data["service_month"])
    return case.with_documents(made.but(original_at=data["claimant"]))


FOLDS: Final[Mapping[str, Fold]] = {
    **contract_documents.FOLDS,
    "RecordsProvided": _records_provided,
    "ChecklistRecorded": _checked,
    "ChecklistSubmitted": _checklist_submitted,
    "AssessmentRecorded": _assessed,
    "MeetingHeld": _met,
    "PlanDelivered": _delivered,
    "PlanSubmitted": _submitted,
    "PlanContinued": _continued,
    "EvaluationRecorded": _evaluated,
    "UseSheetIssued": _sheet_issued,
    "MonitoringRecorded": _monitored,
    "ProvisionSheetIssued": _provision_sheet_issued,
    "ProviderDocumentReceived": _provider_document_received,
    "ModeSwitched": _switched,
    "ProgressRecordSubmitted": _progress_submitted,
    "PerformanceReported": _reported,
    "ClaimDrafted": _claimed,
    "DocumentHandedOver": _handed_over,
    "DocumentAttached": _attached,
    "EvaluationCommented": _commented,
    "OriginalsReturned": _originals_returned,
    "OriginalsListed": _listed,
    "ReviewDocumentsSubmitted": _reviewed,
    "ProvisionalPlanSubmitted": _provisional,
}
"""Type → how the ledger takes it in, after the case itself has."""
