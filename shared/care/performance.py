"""Reporting what was used in a month, to whoever claims for it (T-32, T-33)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import Schema

from contracts.codes import SERVICE_KINDS
from contracts.events.rows import MonthOccasion, ServiceAddition, UsedService
from contracts.fields import Day, Flag, Items
from contracts.fields import Month as MonthField
from shared.care import month_occasions, requirements
from shared.care.limits import advice_on_use
from shared.care.provider_choice import advice_on_used
from shared.care.split_month import claimed_in_next_case
from shared.care.state import Case
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text, month_text


class ReportPerformance(Schema):
    service_month = MonthField("サービス提供月")
    services = Items(
        "実績",
        UsedService,
        load_default=list,
        help="空にすると、サービス事業所から受け取った実績をそのまま報告します",
    )
    nothing_used = Flag(
        "利用がなかった", load_default=False, help="入院などで、どのサービスの利用もなかった月のとき"
    )
    occasions = Items(
        "月の途中の出来事",
        MonthOccasion,
        null=True,
        load_default=None,
        help="空欄なら、このケースの記録（利用契約の日、短期入所の利用日）から入ります",
    )
    additions = Items(
        "加算", ServiceAddition, load_default=list, help="総合事業の訪問型・通所型で、単位数に含む加算"
    )
    plan_delivered_on = Day(
        "計画の交付日", null=True, load_default=None, help="空欄なら、このケースの記録から入ります"
    )
    notified_on = Day(
        "届出書の届出日", null=True, load_default=None, help="空欄なら、このケースの記録から入ります"
    )


def report_performance(situation: Situation, command: Command) -> Decision:
    """Report a month's services to billing, and to the centre whose month it is (T-32).

    That is so from the switch on, also while the centre has not recorded the entrustment yet.
    """
    case, month = situation.case, Month.parse(command.fields["service_month"])
    if month.last >= command.occurred_on:
        raise Refused(
            "month_not_over",
            f"{month_text(month)}はまだ終わっていません",
            field="service_month",
            rule="T-32",
            todo="月が終わってから報告してください",
        )
    services = _used(situation, command, month)
    entrustment = case.entrustment(month.first, month.last)
    centre = entrustment.centre if entrustment else _centre_after_switch(situation, month)
    reported = NewEvent(
        "PerformanceReported",
        {
            **command.fields,
            "services": services,
            **_in_mid_month(situation, month, command.fields["occasions"], services),
            "nothing_used": not services or None,
            "office": situation.me,
            "reported_on": command.occurred_on,
            **_plan_and_notification(situation.case, month, command.fields),
            "claimed_in_next_case": claimed_in_next_case(situation, case, month) or None,
        },
        case_id=command.case_id,
        to=requirements.recipients(centre, case.biller),
    )
    return Decision([reported], _advice_on_performance(situation, command, month, centre, services))


def _in_mid_month(
    situation: Situation,
    month: Month,
    given: Sequence[Mapping[str, Any]] | None,
    services: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """How often a week what was planned, and what happened in the month: given, or from the log (A-Q47, A-Q61)."""
    known = requirements.parameters_of(situation)
    used = {each["service"] for each in services}
    with requirements.published_only():
        found = given or month_occasions.occasions(situation.case, month, used, known)
        counts = month_occasions.weekly_counts(situation.case, month, known)
    return {"weekly_counts": counts, "occasions": found}


def _plan_and_notification(case: Case, month: Month, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the claim of a month needs besides its services: the plan in the person's hands, the notification (T-33)."""
    plan = next(
        (
            each
            for each in reversed(case.plans)
            if each.in_force(min(month.last, each.period_to))
            and each.period_from <= month.last
            and each.period_to >= month.first
        ),
        None,
    )
    delivered_on = given["plan_delivered_on"] or (plan.delivered_on if plan else None)
    return {
        "planned": [each.row() for each in plan.services] if plan else None,
        "plan_delivered_on": delivered_on,
        "notified_on": given["notified_on"] or notified_on(case, month),
    }


