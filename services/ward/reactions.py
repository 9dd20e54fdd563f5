"""What a ward's node does by itself when a partner's event arrives: nothing, desks decide."""

from collections.abc import Mapping
from typing import Final

from shared.node.service import Reaction

REACTIONS: Final[Mapping[str, Reaction]] = {}
