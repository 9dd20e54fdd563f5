"""What a centre's node does by itself when a partner's event arrives."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from services.hokatsu.case import entrustment_ended
from shared.care.discrepancies import watching
from shared.eventlog.model import Event, NewEvent
from shared.node.service import Reaction, Situation


def end_entrustment_on_return(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """A return to designated mode ends the entrustment (decision 24): a consequence, not a choice.

    One that was to begin with the return's own day, or later, never began (T-61).
    """
    if event.data["to_track"] != "designated" or event.data["centre"] != situation.me:
        return ()
    last_day = date.fromisoformat(event.data["effective_from"]) - timedelta(days=1)
    code = "returned_to_designated"
    return [
        entrustment_ended(situation, each, each.starts_on - timedelta(days=1), code, True)
        if each.starts_on > last_day
        else entrustment_ended(situation, each, last_day, code)
        for each in situation.case.entrustments
        if each.ended_on is None
    ]


def end_entrustment_with_support(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """The end of the person's support ends the entrustment; its originals then come back (T-31R, T-35R)."""
    last_day = date.fromisoformat(event.data["ended_on"])
    return [
        entrustment_ended(situation, each, max(last_day, each.starts_on), "case_closed")
        for each in situation.case.entrustments
        if each.ended_on is None and each.centre == situation.me
    ]


CONSEQUENCES: Final[Mapping[str, Reaction]] = {
    "ModeSwitched": Reaction(end_entrustment_on_return, emits=frozenset({"EntrustmentEnded"})),
    "SupportEnded": Reaction(end_entrustment_with_support, emits=frozenset({"EntrustmentEnded"})),
}
"""What follows from a partner's event."""

REACTIONS: Final = watching("hokatsu", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
