"""What people and vendors may ask of an office's node, besides the care process."""

from marshmallow import Schema

from contracts.codes import CIRCUMSTANCES, ORIGINALS, RECORDS, SWITCH_REASONS, TYPES
from contracts.definition import personal
from contracts.fields import Code, Day, Flag, Items, LongText
from shared.care.drafts import AS_DRAFTED


class RequestSimultaneousContract(Schema):
    planned_on = Day("契約の予定日", null=True, load_default=None)
    note = personal(LongText("連絡事項", null=True, load_default=None))


class RequestRecords(Schema):
    records = Items("閲覧したい資料", Code("資料", RECORDS), least=1)


class SubmitPlan(Schema):
    goals = personal(LongText("目標", null=True, load_default=None, help=AS_DRAFTED))
    notes = personal(LongText("総合的な方針など", null=True, load_default=None, help=AS_DRAFTED))


class SwitchMode(Schema):
    to_type = Code("変更後の類型", TYPES)
    reason_code = Code("変更の理由", SWITCH_REASONS)
    same_care_manager = Flag(
        "同じ介護支援専門員が続けて担当する",
        null=True,
        load_default=None,
        help="モデル実施の評価で数えます。分からないときは空欄",
    )
    reason = personal(LongText("理由と状況"))
    progress_record = personal(
        LongText(
            "支援経過記録",
            null=True,
            load_default=None,
            help="ケアマネジメントAに変わるときに、変更の理由と状況を書いた経過記録を付けます。"
            "まだなければ空のまま報告し、後から提出してください",
        )
    )


class SubmitProgressRecord(Schema):
    progress_record = personal(LongText("支援経過記録", help="変更の理由と状況を書いた経過記録"))


class ReturnOriginals(Schema):
    documents = Items("返却する原本", Code("書類", ORIGINALS), least=1)


class ReportCircumstance(Schema):
    change = Code("状況の変化", CIRCUMSTANCES)
    changed_on = Day("変化のあった日")
    note = personal(LongText("内容", null=True, load_default=None))
