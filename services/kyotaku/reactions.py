"""What an office's node does by itself when a partner's event arrives."""

from typing import Final

from shared.care.discrepancies import watching
from shared.care.following import AT_OFFICE

CONSEQUENCES: Final = AT_OFFICE
"""What follows from a partner's event."""

REACTIONS: Final = watching("kyotaku", CONSEQUENCES)
"""The same, and what is said of an event that contradicts ours."""
