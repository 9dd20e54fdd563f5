"""Events of the care process that partners receive: records shared, plans submitted, performance reported."""

from marshmallow import Schema

from contracts.codes import DRAFT_OUTCOMES, PLAN_OCCASIONS, PROVIDED_RECORDS, RECORDS, SHEETS
from contracts.definition import EventType, personal
from contracts.events.plan_paper import PAPER_EXAMPLE, PlanPaper
from contracts.events.rows import MonthOccasion, PlannedService, PlannedWeeks, ServiceAddition, UsedService
from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, PLAN, RENTAL, REQUEST
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, LongText, Month, Row


class ProvidedRecord(Schema):
    kind = Code("資料", PROVIDED_RECORDS)
    dated = Day("資料の日付")


class RecordsRequested(Schema):
    """Request to view (閲覧申請) the records behind a certification."""

    request_id = Identifier("申請の番号")
    requested_on = Day("申請日")
    records = Items("資料", Code("資料", RECORDS), least=1)
    consented_on = Day("個人情報使用の同意を得た日", null=True)


class RecordsProvided(Schema):
    """``request_id`` is null where a centre hands over what it has without being asked (T-18M, T-18R)."""

    request_id = Identifier("申請の番号", null=True)
    provided_on = Day("提供日")
    records = Items("資料", ProvidedRecord, least=1)
    note = personal(LongText("連絡事項", null=True))


class DraftSubmitted(Schema):
    """A draft goes to the centre for its check before the meeting (T-23R); ``corrects`` is the one it returned."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    submission = Count("提出の回数", least=1)
    corrects = Count("見直した提出の回数", null=True)
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", PlannedService)
    submitted_on = Day("提出日")
    goals = personal(LongText("目標", null=True))
    notes = personal(LongText("総合的な方針など", null=True))
    paper = personal(Row(PlanPaper, "計画書の記載", required=False, null=True))


class DraftChecked(Schema):
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    submission = Count("提出の回数", least=1)
    checked_on = Day("確認日")
    outcome = Code("確認の結果", DRAFT_OUTCOMES)
    comment = personal(LongText("包括の意見", null=True))


class PlanSubmitted(Schema):
    """A copy of the delivered plan; without a recorded meeting (T-27) another copy follows once there is one."""

    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", PlannedService)
    meeting_on = Day("サービス担当者会議の日", null=True)
    consented_on = Day("計画への同意の日")
    delivered_on = Day("交付日")
    submitted_on = Day("提出日")
    goals = personal(LongText("目標", null=True))
    notes = personal(LongText("総合的な方針など", null=True))
    paper = personal(Row(PlanPaper, "計画書の記載", required=False, null=True))


class PerformanceReported(Schema):
    """What was used in a month, and what whoever claims for it must know: the plan and its delivery, the notification.

    ``planned`` is null where the reporter knows no plan of the month, and absent from those that do not tell; the same
    holds for how often a week services were planned on which days, and for what happened in the middle of the month.
    """

    office = Agency("報告する事業所")
    service_month = Month("サービス提供月")
    reported_on = Day("報告日")
    services = Items("実績", UsedService)
    planned = Items("計画にあるサービス", PlannedService, required=False, null=True)
    plan_delivered_on = Day("計画の交付日", required=False, null=True)
    notified_on = Day("届出書の届出日", required=False, null=True)
    weekly_counts = Items("計画の週の回数", PlannedWeeks, required=False, null=True)
    occasions = Items("月の途中の出来事", MonthOccasion, required=False, null=True)
    additions = Items("加算", ServiceAddition, required=False, null=True)
    nothing_used = Flag("利用がなかった月", required=False, null=True)
    claimed_in_next_case = Flag(
        "請求は次のケースで行う", required=False, null=True, help="月の途中で居宅や担当の包括が変わった月"
    )


EVENTS = (
    EventType(
        "RecordsRequested",
        1,
        RecordsRequested,
        "case",
        "資料の閲覧申請",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"ward", "hokatsu"}),
        example={
            "request_id": REQUEST,
            "requested_on": "2024-10-11",
            "records": ["certification_survey", "doctor_opinion"],
            "consented_on": "2024-10-10",
        },
    ),
    EventType(
        "RecordsProvided",
        1,
        RecordsProvided,
        "case",
        "資料の提供",
        senders=frozenset({"ward", "hokatsu"}),
        recipients=frozenset({"kyotaku"}),
        example={
            "request_id": REQUEST,
            "provided_on": "2024-10-15",
            "records": [{"kind": "certification_survey", "dated": "2024-09-20"}],
            "note": None,
        },
    ),
    EventType(
        "DraftSubmitted",
        1,
        DraftSubmitted,
        "case",
        "計画原案の提出",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "centre": CENTRE,
            "plan_id": PLAN,
            "plan_version": 1,
            "submission": 1,
            "corrects": None,
            "occasion": "first",
            "sheets": ["A", "B", "C", "D"],
            "period_from": "2025-04-01",
            "period_to": "2025-09-30",
            "services": [
                {"service": "67", "provider": RENTAL, "starts_on": "2025-04-01", "ends_on": None},
                {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2025-04-03", "ends_on": None},
            ],
            "submitted_on": "2025-03-26",
            "goals": "自分で買い物を続ける",
            "notes": None,
        },
    ),
    EventType(
        "DraftChecked",
        1,
        DraftChecked,
        "case",
        "計画原案の事前確認",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku"}),
        speaks_for="centre",
        example={
            "office": OFFICE,
            "centre": CENTRE,
            "plan_id": PLAN,
            "plan_version": 1,
            "submission": 1,
            "checked_on": "2025-03-27",
            "outcome": "confirmed",
            "comment": "外出の目標が具体的でよい",
        },
    ),
    EventType(
        "PlanSubmitted",
        1,
        PlanSubmitted,
        "case",
        "計画書（写し）の提出",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        example={
            "plan_id": PLAN,
            "plan_version": 1,
            "occasion": "first",
            "sheets": ["A", "B", "C", "D"],
            "period_from": "2024-10-21",
            "period_to": "2025-03-31",
            "services": [
                {"service": "67", "provider": RENTAL, "starts_on": "2024-10-21", "ends_on": None},
                {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2024-10-22", "ends_on": None},
            ],
            "meeting_on": "2024-10-17",
            "consented_on": "2024-10-18",
            "delivered_on": "2024-10-18",
            "submitted_on": "2024-10-18",
            "goals": "近所の公園まで一人で歩いて行く",
            "notes": "転倒に注意しながら外出の機会を増やす",
            "paper": PAPER_EXAMPLE,
        },
    ),
    EventType(
        "PerformanceReported",
        1,
        PerformanceReported,
        "case",
        "実績報告",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=frozenset({"hokatsu", "billing"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "service_month": "2025-01",
            "reported_on": "2025-02-04",
            "services": [
                {
                    "service": "A6",
                    "provider": DAY_SERVICE,
                    "units": 3621,
                    "last_used_on": None,
                    "attended": 8,
                }
            ],
            "weekly_counts": [
                {
                    "service": "A6",
                    "provider": DAY_SERVICE,
                    "first": "2025-01-01",
                    "last": "2025-01-31",
                    "per_week": 2,
                }
            ],
            "occasions": [],
            "additions": [],
        },
    ),
)
