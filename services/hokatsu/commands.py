"""What people and vendors may ask of a centre's node, besides the care process of its own cases."""

from marshmallow import Schema

from contracts.codes import DECLINE_REASONS, ENTRUSTMENT_ENDS, TYPES
from contracts.definition import personal
from contracts.events.care import ProvidedRecord
from contracts.events.rows import PersonOnForm
from contracts.fields import Agency, Code, Day, Flag, Items, LongText


class AgreeToSimultaneousContract(Schema):
    planned_on = Day("契約の予定日", null=True, load_default=None)
    note = personal(LongText("連絡事項", null=True, load_default=None))


class DeclineSimultaneousContract(Schema):
    reason_code = Code("理由", DECLINE_REASONS)
    reason = personal(LongText("理由の説明", null=True, load_default=None))


class PrepareNotification(PersonOnForm):
    signed_by_person = Flag("本人の自署", load_default=False)


class FileHeldNotification(Schema):
    receipt_on = Day("受付日", help="保管していた届出書に書き入れる日付")
    start_date = Day("サービス開始年月日", help="ケアマネジメントAになった日（月の初日）")


class SignEntrustmentContract(Schema):
    office = Agency("居宅介護支援事業所")
    valid_from = Day("契約期間の開始")
    valid_to = Day("契約期間の終了", null=True, load_default=None)


class StartEntrustment(Schema):
    starts_on = Day("委託の開始日")
    type = Code("類型", TYPES)


class EndEntrustment(Schema):
    ended_on = Day("委託の終了日")
    reason_code = Code("終了の理由", ENTRUSTMENT_ENDS)


class HandOverRecords(Schema):
    records = Items("資料", ProvidedRecord, least=1)
    note = personal(LongText("連絡事項", null=True, load_default=None))
