"""Events that stay on the ward's node."""

from collections.abc import Mapping
from typing import Final

from marshmallow import Schema

from contracts.definition import EventType
from contracts.events.sample import OFFICE
from contracts.fields import Agency, Day


class HearingRecorded(Schema):
    """Hearing of those concerned (関係者の意見を伺う手続き) at the 介護保険事業計画推進会議 (T-06N)."""

    agency = Agency("指定を受ける事業所")
    held_on = Day("会議の日")


WARD_EVENTS: Final[Mapping[str, EventType]] = {
    "HearingRecorded": EventType(
        "HearingRecorded",
        1,
        HearingRecorded,
        "agency",
        "推進会議での意見聴取",
        example={"agency": OFFICE, "held_on": "2024-09-18"},
    )
}
"""Name → event type; no other agency receives one."""
