"""What a centre decides: simultaneous contracts, its held notification, entrusting cases to offices."""

from datetime import date, timedelta
from uuid import uuid5

from contracts.codes import TYPES
from shared.care import requirements
from shared.care.following import entrustment_ended, open_entrustment
from shared.care.model import awaiting_held_notification, model_over
from shared.care.notifications import FORM, Entered, advice_on_blank, blank_on_form, filed, person_on_form
from shared.care.office_change import change_office
from shared.care.parts import Notification
from shared.care.state import Case
from shared.care.support import end_support
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text


def agree_to_simultaneous_contract(situation: Situation, command: Command) -> Decision:
    """Agree to sign with the person at the same time as the office (T-07, T-08).

    At a transfer the centre's contract from before stays where its form covers A (T-07M, decision 21).
    """
    office = _requester(situation)
    agreed = NewEvent(
        "SimultaneousContractAgreed",
        {**command.fields, "office": office, "centre": situation.me, "agreed_on": command.occurred_on},
        case_id=command.case_id,
        to=(office,),
    )
    return Decision([agreed, *_contract_kept(situation, command, office)])


def _contract_kept(situation: Situation, command: Command, office: str) -> list[NewEvent]:
    """The word that the present contract stays, where there is one that covers ケアマネジメントA."""
    contract = situation.case.contract_of(situation.me)
    if contract is None or contract.simultaneous or contract.contract == "preventive_support":
        return []
    kept = {
        "contract": contract.contract,
        "agency": situation.me,
        "office": office,
        "signed_on": contract.signed_on,
        "explained_on": contract.explained_on,
        "consented_on": contract.consented_on,
        "kept_on": command.occurred_on,
        "planned_on": command.fields["planned_on"],
    }
    told = requirements.recipients(office, situation.case.biller)
    return [NewEvent("ContractKept", kept, case_id=command.case_id, to=told)]


def decline_simultaneous_contract(situation: Situation, command: Command) -> Decision:
    """Decline it; every change of type then needs a new contract and a new notification (T-66)."""
    office = _requester(situation)
    declined = NewEvent(
        "SimultaneousContractDeclined",
        {**command.fields, "office": office, "centre": situation.me, "declined_on": command.occurred_on},
        case_id=command.case_id,
        to=(office,),
    )
    return Decision([declined], [Advice("T-66", "類型が変わるたびに新しい契約と届出が必要になります")])


def _requester(situation: Situation) -> str:
    """The office whose request waits for an answer: each is answered once (T-08)."""
    if situation.case.simultaneous.requested_on is None:
        raise Refused(
            "not_requested",
            "居宅からの同時契約の依頼がありません",
            rule="T-08",
            todo="居宅からの依頼を待ってください",
        )
    asked = situation.case.simultaneous
    answered_on = asked.agreed_on or asked.declined_on
    if answered_on is not None:
        raise Refused(
            "request_answered",
            f"この依頼には{day_text(answered_on)}に返事をしています（{'承諾' if asked.agreed_on else '断り'}）",
            rule="T-08",
            todo="返事を変えるときは、居宅にもう一度依頼してもらってください",
        )
    return requirements.office_of(situation)


def prepare_notification(situation: Situation, command: Command) -> Decision:
    """Make the notification with receipt and start date blank, and hold it (T-14)."""
    contract = requirements.own_contract(situation)
    if not contract.simultaneous:
        raise Refused(
            "contract_not_simultaneous",
            "届出書を作成して保管するのは、同時契約のときだけです",
            rule="T-14",
            todo="類型が変わったときに、届出書を新しく作成して提出してください",
        )
    if model_over(situation, command.occurred_on):
        raise Refused(
            "model_ended",
            "モデル実施が終わっているため、届出書を作成して保管することはできません",
            rule="T-01",
            todo="類型が変わったときに、届出書を新しく作成して提出してください",
        )
    if any(each.simultaneous_contract for each in situation.case.notifications_of(situation.me)):
        raise Refused(
            "notification_exists",
            "このケースの届出書はすでに作成しています",
            rule="T-14",
            todo="保管している届出書を使ってください",
        )
    if not command.fields["signed_by_person"]:
        raise Refused(
            "signature_missing",
            "初めての届出書には本人の自署が必要です",
            field="signed_by_person",
            rule="T-17",
            todo="契約のときに、本人に自署してもらってください",
        )
    person = person_on_form(command.fields)
    blank = blank_on_form(person)
    prepared = NewEvent(
        "NotificationPrepared",
        {
            "notification_id": str(uuid5(command.id, "notification")),
            "form": FORM,
            "filer": situation.me,
            "type": "care_management_a",
            "track": "entrusted",
            "occasion": "to_care_management_a",
            "prepared_on": command.occurred_on,
            "simultaneous_mark": True,
            "signed_by_person": True,
            "blank": blank,
            **person,
        },
        case_id=command.case_id,
        to=(requirements.office_of(situation),),
    )
    return Decision([prepared], advice_on_blank("T-14", blank))


