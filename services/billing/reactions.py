"""What a billing desk's node does by itself when a partner's event arrives: nothing, a clerk drafts claims."""

from collections.abc import Mapping
from typing import Final

from shared.node.service import Reaction

REACTIONS: Final[Mapping[str, Reaction]] = {}
