"""Events that stay on the ward's node."""

from collections.abc import Mapping
from typing import Final

from marshmallow import Schema

from contracts.codes import CARDS, DESKS
from contracts.definition import EventType
from contracts.events.intake import CHECKLIST_OUTCOMES
from contracts.events.sample import CENTRE, OFFICE, REVIEW
from contracts.fields import Agency, Code, Day, Flag, Identifier
from shared.care.intake import WISHES
from shared.policy.cards import COUNTERS


class HearingRecorded(Schema):
    """Hearing of those concerned (関係者の意見を伺う手続き) at the 介護保険事業計画推進会議 (T-06N)."""

    agency = Agency("指定を受ける事業所")
    held_on = Day("会議の日")


class ReviewPlanned(Schema):
    """A review was asked of an office: what the rhythm of one in one to two years is counted by (T-54)."""

    office = Agency("居宅介護支援事業所")
    review_id = Identifier("検証の番号")
    planned_on = Day("依頼日")


class ReviewCounted(Schema):
    """A plan of an office was reviewed."""

    office = Agency("居宅介護支援事業所")
    review_id = Identifier("検証の番号")
    held_on = Day("元気はつらつ報告会の日")


class CardLost(Schema):
    """A lost card, and who reissues it by its colour and the counter that took the report (A-Q23)."""

    colour = Code("なくした証", CARDS)
    counter = Code("受け付けた窓口", COUNTERS)
    reissued_by = Code("再交付するところ", {**DESKS, **COUNTERS})
    reported_on = Day("届出日")


class VisitorGuided(Schema):
    """Somebody came to the ward office: no name, no answers, and no application (A-Q3)."""

    visited_on = Day("来所日")
    wish = Code("相談の内容", WISHES)
    at_once = Flag("すぐにサービスを利用したい")
    outcome = Code("確認のための判定", CHECKLIST_OUTCOMES, null=True)
    centre = Agency("案内した地域包括支援センター", null=True)


WARD_EVENTS: Final[Mapping[str, EventType]] = {
    "CardLost": EventType(
        "CardLost",
        1,
        CardLost,
        "case",
        "被保険者証の紛失",
        example={
            "colour": "pink_card",
            "counter": "welfare_office",
            "reissued_by": "community_care",
            "reported_on": "2019-06-03",
        },
    ),
    "VisitorGuided": EventType(
        "VisitorGuided",
        1,
        VisitorGuided,
        "agency",
        "区役所での相談と、包括への案内",
        example={
            "visited_on": "2019-05-10",
            "wish": "day",
            "at_once": True,
            "outcome": "applicable",
            "centre": CENTRE,
        },
    ),
    "HearingRecorded": EventType(
        "HearingRecorded",
        1,
        HearingRecorded,
        "agency",
        "推進会議での意見聴取",
        example={"agency": OFFICE, "held_on": "2024-09-18"},
    ),
    "ReviewPlanned": EventType(
        "ReviewPlanned",
        1,
        ReviewPlanned,
        "agency",
        "検証の割り当て",
        example={"office": OFFICE, "review_id": REVIEW, "planned_on": "2025-09-01"},
    ),
    "ReviewCounted": EventType(
        "ReviewCounted",
        1,
        ReviewCounted,
        "agency",
        "検証の実施",
        example={"office": OFFICE, "review_id": REVIEW, "held_on": "2025-10-15"},
    ),
}
"""Name → event type; no other agency receives one."""
