"""Events of the care process that stay on the node of the agency that does it."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import (
    EVALUATION_OUTCOMES,
    MONITORING_MEANS,
    ORIGINALS,
    PLAN_OCCASIONS,
    PROVIDER_DOCUMENTS,
    SERVICE_KINDS,
    SHEETS,
    SIGNERS,
    TRACKS,
    TYPES,
)
from contracts.definition import EventType, personal
from contracts.events.plan_paper import PAPER_EXAMPLE, PlanPaper
from contracts.events.rows import PlannedService
from contracts.events.sample import DAY_SERVICE, PLAN, RENTAL, REQUEST
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, LongText, Month, Row, Text
from shared.care.plan_sheets import SERVICES_AFTER, EvaluatedGoal, Present
from shared.care.provider_register import PROVIDER_NAMED
from shared.policy.eligibility import RESIDENCES

ATTENDEES: Final = {
    "person": "本人",
    "family": "家族",
    "care_manager": "担当の介護支援専門員",
    "service_provider": "サービス事業所",
    "centre": "地域包括支援センター",
    "doctor": "主治医",
    "other": "その他",
}

PLAN_CHANGES: Final = {
    "mode": "類型・区分の変更（居宅指定から再委託）",
    "schedule": "利用日・時間の変更",
    "provider": "事業所の変更（内容は同じ）",
    "service_removed": "サービスの終了",
    "other": "その他の軽微な変更",
}
"""Minor changes (軽微な変更): the same plan goes on, with the date of the change."""

SHEET_REASONS: Final = {"first": "初回", "changed": "変更", "monthly": "毎月"}


def _track() -> Code:
    """In which track the act was done: what is owed to the centre follows from it. Events of before lack it."""
    return Code("区分", TRACKS, required=False, null=True)


class AssessmentRecorded(Schema):
    assessed_on = Day("アセスメントの日")
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    documents = Items("作成した書類", Code("書類", ORIGINALS), least=1)
    residence = Code("住まい", RESIDENCES, required=False, null=True)
    resident_of = Agency("住所地特例の人の住所地", required=False, null=True)
    track = _track()
    findings = personal(LongText("アセスメントの内容"))


class PlanDrafted(Schema):
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    drafted_on = Day("原案の作成日")
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", PlannedService)
    track = _track()
    goals = personal(LongText("目標"))
    notes = personal(LongText("総合的な方針など", null=True))
    paper = personal(Row(PlanPaper, "計画書の記載", required=False, null=True))


class MeetingHeld(Schema):
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    held_on = Day("会議の日")
    attendees = Items("出席者", Code("出席者", ATTENDEES), least=1)
    track = _track()
    centre_missed = Flag("出席を求められた包括の欠席", required=False, null=True)
    summary = personal(LongText("会議の要点"))
    planner = personal(Text("計画作成者氏名", required=False, null=True))
    place = personal(Text("開催場所", required=False, null=True))
    held_at = personal(Text("開催時間", required=False, null=True))
    present = personal(Items("会議出席者の所属と氏名", Present, required=False, null=True))
    topics = personal(LongText("検討した項目", required=False, null=True))
    conclusion = personal(LongText("結論", required=False, null=True))
    remaining = personal(LongText("残された課題（次回の開催時期）", required=False, null=True))


class PlanConsented(Schema):
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    consented_on = Day("同意の日")
    signed_by = Code("署名した人", SIGNERS)


class PlanDelivered(Schema):
    """The fixed plan in the person's hands; it repeats what later duties follow from."""

    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    occasion = Code("作成の理由", PLAN_OCCASIONS)
    delivered_on = Day("交付日")
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    evaluate_by = Day("初めの評価の期限", required=False, null=True)
    replaces_version = Count("これで終わる版", least=1, required=False, null=True)
    track = _track()


class PlanContinued(Schema):
    """A minor change (軽微な変更): no new plan, no meeting; the plan bears the date of the change (T-68)."""

    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    change = Code("変更の内容", PLAN_CHANGES)
    changed_on = Day("変更日")
    note = personal(LongText("変更の記録"))


class PlannerAssigned(Schema):
    """Who of this agency plans the case: the name by which that person signs in; it stays on this node."""

    planner = Text("担当者（利用者名）", longest=41)
    assigned_on = Day("決めた日")


class UseSheetIssued(Schema):
    month = Month("利用月")
    issued_on = Day("交付日")
    reason = Code("交付の理由", SHEET_REASONS)


