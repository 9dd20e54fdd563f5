"""The month's use sheet (利用票) and provision sheet (提供票): services by day, planned and as used (T-25, T-26).

Planned days and hours are those of the plan's week, where it names the service; else they are drawn by hand. What
service offices reported of the month stands in the lines of what was used, on the days that they told.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.care.claim_parts import ReceivedUse
from shared.care.events import SHEET_REASONS
from shared.care.limits import PlannedMonth, month_status, planned_month
from shared.care.parts import Certification, PlannedService
from shared.care.state import Case
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import BLANK_DAY, Matter, certification_on_paper, day, month
from shared.forms.planned_days import NOT_NAMED, Named, PlannedDays, planned_days
from shared.forms.planner import planner_on_paper
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError, parameters

_WEEKDAYS: Final = "月火水木金土日"


def _use_printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "use-sheet",
            each.fields["month"],
            f"利用票（{month(each.fields['month'])}分・{SHEET_REASONS[each.fields['reason']]}）",
            each.event.occurred_on,
            matter.document_of(each.event, "use_sheet"),
        )
        for each in matter.said("UseSheetIssued")
    ]


def _provision_printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "provision-sheet",
            f"{each.fields['month']}-{provider}",
            f"提供票（{month(each.fields['month'])}分・{matter.name_of(provider)}）",
            each.event.occurred_on,
            matter.document_of(each.event, "provision_sheet"),
        )
        for each in matter.said("ProvisionSheetIssued")
        for provider in each.fields["providers"]
    ]


def _use_fields(matter: Matter, printout: Printout) -> Fields:
    issued = matter.last_said("UseSheetIssued", month=printout.of)
    return {
        **_sheet(matter, printout.of, None),
        "title": "サービス利用票",
        "issued_on": day(issued["issued_on"]),
        "to": "",
    }


def _provision_fields(matter: Matter, printout: Printout) -> Fields:
    of_month, provider = printout.of[:7], printout.of[8:]
    return {
        **_sheet(matter, of_month, provider),
        "title": "サービス提供票",
        "issued_on": day(printout.dated),
        "to": matter.name_of(provider),
    }


def _sheet(matter: Matter, of_month: str, provider: str | None) -> dict[str, Any]:
    """What both sheets have, of every service or of one provider's."""
    case, of = matter.case, Month.parse(of_month)
    certified = case.certification(of.last)
    services = _services(matter, of)
    planned = _planned(matter, of, services)
    weekly = planned_days(matter, of)
    limit = matter.stated(f"limit.{month_status(case, of)}", of.first)
    used = {
        (kind, giver): each for (when, giver, kind), each in case.received_use.items() if when == of_month
    }
    return {
        "month": month(of_month),
        "person": matter.person_on_paper(),
        "insurer_number": case.insurer,
        "insurer": matter.insurer_name,
        "applying": case.pending_application is not None,
        "certified": certified is not None,
        **_status(case, of),
        "limit": f"{limit:,}" if isinstance(limit, int) else "",
        **certification_on_paper(certified),
        **_limited(certified),
        **planner_on_paper(matter, of.last),
        "centre": matter.name_of(case.centre),
        "filed_on": day(_filed_on(matter, of)),
        "days": [
            {"day": of.first.replace(day=at).day, "weekday": _WEEKDAYS[of.first.replace(day=at).weekday()]}
            for at in range(1, of.last.day + 1)
        ],
        "services": [
            _line(matter, of, each, used.get((each.service, each.provider)), weekly)
            for each in services
            if provider in (None, each.provider)
        ],
        "planned_total": f"{planned.units:,}" if planned and provider is None else "",
        "excess": f"{planned.found.excess:,}" if planned and provider is None else "",
        "within": f"{planned.units - planned.found.excess:,}" if planned and provider is None else "",
        "total": f"{sum(each.units for each in used.values()):,}" if used and provider is None else "",
    }


def _line(
    matter: Matter,
    of: Month,
    each: PlannedService,
    used: ReceivedUse | None,
    weekly: Mapping[Named, PlannedDays],
) -> dict[str, Any]:
    """One service of the month: how often it is planned on each day, and a 1 on each on which its office told of it."""
    days = used.days if used else ()
    comes, hours = weekly.get((each.service, each.provider), NOT_NAMED)
    every_day = [of.first.replace(day=at) for at in range(1, of.last.day + 1)]
    return {
        "kind": SERVICE_KINDS.get(each.service, each.service),
        "provider": matter.name_of(each.provider),
        "number": each.provider,
        "planned": "" if each.units is None else f"{each.units:,}",
        "units": f"{used.units:,}" if used else "",
        "hours": hours,
        "planned_days": [str(comes.get(on) or "") for on in every_day],
        "planned_times": str(sum(comes.values()) or ""),
        "days": ["1" if on in days else "" for on in every_day],
        "times": str(len(days)) if days else "",
    }


def _status(case: Case, of: Month) -> dict[str, str]:
    """The state of the month, and the one to which it changed on a day of it."""
    before, after = case.status_on(of.first), case.status_on(of.last)
    certified = case.certification(of.last)
    if before in ("none", after) or certified is None:
        return {"status": STATUSES.get(after, ""), "status_after": "", "changed_on": BLANK_DAY}
    return {
        "status": STATUSES[before],
        "status_after": STATUSES[after],
        "changed_on": day(certified.valid_from),
    }


def _limited(certified: Certification | None) -> dict[str, str]:
    """The months for which the limit of a certification holds (限度額適用期間)."""
    first, last = (certified.valid_from, certified.valid_to) if certified else (None, None)
    return {
        "limited_from": month(first.isoformat()[:7] if first else None),
        "limited_to": month(last.isoformat()[:7] if last else None),
    }


def _planned(matter: Matter, of: Month, services: Sequence[PlannedService]) -> PlannedMonth | None:
    """The month's planned units against its limit, where the plan tells them (A-Q37)."""
    if all(each.units is None for each in services):
        return None
    try:
        return planned_month(matter.case, of, services, parameters(matter.case.insurer))
    except ParameterError:
        return None


def _services(matter: Matter, of: Month) -> Sequence[PlannedService]:
    """Services to be used in the month, of the newest delivered version whose period touches it."""
    of_month = [
        each
        for each in matter.case.plans
        if each.delivered_on and each.period_from <= of.last and each.period_to >= of.first
    ]
    found = of_month[-1].services if of_month else ()
    return [
        each
        for each in found
        if each.starts_on <= of.last and (each.ends_on is None or each.ends_on >= of.first)
    ]


def _filed_on(matter: Matter, of: Month) -> Any:
    """Day of the last notification that holds in the month."""
    filed = [
        each.filed_on
        for each in matter.case.notifications.values()
        if each.filed_on and each.filed_on <= of.last
    ]
    return max(filed, default=None)


USE_SHEET: Final = Form("use-sheet", "サービス利用票", "use_sheet", _use_printouts, _use_fields)
PROVISION_SHEET: Final = Form(
    "provision-sheet", "サービス提供票", "use_sheet", _provision_printouts, _provision_fields
)
