"""What an office's node does by itself when a partner's event arrives."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from services.kyotaku.case import originals_listed
from shared.care.discrepancies import watching
from shared.eventlog.model import Event, NewEvent
from shared.node.service import Reaction, Situation


def list_originals(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """At the end of an entrustment the centre learns which originals are out: a consequence, no choice (T-35R).

    Under one that never began nothing was made.
    """
    if event.data["office"] != situation.me or event.data.get("never_began"):
        return ()
    ended_on = date.fromisoformat(event.data["ended_on"])
    return [
        originals_listed(
            situation, each, ended_on, situation.case.documents_out(each, ended_on), situation.today
        )
        for each in situation.case.entrustments
        if each.ended_on == ended_on and each.centre == event.data["centre"]
    ]


CONSEQUENCES: Final[Mapping[str, Reaction]] = {
    "EntrustmentEnded": Reaction(list_originals, emits=frozenset({"OriginalsListed"})),
}
"""What follows from a partner's event."""

REACTIONS: Final = watching("kyotaku", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
