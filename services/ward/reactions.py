"""What a ward's node does by itself when a partner's event arrives: it counts; desks decide."""

from collections.abc import Mapping
from typing import Final

from services.ward.review import count_review
from shared.care.discrepancies import watching
from shared.node.service import Reaction

CONSEQUENCES: Final[Mapping[str, Reaction]] = {
    "ReviewConcluded": Reaction(count_review, emits=frozenset({"ReviewCounted"})),
}
"""What follows from a partner's event."""

REACTIONS: Final = watching("ward", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
