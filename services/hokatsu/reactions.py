"""What a centre's node does by itself when a partner's event arrives."""

from typing import Final

from shared.care.discrepancies import watching
from shared.care.following import AT_CENTRE

CONSEQUENCES: Final = AT_CENTRE
"""What follows from a partner's event."""

REACTIONS: Final = watching("hokatsu", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
