"""What people and vendors may ask of a centre's node, besides the care process of its own cases."""

from marshmallow import Schema

from contracts.codes import ASSIGNMENT_TRACKS, DECLINE_REASONS, ENTRUSTMENT_ENDS, TYPES
from contracts.definition import personal
from contracts.events.care import ProvidedRecord
from contracts.events.rows import PersonOnForm
from contracts.fields import Agency, Code, Count, Day, Flag, Items, LongText, Month


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


class VoidHeldNotification(Schema):
    """Nothing to enter: the case has one held notification."""


class SignEntrustmentContract(Schema):
    office = Agency("居宅介護支援事業所")
    valid_from = Day("契約期間の開始")
    valid_to = Day("契約期間の終了", null=True, load_default=None)


class StartEntrustment(Schema):
    starts_on = Day("委託の開始日")
    type = Code("類型", TYPES)
    caseload = Count(
        "担当する介護支援専門員の件数",
        null=True,
        load_default=None,
        help="居宅の担当件数。負担に配慮するための参考で、記録には残りません",
    )
    cooperation = Flag(
        "情報の提供と計画作成への協力",
        load_default=False,
        help="必要な情報を居宅に提供し、計画の作成に協力するとき（委託連携加算、1人1回）",
    )


class AssignOffice(Schema):
    office = Agency("居宅介護支援事業所")
    track = Code("区分", ASSIGNMENT_TRACKS, help="居宅指定に移すか、再委託するか")
    taken_over_on = Day("居宅が引き継ぐ日")
    note = personal(LongText("引き継ぐこと", null=True, load_default=None))


class ChangeType(Schema):
    month = Month("類型が変わる月", help="その月に使うサービスから類型が決まります")


class EndEntrustment(Schema):
    ended_on = Day("委託の終了日")
    reason_code = Code("終了の理由", ENTRUSTMENT_ENDS)


class HandOverRecords(Schema):
    records = Items("資料", ProvidedRecord, least=1)
    note = personal(LongText("連絡事項", null=True, load_default=None))
