"""Events about certification (認定)."""

from marshmallow import Schema

from contracts.codes import CARDS, CERTIFICATION_OCCASIONS, STATUSES
from contracts.definition import EventType, personal
from contracts.events.sample import OFFICE
from contracts.fields import Agency, Code, Day, Flag, Items, LongText


def _cards(label: str) -> Items:
    return Items(label, Code("証", CARDS), required=False, null=True)


class CertificationApplied(Schema):
    """The person applied for a certification; whoever learns of it tells the other party and the ward.

    ``valid_to_before`` is the last day of the certification that the application is to follow. From the application on
    the person is treated as an insured person who needs care; the cards say what changes hands for it (A-Q22).
    """

    agency = Agency("申請を記録した事業所")
    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    applied_on = Day("申請日")
    valid_to_before = Day("これまでの認定有効期間の終了", null=True)
    cards_to_return = _cards("返還してもらう証")
    cards_to_issue = _cards("発行する証")
    note = personal(LongText("申請の理由・状態の変化", null=True))


class CertificationResult(Schema):
    """The ward's decision; its period is null where the person was found not to need care (``none``).

    ``valid_to_before`` is the last day of the certification that this one follows, ``changed`` tells whether the person
    is in another state than before; both are null where the ward's node knew of none.
    """

    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    status = Code("状態区分", STATUSES)
    applied_on = Day("申請日")
    decided_on = Day("認定日")
    valid_from = Day("認定有効期間の開始", null=True)
    valid_to = Day("認定有効期間の終了", null=True)
    valid_to_before = Day("これまでの認定有効期間の終了", required=False, null=True)
    changed = Flag("状態区分の変更", required=False, null=True)
    cards_to_return = _cards("返還してもらう証")
    cards_to_issue = _cards("発行する証")


EVENTS = (
    EventType(
        "CertificationApplied",
        1,
        CertificationApplied,
        "case",
        "認定の申請",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=frozenset({"kyotaku", "hokatsu", "ward"}),
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "occasion": "renewal",
            "applied_on": "2025-02-10",
            "valid_to_before": "2025-03-31",
            "note": None,
        },
    ),
    EventType(
        "CertificationResult",
        1,
        CertificationResult,
        "case",
        "認定結果",
        senders=frozenset({"ward"}),
        recipients=frozenset({"kyotaku", "hokatsu", "billing"}),
        example={
            "occasion": "renewal",
            "status": "support2",
            "applied_on": "2025-02-10",
            "decided_on": "2025-03-21",
            "valid_from": "2025-04-01",
            "valid_to": "2026-03-31",
            "valid_to_before": "2025-03-31",
            "changed": False,
        },
    ),
)
