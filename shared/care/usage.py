"""Services as they are used: start, end, use sheet, monitoring; and the type of a month that follows (T-61)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import MONITORING_MEANS, SERVICE_KINDS, TYPES
from contracts.definition import personal
from contracts.fields import Agency, Code, Day, Flag, LongText, Month
from shared.care import public_assistance, requirements
from shared.care.events import SHEET_REASONS
from shared.care.limits import advice_on_plan
from shared.care.parts import Plan, Service
from shared.care.plan_course import checklist_again_from, visit_needed
from shared.care.project_use import use_ended, use_resumed
from shared.care.provider_choice import must_be_designated
from shared.care.provision import advice_on_provision_sheet
from shared.care.services_open import advice_on_services, eligible_from
from shared.care.state import Case
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.case_type import plan_type
from shared.policy.dates import Month as CalendarMonth
from shared.policy.dates import day_text, month_text


class StartService(Schema):
    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    started_on = Day("利用の開始日")
    contracted_on = Day(
        "サービス事業所との利用契約の日",
        null=True,
        load_default=None,
        help="総合事業の訪問型・通所型。月の途中の契約は、この日から日割りになります",
    )


class EndService(Schema):
    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    last_used_on = Day("最終利用日", help="福祉用具は返却した日")
    contract_ended_on = Day(
        "利用契約の解除日",
        null=True,
        load_default=None,
        help="総合事業の訪問型・通所型。月の途中の解除は、この日までの日割りになります",
    )
    reason = personal(LongText("終了の理由", null=True, load_default=None))


class IssueUseSheet(Schema):
    month = Month("利用月")
    reason = Code("交付の理由", SHEET_REASONS)


class RecordMonitoring(Schema):
    month = Month("対象月")
    means = Code("方法", MONITORING_MEANS)
    marked_change = Flag("利用者の状況の著しい変化", load_default=False)
    findings = personal(LongText("モニタリングの内容"))


def start_service(situation: Situation, command: Command) -> Decision:
    """Record that a service began: only what a delivered plan holds can begin."""
    fields, case = command.fields, situation.case
    started = Service(fields["service"], fields["provider"], fields["started_on"])
    early = _advice_before_plan(situation, started)
    plan = None if early else _must_be_planned(situation, started)
    _must_not_run(case.services_in_use, started)
    before, month = case.services_in_use, CalendarMonth.of(started.started_on)
    changed, services = _month_that_may_change(case, started, month)
    mode = case.mode(started.started_on if changed == month else changed.first)
    track = requirements.track_of(situation, started.started_on)
    becomes = type_of(situation, services, changed)
    changes = (bool(before) or track == "direct") and mode is not None and becomes not in (None, mode.type)
    event = NewEvent(
        "ServiceStarted",
        {
            **fields,
            "month": str(month),
            "first": not case.services,
            "leads_to": becomes if changes else None,
            "track": track,
        },
        case_id=command.case_id,
    )
    told = _advice_on_change(situation, "T-61", becomes, changed, track, services)
    advice = [
        *early,
        *must_be_designated(situation, [(started.service, started.provider, started.started_on)]),
        *(told if changes else []),
        *_advice_without_certification(situation, started),
    ]
    advice += _advice_on_name(situation, started)
    if plan is not None:
        advice += public_assistance.advice_on_welfare_office(situation, plan)
    return Decision([event, *use_resumed(situation, command, track)], advice)


def _advice_on_name(situation: Situation, started: Service) -> list[Advice]:
    """What the service is called in the contract of person and provider, where the ward says it (A-Q55)."""
    names: Any = requirements.found(situation, "services.contract_names", started.started_on) or {}
    if started.service not in names or any(
        (each.service, each.provider) == (started.service, started.provider)
        for each in situation.case.services
    ):
        return []
    name = names[started.service]
    return [Advice("A-Q55", f"契約書の雛形はありません。サービスの名称は「{name}」と書きます")]


def _advice_before_plan(situation: Situation, started: Service) -> list[Advice]:
    """Where the ward allows it, a project-eligible person's service may begin before the plan is delivered (A-Q12c).

    :raises Refused: before the checklist, or the service is not open to the person.
    """
    case, on = situation.case, started.started_on
    delivered = case.plan_in_force(on)
    told = advice_on_services(
        situation, [(started.service, on)], delivered.delivered_on if delivered else None
    )
    allowed = requirements.found(situation, "project.start_before_plan", on) == "from_checklist"
    eligible = eligible_from(case)
    if not allowed or delivered is not None or eligible is None or on > situation.today:
        return []
    if on < eligible:
        raise Refused(
            "before_checklist",
            f"基本チェックリストを実施した{day_text(eligible)}より前には利用できません",
            field="started_on",
            rule="A-Q12c",
            todo="利用の開始日を確かめてください",
        )
    return told if case.standing_on(on) == "project_eligible" else []


def _month_that_may_change(
    case: Case, started: Service, month: CalendarMonth
) -> tuple[CalendarMonth, tuple[Service, ...]]:
    """The month whose type a start may change, and its services: its own, or the next if a switch is reported for it.

    A benefit that ended and starts again in the same month leaves that month as it is, but not the next (T-61).
    """
    coming, following = case.latest_mode, month.plus(1)
    if coming is not None and coming.effective_from == following.first and case.services:
        return following, (*case.services_in_use, started)
    return month, (*services_of_month(case, month), started)


def _advice_without_certification(situation: Situation, started: Service) -> list[Advice]:
    """Service before the result of an application rests on a provisional plan (T-34)."""
    case, plan = situation.case, situation.case.plan_in_force(started.started_on)
    if case.status_on(started.started_on) != "none" or (plan and plan.occasion == "provisional"):
        return []
    return [Advice("T-34", "この日に有効な認定がありません。結果を待つ間は暫定プランが必要です")]


def end_service(situation: Situation, command: Command) -> Decision:
    """Record the last day of use, and what type the case has from the next month on (T-61)."""
    fields, case = command.fields, situation.case
    ending = next(
        (
            each
            for each in case.services_in_use
            if (each.service, each.provider) == (fields["service"], fields["provider"])
        ),
        None,
    )
    if ending is None or fields["last_used_on"] < ending.started_on:
        raise Refused(
            "service_not_in_use",
            f"{SERVICE_KINDS[fields['service']]}は、この日に利用していません",
            field="service" if ending is None else "last_used_on",
            todo="サービスの一覧を確かめてください",
        )
    following = CalendarMonth.of(fields["last_used_on"]).plus(1)
    mode = case.mode(fields["last_used_on"])
    remaining = [each for each in case.services_in_use if each is not ending]
    coming = (*remaining, *_planned_after(case, ending, fields["last_used_on"], following))
    becomes = type_of(situation, coming, following)
    changes = mode is not None and becomes not in (None, mode.type)
    track = requirements.track_of(situation, fields["last_used_on"])
    again_from = checklist_again_from(situation, fields["last_used_on"], remaining)
    event = NewEvent(
        "ServiceEnded",
        {
            **fields,
            "leads_to": becomes if changes else None,
            "leads_to_from": following.first if changes else None,
            "changed_month": str(following) if remaining else None,
            "checklist_again_from": again_from,
            "track": track,
        },
        case_id=command.case_id,
    )
    rule = "T-60" if track == "designated" else "T-61"
    told = _advice_on_change(situation, rule, becomes, following, track, coming)
    events = [event, *use_ended(situation, command, track, again_from)]
    return Decision(events, told if changes else [])


def issue_use_sheet(situation: Situation, command: Command) -> Decision:
    """Record the use sheet (利用票) of a month: due for the first month and when services change (T-25R, T-25N)."""
    plan, month = requirements.delivered_plan(situation), CalendarMonth.parse(command.fields["month"])
    issued = NewEvent(
        "UseSheetIssued", {**command.fields, "issued_on": command.occurred_on}, case_id=command.case_id
    )
    return Decision(
        [issued],
        [
            *advice_on_plan(situation, plan.services, month.first, month.first),
            *advice_on_provision_sheet(situation, command.fields["month"], command.fields["reason"]),
        ],
    )


def record_monitoring(situation: Situation, command: Command) -> Decision:
    """Record a month's monitoring: there is one for every month of the case (T-28N).

    :raises Refused: the month has not begun, or was over before the case was opened.
    """
    month, opened_on = command.fields["month"], situation.case.opened_on
    if CalendarMonth.parse(month).first > command.occurred_on:
        raise Refused(
            "month_not_begun",
            "まだ来ていない月のモニタリングは記録できません",
            field="month",
            rule="T-28",
            todo="対象月を確かめてください。記録できるのは今月までです",
        )
    if opened_on is not None and CalendarMonth.parse(month).last < opened_on:
        raise Refused(
            "month_before_case",
            f"このケースは{day_text(opened_on)}に始まりました。それより前の月のモニタリングは記録できません",
            field="month",
            rule="T-28",
            todo="対象月を確かめてください",
        )
    with requirements.published_only():
        visit = visit_needed(situation, CalendarMonth.parse(month), command.fields["marked_change"])
    recorded = NewEvent(
        "MonitoringRecorded",
        {
            **{name: command.fields[name] for name in ("month", "means", "findings")},
            "visit_needed": visit,
            "recorded_on": command.occurred_on,
            "track": requirements.track_of(situation, CalendarMonth.parse(month).last),
            "plan_to": _end_of_plan(situation.case, CalendarMonth.parse(month)),
        },
        case_id=command.case_id,
    )
    again = month in situation.case.monitored
    advice = [Advice("T-28", f"{month_text(month)}の記録はすでにあります")] if again else []
    if visit and command.fields["means"] != "visit":
        advice.append(Advice("A-Q30", f"{month_text(month)}は居宅を訪問して面接する月です"))
    return Decision([recorded], advice)


def _end_of_plan(case: Case, month: CalendarMonth) -> date | None:
    """The last day of the plan that a month belongs to: then its monitoring records are handed in (T-28R)."""
    of_month = (each for each in reversed(case.plans) if each.delivered_on and each.period_to >= month.first)
    return next((each.period_to for each in of_month if each.period_from <= month.last), None)


def type_of(situation: Situation, services: Iterable[Service], month: CalendarMonth) -> str | None:
    """Type that these services make of a month at the case's insurer, or None without any (T-61)."""
    kinds = tuple(each.service for each in services)
    return plan_type(kinds, month, requirements.parameters_of(situation))


