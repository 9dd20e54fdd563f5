"""Contradictions between partners: when an event of theirs contradicts ours, who learns of it, how it is settled.

The event is kept in the log and shown; it changes nothing here until a person has settled it with the partner. What is
judged are only contradictions that the order of arrival between two agencies can't make by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import Schema

from contracts.catalogue import CROSSING
from contracts.codes import DISCREPANCY_OUTCOMES
from contracts.definition import personal
from contracts.fields import Code, Identifier, LongText
from shared.care.case import accepted, held_key
from shared.care.contradictions import WATCHED
from shared.care.parts import Discrepancy
from shared.eventlog.model import Event, NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, CommandSpec, Decision, Reaction, Situation


class SettleDiscrepancy(Schema):
    event_id = Identifier("食い違う記録の番号")
    outcome = Code("解決", DISCREPANCY_OUTCOMES)
    note = personal(LongText("確かめたこと", help="だれと、どのように確かめ、どうするか"))


def found(situation: Situation, event: Event) -> list[NewEvent]:
    """What tells both sides that ``event`` contradicts ours; nothing if it does not."""
    held = situation.case.held_events.get(held_key(event.sender, str(event.id)))
    if held is None:
        return []
    return [
        NewEvent(
            "DiscrepancyFound",
            {
                "finder": situation.me,
                "about": event.sender,
                "event_id": str(event.id),
                "code": held.code,
                "found_on": situation.today,
            },
            case_id=event.case_id,
            to=(event.sender,),
        )
    ]


def watching(role: str, reactions: Mapping[str, Reaction]) -> dict[str, Reaction]:
    """The reactions of a role, which do nothing about an event that contradicts ours but say so to both sides."""
    watched = [each for each in WATCHED if role in CROSSING[each].recipients]
    return {**reactions, **{each: _watching(reactions.get(each)) for each in watched}}


def _watching(reaction: Reaction | None) -> Reaction:
    def react(situation: Situation, event: Event) -> Sequence[NewEvent]:
        contradiction = found(situation, event)
        if contradiction or reaction is None:
            return contradiction
        return reaction.react(situation, event)

    emits = reaction.emits if reaction else frozenset()
    return Reaction(react, emits | {"DiscrepancyFound"})


def settling(reactions: Mapping[str, Reaction]) -> Callable[[Situation, Command], Decision]:
    """How a service settles a discrepancy: if the event stands, it now takes effect with all that follows from it."""

    def settle(situation: Situation, command: Command) -> Decision:
        fields, case = command.fields, situation.case
        one = _open_one(case.discrepancies.values(), str(fields["event_id"]))
        other = one.about if one.finder == situation.me else one.finder
        settled = NewEvent(
            "DiscrepancySettled",
            {
                **fields,
                "agency": situation.me,
                "finder": one.finder,
                "about": one.about,
                "settled_on": command.occurred_on,
            },
            case_id=command.case_id,
            to=(other,),
        )
        held = case.held_events.get(held_key(one.about, one.event_id))
        if held is None or fields["outcome"] == "event_void":
            return Decision([settled], _advice(situation, one, fields))
        follows = reactions.get(held.event.type)
        after = Situation(
            situation.me, situation.role, situation.today, situation.agency, accepted(case, held.event)
        )
        return Decision([settled, *(follows.react(after, held.event) if follows else ())])

    return settle


def settling_command(reactions: Mapping[str, Reaction], roles: frozenset[str]) -> CommandSpec:
    """The command by which people of ``roles`` note how a discrepancy was settled."""
    return CommandSpec(
        "SettleDiscrepancy", "食い違いの解決を記録する", SettleDiscrepancy, settling(reactions), roles
    )


def _open_one(known: Any, event_id: str) -> Discrepancy:
    wanted: Discrepancy | None = next(
        (each for each in known if each.event_id == event_id and each.outcome is None), None
    )
    if wanted is None:
        raise Refused(
            "discrepancy_unknown",
            "この番号の、解決していない食い違いはありません",
            field="event_id",
            todo="ケースの画面の「食い違い」から選んでください",
        )
    return wanted


def _advice(situation: Situation, one: Discrepancy, fields: Mapping[str, Any]) -> list[Advice]:
    if fields["outcome"] == "event_stands":
        return []
    whose = "自分の事業所" if one.about == situation.me else situation.agency.name_of(one.about)
    return [Advice("decision 28", f"{whose}の記録が誤りです。正しい内容を、その事業所で記録し直してください")]
