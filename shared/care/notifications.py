"""Making and filing notifications (届出書): which desk, whether the person signs, what stands blank (T-12 to T-17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.codes import ATTACHMENTS, FORM_FIELDS, OCCASIONS, TYPES
from contracts.events.rows import PersonOnForm
from contracts.fields import Code, Day, Flag, Identifier
from shared.care import requirements
from shared.care.intake import Checklist
from shared.care.model import model_over
from shared.care.parts import Notification
from shared.care.risk import report_lacking
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.notification_filings import desk_at, form_at, signature_required

FORM: Final = "combined_request"
"""The one form (作成・依頼（変更）届出書) that Toshima's procedure uses for both types."""

ON_FORM: Final = ("name", "kana", "birth_date", "insured_number", "address", "telephone")


class FileNotification(PersonOnForm):
    occasion = Code("届出の理由", OCCASIONS)
    start_date = Day("サービス開始年月日", null=True, load_default=None)
    signed_by_person = Flag("本人の自署", load_default=False)


class FileNotificationAtCentre(FileNotification):
    type = Code("類型", TYPES)


class CorrectNotification(PersonOnForm):
    notification_id = Identifier("差し戻された届出書の番号")
    start_date = Day("サービス開始年月日", null=True, load_default=None)
    signed_by_person = Flag("本人の自署", load_default=False)


def file_notification(situation: Situation, command: Command) -> Decision:
    """File a new notification with the desk that the type and track name.

    An office files for 介護予防支援 by its own designation, a centre for what it has a contract for.
    """
    contract = requirements.own_contract(situation)
    by_office = situation.role == "kyotaku"
    if by_office:
        requirements.designation(situation, command.occurred_on)
    simultaneous = contract.simultaneous and not model_over(
        situation, command.fields["start_date"] or command.occurred_on
    )
    track = "designated" if by_office else _track_at_centre(situation)
    occasion = _occasion(situation, command)
    fresh = Notification(
        id=str(uuid5(command.id, "notification")),
        filer=situation.me,
        type="preventive_support" if by_office else command.fields["type"],
        track=track,
        occasion=occasion,
        form=form_for(situation, occasion, command.occurred_on),
        simultaneous_contract=simultaneous,
        simultaneous_mark=simultaneous,
    )
    return filed(situation, command, fresh, Entered.of(command.fields))


def _occasion(situation: Situation, command: Command) -> str:
    """The occasion; the first one of a 事業対象者 is of its own kind where the ward has a form for it (A-Q31a)."""
    forms: Any = requirements.published(situation, "notification.form", command.occurred_on)
    eligible = situation.case.standing_on(command.occurred_on) == "project_eligible"
    asked = str(command.fields["occasion"])
    return (
        "new_project_eligible" if asked == "first" and eligible and "new_project_eligible" in forms else asked
    )


def _track_at_centre(situation: Situation) -> str:
    """Direct while no office works for the centre: none in the case, or one that takes over by its designation."""
    case = situation.case
    takes_over = case.taken_over_on is not None and not case.entrustments
    return "direct" if case.office is None or takes_over else "entrusted"


def correct_notification(situation: Situation, command: Command) -> Decision:
    """File a returned notification again, with what the desk asked for."""
    wanted = str(command.fields["notification_id"])
    returned = situation.case.notifications.get(wanted)
    if returned is None or returned.filer != situation.me:
        raise Refused(
            "notification_unknown",
            "このケースに、その番号の届出書はありません",
            field="notification_id",
            todo="届出書の一覧から選んでください",
        )
    if returned.state != "returned":
        raise Refused(
            "notification_not_returned",
            "差し戻されていない届出書は訂正できません",
            field="notification_id",
            todo="区の窓口の決定を待ってください",
        )
    entered = replace(Entered.of(command.fields), receipt_on=returned.receipt_on)
    return filed(situation, command, returned, entered)


@dataclass(frozen=True, slots=True)
class Entered:
    """What is written on a form when it is filed.

    The person's fields stand in ``person``; or they stand on the held form, and the event ``person_from`` has them.
    ``blank`` names those that are empty.
    """

    start_date: date | None
    signed: bool
    blank: Sequence[str]
    person: Mapping[str, Any] = field(default_factory=dict)
    person_from: UUID | None = None
    receipt_on: date | None = None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Entered":
        """A form on which everything is written at once."""
        person = person_on_form(fields)
        return cls(fields["start_date"], fields["signed_by_person"], blank_on_form(person), person)


