"""Events about claims."""

from marshmallow import Schema

from contracts.codes import ROUTES, STATUSES, TRACKS, TYPES
from contracts.definition import EventType
from contracts.events.sample import CENTRE, CLAIM, OFFICE
from contracts.fields import Agency, Code, Count, Flag, Identifier, Items, Month, Price, Row, Text


class ClaimLine(Schema):
    name = Text("項目")
    units = Count("単位数")


class Split(Schema):
    """Yen of a fee that the office and the centre share."""

    office = Count("居宅介護支援事業所の額（円）")
    centre = Count("地域包括支援センターの額（円）")


class ClaimReason(Schema):
    """Why a claim is as it is: a rule id and its effect in words that the program made, never typed text."""

    rule = Text("規則")
    text = Text("説明", longest=500)


class ClaimDrafted(Schema):
    claim_id = Identifier("請求の番号")
    service_month = Month("サービス提供月")
    examination_month = Month("審査月")
    claimant = Agency("請求する事業所")
    office = Agency("担当する居宅介護支援事業所", null=True)
    type = Code("類型", TYPES)
    track = Code("区分", TRACKS)
    route = Code("請求先", ROUTES)
    status = Code("状態区分", STATUSES)
    lines = Items("内訳", ClaimLine, least=1)
    units = Count("単位数の合計")
    unit_price = Price("単価（円）")
    yen = Count("請求額（円）")
    split = Row(Split, "配分", null=True)
    split_assumed = Flag("配分は仮定による")
    reasons = Items("算定の理由", ClaimReason)


EVENTS = (
    EventType(
        "ClaimDrafted",
        1,
        ClaimDrafted,
        "case",
        "請求の作成",
        senders=frozenset({"billing"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        example={
            "claim_id": CLAIM,
            "service_month": "2025-01",
            "examination_month": "2025-02",
            "claimant": CENTRE,
            "office": OFFICE,
            "type": "care_management_a",
            "track": "entrusted",
            "route": "ward",
            "status": "support2",
            "lines": [
                {"name": "介護予防ケアマネジメントA", "units": 442},
                {"name": "委託連携加算", "units": 300},
            ],
            "units": 742,
            "unit_price": "11.40",
            "yen": 8458,
            "split": {"office": 7613, "centre": 845},
            "split_assumed": True,
            "reasons": [{"rule": "T-69", "text": "再委託への最初の変更のため委託連携加算を算定"}],
        },
    ),
)
