"""What a month's report tells of how project services are paid: weekly counts by day, and what happened in mid-month.

Taken from the case's own log: plans in the person's hands, services begun and ended with their contracts, days of short
stays (A-Q47, A-Q48a to c, A-Q52, A-Q61). What the log does not hold is told as not known, never made up.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from shared.care.parts import Plan
from shared.care.state import Case
from shared.policy.dates import Month
from shared.policy.parameters import Parameters

_ONE_DAY = timedelta(days=1)


def weekly_counts(case: Case, month: Month, known: Parameters) -> list[dict[str, Any]]:
    """Rows of days and how often a week each project service was planned on them (A-Q48a to c, A-Q52)."""
    project = known.value("services.project", month.first)
    rows: list[dict[str, Any]] = []
    for number in range(month.last.day):
        on = month.first + timedelta(days=number)
        plan = _plan_on(case, on)
        for each in plan.services if plan else ():
            if each.service not in project or not _runs(each.starts_on, each.ends_on, on):
                continue
            row = {"service": each.service, "provider": each.provider, "per_week": each.per_week}
            before = next(
                (old for old in rows if row.items() <= old.items() and old["last"] == on - _ONE_DAY), None
            )
            if before is not None:
                before["last"] = on
            else:
                rows.append({**row, "first": on, "last": on})
    return rows


def _plan_on(case: Case, on: date) -> Plan | None:
    """The plan that was in the person's hands on a day, and is of that day."""
    return next((each for each in reversed(case.plans) if each.in_force(on) and each.period_from <= on), None)


def _runs(first: date, last: date | None, on: date) -> bool:
    return first <= on and (last is None or on <= last)


def occasions(case: Case, month: Month, used: Collection[str], known: Parameters) -> list[dict[str, Any]]:
    """Contracts of project services that began or ended inside the month, and short stays (A-Q47, A-Q61).

    ``used`` are the kinds of service in the month's report.
    """
    return [*_contracts(case, month, known), *_short_stays(case, month, used, known)]


def _contracts(case: Case, month: Month, known: Parameters) -> Iterator[dict[str, Any]]:
    project = known.value("services.project", month.first)
    for each in case.services_used(month.first, month.last):
        if each.service not in project:
            continue
        named = {"service": each.service, "provider": each.provider, "last": None}
        began, ended = each.contracted_on, each.contract_ended_on
        if (began or each.started_on) > month.first and each.started_on > month.first:
            yield {"occasion": "contract_started", **named, "first": began}
        if each.last_used_on is not None and (ended or each.last_used_on) < month.last:
            yield {"occasion": "contract_ended", **named, "first": ended}


def _short_stays(
    case: Case, month: Month, used: Collection[str], known: Parameters
) -> Iterator[dict[str, Any]]:
    """A row a stay, from the days that its office told; one without days where it told none."""
    kinds = [each for each in known.value("services.short_stay", month.first) if each in used]
    days = {
        on
        for (of, _, service), use in case.received_use.items()
        if of == str(month) and service in kinds
        for on in use.days
    }
    nothing = {"occasion": "short_stay", "service": None, "provider": None}
    if kinds and not days:
        yield {**nothing, "first": None, "last": None}
    for first, last in _stays(sorted(days)):
        yield {**nothing, "first": first, "last": last}


def _stays(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Runs of days without a gap."""
    run: list[date] = []
    for on in days:
        if run and on > run[-1] + _ONE_DAY:
            yield run[0], run[-1]
            run = []
        run.append(on)
    if run:
        yield run[0], run[-1]


def with_attendance(case: Case, month: Month, services: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Used services with how often each was used, where its office told the days of use and nobody says it (A-Q57)."""
    rows = [dict(each) for each in services]
    for row in rows:
        received = case.received_use.get((str(month), row["provider"], row["service"]))
        alone = (
            sum((each["service"], each["provider"]) == (row["service"], row["provider"]) for each in rows)
            == 1
        )
        if row.get("attended") is None and alone and received is not None and received.days:
            row["attended"] = len(received.days)
    return rows
