"""Events about the end of a person's support (支援) in a case, and its resumption."""

from marshmallow import Schema

from contracts.codes import PROJECT_USES, SUPPORT_ENDS, SUPPORT_RESUMPTIONS
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


class ProjectUseReported(Schema):
    """An entrusted office tells the centre that nothing of the project is used since a day, or is again (A-Q21a).

    ``changed_on`` is the last day of use, or the first one again; ``checklist_again_from`` the day from which a
    checklist is owed if nothing is used until then.
    """

    office = Agency("居宅介護支援事業所")
    use = Code("総合事業の利用", PROJECT_USES)
    changed_on = Day("最後に利用した日・再開した日")
    checklist_again_from = Day("利用がないとき基本チェックリストを行う日", null=True)
    reported_on = Day("連絡した日")


EVENTS = (
    EventType(
        "ProjectUseReported",
        1,
        ProjectUseReported,
        "case",
        "総合事業の利用の有無の連絡",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={
            "office": OFFICE,
            "use": "ended",
            "changed_on": "2019-05-31",
            "checklist_again_from": "2019-12-01",
            "reported_on": "2019-06-03",
        },
    ),
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
