"""What goes to and comes from service offices, which have no node: provision sheets, plans and records (T-26, T-29)."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import PROVIDER_DOCUMENTS, SERVICE_KINDS
from contracts.definition import personal
from contracts.fields import Agency, Code, Count, Day, Items, LongText
from contracts.fields import Month as MonthField
from shared.care import requirements
from shared.care.claim_parts import ReceivedUse
from shared.care.limits import advice_on_use
from shared.care.weekly_use import advice_on_days
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text, month_text


class IssueProvisionSheet(Schema):
    month = MonthField("提供月")
    providers = Items("渡したサービス事業所", Agency("サービス事業所"), least=1)


class ReceiveProviderDocument(Schema):
    document = Code("書類", PROVIDER_DOCUMENTS)
    provider = Agency("サービス事業所")
    dated = Day("書類の日付")
    content = personal(LongText("内容", null=True, load_default=None))


class ReceiveProviderPerformance(Schema):
    service_month = MonthField("サービス提供月")
    provider = Agency("サービス事業所")
    service = Code("サービス種類", SERVICE_KINDS)
    units = Count("単位数", help="当月の実績単位数。利用がなければ0")
    days = Items(
        "利用した日",
        Day("利用した日"),
        null=True,
        load_default=None,
        most=31,
        help="総合事業の訪問型・通所型。入力すると、利用のない週を知らせます",
    )
    last_used_on = Day("最終利用日", null=True, load_default=None, help="この月で終わったサービスだけ")


def issue_provision_sheet(situation: Situation, command: Command) -> Decision:
    """Record that service offices got the month's provision sheet (提供票), when needed (T-26R)."""
    plan = requirements.delivered_plan(situation)
    issued = NewEvent(
        "ProvisionSheetIssued",
        {**command.fields, "issued_on": command.occurred_on},
        case_id=command.case_id,
    )
    planned = {each.provider for each in plan.services}
    others = [each for each in command.fields["providers"] if each not in planned]
    named = "、".join(situation.agency.name_of(each) for each in others)
    return Decision([issued], [Advice("T-26", f"今の計画にない事業所です: {named}")] if others else [])


def advice_on_provision_sheet(situation: Situation, month: str, reason: str) -> list[Advice]:
    """A reminder in the first and in a changed month; without one nothing is wrong (T-26R)."""
    if reason == "monthly" or month in situation.case.provision_sheets:
        return []
    return [
        Advice("T-26", "必要なら、サービス事業所に提供票を渡してください（「提供票を渡したことを記録する」）")
    ]


def receive_provider_document(situation: Situation, command: Command) -> Decision:
    """Record what a service office handed in; entrusted, its plan goes on to the centre (T-29R)."""
    fields = command.fields
    if fields["dated"] > command.occurred_on:
        raise Refused(
            "document_of_the_future",
            "書類の日付は、受け取った日より後にはできません",
            field="dated",
            rule="T-29",
            todo="書類の日付を確かめてください",
        )
    track = requirements.track_of(situation, command.occurred_on)
    received = NewEvent(
        "ProviderDocumentReceived",
        {
            **fields,
            "document_id": str(uuid5(command.id, "document")),
            "received_on": command.occurred_on,
            "track": track,
        },
        case_id=command.case_id,
    )
    goes_on = track == "entrusted" and fields["document"] == "individual_plan"
    return Decision(
        [received],
        [Advice("T-29", "個別サービス計画書は、「書類を渡す」で包括にも提出してください")] if goes_on else [],
    )


def receive_provider_performance(situation: Situation, command: Command) -> Decision:
    """Record what a service office says was used in a month; what is known already is not recorded again (T-32).

    :raises Refused: the month is not over; the last day of use is not in it.
    """
    fields, month = command.fields, Month.parse(command.fields["service_month"])
    _must_be_over(month, command)
    last_used_on = fields["last_used_on"]
    if last_used_on is not None and not month.first <= last_used_on <= month.last:
        raise Refused(
            "last_use_outside_month",
            f"最終利用日は{month_text(month)}の日付です",
            field="last_used_on",
            rule="T-32",
            todo="この月のうちに終わったサービスだけに、最終利用日を入力してください",
        )
    days = _days_in(month, fields["days"])
    about = fields["service_month"], fields["provider"], fields["service"]
    before = situation.case.received_use.get(about)
    if before is not None and before.says(fields["units"], last_used_on, days):
        return Decision([], [Advice("T-32", f"同じ実績を{day_text(before.received_on)}に受け取っています")])
    event = NewEvent(
        "ProviderPerformanceReceived",
        {**fields, "received_on": command.occurred_on},
        case_id=command.case_id,
    )
    empty = advice_on_days(situation, month, fields["service"], fields["provider"], days)
    over = advice_on_use(situation, month, _used_so_far(situation, command))
    return Decision([event], [*_advice_on_use(situation, command, month, before), *empty, *over])


def _used_so_far(situation: Situation, command: Command) -> Iterator[tuple[str, str, int]]:
    """What was received of a month, with what this command brings in the place of the same."""
    fields = command.fields
    now = fields["service_month"], fields["provider"], fields["service"]
    for (of, provider, service), use in situation.case.received_use.items():
        if of == fields["service_month"] and (of, provider, service) != now:
            yield service, provider, use.units
    yield fields["service"], fields["provider"], fields["units"]


def _days_in(month: Month, days: Sequence[date] | None) -> tuple[date, ...]:
    """The days of use in order, each once.

    :raises Refused: one lies outside the month.
    """
    for each in days or ():
        if Month.of(each) != month:
            raise Refused(
                "day_outside_month",
                f"{day_text(each)}は{month_text(month)}の日ではありません",
                field="days",
                rule="A-Q56",
                todo="サービス提供月と、利用した日を確かめてください",
            )
    return tuple(sorted(set(days or ())))


def _must_be_over(month: Month, command: Command) -> None:
    if month.last >= command.occurred_on:
        raise Refused(
            "month_not_over",
            f"{month_text(month)}は、受け取った日（{day_text(command.occurred_on)}）にはまだ終わっていません",
            field="service_month",
            rule="T-32",
            todo="サービス提供月と、受け取った日を確かめてください",
        )


def _advice_on_use(
    situation: Situation, command: Command, month: Month, before: ReceivedUse | None
) -> list[Advice]:
    fields, case, advice = command.fields, situation.case, []
    named = f"{SERVICE_KINDS[fields['service']]}（{situation.agency.name_of(fields['provider'])}）"
    used = {(each.service, each.provider) for each in case.services_used(month.first, month.last)}
    if fields["units"] and (fields["service"], fields["provider"]) not in used:
        advice.append(Advice("T-61", f"{named}は、この月の利用の記録にありません"))
    if before is not None:
        advice.append(Advice("T-32", f"{named}の単位数を {before.units} から {fields['units']} に改めました"))
    if str(month) in case.performances:
        advice.append(
            Advice(
                "T-32",
                f"{month_text(month)}の実績はすでに報告しています。違うときは、もう一度報告してください",
            )
        )
    return advice
