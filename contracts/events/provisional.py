"""Events about a provisional plan (暫定プラン): service before the result of an application for certification."""

from marshmallow import Schema

from contracts.codes import (
    CERTIFICATION_OCCASIONS,
    PAYERS,
    PROSPECTS,
    PROVISIONAL_PARTS,
    PROVISIONAL_RESULTS,
    SERVICE_KINDS,
    SHEETS,
    STATUSES,
    TRACKS,
    TYPES,
    WELFARE_PAPERS,
)
from contracts.definition import EventType, personal
from contracts.events.rows import PlannedService
from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, PLAN, RENTAL
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, LongText

_CARE = frozenset({"kyotaku", "hokatsu"})


class ProvisionalPlanSubmitted(Schema):
    """The draft of a provisional plan, for the centre to check before the meeting (T-34R, T-37).

    ``track`` is the one in which it is made, ``occasion`` and ``applied_on`` are those of the application.
    """

    carer = Agency("暫定プランを作成した事業所")
    plan_id = Identifier("計画の番号")
    track = Code("区分", TRACKS)
    prospect = Code("認定の見込み", PROSPECTS)
    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    applied_on = Day("申請日")
    public_assistance = Flag("生活保護を受けている")
    sheets = Items("計画書", Code("計画書", SHEETS), least=1)
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", PlannedService)
    submitted_on = Day("提出日")
    goals = personal(LongText("目標"))
    notes = personal(LongText("総合的な方針など", null=True))
    reason = personal(LongText("暫定で使うやむを得ない理由", required=False, null=True))