class ServiceStarted(Schema):
    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    started_on = Day("利用の開始日")
    contracted_on = Day("サービス事業所との利用契約の日", required=False, null=True)
    month = Month("利用月")
    first = Flag("このケースで最初のサービス")
    leads_to = Code("この月からの類型", TYPES, null=True)
    track = _track()


class ServiceEnded(Schema):
    """``leads_to`` is the type to which the case changes with this end, from ``leads_to_from`` on."""

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    last_used_on = Day("最終利用日")
    contract_ended_on = Day("利用契約の解除日", required=False, null=True)
    leads_to = Code("変わる類型", TYPES, null=True)
    leads_to_from = Day("類型が変わる日", null=True)
    changed_month = Month("利用が変わる月", null=True)
    checklist_again_from = Day("利用がないとき基本チェックリストを行う日", required=False, null=True)
    track = _track()
    reason = personal(LongText("終了の理由", null=True))


class MonitoringRecorded(Schema):
    month = Month("対象月")
    recorded_on = Day("実施日")
    track = _track()
    means = Code("方法", MONITORING_MEANS)
    visit_needed = Flag("居宅訪問が必要な月", required=False, null=True)
    plan_to = Day("計画期間の終了", required=False, null=True)
    findings = personal(LongText("モニタリングの内容"))


class ProvisionSheetIssued(Schema):
    """The month's provision sheet (提供票) was given to service offices, as it was needed (T-26R)."""

    month = Month("提供月")
    issued_on = Day("渡した日")
    providers = Items("渡したサービス事業所", Agency("サービス事業所"), least=1)


class ProviderDocumentReceived(Schema):
    """A service office's own plan or record, which has no node to send it from (T-29)."""

    document_id = Identifier("書類の番号")
    document = Code("書類", PROVIDER_DOCUMENTS)
    provider = Agency("サービス事業所")
    dated = Day("書類の日付")
    received_on = Day("受け取った日")
    track = _track()
    content = personal(LongText("内容", null=True))


class ProviderPerformanceReceived(Schema):
    """What a service office says was used of one service in a month; the newest word counts (T-32)."""

    service_month = Month("サービス提供月")
    provider = Agency("サービス事業所")
    service = Code("サービス種類", SERVICE_KINDS)
    units = Count("単位数")
    days = Items("利用した日", Day("利用した日"), required=False, null=True)
    last_used_on = Day("最終利用日", null=True)
    received_on = Day("受け取った日")


class EvaluationRecorded(Schema):
    plan_id = Identifier("計画の番号")
    plan_version = Count("版", least=1)
    evaluated_on = Day("評価日")
    outcome = Code("今後の方針", EVALUATION_OUTCOMES)
    evaluation_of = Day("この評価の期限", required=False, null=True)
    evaluate_by = Day("次の評価の期限", required=False, null=True)
    track = _track()
    services_after = Items(
        "今後のサービス", Code("今後のサービス", SERVICES_AFTER), required=False, null=True, most=5
    )
    comment = personal(LongText("評価の内容", longest=20_000))
    planner = personal(Text("計画作成者氏名", required=False, null=True))
    goals = personal(Items("目標ごとの評価", EvaluatedGoal, required=False, null=True))
    policy = personal(LongText("総合的な方針", required=False, null=True))


def _internal(name: str, schema: type[Schema], title: str, example: Mapping[str, Any]) -> EventType:
    return EventType(name, 1, schema, "case", title, example=example)


_VERSION: Final = {"plan_id": PLAN, "plan_version": 1}
_PERIOD: Final = {"period_from": "2024-10-21", "period_to": "2025-03-31"}
_ALL_SHEETS: Final = ["A", "B", "C", "D"]

