"""Events about certification (認定)."""

from marshmallow import Schema

from contracts.codes import CERTIFICATION_OCCASIONS, STATUSES
from contracts.definition import EventType
from contracts.fields import Code, Day


class CertificationResult(Schema):
    """The ward's decision; its period is null where the person was found not to need care (``none``)."""

    occasion = Code("申請の種類", CERTIFICATION_OCCASIONS)
    status = Code("状態区分", STATUSES)
    applied_on = Day("申請日")
    decided_on = Day("認定日")
    valid_from = Day("認定有効期間の開始", null=True)
    valid_to = Day("認定有効期間の終了", null=True)


EVENTS = (
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
        },
    ),
)
