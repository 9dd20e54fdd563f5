"""The events of one realistic case, as an office's log holds them: contracts, plans, month after month."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count, islice
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, RENTAL
from shared.care.events import CARE_EVENTS
from shared.eventlog.model import NewEvent
from shared.policy.dates import Month

LENGTH: Final = 100
_TYPES: Final[Mapping[str, EventType]] = {**CROSSING, **CARE_EVENTS}
_PLAN_MONTHS: Final = 6
_LISTED: Final = (("131169", "ward"), (CENTRE, "hokatsu"), (OFFICE, "kyotaku"), ("131169B001", "billing"))

Told = tuple[str, date, Mapping[str, Any]]


def life_of_a_case(case_id: UUID, length: int = LENGTH) -> list[NewEvent]:
    """The first ``length`` events of a case with its own plans; the centre receives each but its own."""
    return [
        NewEvent(name, {**_TYPES[name].example, **changes}, case_id=case_id, to=(CENTRE,), occurred_on=on)
        for name, on, changes in islice(_life(case_id), length)
    ]


def life_at_the_ward(case_id: UUID, number: int) -> list[NewEvent]:
    """What a ward learns of a case: its notifications, certifications, plan reviews; ``number`` varies their course."""
    return [
        NewEvent(name, {**_TYPES[name].example, **changes}, case_id=case_id, occurred_on=on)
        for name, on, changes in _at_the_ward(case_id, number)
    ]


def _at_the_ward(case_id: UUID, number: int) -> Iterator[Told]:
    start, renewal = date(2024, 10, 1), date(2025, 4, 1)
    filing = {"notification_id": str(uuid5(case_id, "notification"))}
    for each in _opening(start, filing, case_id):
        if not each[0].startswith(("Contract", "Simultaneous")):
            yield each
    held = {"notification_id": str(uuid5(case_id, "held")), "filer": CENTRE}
    yield "NotificationFiled", date(2025, 1, 6), {**held, "held_since": "2024-10-10"}
    if number % 20:  # the others wait on the desk
        yield "NotificationAccepted", date(2025, 1, 8), {**held, "revision": 1}
    applied = {"applied_on": "2025-02-10"}
    yield "CertificationApplied", date(2025, 2, 10), applied
    if number % 10:  # the others wait for their result
        result = {"valid_from": "2025-04-01", "valid_to": f"2026-{1 + number % 12:02d}-28"}
        yield "CertificationResult", renewal, {**applied, **result}
    if number % 15 == 0:
        asked = {"review_id": str(uuid5(case_id, "review")), "requested_on": "2025-09-01"}
        yield "ReviewRequested", date(2025, 9, 1), asked
    if number % 12 == 0:
        yield "SupportEnded", date(2025, 6, 9), {}


def register() -> Sequence[NewEvent]:
    """What an office knows of agencies before its first case."""
    return [
        NewEvent("AgencyListed", {**CROSSING["AgencyListed"].example, "agency": agency, "roles": [role]})
        for agency, role in _LISTED
    ] + [
        NewEvent(name, CROSSING[name].example)
        for name in ("OfficeDesignated", "ModelEnrolled", "EntrustmentContractSigned", "BillingEntrusted")
    ]


def _life(case_id: UUID) -> Iterator[Told]:
    start = Month.parse("2024-10")
    filing = {"notification_id": str(uuid5(case_id, "notification"))}
    yield from _opening(start.first, filing, case_id)
    for number in count():
        month = start.plus(number)
        if number % _PLAN_MONTHS == 0:
            yield from _plan(case_id, number // _PLAN_MONTHS, month)
        if number == 0:
            for service, provider in (("67", RENTAL), ("A6", DAY_SERVICE)):
                used = {"service": service, "provider": provider, "month": str(month)}
                yield "ServiceStarted", month.first, {**used, "started_on": month.first.isoformat()}
        if number == 3:
            yield from _switch(month.first, filing)
        yield from _month(month)


def _opening(on: date, filing: Mapping[str, Any], case_id: UUID) -> Iterator[Told]:
    office = {**filing, "filer": OFFICE, "desk": "insurance_benefits", "filed_on": on.isoformat()}
    request = {"request_id": str(uuid5(case_id, "request"))}
    yield "CaseOpened", on, {}
    yield "SimultaneousContractRequested", on, {}
    yield "SimultaneousContractAgreed", on, {}
    for agency in (OFFICE, CENTRE):
        yield "ContractSigned", on, {"agency": agency}
    yield "NotificationFiled", on, office
    yield "NotificationReturned", on, filing
    yield "NotificationFiled", on, {**office, "revision": 2}
    yield "NotificationAccepted", on, {**filing, "revision": 2}
    yield "RecordsRequested", on, request
    yield "RecordsProvided", on, request


def _plan(case_id: UUID, number: int, month: Month) -> Iterator[Told]:
    """A plan for half a year; from the second on the certification is renewed and the old plan evaluated."""
    on, named = month.first, {"plan_id": str(uuid5(NAMESPACE_URL, f"{case_id}/plan/{number}"))}
    period = {"period_from": on.isoformat(), "period_to": month.plus(_PLAN_MONTHS - 1).last.isoformat()}
    if number:
        yield (
            "CertificationResult",
            on,
            {"valid_from": period["period_from"], "valid_to": period["period_to"]},
        )
        evaluated = str(uuid5(NAMESPACE_URL, f"{case_id}/plan/{number - 1}"))
        yield "EvaluationRecorded", on, {"plan_id": evaluated}
    yield "AssessmentRecorded", on, {"assessed_on": on.isoformat()}
    yield "PlanDrafted", on, {**named, **period}
    for name in ("MeetingHeld", "PlanConsented"):
        yield name, on, named
    for name in ("PlanDelivered", "PlanSubmitted"):
        yield name, on, {**named, **period}


def _switch(on: date, filing: Mapping[str, Any]) -> Iterator[Told]:
    yield "ServiceEnded", on, {"provider": RENTAL}
    yield "ModeSwitched", on, {}
    yield "NotificationPrepared", on, {"notification_id": str(uuid5(UUID(filing["notification_id"]), "held"))}
    yield "EntrustmentStarted", on, {}


def _month(month: Month) -> Iterator[Told]:
    yield "UseSheetIssued", month.first, {"month": str(month), "issued_on": month.first.isoformat()}
    yield "MonitoringRecorded", month.last, {"month": str(month), "recorded_on": month.last.isoformat()}
    yield (
        "PerformanceReported",
        month.last,
        {"service_month": str(month), "reported_on": month.last.isoformat()},
    )
