"""Events about closing a service month: a claimant asks for it, is told what it comes to, and of what reopens it."""

from marshmallow import Schema

from contracts.claim_codes import CLAIM_STAGES, WORKSHEET_OUTCOMES
from contracts.codes import SERVICE_KINDS, TYPES
from contracts.definition import EventType
from contracts.events.sample import BILLING, CENTRE, CLAIM, DAY_SERVICE, OFFICE
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, Month, Row, Text


class ConfirmedUse(Schema):
    """A service of the month as its claimant knows it was used."""

    service = Code("サービス種類", SERVICE_KINDS)
    provider = Agency("サービス事業所")
    units = Count("単位数")


class MonthClosingRequested(Schema):
    """A claimant confirms a month's performance as it knows it, and asks its billing desk to close the month by it."""

    service_month = Month("サービス提供月")
    claimant = Agency("請求する事業所")
    requested_on = Day("締めを依頼した日")
    services = Items("確認した実績", ConfirmedUse, least=1)


class StatedFigure(Schema):
    """One figure of a claim in words that the program made: its value, how it follows, by which rules and values."""

    title = Text("項目")
    value = Text("値", longest=500)
    derivation = Text("求め方", longest=2000)
    rules = Items("規則", Text("規則"))
    sources = Items("出典", Text("出典", longest=2000))


class StatedReason(Schema):
    """What blocks a claim or is to be minded, in words that the program made: the rule, and what to do."""

    rule = Text("規則")
    text = Text("説明", longest=2000)
    todo = Text("すること", longest=2000, null=True)


class WorksheetStated(Schema):
    """What closing one person's month came to, with every figure, or why nothing could be drafted."""

    service_month = Month("サービス提供月")
    biller = Agency("請求事務を行う事業所")
    claimant = Agency("請求する事業所")
    stated_on = Day("計算した日")
    outcome = Code("結果", WORKSHEET_OUTCOMES)
    claim_id = Identifier("請求の番号", null=True)
    units = Count("単位数の合計", null=True)
    yen = Count("請求額（円）", null=True)
    figures = Items("根拠", StatedFigure)
    blockers = Items("請求できない理由", StatedReason)
    notes = Items("注意", StatedReason)


class ClaimNow(Schema):
    """What the month would be claimed as by what is known now."""

    claimant = Agency("請求する事業所")
    type = Code("類型", TYPES)
    units = Count("単位数の合計")
    yen = Count("請求額（円）")


class MonthReopened(Schema):
    """A fact that came after a month's claim was made changes what it should be; the claim itself stays as it is.

    ``now`` is null where nothing can be claimed any more. ``as_claimed`` tells that the claim is right, or right again.
    ``slip_id`` names the benefit slip of the month that does not state what is known now, and is to be made anew.
    """

    service_month = Month("サービス提供月")
    biller = Agency("請求事務を行う事業所")
    claimant = Agency("請求した事業所")
    claim_id = Identifier("請求の番号")
    stage = Code("請求の段階", CLAIM_STAGES)
    cause = Text("後から届いた記録の種類", longest=60)
    yen = Count("請求した額（円）")
    now = Row(ClaimNow, "いまの記録による請求", null=True)
    as_claimed = Flag("請求のとおりに戻った")
    slip_id = Identifier("作り直す給付管理票の番号", required=False, null=True)
    reopened_on = Day("再開した日")
    text = Text("説明", longest=2000)
    todo = Text("すること", longest=2000, null=True)


_CLAIMANTS = frozenset({"kyotaku", "hokatsu"})
_DESK = frozenset({"billing"})
_MONTH = {"service_month": "2025-01", "claimant": CENTRE}

EVENTS = (
    EventType(
        "MonthClosingRequested",
        1,
        MonthClosingRequested,
        "case",
        "月の締めの依頼",
        senders=_CLAIMANTS,
        recipients=_DESK,
        speaks_for="claimant",
        example={
            **_MONTH,
            "requested_on": "2025-02-05",
            "services": [{"service": "A6", "provider": DAY_SERVICE, "units": 3621}],
        },
    ),
    EventType(
        "WorksheetStated",
        1,
        WorksheetStated,
        "case",
        "請求の根拠の通知",
        senders=_DESK,
        recipients=_CLAIMANTS,
        speaks_for="biller",
        example={
            **_MONTH,
            "biller": BILLING,
            "stated_on": "2025-02-05",
            "outcome": "drafted",
            "claim_id": CLAIM,
            "units": 742,
            "yen": 8458,
            "figures": [
                {
                    "title": "請求額",
                    "value": "8,458円",
                    "derivation": "742×11.40＝8458.80円、1円未満切り捨て",
                    "rules": ["A-Q50"],
                    "sources": [],
                }
            ],
            "blockers": [],
            "notes": [],
        },
    ),
    EventType(
        "MonthReopened",
        1,
        MonthReopened,
        "case",
        "締めた月の再開",
        senders=_DESK,
        recipients=_CLAIMANTS,
        speaks_for="biller",
        example={
            **_MONTH,
            "biller": BILLING,
            "claim_id": CLAIM,
            "stage": "submitted",
            "cause": "PerformanceReported",
            "yen": 8458,
            "now": {"claimant": OFFICE, "type": "preventive_support", "units": 472, "yen": 5380},
            "as_claimed": False,
            "reopened_on": "2025-02-20",
            "text": "請求のあとで届いた記録により、請求する事業所と額が変わります",
            "todo": "過誤を申し立てて、請求し直してください",
        },
    ),
)
