"""Events about the end of a person's support (支援) in a case, and its resumption."""

from marshmallow import Schema

from contracts.codes import SUPPORT_ENDS, SUPPORT_RESUMPTIONS
from contracts.definition import EventType, personal
from contracts.events.sample import OFFICE
from contracts.fields import Agency, Code, Day, LongText

_CARE = frozenset({"kyotaku", "hokatsu"})


class SupportEnded(Schema):
    """``ended_on`` is the last day of the support; what was owed beyond it is owed no more."""

    agency = Agency("支援を終えた事業所")
    reason_code = Code("終了の理由", SUPPORT_ENDS)
    ended_on = Day("支援の最終日")
    reported_on = Day("連絡した日")
    note = personal(LongText("内容・引継ぎ先", null=True))


class SupportResumed(Schema):
    """The support goes on from ``resumed_on``, or its end had been recorded by mistake."""

    agency = Agency("支援を再開した事業所")
    reason_code = Code("再開の理由", SUPPORT_RESUMPTIONS)
    resumed_on = Day("再開日")
    note = personal(LongText("内容", null=True))


EVENTS = (
    EventType(
        "SupportEnded",
        1,
        SupportEnded,
        "case",
        "支援の終了",
        senders=_CARE,
        recipients=_CARE | {"billing"},
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "reason_code": "moved_out",
            "ended_on": "2025-06-09",
            "reported_on": "2025-06-10",
            "note": "見本市の長男宅へ転出",
        },
    ),
    EventType(
        "SupportResumed",
        1,
        SupportResumed,
        "case",
        "支援の再開",
        senders=_CARE,
        recipients=_CARE | {"billing"},
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "reason_code": "discharged",
            "resumed_on": "2025-09-01",
            "note": "施設を退所し、自宅に戻った",
        },
    ),
)