def filed(situation: Situation, command: Command, notification: Notification, entered: Entered) -> Decision:
    """The next filing of ``notification``.

    :raises Refused: the person's signature is needed and missing (T-17).
    """
    case = situation.case
    needed = signature_needed(situation, notification)
    if needed and not entered.signed:
        raise _unsigned()
    blank = [*entered.blank, *([] if entered.start_date else ["start_date"])]
    attached = _attached(situation, notification, command.occurred_on)
    event = NewEvent(
        "NotificationFiled",
        {
            "notification_id": notification.id,
            "revision": notification.revision + 1,
            "corrects": notification.revision or None,
            "form": notification.form,
            "desk": desk_for(situation, notification, command.occurred_on),
            "filer": situation.me,
            "office": case.office,
            "centre": case.centre,
            "type": notification.type,
            "track": notification.track,
            "occasion": notification.occasion,
            "filed_on": command.occurred_on,
            "receipt_on": entered.receipt_on,
            "start_date": entered.start_date,
            "held_since": notification.prepared_on,
            "simultaneous_contract": notification.simultaneous_contract,
            # T-13: our own forms always carry the mark where it belongs.
            "simultaneous_mark": notification.simultaneous_contract,
            "signed_by_person": entered.signed,
            "signature_needed": needed,
            "blank": blank,
            "attachments": list(attached) or None,
            "same_care_manager": case.same_care_manager.get(entered.start_date)
            if entered.start_date
            else None,
            "risk_report_needed": report_lacking(case, situation.agency, command.occurred_on),
            **entered.person,
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.ward_of(situation), requirements.other_party(situation)),
        personal_from=entered.person_from,
    )
    together = [_checklist_submitted(situation, command, notification, each) for each in attached.values()]
    return Decision([event, *together], advice_on_blank("T-12", blank))


def _attached(situation: Situation, notification: Notification, on: date) -> dict[str, Checklist]:
    """What goes to the ward in one set with the notification: the checklist of a new 事業対象者 (A-Q12a).

    :raises Refused: there is no checklist that makes the person project-eligible.
    """
    wanted: Any = requirements.found(situation, "notification.attachments", on) or {}
    if "basic_checklist" not in wanted.get(notification.occasion, ()):
        return {}
    checked = situation.case.applicable_checklist
    if checked is None:
        raise Refused(
            "attachment_missing",
            f"{ATTACHMENTS['basic_checklist']}がないため、届出書だけでは提出できません",
            field="occasion",
            rule="A-Q12a",
            todo="「基本チェックリストを実施する」で該当の判定を記録してから、セットで提出してください",
        )
    return {"basic_checklist": checked}


def _checklist_submitted(
    situation: Situation, command: Command, notification: Notification, checked: Checklist
) -> NewEvent:
    """The checklist as an application: what was answered is not written again."""
    return NewEvent(
        "ChecklistSubmitted",
        {
            "centre": situation.me,
            "checklist_id": checked.id,
            "notification_id": notification.id,
            "checked_on": checked.checked_on,
            "outcome": checked.outcome,
            "criteria": list(checked.criteria),
            "submitted_on": command.occurred_on,
        },
        case_id=command.case_id,
        to=requirements.recipients(requirements.ward_of(situation)),
        personal_from=checked.event,
    )


def person_on_form(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The person's fields of a form, as they were given."""
    return {name: fields.get(name) for name in ON_FORM}


def blank_on_form(person: Mapping[str, Any]) -> list[str]:
    """Names of the person's fields that stand empty; the desk returns such a form."""
    return [name for name in ON_FORM if not person.get(name)]


def signature_needed(situation: Situation, notification: Notification) -> bool:
    """Whether the person must sign: always, but from a party's second notification on under a simultaneous contract.

    The first is one that the person signed and the desk has, decided or not; one that came back excuses nobody (T-17,
    decision 22).
    """
    signed_before = any(
        each.id != notification.id
        and each.state in ("filed", "accepted")
        and each.signed_by_person
        and each.simultaneous_contract
        for each in situation.case.notifications_of(notification.filer)
    )
    return signature_required(notification.simultaneous_contract, signed_before)


def desk_for(situation: Situation, notification: Notification, on: date) -> str:
    """The ward's desk at which a notification belongs (T-12R, T-12N, T-16, T-17)."""
    desks = requirements.published(situation, "notification.desk", on)
    if not isinstance(desks, Mapping):
        raise TypeError("notification.desk maps occasions and tracks to desks")
    return desk_at(desks, notification.occasion, notification.track)


def form_for(situation: Situation, occasion: str, on: date) -> str:
    """The form on which the ward wants an occasion notified (A-Q31a, A-Q31b)."""
    forms = requirements.published(situation, "notification.form", on)
    if not isinstance(forms, Mapping):
        raise TypeError("notification.form maps occasions to forms")
    return form_at(forms, occasion)


def _unsigned() -> Refused:
    return Refused(
        "signature_missing",
        "この届出書には本人の自署が必要です",
        field="signed_by_person",
        rule="T-17",
        todo="本人に自署してもらってください（自署がいらないのは、同時契約での2回目以降の届出だけです）",
    )


def advice_on_blank(rule: str, blank: Sequence[str]) -> list[Advice]:
    """What to say of the fields that stand empty."""
    named = "、".join(FORM_FIELDS[name] for name in blank)
    return [Advice(rule, f"空欄があります: {named}。窓口で差し戻されることがあります")] if blank else []
