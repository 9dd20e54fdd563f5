"""What a ward's node does by itself when a partner's event arrives: it counts; desks decide."""

from collections.abc import Mapping
from typing import Final

from services.ward.review import count_review
from shared.node.service import Reaction

REACTIONS: Final[Mapping[str, Reaction]] = {
    "ReviewConcluded": Reaction(count_review, emits=frozenset({"ReviewCounted"})),
}