def file_held_notification(situation: Situation, command: Command) -> Decision:
    """Enter receipt and start date in the held notification and file it, by the end of the start's month (T-16).

    What else the form says was written and signed when it was made; nobody writes it again.
    """
    held = _held(situation)
    start = command.fields["start_date"]
    _must_follow_switch(situation, start)
    _must_be_in_time_of_model(situation, start)
    entered = Entered(
        start,
        held.signed_by_person,
        held.blank,
        person_from=held.prepared_by,
        receipt_on=command.fields["receipt_on"],
    )
    decision = filed(situation, command, held, entered)
    if any(
        (each.result, each.period_from) == ("support", start) for each in situation.case.provisional_plans
    ):
        return decision  # after a provisional plan it is due promptly after the result instead (T-39)
    due = requirements.due(situation, "T-16", command.occurred_on, basis=start)
    if due is None or command.occurred_on <= due:
        return decision
    late = Advice(
        "T-16",
        f"提出期限（{day_text(due)}）を過ぎています。全額本人負担になるおそれがあるため、区に相談してください",
    )
    return Decision(decision.events, [*decision.advice, late])


def _held(situation: Situation) -> Notification:
    held = situation.case.held_notification(situation.me)
    if held is None:
        raise Refused(
            "held_notification_missing",
            "保管している届出書がありません",
            rule="T-14",
            todo="2回目以降の変更では、届出書を新しく作成して提出してください",
        )
    return held


def void_held_notification(situation: Situation, command: Command) -> Decision:
    """Mark the held notification void: the model has ended, the person moved away or has another office (T-01, T-35D).

    :raises Refused: neither, or it is still to be filed for a switch before that (decision 25).
    """
    held, (reason, needless_from) = _held(situation), _needless(situation.case)
    if needless_from is None and not model_over(situation, command.occurred_on):
        raise Refused(
            "model_running",
            "モデル実施が続いているため、保管している届出書を無効にできません",
            rule="T-01",
            todo="モデル実施が終わるか、区内転居で担当の包括が、または居宅が変わってから無効にしてください",
        )
    start = awaiting_held_notification(situation.case)
    if start is not None and not (
        model_over(situation, start) or (needless_from is not None and start >= needless_from)
    ):
        raise Refused(
            "held_notification_needed",
            f"{day_text(start)}からの変更のために、保管している届出書の提出が必要です",
            rule="T-16",
            todo="「保管していた届出書を提出する」を行ってください",
        )
    voided = NewEvent(
        "NotificationVoided",
        {
            "notification_id": held.id,
            "filer": situation.me,
            "voided_on": command.occurred_on,
            "reason_code": reason,
        },
        case_id=command.case_id,
        to=requirements.recipients(situation.case.office, requirements.ward_of(situation)),
    )
    return Decision([voided])


def _needless(case: Case) -> tuple[str, date | None]:
    """Why a held notification is needed no more, and from which day on."""
    if case.moved_on is not None:
        return "moved_within", case.moved_on
    if case.office_until is not None:
        return "office_changed", case.office_until + timedelta(days=1)
    return "model_ended", None


def _must_be_in_time_of_model(situation: Situation, start: date) -> None:
    if model_over(situation, start):
        raise Refused(
            "held_notification_void",
            f"モデル実施が終わったあとの変更（{day_text(start)}から）には、保管していた届出書を使えません",
            field="start_date",
            rule="T-01",
            todo="本人の自署をもらい、「届出書を提出する」で新しい届出書を出してください",
        )


def _must_follow_switch(situation: Situation, start: date) -> None:
    switches = [each for each in situation.case.modes if each.type == "care_management_a"]
    if not switches:
        raise Refused(
            "no_switch",
            "ケアマネジメントAへの変更の報告がないうちは、保管している届出書を提出できません",
            rule="T-14",
            todo="居宅から変更の報告が届いてから提出してください",
        )
    if start != switches[-1].effective_from:
        raise Refused(
            "start_date_differs",
            f"サービス開始年月日は、報告された変更日（{day_text(switches[-1].effective_from)}）にしてください",
            field="start_date",
            rule="T-16",
            todo="変更日が誤りのときは、居宅に「類型の変更を報告する」で報告し直してもらってください",
        )