def notified_on(case: Case, month: Month) -> date | None:
    """The day on which whoever is responsible at the month's end filed the notification that counts then (T-12, T-16).

    One that was given back and not corrected does not count. Where none was filed in time it is the first one after.
    """
    mode = case.mode(month.last)
    filed = sorted(
        each.filed_on
        for each in case.notifications_of(mode.provider if mode else "")
        if each.filed_on
        and each.state in ("filed", "accepted")
        and (each.start_date or month.last) <= month.last
    )
    in_time = [each for each in filed if each <= month.last]
    return in_time[-1] if in_time else next(iter(filed), None)


def _centre_after_switch(situation: Situation, month: Month) -> str | None:
    mode = situation.case.mode(month.last)
    return situation.case.centre if mode is not None and mode.track == "entrusted" else None


def _used(situation: Situation, command: Command, month: Month) -> Sequence[Mapping[str, Any]]:
    """What was used in the month; nothing only where the reporter, or every service office, says so.

    :raises Refused: nobody has said anything, or two things that contradict each other.
    """
    given, nothing = command.fields["services"], command.fields["nothing_used"]
    if not nothing:
        return month_occasions.with_attendance(situation.case, month, given or _received(situation, month))
    if given:
        raise Refused(
            "used_and_not_used",
            "実績があるのに「利用がなかった」が選ばれています",
            field="nothing_used",
            rule="T-32",
            todo="利用があれば「利用がなかった」を外し、なければ実績を空にしてください",
        )
    return []


def _received(situation: Situation, month: Month) -> list[Mapping[str, Any]]:
    """What service offices said was used in the month; what they said was not used is left out.

    :raises Refused: none has said anything.
    """
    found = [
        {"service": service, "provider": provider, "units": use.units, "last_used_on": use.last_used_on}
        for (of, provider, service), use in situation.case.received_use.items()
        if of == str(month)
    ]
    if not found:
        raise Refused(
            "performance_missing",
            f"{month_text(month)}の実績がありません",
            field="services",
            rule="T-32",
            todo="実績を入力するか、サービス事業所から受け取った実績を先に記録してください。"
            "利用がなかった月は「利用がなかった」を選んでください",
        )
    return [each for each in found if each["units"]]


def _advice_on_performance(
    situation: Situation,
    command: Command,
    month: Month,
    centre: str | None,
    services: Sequence[Mapping[str, Any]],
) -> list[Advice]:
    given = [(each["service"], each["provider"], month.last) for each in services if each["units"]]
    advice = [*_differing(situation, month, services), *advice_on_used(situation, given)]
    advice += advice_on_use(
        situation, month, [(each["service"], each["provider"], each["units"]) for each in services]
    )
    if claimed_in_next_case(situation, situation.case, month):
        advice.append(
            Advice(
                "T-33",
                f"{month_text(month)}の請求と給付管理は、月の末日に担当する事業所が次のケースで行います。"
                "この月の実績を、その事業所にも渡してください",
            )
        )
    used = {each.service for each in situation.case.services_used(month.first, month.last)}
    reported = {each["service"] for each in services}
    for kind in sorted(used ^ reported):
        where = "実績にありません" if kind in used else "この月の利用の記録にありません"
        advice.append(Advice("T-61", f"{SERVICE_KINDS[kind]}が{where}"))
    if centre is not None:
        due = requirements.due(situation, "T-32", command.occurred_on, period=month)
        if due is not None and command.occurred_on > due:
            advice.append(
                Advice("T-32", f"{month_text(month)}の実績報告の期限（{day_text(due)}）を過ぎています")
            )
    return advice


def _differing(situation: Situation, month: Month, services: Sequence[Mapping[str, Any]]) -> list[Advice]:
    """What a service office said otherwise than is reported."""
    told = {(each["provider"], each["service"]): each["units"] for each in services}
    return [
        Advice(
            "T-32",
            f"{SERVICE_KINDS[service]}の単位数が、{situation.agency.name_of(provider)}から受け取った実績"
            f"（{use.units}単位）と違います",
        )
        for (of, provider, service), use in situation.case.received_use.items()
        if of == str(month) and told.get((provider, service)) not in (None, use.units)
    ]
