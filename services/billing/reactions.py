"""What a billing desk's node does by itself when a partner's event arrives.

It closes the months that claimants ask for, and tells of facts that come after a claim; nothing is confirmed or
submitted without a person.
"""

from collections.abc import Mapping
from typing import Final

from services.billing.reopening import FACTS, answer_request, take_in_fact
from shared.care.discrepancies import watching
from shared.node.service import Reaction

_CLOSING: Final = frozenset({"BenefitSlipPrepared", "ClaimDrafted", "WorksheetStated"})

CONSEQUENCES: Final[Mapping[str, Reaction]] = {
    "MonthClosingRequested": Reaction(answer_request, emits=_CLOSING),
    **{each: Reaction(take_in_fact, emits=_CLOSING | {"MonthReopened"}) for each in sorted(FACTS)},
}
"""What follows from a partner's event."""

REACTIONS: Final = watching("billing", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
