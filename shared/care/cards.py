"""The cards of a case: what an event makes the ward issue and the person return (A-Q21b, A-Q22)."""

from datetime import date
from typing import Final

from marshmallow import Schema

from contracts.codes import CARDS
from contracts.fields import Code, Items
from shared.care import requirements
from shared.care.state import Case
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.cards import CardEvent, Holding, cards

_COLOURS: Final[tuple[tuple[str, Holding], ...]] = (("pink_card", "pink"), ("green_card", "green"))


class ReturnCards(Schema):
    cards = Items("返還された証", Code("証", CARDS), least=1)


def holding(case: Case) -> Holding:
    """The colour of the card that the person holds."""
    return next((colour for card, colour in _COLOURS if card in case.cards_held), "none")


def cards_at(situation: Situation, event: CardEvent, on: date) -> dict[str, list[str] | None]:
    """What the ward issues and the person returns at an event, as events carry it; None where there is nothing.

    Only where the ward's cards have colours (A-Q21b, A-Q21c, A-Q22). What the person holds already is not issued again.
    """
    if requirements.found(situation, "cards.colours", on) is None:
        return {"cards_to_issue": None, "cards_to_return": None}
    with requirements.published_only():
        found = cards(event, holding(situation.case), None, requirements.parameters_of(situation))
    kept = [each for each in situation.case.cards_held if each not in found.returned]
    issued = [each for each in found.issued if each not in kept]
    return {"cards_to_issue": issued or None, "cards_to_return": list(found.returned) or None}


def return_cards(situation: Situation, command: Command) -> Decision:
    """Record that the person gave cards back: with an application, or after a result (A-Q21b, A-Q22).

    :raises Refused: the person does not hold one of them.
    """
    strange = [each for each in command.fields["cards"] if each not in situation.case.cards_held]
    if strange:
        raise Refused(
            "card_not_held",
            f"{'、'.join(CARDS[each] for each in strange)}は、この人が持っている証ではありません",
            field="cards",
            rule="A-Q22",
            todo="返還された証を確かめてください",
        )
    returned = NewEvent(
        "CardsReturned",
        {**command.fields, "agency": situation.me, "returned_on": command.occurred_on},
        case_id=command.case_id,
        to=requirements.recipients(requirements.other_party(situation), requirements.ward_of(situation)),
    )
    return Decision([returned])