def start_entrustment(situation: Situation, command: Command) -> Decision:
    """Entrust the case to its office: contracts with the person and with the office come first (T-06R, T-07R).

    The contract with the person stays with the centre; the office plans, meets and monitors (A-Q29).
    """
    office, starts_on = requirements.office_of(situation), command.fields["starts_on"]
    requirements.own_contract(situation)
    contract = situation.agency.entrustment_contract(situation.me, office, starts_on)
    if contract is None:
        raise Refused(
            "entrustment_contract_missing",
            f"委託契約未締結: {situation.agency.name_of(office)}と{day_text(starts_on)}に有効な契約がありません",
            field="starts_on",
            rule="T-06",
            todo="介護予防支援業務等委託契約を結んでから委託してください",
        )
    if open_entrustment(situation):
        raise Refused(
            "entrustment_open",
            "このケースはすでに委託しています",
            rule="T-06",
            todo="今の委託を終えるときは「委託を終える」を先に行ってください",
        )
    mode = situation.case.mode(starts_on)
    if mode is not None and mode.track == "designated":
        raise Refused(
            "still_designated",
            f"{day_text(starts_on)}は居宅指定の期間です",
            field="starts_on",
            rule="T-04",
            todo="居宅から類型の変更の報告が届いてから委託してください",
        )
    started = NewEvent(
        "EntrustmentStarted",
        {
            **{name: command.fields[name] for name in ("starts_on", "type", "cooperation")},
            "office": office,
            "centre": situation.me,
            "contract_signed_on": contract.signed_on,
            "new_to_office": situation.case.office_never_responsible,
            "certified": situation.case.standing_on(starts_on) not in ("project_eligible", "none"),
        },
        case_id=command.case_id,
        to=requirements.recipients(office, situation.case.biller),
    )
    differs = mode is not None and mode.type != command.fields["type"]
    told = [Advice("T-61", f"報告された類型は{TYPES[mode.type]}です")] if mode and differs else []
    return Decision([started], [*told, *_advice_on_caseload(situation, command)])


def _advice_on_caseload(situation: Situation, command: Command) -> list[Advice]:
    """The load is considered; ケアマネジメントA does not count towards the standard, so nothing is refused (A-Q32)."""
    count, on = command.fields["caseload"], command.fields["starts_on"]
    standard = requirements.found(situation, "caseload.standard", on)
    alike = requirements.found(situation, "caseload.care_management_alike", on)
    if count is None or standard is None or not alike or count < int(str(standard)):
        return []
    return [
        Advice(
            "A-Q32",
            f"担当はすでに{count}件です（標準{standard}件）。介護予防ケアマネジメントは件数に数えませんが、要支援の計画と"
            "同等の業務量です。業務に支障がないよう配慮してください",
        )
    ]


def end_entrustment(situation: Situation, command: Command) -> Decision:
    """End the entrustment; its originals then come back (T-31, T-35)."""
    entrustment = open_entrustment(situation)
    if entrustment is None:
        raise Refused(
            "entrustment_missing",
            "このケースは委託していません",
            rule="T-35",
            todo="委託しているケースを選んでください",
        )
    if command.fields["ended_on"] < entrustment.starts_on:
        raise Refused(
            "ended_before_start",
            f"委託の終了日は開始日（{day_text(entrustment.starts_on)}）以後にしてください",
            field="ended_on",
            rule="T-35",
            todo="委託の終了日を確かめてください",
        )
    return Decision([entrustment_ended(situation, entrustment, **command.fields)])


def end_support_at_centre(situation: Situation, command: Command) -> Decision:
    """End the support; of an entrusted case the entrustment ends with it (T-35R)."""
    decision = end_support(situation, command)
    entrustment = open_entrustment(situation)
    if entrustment is None:
        return decision
    last_day = max(command.fields["ended_on"], entrustment.starts_on)
    ended = entrustment_ended(situation, entrustment, last_day, "case_closed")
    return Decision([*decision.events, ended], decision.advice)


def change_office_at_centre(situation: Situation, command: Command) -> Decision:
    """Give an entrusted case to another office: the entrustment ends with the old one's last day (T-31R, T-35R)."""
    decision = change_office(situation, command)
    entrustment = open_entrustment(situation)
    if entrustment is None:
        return decision
    last_day = max(command.fields["last_day"], entrustment.starts_on)
    ended = entrustment_ended(situation, entrustment, last_day, "case_closed")
    return Decision([*decision.events, ended], decision.advice)
