"""What follows by itself from an event at the agency that receives it: the end of an entrustment, its originals.

Here, and not in the services that do it, because whoever starts a change is shown beforehand what follows elsewhere.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from shared.care import requirements
from shared.care.documents import Document
from shared.care.parts import Entrustment
from shared.eventlog.model import Event, NewEvent
from shared.node.service import Reaction, Situation


def open_entrustment(situation: Situation) -> Entrustment | None:
    """The entrustment of the case that goes on, or None."""
    return next((each for each in situation.case.entrustments if each.ended_on is None), None)


def entrustment_ended(
    situation: Situation,
    entrustment: Entrustment,
    ended_on: date,
    reason_code: str,
    never_began: bool | None = None,
) -> NewEvent:
    """The event that ends ``entrustment``, for its office and for billing."""
    return NewEvent(
        "EntrustmentEnded",
        {
            "office": entrustment.office,
            "centre": situation.me,
            "ended_on": ended_on,
            "reason_code": reason_code,
            "never_began": never_began,
        },
        case_id=situation.case.id,
        to=requirements.recipients(entrustment.office, situation.case.biller),
    )


def originals_listed(
    situation: Situation, entrustment: Entrustment, ended_on: date, out: Sequence[Document], on: date
) -> NewEvent:
    """The list of the originals that the office still has, for the centre, which did not make them (T-35R)."""
    papers = [{"document": each.kind, "dated": each.made_on, "month": each.month} for each in out]
    return NewEvent(
        "OriginalsListed",
        {
            "office": situation.me,
            "centre": entrustment.centre,
            "entrustment_ended_on": ended_on,
            "listed_on": on,
            "papers": papers,
        },
        case_id=situation.case.id,
        to=(entrustment.centre,),
    )


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


AT_CENTRE: Final[Mapping[str, Reaction]] = {
    "ModeSwitched": Reaction(end_entrustment_on_return, emits=frozenset({"EntrustmentEnded"})),
    "SupportEnded": Reaction(end_entrustment_with_support, emits=frozenset({"EntrustmentEnded"})),
}
AT_OFFICE: Final[Mapping[str, Reaction]] = {
    "EntrustmentEnded": Reaction(list_originals, emits=frozenset({"OriginalsListed"})),
}
FOLLOWING: Final[Mapping[str, Mapping[str, Reaction]]] = {"hokatsu": AT_CENTRE, "kyotaku": AT_OFFICE}
"""Role of the agency that receives it → type of the event → what its node does."""