class CentreConsulted(Schema):
    """The office consulted the centre before it makes a provisional plan (A-Q19)."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    consulted_on = Day("相談した日")
    note = personal(LongText("相談の内容", null=True))


class SelfPlanAccepted(Schema):
    """The person makes the plan (セルフプラン) of preventive benefits; the ward took it (A-Q18)."""

    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", Code("サービス種類", SERVICE_KINDS), least=1)
    accepted_on = Day("受理日")


class ProvisionalPlanChecked(Schema):
    """The centre has checked the draft; it then need not attend the meeting of a designated office (T-37)."""

    centre = Agency("地域包括支援センター")
    plan_id = Identifier("計画の番号")
    checked_on = Day("確認日")
    comment = personal(LongText("包括の意見・指示", null=True))


class WelfareOfficeContacted(Schema):
    """The welfare office (福祉事務所) was told beforehand; it has no node (T-40, decision 26)."""

    agency = Agency("連絡した事業所")
    plan_id = Identifier("計画の番号")
    contacted_on = Day("連絡した日")
    note = personal(LongText("連絡の内容", null=True))


class WelfarePapersSubmitted(Schema):
    """The agreed plan and the use sheets were given to the welfare office; ``missing`` are those still to be given."""

    agency = Agency("提出した事業所")
    plan_id = Identifier("計画の番号")
    submitted_on = Day("提出日")
    papers = Items("提出した書類", Code("書類", WELFARE_PAPERS), least=1)
    missing = Items("まだ提出していない書類", Code("書類", WELFARE_PAPERS))


class ProvisionalPlanSettled(Schema):
    """What the result means for the provisional plan: type, track, who files, who claims (T-39).

    ``type`` to ``effective_from`` are null where the result is not 要支援: nothing is filed or claimed here then.
    ``notification_needed`` is false where one of the filer for this type is current already, ``mode_changes`` where the
    case goes on as it was.
    """

    carer = Agency("暫定プランを作成した事業所")
    office = Agency("居宅介護支援事業所", null=True)
    centre = Agency("地域包括支援センター", null=True)
    plan_id = Identifier("計画の番号")
    result = Code("結果", PROVISIONAL_RESULTS)
    status = Code("状態区分", STATUSES)
    decided_on = Day("認定日")
    wish_confirmed_on = Day("本人の意向を確認した日", null=True)
    type = Code("類型", TYPES, null=True)
    track = Code("区分", TRACKS, null=True)
    filer = Agency("届出書を提出する事業所", null=True)
    claimant = Agency("請求する事業所", null=True)
    effective_from = Day("類型の開始日", null=True)
    notification_needed = Flag("届出書が必要")
    entrustment_needed = Flag("委託が必要")
    mode_changes = Flag("類型・区分が決まる")
    choice = Code("本人が選んだ側", PROVISIONAL_PARTS, required=False, null=True)
    project_paid_by = Code("サービス事業の分の負担", PAYERS, required=False, null=True)
    benefit_paid_by = Code("給付の分の負担", PAYERS, required=False, null=True)
    plan_paid_by = Code("ケアプラン代の負担", PAYERS, required=False, null=True)
    paid_for_person = Count("総合事業・給付から支払う額（円）", required=False, null=True)
    paid_by_person = Count("本人が支払う額（円）", required=False, null=True)
    project_until = Day("サービス事業から支給される最後の日", required=False, null=True)
    unpayable_from = Day("総合事業から支給できない期間の始め", required=False, null=True)
    unpayable_to = Day("総合事業から支給できない期間の終わり", required=False, null=True)
    settled_on = Day("確定した日")
    wish = personal(LongText("本人の意向", null=True))


_SERVICES = [
    {"service": "67", "provider": RENTAL, "starts_on": "2025-06-05", "ends_on": None},
    {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2025-06-06", "ends_on": None},
]

EVENTS = (
    EventType(
        "ProvisionalPlanSubmitted",
        1,
        ProvisionalPlanSubmitted,
        "case",
        "暫定プランの提出",
        senders=_CARE,
        recipients=frozenset({"hokatsu"}),
        speaks_for="carer",
        example={
            "carer": OFFICE,
            "plan_id": PLAN,
            "track": "designated",
            "prospect": "undecidable",
            "occasion": "new",
            "applied_on": "2025-06-02",
            "public_assistance": False,
            "sheets": ["A", "B", "C", "D"],
            "period_from": "2025-06-05",
            "period_to": "2025-08-31",
            "services": _SERVICES,
            "submitted_on": "2025-06-02",
            "goals": "自宅で入浴を続ける",
            "notes": None,
        },
    ),
    EventType(
        "CentreConsulted",
        1,
        CentreConsulted,
        "case",
        "暫定プランの事前相談",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "centre": CENTRE,
            "consulted_on": "2025-06-02",
            "note": "退院が早まり、結果を待てない",
        },
    ),
    EventType(
        "SelfPlanAccepted",
        1,
        SelfPlanAccepted,
        "case",
        "自己作成の計画の受理",
        senders=frozenset({"ward"}),
        recipients=_CARE | {"billing"},
        example={
            "period_from": "2025-06-05",
            "period_to": "2025-12-31",
            "services": ["67"],
            "accepted_on": "2025-06-04",
        },
    ),
    EventType(
        "ProvisionalPlanChecked",
        1,
        ProvisionalPlanChecked,
        "case",
        "暫定プランの事前確認",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "plan_id": PLAN,
            "checked_on": "2025-06-03",
            "comment": "通所の回数は週1回から",
        },
    ),
    EventType(
        "WelfareOfficeContacted",
        1,
        WelfareOfficeContacted,
        "case",
        "福祉事務所への連絡",
        senders=_CARE,
        recipients=_CARE,
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "plan_id": PLAN,
            "contacted_on": "2025-06-03",
            "note": "担当の現業員に電話",
        },
    ),
    EventType(
        "WelfarePapersSubmitted",
        1,
        WelfarePapersSubmitted,
        "case",
        "福祉事務所への書類の提出",
        senders=_CARE,
        recipients=_CARE,
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "plan_id": PLAN,
            "submitted_on": "2025-06-04",
            "papers": ["provisional_plan", "use_sheet", "use_sheet_table"],
            "missing": [],
        },
    ),
    EventType(
        "ProvisionalPlanSettled",
        1,
        ProvisionalPlanSettled,
        "case",
        "暫定プランの結果の確定",
        senders=_CARE,
        recipients=_CARE | {"billing"},
        speaks_for="carer",
        example={
            "carer": OFFICE,
            "office": OFFICE,
            "centre": CENTRE,
            "plan_id": PLAN,
            "result": "support",
            "status": "support1",
            "decided_on": "2025-06-20",
            "wish_confirmed_on": "2025-06-23",
            "type": "preventive_support",
            "track": "designated",
            "filer": OFFICE,
            "claimant": OFFICE,
            "effective_from": "2025-06-05",
            "notification_needed": True,
            "entrustment_needed": False,
            "mode_changes": True,
            "settled_on": "2025-06-23",
            "wish": "福祉用具と通所を続けたい",
        },
    ),
)
