"""Events about a person's support (支援): its end, its resumption, who goes on with it, whether the project is used."""

from typing import Final

from marshmallow import Schema

from contracts.codes import PROJECT_USES, SUPPORT_ENDS, SUPPORT_RESUMPTIONS, Codes
from contracts.definition import EventType, personal
from contracts.events.sample import OFFICE
from contracts.fields import Agency, Code, Day, Flag, LongText

PLANNER_CHANGE_MEETINGS: Final[Codes] = {"no": "必ずしも要らない", "recommended": "開くことが望ましい"}

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


class PlannerChanged(Schema):
    """Another care manager of the same agency goes on; ``meeting`` is what the ward's document says of one (A-Q43).

    The centre that entrusted the case is told: its contract is the person's (A-Q29).
    """

    agency = Agency("担当が変わった事業所")
    changed_on = Day("担当が変わった日")
    handover_sufficient = Flag("事業所の中で十分に引き継いだ")
    meeting = Code("サービス担当者会議", PLANNER_CHANGE_MEETINGS, null=True)
    note = personal(LongText("引き継ぎの内容", null=True))


EVENTS = (
    EventType(
        "PlannerChanged",
        1,
        PlannerChanged,
        "case",
        "計画作成者の変更",
        senders=_CARE,
        recipients=frozenset({"hokatsu"}),
        speaks_for="agency",
        example={
            "agency": OFFICE,
            "changed_on": "2024-12-01",
            "handover_sufficient": True,
            "meeting": "no",
            "note": "前任の退職による",
        },
    ),
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
