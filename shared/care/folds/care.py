"""How a case takes in the care process and performance."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from shared.care.claim_parts import (
    MonthOccasion,
    Performance,
    PlannedWeeks,
    ReceivedUse,
    ServiceAddition,
    UsedService,
)
from shared.care.folds.reading import Data, Fold, day, maybe, unchanged
from shared.care.parts import Draft, Plan, PlannedService, RecordsRequest, Service
from shared.care.state import Case
from shared.eventlog.model import Event


def _assessed(case: Case, event: Event, data: Data) -> Case:
    on = day(data["assessed_on"])
    return case.but(
        assessed_on=(*case.assessed_on, on),
        residence=data.get("residence") or case.residence,
        resident_of=data.get("resident_of") or case.resident_of,
    )


def _planned(data: Data) -> tuple[PlannedService, ...]:
    return tuple(
        PlannedService(
            each["service"],
            each["provider"],
            day(each["starts_on"]),
            maybe(each.get("ends_on")),
            each.get("per_week"),
            each.get("units"),
        )
        for each in data["services"]
    )


def _plan(data: Data) -> Plan:
    return Plan(
        data["plan_id"],
        data["plan_version"],
        data["occasion"],
        tuple(data["sheets"]),
        day(data["period_from"]),
        day(data["period_to"]),
        _planned(data),
    )


def _plan_drafted(case: Case, event: Event, data: Data) -> Case:
    plans = case.plans[:-1] if case.plan_in_preparation is not None else case.plans
    return case.but(
        plans=(*plans, _plan(data)._replace(drafted_on=day(data["drafted_on"]), drafted_by=event.id))
    )


def _change_plan(case: Case, data: Data, **changes: Any) -> Case:
    plan_id, version, plans = data["plan_id"], data["plan_version"], list(case.plans)
    for place, each in enumerate(plans):
        if each.version == version and each.id == plan_id:
            plans[place] = each._replace(**changes)
    return case.but(plans=tuple(plans))


def _met(case: Case, event: Event, data: Data) -> Case:
    return _change_plan(case, data, meeting_on=day(data["held_on"]))


def _consented(case: Case, event: Event, data: Data) -> Case:
    return _change_plan(case, data, consented_on=day(data["consented_on"]), signed_by=data["signed_by"])


def _delivered(case: Case, event: Event, data: Data) -> Case:
    return _change_plan(case, data, delivered_on=day(data["delivered_on"]), sheets=tuple(data["sheets"]))


def _plan_submitted(case: Case, event: Event, data: Data) -> Case:
    submitted = day(data["submitted_on"])
    if any((each.id, each.version) == (data["plan_id"], data["plan_version"]) for each in case.plans):
        met = {"meeting_on": day(data["meeting_on"])} if data["meeting_on"] else {}
        return _change_plan(case, data, submitted_on=submitted, **met)
    received = _plan(data)._replace(
        meeting_on=maybe(data["meeting_on"]),
        consented_on=day(data["consented_on"]),
        delivered_on=day(data["delivered_on"]),
        submitted_on=submitted,
    )
    return case.but(plans=(*case.plans, received))


def _draft_submitted(case: Case, event: Event, data: Data) -> Case:
    shown = Draft(data["plan_id"], data["plan_version"], data["submission"], day(data["submitted_on"]))
    return case.but(drafts=(*case.drafts, shown))


def _draft_checked(case: Case, event: Event, data: Data) -> Case:
    named = (data["plan_id"], data["plan_version"], data["submission"])
    drafts = tuple(
        replace(each, outcome=data["outcome"], checked_on=day(data["checked_on"]))
        if (each.plan_id, each.version, each.submission) == named
        else each
        for each in case.drafts
    )
    return case.but(drafts=drafts)


def _plan_continued(case: Case, event: Event, data: Data) -> Case:
    plan, on = (
        next(each for each in reversed(case.plans) if each.id == data["plan_id"]),
        day(data["changed_on"]),
    )
    return _change_plan(case, data, continued_on=(*plan.continued_on, on))


def _evaluated(case: Case, event: Event, data: Data) -> Case:
    named = (data["plan_id"], data["plan_version"])
    before = next((each.evaluations for each in case.plans if (each.id, each.version) == named), 0)
    return _change_plan(case, data, evaluated_on=day(data["evaluated_on"]), evaluations=before + 1)


def _sheet_issued(case: Case, event: Event, data: Data) -> Case:
    return case.but(use_sheets=(*case.use_sheets, data["month"]))


def _provision_sheet_issued(case: Case, event: Event, data: Data) -> Case:
    return case.but(provision_sheets=(*case.provision_sheets, data["month"]))


def _service_started(case: Case, event: Event, data: Data) -> Case:
    started = Service(
        data["service"],
        data["provider"],
        day(data["started_on"]),
        contracted_on=maybe(data.get("contracted_on")),
    )
    return case.but(services=(*case.services, started))


def _service_ended(case: Case, event: Event, data: Data) -> Case:
    services = list(case.services)
    at = next(
        i
        for i, each in enumerate(services)
        if (each.service, each.provider, each.last_used_on) == (data["service"], data["provider"], None)
    )
    services[at] = replace(
        services[at],
        last_used_on=day(data["last_used_on"]),
        contract_ended_on=maybe(data.get("contract_ended_on")),
    )
    return case.but(services=tuple(services))


def _monitored(case: Case, event: Event, data: Data) -> Case:
    return case.but(monitored=(*case.monitored, data["month"]))


def _records_requested(case: Case, event: Event, data: Data) -> Case:
    asked = RecordsRequest(
        data["request_id"],
        event.sender,
        day(data["requested_on"]),
        tuple(data["records"]),
        maybe(data["consented_on"]),
    )
    return case.but(records_requests={**case.records_requests, asked.id: asked})


def _records_provided(case: Case, event: Event, data: Data) -> Case:
    asked = case.records_requests.get(data["request_id"] or "")
    if asked is None:
        return case
    answered = replace(asked, provided_on=day(data["provided_on"]))
    return case.but(records_requests={**case.records_requests, asked.id: answered})


def _use_received(case: Case, event: Event, data: Data) -> Case:
    about = data["service_month"], data["provider"], data["service"]
    received = ReceivedUse(
        data["units"],
        maybe(data["last_used_on"]),
        day(data["received_on"]),
        tuple(map(day, data.get("days") or ())),
    )
    return case.but(received_use={**case.received_use, about: received})


def _performed(case: Case, event: Event, data: Data) -> Case:
    """A month in which nothing was used is reported (T-32) and has nothing that anybody could claim."""
    if not data["services"]:
        rest = {month: each for month, each in case.performances.items() if month != data["service_month"]}
        return case.but(performances=rest)
    used = tuple(
        UsedService(
            each["service"],
            each["provider"],
            each["units"],
            each.get("attended"),
            each.get("daily_units"),
            each.get("priced_by"),
        )
        for each in data["services"]
    )
    planned = data.get("planned")
    reported = Performance(
        data["service_month"],
        data["office"],
        day(data["reported_on"]),
        used,
        None if planned is None else tuple((each["service"], each["provider"]) for each in planned),
        maybe(data.get("plan_delivered_on")),
        maybe(data.get("notified_on")),
        _weeks(data),
        tuple(
            MonthOccasion(
                each["occasion"],
                each.get("service"),
                each.get("provider"),
                maybe(each.get("first")),
                maybe(each.get("last")),
            )
            for each in data.get("occasions") or ()
        ),
        tuple(
            ServiceAddition(
                each["service"], each["provider"], each["addition"], each["units"], each.get("daily_units")
            )
            for each in data.get("additions") or ()
        ),
    )
    return case.but(performances={**case.performances, reported.month: reported})


def _weeks(data: Data) -> tuple[PlannedWeeks, ...]:
    """How often services were planned on which days; of who does not tell the days, by the plan that it names."""
    if data.get("weekly_counts") is not None:
        return tuple(
            PlannedWeeks(
                each["service"], each["provider"], day(each["first"]), day(each["last"]), each["per_week"]
            )
            for each in data["weekly_counts"]
        )
    return tuple(
        PlannedWeeks(each.service, each.provider, each.starts_on, each.ends_on or date.max, each.per_week)
        for each in _planned({"services": data.get("planned") or ()})
    )


def _use_reported(case: Case, event: Event, data: Data) -> Case:
    return case.but(project_unused_since=day(data["changed_on"]) if data["use"] == "ended" else None)


FOLDS: Final[Mapping[str, Fold]] = {
    "RecordsRequested": _records_requested,
    "RecordsProvided": _records_provided,
    "AssessmentRecorded": _assessed,
    "PlanDrafted": _plan_drafted,
    "MeetingHeld": _met,
    "PlanConsented": _consented,
    "PlanDelivered": _delivered,
    "PlanSubmitted": _plan_submitted,
    "DraftSubmitted": _draft_submitted,
    "DraftChecked": _draft_checked,
    "PlanContinued": _plan_continued,
    "ProvisionSheetIssued": _provision_sheet_issued,
    "EvaluationRecorded": _evaluated,
    "PlannerAssigned": unchanged,
    "PlannerChanged": unchanged,
    "ProjectUseReported": _use_reported,
    "UseSheetIssued": _sheet_issued,
    "ServiceStarted": _service_started,
    "ServiceEnded": _service_ended,
    "MonitoringRecorded": _monitored,
    "ProviderPerformanceReceived": _use_received,
    "PerformanceReported": _performed,
}
