"""What stands on the sheets of a plan (サービス計画書 A to D), as it is written on paper (T-23, T-24).

An event carries all of it in one personal field, so that who may not see the person sees none of it.
"""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import SERVICE_KINDS
from contracts.events.sample import DAY_SERVICE, RENTAL
from contracts.fields import Agency, Clock, Code, Count, Day, Items, LongText, Row, Text

AREAS: Final = {
    "movement": "運動・移動について",
    "daily_life": "日常生活（家庭生活）について",
    "social": "社会参加、対人関係・コミュニケーションについて",
    "health": "健康管理について",
}
"""The four areas of the assessment on sheet A, in the paper's order."""

COURSES: Final = {"first": "初回", "introduced": "紹介", "continued": "継続"}
PRESENT: Final = {"yes": "有", "no": "無"}
WEEKDAYS: Final = {
    "mon": "月",
    "tue": "火",
    "wed": "水",
    "thu": "木",
    "fri": "金",
    "sat": "土",
    "sun": "日",
}
WEEK_KINDS: Final = {
    "insured": "介護保険・総合事業のサービス",
    "informal": "家族・地域の支援",
    "self": "本人の取組",
}
PROGRAMMES: Final = {
    "exercise": "運動不足",
    "nutrition": "栄養改善",
    "mouth": "口腔内ケア",
    "withdrawal": "閉じこもり予防",
    "memory": "物忘れ予防",
    "depression": "うつ予防",
}
"""The programmes of sheet C (必要な事業プログラム)."""

_SHORT: Final = 1000


def _text(label: str, help: str | None = None) -> LongText:
    return LongText(label, null=True, load_default=None, longest=_SHORT, help=help)


class Area(Schema):
    """One area of sheet A: how it is now, what the person and the family want, what is difficult and why."""

    current = _text("現在の状況")
    wish = _text("本人・家族の意欲・意向")
    issue_present = Code("領域における課題", PRESENT, null=True, load_default=None)
    issue = _text("課題の背景・原因")


class PlanGoal(Schema):
    """One line of sheet B, from the issue to the goal."""

    synthesis = _text("総合的課題")
    proposal = _text("課題に対する目標と具体策の提案")
    wish = _text("具体策についての意向（本人・家族）")
    goal = LongText("目標", longest=300)


class PlanSupport(Schema):
    """One line of sheet C. ``goal`` is the number of the line of sheet B; a line without ``service`` names none."""

    goal = Count("目標の番号", least=1, null=True, load_default=None)
    points = _text("目標についての支援のポイント")
    own_care = _text("本人等のセルフケアや家族の支援、インフォーマルサービス")
    insured = _text("介護保険サービス又は地域支援事業")
    service = Code("サービス種別", SERVICE_KINDS, null=True, load_default=None)
    provider = Agency("事業所", null=True, load_default=None)
    starts_on = Day("期間の開始", null=True, load_default=None)
    ends_on = Day("期間の終了", null=True, load_default=None)
    per_week = Count("週の回数", null=True, load_default=None, least=1)
    units = Count("1月の計画単位数", null=True, load_default=None)


class WeekEntry(Schema):
    """What happens on some days of the week (sheet D), from ``begins`` to ``ends``."""

    days = Items("曜日", Code("曜日", WEEKDAYS), least=1, most=7)
    begins = Clock("開始時刻")
    ends = Clock("終了時刻")
    what = Text("内容", longest=100)
    kind = Code("区分", WEEK_KINDS, null=True, load_default=None)


class DayActivity(Schema):
    """What the person usually does at a time of the day (主な日常生活上の活動)."""

    at = Clock("時刻")
    what = Text("主な日常生活上の活動", longest=100)


class PlanPaper(Schema):
    """Sheets A to D. What an event holds of the plan besides (period, general policy) is not repeated."""

    planner = Text("計画作成者氏名", null=True, load_default=None, longest=100)
    course = Code("初回・紹介・継続", COURSES, null=True, load_default=None)
    life_day = _text("目標とする生活（1日）")
    life_year = _text("目標とする生活（1年）")
    movement = Row(Area, AREAS["movement"], null=True, load_default=None)
    daily_life = Row(Area, AREAS["daily_life"], null=True, load_default=None)
    social = Row(Area, AREAS["social"], null=True, load_default=None)
    health = Row(Area, AREAS["health"], null=True, load_default=None)
    goals = Items("目標（B表）", PlanGoal, least=1, most=12)
    supports = Items("支援計画（C表）", PlanSupport, least=1, most=24)
    condition = _text("健康状態について", help="主治医意見書、健診結果、観察結果等を踏まえた留意点")
    alternative = _text(
        "妥当な支援の実施に向けた方針",
        help="本来行うべき支援が実施できない場合：妥当な支援の実施に向けた方針",
    )
    programmes = Items(
        "必要な事業プログラム", Code("事業プログラム", PROGRAMMES), required=False, load_default=list, most=6
    )
    week = Items("週間支援計画（D表）", WeekEntry, required=False, load_default=list, most=60)
    activities = Items("主な日常生活上の活動", DayActivity, required=False, load_default=list, most=24)
    not_weekly = _text("週単位以外のサービス")


PAPER_EXAMPLE: Final[Mapping[str, Any]] = {
    "planner": "見本 花子",
    "course": "first",
    "life_day": "午前中に近所を歩く",
    "life_year": "友人と公園まで出かける",
    "movement": {
        "current": "屋内は伝い歩き、屋外は歩行器を使う",
        "wish": "公園まで一人で歩きたい",
        "issue_present": "yes",
        "issue": "下肢の筋力が落ち、長い距離を歩けない",
    },
    "daily_life": None,
    "social": None,
    "health": None,
    "goals": [
        {
            "synthesis": "外出の機会が減り、筋力が落ちている",
            "proposal": "歩行器で外出し、通所で体操をする",
            "wish": "休まず通いたい",
            "goal": "近所の公園まで一人で歩いて行く",
        }
    ],
    "supports": [
        {
            "goal": 1,
            "points": "転倒に注意しながら距離を延ばす",
            "own_care": "毎朝の体操",
            "insured": "歩行器の貸与",
            "service": "67",
            "provider": RENTAL,
            "starts_on": "2024-10-21",
            "ends_on": None,
            "per_week": None,
            "units": 300,
        },
        {
            "goal": 1,
            "points": "体操で下肢の筋力を保つ",
            "own_care": None,
            "insured": "通所での運動",
            "service": "A6",
            "provider": DAY_SERVICE,
            "starts_on": "2024-10-22",
            "ends_on": None,
            "per_week": 1,
            "units": 1798,
        },
    ],
    "condition": None,
    "alternative": None,
    "programmes": ["exercise"],
    "week": [
        {"days": ["tue"], "begins": "09:30", "ends": "12:00", "what": "通所型サービス", "kind": "insured"}
    ],
    "activities": [{"at": "07:00", "what": "起床・体操"}],
    "not_weekly": "福祉用具貸与（歩行器）",
}
