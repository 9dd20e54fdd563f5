"""What a billing desk's node does by itself when a partner's event arrives: nothing, a clerk drafts claims."""

from collections.abc import Mapping
from typing import Final

from shared.care.discrepancies import watching
from shared.node.service import Reaction

CONSEQUENCES: Final[Mapping[str, Reaction]] = {}
"""What follows from a partner's event."""

REACTIONS: Final = watching("billing", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
