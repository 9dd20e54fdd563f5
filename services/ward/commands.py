"""What people and vendors may ask of a ward's node."""

from typing import Final

from marshmallow import Schema

from contracts.codes import (
    CERTIFICATION_OCCASIONS,
    CERTIFICATION_STATUSES,
    FORM_FIELDS,
    MODELS,
    RETURN_REASONS,
)
from contracts.definition import ROLES, personal
from contracts.events.agency import AgencyKey
from contracts.events.care import ProvidedRecord
from contracts.fields import Agency, Code, Day, Identifier, Items, LongText, Moment, Text

_KEPT: Final = "空欄なら、名簿に載っているものをそのまま使います"

_NO_PERIOD: Final = "非該当のときは空欄"


class ListAgency(Schema):
    agency = Agency("事業所")
    name = Text("名称")
    roles = Items("役割", Code("役割", ROLES), least=1)
    keys = Items("公開鍵", AgencyKey)
    address = Text("所在地", null=True, load_default=None, help=_KEPT)
    telephone = Text("電話番号", null=True, load_default=None, longest=20, help=_KEPT)
    fax = Text("FAX番号", null=True, load_default=None, longest=20, help=_KEPT)
    mail = Text("メールアドレス", null=True, load_default=None, longest=120, help=_KEPT)


class DelistAgency(Schema):
    agency = Agency("事業所")


class ReportCompromisedKey(Schema):
    agency = Agency("事業所")
    kid = Text("鍵の名前")
    compromised_from = Moment("危殆化した日時")


class RecordHearing(Schema):
    agency = Agency("指定を受ける事業所")


class EnrolInModel(Schema):
    agency = Agency("参加する事業所")
    model = Code("モデル", MODELS)
    enrolled_from = Day("参加の開始日")


class EndModel(Schema):
    model = Code("モデル", MODELS)
    agency = Agency(
        "参加を終える事業所", null=True, load_default=None, help="モデル実施の全体を終えるときは空欄"
    )
    ended_on = Day("最後の日", help="この日までの変更には、モデル実施の手続きを使います")


class AcceptNotification(Schema):
    notification_id = Identifier("届出書の番号")


class ReturnNotification(Schema):
    notification_id = Identifier("届出書の番号")
    reason_code = Code("差戻しの理由", RETURN_REASONS)
    field = Code("該当する項目", FORM_FIELDS, null=True, load_default=None)
    reason = personal(LongText("理由の説明", null=True, load_default=None))


class ProvideRecords(Schema):
    request_id = Identifier("申請の番号")
    records = Items("資料", ProvidedRecord, least=1)
    note = personal(LongText("連絡事項", null=True, load_default=None))


class AnnounceCertification(Schema):
    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    status = Code("状態区分", CERTIFICATION_STATUSES)
    applied_on = Day("申請日")
    valid_from = Day("認定有効期間の開始", null=True, load_default=None, help=_NO_PERIOD)
    valid_to = Day("認定有効期間の終了", null=True, load_default=None, help=_NO_PERIOD)