def services_of_month(case: Case, month: CalendarMonth) -> tuple[Service, ...]:
    """What is used in a month as far as it is known now: the services used, and what the plan has start in it."""
    used = case.services_used(month.first, month.last)
    plan = case.plan_in_force(month.last) or case.delivered_plan
    return (*used, *planned_in(plan, month, case.services)) if plan else used


def _planned_after(
    case: Case, ending: Service, last_used_on: date, month: CalendarMonth
) -> tuple[Service, ...]:
    """What the plan has start after a service has ended: another provider of the same, say."""
    used = [replace(each, last_used_on=last_used_on) if each is ending else each for each in case.services]
    plan = case.delivered_plan
    return planned_in(plan, month, used) if plan else ()


def planned_in(plan: Plan, month: CalendarMonth, used: Iterable[Service]) -> tuple[Service, ...]:
    """The services that a plan has start in a month, but for those that were used and have ended."""
    known = tuple(used)
    return tuple(
        service
        for each in plan.services
        if month.first <= each.starts_on <= month.last
        if _planned(plan, service := Service(each.service, each.provider, each.starts_on), known)
    )


def because(situation: Situation, services: Iterable[Service], month: CalendarMonth) -> tuple[Service, ...]:
    """Those of the services that make the type of a month what it is (T-61)."""
    known = tuple(services)
    becomes = type_of(situation, known, month)
    return tuple(each for each in known if type_of(situation, [each], month) == becomes)


