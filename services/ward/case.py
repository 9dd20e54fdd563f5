"""What a ward decides about a case: notifications at its desks, records, certification."""

from collections.abc import Collection
from datetime import date

from contracts.codes import RECORDS
from services.ward.checks import checks, second_current
from shared.care.cards import cards_at
from shared.care.parts import Notification
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation


def accept_notification(situation: Situation, command: Command) -> Decision:
    """Accept (受理) a notification; one that is incomplete can only be returned (T-12, T-13, T-17)."""
    notification = _waiting(situation, command)
    _must_be_complete(situation, notification)
    accepted = NewEvent(
        "NotificationAccepted",
        {
            "notification_id": notification.id,
            "revision": notification.revision,
            "filer": notification.filer,
            "desk": notification.desk,
            "decided_on": command.occurred_on,
            "type": notification.type,
            "start_date": notification.start_date,
        },
        case_id=command.case_id,
        to=_care_parties(situation),
    )
    return Decision([accepted], _advice_on_current(situation, notification))


def return_notification(situation: Situation, command: Command) -> Decision:
    """Return (差戻し) a notification with the reason."""
    notification = _waiting(situation, command)
    fields = command.fields
    returned = NewEvent(
        "NotificationReturned",
        {
            **fields,
            "notification_id": notification.id,
            "revision": notification.revision,
            "filer": notification.filer,
            "desk": notification.desk,
            "decided_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=_care_parties(situation),
    )
    return Decision([returned])


def _waiting(situation: Situation, command: Command) -> Notification:
    wanted = str(command.fields["notification_id"])
    notification = situation.case.notifications.get(wanted)
    if notification is None:
        raise Refused(
            "notification_unknown",
            "このケースに、その番号の届出書は届いていません",
            field="notification_id",
            todo="窓口の一覧から選んでください",
        )
    if notification.state != "filed":
        raise Refused(
            "notification_decided",
            "この届出書はすでに受理または差戻しをしています",
            field="notification_id",
            todo="訂正された届出書の提出を待ってください",
        )
    return notification


def _must_be_complete(situation: Situation, notification: Notification) -> None:
    for each in checks(situation, notification):
        if each.found == "fails":
            raise _incomplete(each.words, each.field, each.rules[0])


def _incomplete(message: str, field: str | None, rule: str) -> Refused:
    return Refused(
        "notification_incomplete",
        f"{message}。受理できません",
        field=field,
        rule=rule,
        todo="理由を付けて差し戻してください",
    )


def _advice_on_current(situation: Situation, notification: Notification) -> list[Advice]:
    """One notification of a person is current at the ward; a second one warns (decision 22)."""
    if not second_current(situation, notification):
        return []
    return [Advice("decision 22", "開始日が同じか後の、別の事業所の届出書をすでに受理しています")]


def provide_records(situation: Situation, command: Command) -> Decision:
    """Answer a viewing request (閲覧申請) with the records; without the person's consent nothing is shared (T-11)."""
    wanted = str(command.fields["request_id"])
    asked = situation.case.records_requests.get(wanted)
    if asked is None:
        raise Refused(
            "request_unknown",
            "その番号の閲覧申請は届いていません",
            field="request_id",
            rule="T-18",
            todo="窓口の一覧から、閲覧申請を選んでください",
        )
    if asked.provided_on is not None:
        raise Refused(
            "request_answered",
            "この申請にはすでに提供しています",
            field="request_id",
            rule="T-18",
            todo="追加の資料が要るときは、居宅にもう一度申請してもらってください",
        )
    if asked.consented_on is None:
        raise Refused(
            "consent_missing",
            "個人情報使用の同意がないため、資料を提供できません",
            field="request_id",
            rule="T-11",
            todo="申請した事業所に同意書をもらうよう伝えてください",
        )
    provided = NewEvent(
        "RecordsProvided",
        {**command.fields, "request_id": wanted, "provided_on": command.occurred_on},
        case_id=command.case_id,
        to=(asked.requester,),
    )
    return Decision(
        [provided], _on_others(asked.records, {each["kind"] for each in command.fields["records"]})
    )


def _on_others(asked: Collection[str], given: set[str]) -> list[Advice]:
    """What was asked for and is not provided, and the other way round (T-18)."""
    missing = [RECORDS[each] for each in asked if each not in given]
    more = [RECORDS[each] for each in RECORDS if each in given and each not in asked]
    found = [f"申請のあった{'・'.join(missing)}を提供していません"] if missing else []
    found += [f"申請のない{'・'.join(more)}を提供しました"] if more else []
    return [Advice("T-18", f"{each}。提供したものを確かめてください") for each in found]


def announce_certification(situation: Situation, command: Command) -> Decision:
    """Tell every party of the case the certification result (認定結果)."""
    fields, on = command.fields, command.occurred_on
    certified = fields["status"] != "none"
    valid_from, valid_to = fields["valid_from"], fields["valid_to"]
    if certified and (valid_from is None or valid_to is None or valid_from > valid_to):
        raise Refused(
            "certification_period",
            "認定有効期間の開始と終了を正しく入力してください",
            field="valid_from" if valid_from is None else "valid_to",
            todo="認定結果のとおりに入力してください。終了は開始以後の日です",
        )
    if not certified and (valid_from is not None or valid_to is not None):
        raise Refused(
            "period_without_certification",
            "非該当には認定有効期間がありません",
            field="valid_from" if valid_from is not None else "valid_to",
            todo="開始と終了を空欄にしてください。認定されたときは、状態区分を選び直してください",
        )
    if fields["applied_on"] > on:
        raise Refused(
            "applied_after_decision",
            "申請日は認定日以前にしてください",
            field="applied_on",
            todo="申請書の日付を確かめてください",
        )
    before = situation.case.last_certified_to
    result = NewEvent(
        "CertificationResult",
        {
            **fields,
            "decided_on": on,
            "valid_to_before": None if before == valid_to else before,
            "changed": _changed(situation, fields["status"]),
            **_cards(situation, fields["status"], on),
        },
        case_id=command.case_id,
        to=tuple(each for each in situation.case.parties if each != situation.me),
    )
    return Decision([result])


def _cards(situation: Situation, status: str, on: date) -> dict[str, list[str] | None]:
    """The cards that change hands with the result; who is refused stays what the register says (A-Q21b, A-Q24)."""
    if status != "none":
        return cards_at(situation, "certified", on)
    if situation.case.registration is not None:
        return cards_at(situation, "became_project_eligible", on)
    return {"cards_to_issue": None, "cards_to_return": None}


def _changed(situation: Situation, status: str) -> bool | None:
    """Whether the person is in another state than before (介護度の変更); None where nothing was certified (T-35D)."""
    before = situation.case.certifications
    return before[-1].status != status if before else None


def _care_parties(situation: Situation) -> tuple[str, ...]:
    return tuple(each for each in (situation.case.office, situation.case.centre) if each)
