"""Events that stay on a centre's node, besides those of the care process."""

from collections.abc import Mapping
from typing import Final

from marshmallow import Schema

from contracts.definition import EventType, personal
from contracts.events.sample import REVIEW
from contracts.fields import Day, Identifier, LongText


class ReviewMeetingHeld(Schema):
    """The centre's 元気はつらつ報告会 looked at a plan that the ward designated for review (T-53)."""

    review_id = Identifier("検証の番号")
    held_on = Day("元気はつらつ報告会の日")
    discussion = personal(LongText("検討の内容"))


CENTRE_EVENTS: Final[Mapping[str, EventType]] = {
    "ReviewMeetingHeld": EventType(
        "ReviewMeetingHeld",
        1,
        ReviewMeetingHeld,
        "case",
        "元気はつらつ報告会での検討",
        example={
            "review_id": REVIEW,
            "held_on": "2025-10-15",
            "discussion": "外出の機会をどう増やすかを話し合った",
        },
    )
}
"""Name → event type; no other agency receives one."""
