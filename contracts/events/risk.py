"""Events about the risk outside the model: the office reports its measures, the ward accepts or returns the report."""

from marshmallow import Schema

from contracts.definition import EventType, personal
from contracts.events.sample import CENTRE, OFFICE, REPORT
from contracts.fields import Agency, Day, Identifier, LongText


class RiskReported(Schema):
    """Measures against full self-payment where every change is a new contract and a new notification (T-67)."""

    report_id = Identifier("報告の番号")
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    corrects = Identifier("差し戻された報告の番号", null=True)
    reported_on = Day("報告日")
    explained_on = Day("本人に全額負担のおそれを説明した日", null=True)
    measures = personal(LongText("リスク対応策"))


class RiskReportAccepted(Schema):
    report_id = Identifier("報告の番号")
    office = Agency("居宅介護支援事業所")
    decided_on = Day("受理日")


class RiskReportReturned(Schema):
    report_id = Identifier("報告の番号")
    office = Agency("居宅介護支援事業所")
    decided_on = Day("差戻し日")
    reason = personal(LongText("差戻しの理由"))


_DECIDED = {"report_id": REPORT, "office": OFFICE}

EVENTS = (
    EventType(
        "RiskReported",
        1,
        RiskReported,
        "case",
        "リスク対応策の報告",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"ward", "hokatsu"}),
        speaks_for="office",
        example={
            **_DECIDED,
            "centre": CENTRE,
            "corrects": None,
            "reported_on": "2025-05-12",
            "explained_on": "2025-05-12",
            "measures": "用具を返す予定が分かった日に包括へ連絡し、契約と届出の日を先に決める",
        },
    ),
    EventType(
        "RiskReportAccepted",
        1,
        RiskReportAccepted,
        "case",
        "リスク対応策の受理",
        senders=frozenset({"ward"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        example={**_DECIDED, "decided_on": "2025-05-14"},
    ),
    EventType(
        "RiskReportReturned",
        1,
        RiskReportReturned,
        "case",
        "リスク対応策の差戻し",
        senders=frozenset({"ward"}),
        recipients=frozenset({"kyotaku", "hokatsu"}),
        example={**_DECIDED, "decided_on": "2025-05-14", "reason": "届出をいつまでに出すかを加えてください"},
    ),
)
