"""Events that stay on a centre's node, besides those of the care process."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.definition import EventType, personal
from contracts.events.intake import ANSWERS_EXAMPLE, CHECKLIST_OUTCOMES, YES_NO, ChecklistAnswers
from contracts.events.sample import CHECKLIST, REVIEW
from contracts.fields import Code, Count, Day, Flag, Identifier, Items, LongText, Row, Text
from shared.care.intake import GUIDANCE, MEANS, NEXT_STEPS, STAFF, VISITORS, WISHES


class ReviewMeetingHeld(Schema):
    """The centre's 元気はつらつ報告会 looked at a plan that the ward designated for review (T-53)."""

    review_id = Identifier("検証の番号")
    held_on = Day("元気はつらつ報告会の日")
    discussion = personal(LongText("検討の内容"))


class PreventionAnswer(Schema):
    """A question of the ward's own 介護予防チェックリスト and its answer."""

    question = Text("質問")
    answer = Code("回答", YES_NO)


class ConsultationRecorded(Schema):
    """What somebody came to the centre for, and what follows (A-Q8, A-Q9)."""

    consulted_on = Day("相談日")
    visitor = Code("相談に来た人", VISITORS)
    means = Code("方法", MEANS)
    wishes = Items("目的・希望するもの", Code("希望", WISHES), least=1)
    at_once = Flag("すぐにサービスを利用したい")
    next_step = Code("次に行うこと", NEXT_STEPS)
    note = personal(LongText("相談の内容", null=True))


class ChecklistRecorded(Schema):
    """The 25 items as answered, and the verdict; a repeat is another one (A-Q4, A-Q21a)."""

    checklist_id = Identifier("基本チェックリストの番号")
    checked_on = Day("実施日")
    answered_by = Code("回答した人", VISITORS)
    means = Code("方法", MEANS)
    staff = Code("実施した職員の職種", STAFF)
    state_changed = Flag("認定の申請のあとの状態の変化")
    outcome = Code("判定", CHECKLIST_OUTCOMES)
    criteria = Items("該当した基準", Count("基準の番号", least=1))
    unanswered = Count("未回答の数")
    confirmation_needed = Flag("本人の状況の確認が必要")
    age = personal(Count("実施日の年齢"))
    outside_reason = personal(LongText("区外に住む人に行う理由", null=True, load_default=None))
    answers = personal(Row(ChecklistAnswers, "回答"))
    height_cm = personal(Text("身長（cm）", null=True, longest=8))
    weight_kg = personal(Text("体重（kg）", null=True, longest=8))


class PreventionChecklistRecorded(Schema):
    """The ward's own questions on dementia, kept apart from the 25 items (A-Q2a)."""

    recorded_on = Day("実施日")
    answers = personal(Items("区独自の質問と回答", PreventionAnswer, least=1))


class GuidanceGiven(Schema):
    """What the person was advised of; ``instead_of_request``: nothing is filed though the checklist would allow it."""

    given_on = Day("案内した日")
    about = Items("案内したもの", Code("案内", GUIDANCE), least=1)
    instead_of_request = Flag("届出をせず、案内だけとする")
    note = personal(LongText("助言・案内の内容"))


class PersonConfirmed(Schema):
    """The centre's staff saw the person and explained the system after a proxy's answers (A-Q6)."""

    confirmed_on = Day("確認した日")
    means = Code("方法", MEANS)
    note = personal(LongText("本人の状況、制度の趣旨の説明"))


MANAGEMENT_KINDS: Final = {
    "A": "ケアマネジメントA（原則的なプロセス）",
    "B": "ケアマネジメントB（簡略化したプロセス）",
    "C": "ケアマネジメントC（初回のみのプロセス）",
}
"""A: with meeting, monitoring and 給付管理; B: meeting and monitoring as needed; C: once, the result is handed over."""


class CareManagementDecided(Schema):
    """Which process the centre runs for a person of the project (A-Q28)."""

    kind = Code("ケアマネジメントの類型", MANAGEMENT_KINDS)
    decided_on = Day("決めた日")
    reason = personal(LongText("判断の理由", null=True))


def _internal(name: str, schema: type[Schema], title: str, example: Mapping[str, Any]) -> EventType:
    return EventType(name, 1, schema, "case", title, example=example)


_INTAKE: Final = (
    _internal(
        "ConsultationRecorded",
        ConsultationRecorded,
        "窓口での相談の記録",
        {
            "consulted_on": "2019-05-10",
            "visitor": "family",
            "means": "counter",
            "wishes": ["day"],
            "at_once": True,
            "next_step": "checklist",
            "note": "母が退院後に外出しなくなった",
        },
    ),
    _internal(
        "ChecklistRecorded",
        ChecklistRecorded,
        "基本チェックリストの実施",
        {
            "checklist_id": CHECKLIST,
            "checked_on": "2019-05-10",
            "answered_by": "family",
            "means": "counter",
            "staff": "three_professions",
            "state_changed": False,
            "outcome": "applicable",
            "criteria": [7],
            "unanswered": 1,
            "confirmation_needed": True,
            "age": 73,
            "answers": ANSWERS_EXAMPLE,
            "height_cm": "160",
            "weight_kg": "50.5",
        },
    ),
    _internal(
        "PreventionChecklistRecorded",
        PreventionChecklistRecorded,
        "区独自の介護予防チェックリストの実施",
        {
            "recorded_on": "2019-05-10",
            "answers": [{"question": "同じ物を何度も買うことがありますか", "answer": "no"}],
        },
    ),
    _internal(
        "GuidanceGiven",
        GuidanceGiven,
        "助言・案内",
        {
            "given_on": "2019-05-10",
            "about": ["awareness"],
            "instead_of_request": False,
            "note": "住区センターの体操教室を案内した",
        },
    ),
    _internal(
        "CareManagementDecided",
        CareManagementDecided,
        "ケアマネジメントの類型の決定",
        {"kind": "A", "decided_on": "2019-05-15", "reason": "足立区の指定を受けた通所型サービスを使う"},
    ),
    _internal(
        "PersonConfirmed",
        PersonConfirmed,
        "本人の状況の確認・制度の説明",
        {"confirmed_on": "2019-05-15", "means": "home_visit", "note": "病室で面接し、制度を説明した"},
    ),
)

CENTRE_EVENTS: Final[Mapping[str, EventType]] = {
    **{each.name: each for each in _INTAKE},
    "ReviewMeetingHeld": EventType(
        "ReviewMeetingHeld",
        1,
        ReviewMeetingHeld,
        "case",
        "元気はつらつ報告会での検討",
        example={
            "review_id": REVIEW,
            "held_on": "2025-10-15",
            "discussion": "外出の機会をどう増やすかを話し合った",
        },
    ),
}
"""Name → event type; no other agency receives one."""
