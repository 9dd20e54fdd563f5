"""Events about notifications (届出書): prepared and held, filed, accepted or returned by the ward's desk."""

from marshmallow import Schema

from contracts.codes import (
    ATTACHMENTS,
    DESKS,
    FORM_FIELDS,
    FORMS,
    OCCASIONS,
    RETURN_REASONS,
    TRACKS,
    TYPES,
    VOID_REASONS,
)
from contracts.definition import EventType, personal
from contracts.events.rows import PersonOnForm
from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, PERSON
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, LongText

FILERS = frozenset({"kyotaku", "hokatsu"})


class NotificationPrepared(PersonOnForm):
    """A notification made at contract time and held (保管) with receipt date and start date blank.

    ``blank`` names what else stands empty: nobody fills it in when only the two dates are entered later.
    """

    notification_id = Identifier("届出書の番号")
    form = Code("様式", FORMS)
    filer = Agency("作成した事業所")
    type = Code("類型", TYPES)
    track = Code("区分", TRACKS)
    occasion = Code("届出の理由", OCCASIONS)
    prepared_on = Day("作成日")
    simultaneous_mark = Flag("「同時契約」の記載")
    signed_by_person = Flag("本人の自署")
    blank = Items("空欄の項目", Code("項目", FORM_FIELDS))


class NotificationFiled(PersonOnForm):
    """A notification as it lies on the desk; ``blank`` names the fields that stand empty on it."""

    notification_id = Identifier("届出書の番号")
    revision = Count("提出の回数", least=1)
    corrects = Count("訂正する提出の回数", null=True)
    form = Code("様式", FORMS)
    desk = Code("提出先", DESKS)
    filer = Agency("届け出る事業所")
    office = Agency("居宅介護支援事業所", null=True)
    centre = Agency("地域包括支援センター", null=True)
    type = Code("類型", TYPES)
    track = Code("区分", TRACKS)
    occasion = Code("届出の理由", OCCASIONS)
    filed_on = Day("提出日")
    receipt_on = Day("受付日", null=True)
    start_date = Day("サービス開始年月日", null=True)
    held_since = Day("保管していた届出書の作成日", required=False, null=True)
    simultaneous_contract = Flag("同時契約")
    simultaneous_mark = Flag("「同時契約」の記載")
    signed_by_person = Flag("本人の自署")
    signature_needed = Flag("自署が必要")
    blank = Items("空欄の項目", Code("項目", FORM_FIELDS))
    attachments = Items("一緒に提出する書類", Code("書類", ATTACHMENTS), required=False, null=True)
    same_care_manager = Flag(
        "同じ介護支援専門員が続けて担当する",
        required=False,
        null=True,
        help="類型の変更の届出で、居宅の報告による",
    )
    risk_report_needed = Flag(
        "リスク対応策の報告が必要", required=False, help="モデル実施を行わない包括のケースで、まだ報告がない"
    )


class NotificationAccepted(Schema):
    notification_id = Identifier("届出書の番号")
    revision = Count("提出の回数", least=1)
    filer = Agency("届け出た事業所")
    desk = Code("窓口", DESKS)
    decided_on = Day("受理日")
    type = Code("類型", TYPES)
    start_date = Day("サービス開始年月日", null=True)


class NotificationReturned(Schema):
    notification_id = Identifier("届出書の番号")
    revision = Count("提出の回数", least=1)
    filer = Agency("届け出た事業所")
    desk = Code("窓口", DESKS)
    decided_on = Day("差戻し日")
    reason_code = Code("差戻しの理由", RETURN_REASONS)
    field = Code("該当する項目", FORM_FIELDS, null=True)
    reason = personal(LongText("理由の説明", null=True))


class NotificationVoided(Schema):
    """A held notification that will not be used any more: it stays on the shelf, marked void (decision 25)."""

    notification_id = Identifier("届出書の番号")
    filer = Agency("作成した事業所")
    voided_on = Day("無効にした日")
    reason_code = Code("無効の理由", VOID_REASONS)


_ON_FORM = {
    name: PERSON[name] for name in ("name", "kana", "birth_date", "insured_number", "address", "telephone")
}

EVENTS = (
    EventType(
        "NotificationPrepared",
        1,
        NotificationPrepared,
        "case",
        "届出書の作成・保管",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku"}),
        speaks_for="filer",
        example={
            "notification_id": NOTIFICATION,
            "form": "combined_request",
            "filer": CENTRE,
            "type": "care_management_a",
            "track": "entrusted",
            "occasion": "to_care_management_a",
            "prepared_on": "2024-10-10",
            "simultaneous_mark": True,
            "signed_by_person": True,
            "blank": [],
            **_ON_FORM,
        },
    ),
    EventType(
        "NotificationFiled",
        1,
        NotificationFiled,
        "case",
        "届出書の提出",
        senders=FILERS,
        recipients=FILERS | {"ward"},
        speaks_for="filer",
        example={
            "notification_id": NOTIFICATION,
            "revision": 1,
            "corrects": None,
            "form": "combined_request",
            "desk": "elderly_project",
            "filer": CENTRE,
            "office": OFFICE,
            "centre": CENTRE,
            "type": "care_management_a",
            "track": "entrusted",
            "occasion": "to_care_management_a",
            "filed_on": "2025-01-06",
            "receipt_on": "2025-01-06",
            "start_date": "2025-01-01",
            "held_since": "2024-10-10",
            "simultaneous_contract": True,
            "simultaneous_mark": True,
            "signed_by_person": True,
            "signature_needed": True,
            "blank": [],
            **_ON_FORM,
        },
    ),
    EventType(
        "NotificationVoided",
        1,
        NotificationVoided,
        "case",
        "保管していた届出書の無効",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "ward"}),
        speaks_for="filer",
        example={
            "notification_id": NOTIFICATION,
            "filer": CENTRE,
            "voided_on": "2026-04-01",
            "reason_code": "model_ended",
        },
    ),
    EventType(
        "NotificationAccepted",
        1,
        NotificationAccepted,
        "case",
        "届出書の受理",
        senders=frozenset({"ward"}),
        recipients=FILERS,
        example={
            "notification_id": NOTIFICATION,
            "revision": 1,
            "filer": CENTRE,
            "desk": "elderly_project",
            "decided_on": "2025-01-07",
            "type": "care_management_a",
            "start_date": "2025-01-01",
        },
    ),
    EventType(
        "NotificationReturned",
        1,
        NotificationReturned,
        "case",
        "届出書の差戻し",
        senders=frozenset({"ward"}),
        recipients=FILERS,
        example={
            "notification_id": NOTIFICATION,
            "revision": 1,
            "filer": OFFICE,
            "desk": "insurance_benefits",
            "decided_on": "2024-10-11",
            "reason_code": "missing_field",
            "field": "insured_number",
            "reason": "被保険者番号を記入してください",
        },
    ),
)
