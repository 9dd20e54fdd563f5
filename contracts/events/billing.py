"""Events about claims."""

from marshmallow import Schema

from contracts.claim_codes import CLAIM_RETURNS, ROUTES, SLIP_KINDS, SLIP_PLANNERS
from contracts.codes import SERVICE_KINDS, STATUSES, TRACKS, TYPES
from contracts.definition import EventType, personal
from contracts.events.sample import BILLING, CENTRE, CLAIM, DAY_SERVICE, OFFICE
from contracts.events.submission import EVENTS as SUBMISSION_EVENTS
from contracts.fields import (
    Agency,
    Code,
    Count,
    Day,
    Flag,
    Identifier,
    Items,
    LongText,
    Month,
    Price,
    Row,
    Text,
)


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
    certified_from = Day("認定有効期間の初日", required=False, null=True)
    certified_to = Day("認定有効期間の末日", required=False, null=True)
    notified_on = Day("計画作成依頼届出の届出日", required=False, null=True)
    lines = Items("内訳", ClaimLine, least=1)
    units = Count("単位数の合計")
    unit_price = Price("単価（円）")
    yen = Count("請求額（円）")
    insurance_yen = Count("保険に請求する額（円）", required=False, null=True)
    public_yen = Count("公費（生活保護）に請求する額（円）", required=False, null=True)
    split = Row(Split, "配分", null=True)
    split_assumed = Flag("配分は仮定による")
    replaces = Identifier("前の請求案の番号", required=False, null=True)
    reasons = Items("算定の理由", ClaimReason)


class SlipRow(Schema):
    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    units = Count("給付計画単位数")


class BenefitSlipPrepared(Schema):
    """What goes on a month's benefit slip (給付管理票) and who sends it (T-33).

    An entrusted month names the office that did the work and its care manager (items 26 and 27); the office's own month
    names neither. 作成区分 3 takes back what the federation has: it repeats that slip.
    """

    slip_id = Identifier("給付管理票の番号")
    service_month = Month("サービス提供月")
    kind = Code("作成区分", SLIP_KINDS)
    prepared_on = Day("作成日")
    biller = Agency("請求事務を行う事業所")
    claimant = Agency("提出する事業所")
    planner = Code("計画作成区分", SLIP_PLANNERS)
    entrusted_office = Agency("委託先の居宅介護支援事業所", null=True)
    entrusted_care_manager = Text("委託先の担当介護支援専門員番号", null=True, longest=8)
    status = Code("状態区分", STATUSES)
    limit = Count("区分支給限度基準額")
    limit_from = Day("限度額の認定有効期間の初日", required=False, null=True)
    limit_to = Day("限度額の認定有効期間の末日", required=False, null=True)
    rows = Items("明細", SlipRow, least=1)
    units = Count("給付計画単位数の合計")
    replaces = Identifier("前の給付管理票の番号", required=False, null=True)


class BenefitSlipReturned(Schema):
    """A benefit slip came back from the federation: it is made and submitted anew."""

    slip_id = Identifier("給付管理票の番号")
    service_month = Month("サービス提供月")
    biller = Agency("請求事務を行う事業所")
    claimant = Agency("提出した事業所")
    returned_on = Day("返戻日")
    reason_code = Code("返戻の理由", CLAIM_RETURNS)
    reason = personal(LongText("理由の説明", null=True))


EVENTS = (
    EventType(
        "BenefitSlipPrepared",
        1,
        BenefitSlipPrepared,
        "case",
        "給付管理票の作成",
        senders=frozenset({"billing"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        speaks_for="biller",
        example={
            "slip_id": CLAIM,
            "service_month": "2025-01",
            "kind": "1",
            "prepared_on": "2025-02-06",
            "biller": BILLING,
            "claimant": CENTRE,
            "planner": "3",
            "entrusted_office": OFFICE,
            "entrusted_care_manager": "13000002",
            "status": "support2",
            "limit": 10531,
            "rows": [{"service": "A6", "provider": DAY_SERVICE, "units": 3621}],
            "units": 3621,
        },
    ),
    EventType(
        "BenefitSlipReturned",
        1,
        BenefitSlipReturned,
        "case",
        "給付管理票の返戻",
        senders=frozenset({"billing"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        speaks_for="biller",
        example={
            "slip_id": CLAIM,
            "service_month": "2025-01",
            "biller": BILLING,
            "claimant": CENTRE,
            "returned_on": "2025-02-28",
            "reason_code": "person",
            "reason": None,
        },
    ),
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
    *SUBMISSION_EVENTS,
)