_EVENTS: Final = (
    _internal(
        "AssessmentRecorded",
        AssessmentRecorded,
        "アセスメントの記録",
        {
            "assessed_on": "2024-10-15",
            "occasion": "first",
            "documents": ["basic_information", "basic_checklist", "assessment", "interest_checklist"],
            "findings": "屋外の歩行に不安がある。近所との交流を続けたい。",
        },
    ),
    _internal(
        "PlanDrafted",
        PlanDrafted,
        "計画原案の作成",
        {
            **_VERSION,
            **_PERIOD,
            "occasion": "first",
            "drafted_on": "2024-10-16",
            "sheets": _ALL_SHEETS,
            "services": [
                {"service": "67", "provider": RENTAL, "starts_on": "2024-10-21", "ends_on": None},
                {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2024-10-22", "ends_on": None},
            ],
            "goals": "近所の公園まで一人で歩いて行く",
            "notes": None,
            "paper": PAPER_EXAMPLE,
        },
    ),
    _internal(
        "MeetingHeld",
        MeetingHeld,
        "サービス担当者会議の開催",
        {
            **_VERSION,
            "occasion": "first",
            "held_on": "2024-10-17",
            "attendees": ["person", "care_manager", "service_provider"],
            "summary": "歩行器を使って週1回通うことに合意した",
            "place": "自宅",
            "present": [{"affiliation": "通所（相談員）", "name": "見本 次郎"}],
        },
    ),
    _internal(
        "PlanConsented",
        PlanConsented,
        "計画への同意",
        {**_VERSION, "consented_on": "2024-10-18", "signed_by": "person"},
    ),
    _internal(
        "PlanDelivered",
        PlanDelivered,
        "計画の交付",
        {
            **_VERSION,
            **_PERIOD,
            "occasion": "first",
            "delivered_on": "2024-10-18",
            "sheets": _ALL_SHEETS,
        },
    ),
    _internal(
        "PlannerAssigned",
        PlannerAssigned,
        "計画の担当者の決定",
        {"planner": "care.manager", "assigned_on": "2024-10-18"},
    ),
    _internal(
        "PlanContinued",
        PlanContinued,
        "計画の軽微な変更",
        {**_VERSION, "change": "mode", "changed_on": "2025-01-01", "note": "2025-01-01 再委託に変更"},
    ),
    _internal(
        "UseSheetIssued",
        UseSheetIssued,
        "利用票の交付",
        {"month": "2024-10", "issued_on": "2024-10-18", "reason": "first"},
    ),
    _internal(
        "ServiceStarted",
        ServiceStarted,
        "サービスの利用開始",
        {
            "service": "67",
            "provider": RENTAL,
            "started_on": "2024-10-21",
            "month": "2024-10",
            "first": True,
            "leads_to": None,
        },
    ),
    _internal(
        "ServiceEnded",
        ServiceEnded,
        "サービスの利用終了",
        {
            "service": "67",
            "provider": RENTAL,
            "last_used_on": "2024-12-27",
            "leads_to": "care_management_a",
            "leads_to_from": "2025-01-01",
            "changed_month": "2025-01",
            "reason": "歩行が安定し、歩行器を返却した",
        },
    ),
    _internal(
        "MonitoringRecorded",
        MonitoringRecorded,
        "モニタリングの記録",
        {
            "month": "2024-11",
            "recorded_on": "2024-11-20",
            "means": "meet",
            "findings": "通所先で面接。休まず通っている。",
        },
    ),
    _internal(
        "ProvisionSheetIssued",
        ProvisionSheetIssued,
        "提供票の交付",
        {"month": "2024-10", "issued_on": "2024-10-18", "providers": [RENTAL, DAY_SERVICE]},
    ),
    _internal(
        "ProviderDocumentReceived",
        ProviderDocumentReceived,
        "サービス事業所の書類の受領",
        {
            "document_id": REQUEST,
            "document": "individual_plan",
            "provider": DAY_SERVICE,
            "dated": "2024-10-25",
            "received_on": "2024-10-25",
            "track": "designated",
            "content": "週1回の通所で下肢の筋力を保つ",
        },
    ),
    _internal(
        "ProviderPerformanceReceived",
        ProviderPerformanceReceived,
        "サービス事業所の実績の受領",
        {
            "service_month": "2025-01",
            "provider": DAY_SERVICE,
            "service": "A6",
            "units": 3621,
            "last_used_on": None,
            "received_on": "2025-02-03",
        },
    ),
    _internal(
        "EvaluationRecorded",
        EvaluationRecorded,
        "評価の記録",
        {
            **_VERSION,
            "evaluated_on": "2025-03-24",
            "track": "designated",
            "outcome": "continue",
            "comment": "目標をおおむね達成した",
            "goals": [
                {
                    "goal": "近所の公園まで一人で歩いて行く",
                    "period": "令和6年10月21日〜令和7年3月31日",
                    "situation": "週2回歩いている",
                    "achieved": "yes",
                    "onward": "続ける",
                }
            ],
        },
    ),
)

CARE_EVENTS: Final[Mapping[str, EventType]] = {each.name: each for each in (*_EVENTS, PROVIDER_NAMED)}
"""Name → event type of the care process; no other agency receives one."""