def benefits(situation: Situation) -> tuple[Service, ...]:
    """The limit-managed preventive benefits among the services used so far (T-61)."""
    return tuple(
        each
        for each in situation.case.services
        if type_of(situation, [each], CalendarMonth.of(each.started_on)) == "preventive_support"
    )


def _must_be_planned(situation: Situation, started: Service) -> Plan:
    plan = situation.case.plan_in_force(started.started_on)
    if plan is None:
        raise Refused(
            "plan_missing",
            f"{day_text(started.started_on)}までに交付された計画がないため、サービスを始められません",
            field="started_on",
            rule="T-23",
            todo="計画（A〜D表）の同意を得て交付してから、サービスを始めてください",
        )
    if not _planned(plan, started, situation.case.services):
        raise Refused(
            "service_not_planned",
            f"{SERVICE_KINDS[started.service]}は今の計画にありません（終わったサービスの再開も計画の変更です）",
            field="service",
            rule="decision 24",
            todo="計画を変更し、サービス担当者会議を開いて、変更した計画を交付してください",
        )
    return plan


def _planned(plan: Plan, started: Service, used: Iterable[Service]) -> bool:
    """Whether the plan holds the service; one that ended needs a version that was delivered after its end."""
    named = (started.service, started.provider)
    ends = [
        each.last_used_on for each in used if (each.service, each.provider) == named and each.last_used_on
    ]
    return any((each.service, each.provider) == named for each in plan.services) and all(
        plan.delivered_on is not None and plan.delivered_on > day for day in ends
    )


