"""A centre's own cases (直営): of what type they are, and how an office takes one over (T-07M, T-18M, T-61)."""

from datetime import date, timedelta

from contracts.codes import TYPES
from shared.care import requirements
from shared.care.following import entrustment_ended, open_entrustment
from shared.care.opening import procedure_of
from shared.care.usage import because, services_of_month, type_of
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, day_text, month_text


def assign_office(situation: Situation, command: Command) -> Decision:
    """Let an office take a case over (移行), or name the office to which it will be entrusted.

    A case that is entrusted to the same office so far ends its entrustment on the day before (decision 24).
    """
    fields, case = command.fields, situation.case
    office, track, day = fields["office"], fields["track"], fields["taken_over_on"]
    consented_on = requirements.consent_to_share(situation)
    _office_may_join(situation, office)
    entrusted = open_entrustment(situation)
    if track == "designated":
        _may_be_taken_over(situation, office, day)
    elif entrusted is not None:
        raise Refused(
            "entrustment_open",
            "このケースはすでに委託しています",
            field="track",
            rule="T-06",
            todo="続けて委託するなら、することはありません。居宅指定に移すときは、区分で居宅指定を選んでください",
        )
    roles = {**case.parties, office: "kyotaku"}
    designated = track == "designated"
    assigned = NewEvent(
        "OfficeAssigned",
        {
            **fields,
            "centre": situation.me,
            "assigned_on": command.occurred_on,
            "centre_until": day - timedelta(days=1),
            "consented_on": consented_on,
            "procedure": procedure_of(situation.agency, roles, case.insurer, day)
            if designated
            else "principle",
        },
        case_id=command.case_id,
        to=requirements.recipients(office, case.ward, case.biller),
    )
    ended = (
        [entrustment_ended(situation, entrusted, day - timedelta(days=1), "returned_to_designated")]
        if entrusted is not None
        else []
    )
    return Decision([assigned, *ended], _advice_on_assignment(situation, track))


def _office_may_join(situation: Situation, office: str) -> None:
    requirements.listed_office(situation, office)
    if situation.case.parties.get(office, "kyotaku") != "kyotaku":
        raise Refused(
            "another_role",
            f"{situation.agency.name_of(office)}は、このケースに別の役割で加わっています",
            field="office",
            todo="居宅介護支援事業所の番号を確かめてください",
        )
    if situation.case.office not in (None, office):
        raise Refused(
            "another_office",
            f"このケースの居宅は{situation.agency.name_of(situation.case.office or '')}です",
            field="office",
            rule="T-07",
            todo="別の居宅に移るときは、先に「居宅を変更する」（居宅指定では居宅の「居宅の変更を連絡する」）を行い、"
            "新しいケースを開いてください",
        )


def _may_be_taken_over(situation: Situation, office: str, day: date) -> None:
    """An office takes over by its own designation, of a person with a support level only (T-03, T-04)."""
    if not situation.agency.designated(office, situation.case.insurer, day):
        raise Refused(
            "not_designated",
            f"{situation.agency.name_of(office)}は{day_text(day)}に介護予防支援の指定を受けていません",
            field="office",
            rule="T-03",
            todo="指定を受けた居宅を選ぶか、委託してください",
        )
    requirements.certified_for_benefit(situation, day)
    mode = situation.case.mode(day)
    if mode is not None and mode.track == "designated":
        raise Refused(
            "already_designated",
            "このケースはすでに居宅指定です",
            field="track",
            rule="T-07",
            todo="居宅が本人と契約しています。続けて居宅に担当してもらってください",
        )
    if mode is not None and mode.type != "preventive_support":
        raise Refused(
            "type_excluded",
            f"{day_text(day)}の類型は{TYPES[mode.type]}のため、居宅指定には移れません",
            field="taken_over_on",
            rule="T-04",
            todo="予防給付を使う月から移してください",
        )


def _advice_on_assignment(situation: Situation, track: str) -> list[Advice]:
    if track == "entrusted":
        return [Advice("T-18", "認定調査票・主治医意見書を「資料を居宅に提供する」で居宅に渡してください")]
    return [
        Advice("T-18", "移行するときに、担当から居宅へ「資料を居宅に提供する」で情報を渡してください"),
        Advice("T-08", "同時契約の調整は、居宅から「同時契約を包括に依頼する」で届きます"),
    ]


def change_type(situation: Situation, command: Command) -> Decision:
    """Say of what type the centre's own case is from a month on; it follows from the services used (T-61)."""
    month, case = Month.parse(command.fields["month"]), situation.case
    before = case.mode(month.last)
    if before is None or before.track != "direct":
        raise Refused(
            "not_direct",
            f"{month_text(month)}は包括の直営ではありません",
            field="month",
            rule="T-61",
            todo="居宅が担当する月の類型は、居宅が「類型の変更を報告する」で報告します",
        )
    services = services_of_month(case, month)
    to_type = type_of(situation, services, month)
    if to_type is None:
        raise Refused(
            "type_unknown",
            f"{month_text(month)}に、類型の決まるサービスの利用も予定もありません",
            field="month",
            rule="T-61",
            todo="計画を交付するか、サービスの利用を記録してください",
        )
    if to_type == before.type:
        raise Refused(
            "type_unchanged",
            f"すでに{TYPES[to_type]}です",
            field="month",
            rule="T-61",
            todo="サービスの利用の記録を確かめてください。記録のとおりなら、することはありません",
        )
    changed = NewEvent(
        "TypeChanged",
        {
            "centre": situation.me,
            "from_type": before.type,
            "to_type": to_type,
            "effective_from": month.first,
            "recorded_on": command.occurred_on,
            "because": sorted({each.service for each in because(situation, services, month)}),
        },
        case_id=command.case_id,
        to=requirements.recipients(case.biller),
    )
    return Decision([changed])