def _must_not_run(in_use: Iterable[Service], started: Service) -> None:
    if any((each.service, each.provider) == (started.service, started.provider) for each in in_use):
        raise Refused(
            "service_in_use",
            f"{SERVICE_KINDS[started.service]}はすでに利用中です",
            field="service",
            todo="別の事業所に変わるときは、先に「サービスの利用終了を記録する」を行ってください",
        )


_ASKED: Final = {
    "designated": "今日のうちに担当の包括へ「類型の変更を報告する」で連絡してください",
    "entrusted": "速やかに担当の包括へ「類型の変更を報告する」で連絡してください",
    "direct": "「直営の類型の変更を記録する」を行ってください",
}
"""Track → what a change of type asks for."""


def _advice_on_change(
    situation: Situation,
    rule: str,
    becomes: str | None,
    month: CalendarMonth,
    track: str,
    services: Iterable[Service],
) -> list[Advice]:
    if becomes is None:
        return []
    return [Advice(rule, f"{month_becomes(situation, services, month)}。{_ASKED[track]}")]


def month_becomes(situation: Situation, services: Iterable[Service], month: CalendarMonth) -> str:
    """Of what type a month becomes with these services, and why, in Japanese (T-61)."""
    becomes, reason = type_and_reason(situation, services, month)
    if becomes is None:
        return f"{month_text(month)}は、{reason}"
    return f"{day_text(month.first)}から{TYPES[becomes]}になります（{reason}）"


def type_and_reason(
    situation: Situation, services: Iterable[Service], month: CalendarMonth
) -> tuple[str | None, str]:
    """The type that services make of a month, or None, and why, in Japanese (T-61)."""
    found = because(situation, services, month)
    becomes = type_of(situation, found, month)
    named = "、".join(dict.fromkeys(SERVICE_KINDS[each.service] for each in found))
    if becomes is None:
        return None, "類型の決まるサービスがありません"
    benefit = becomes == "preventive_support"
    return becomes, f"予防給付（{named}）を使うため" if benefit else f"総合事業（{named}）だけのため"
