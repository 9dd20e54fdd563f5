"""What a scenario is played on: running nodes over HTTP, or nodes in the same process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it is given: at which node, by a person of which account role, with which id."""

    node: str
    role: str
    id: UUID
    command: str
    case: str | None
    on: date | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command brought about. ``advice`` are rule ids."""

    case: str | None
    events: tuple[Mapping[str, Any], ...]
    advice: tuple[str, ...]


class Rejected(Exception):
    """A command that the node refused: ``detail`` holds ``code``, ``message`` and, where known, ``field``, ``rule``."""

    def __init__(self, detail: Mapping[str, Any]) -> None:
        super().__init__(str(detail.get("message") or detail))
        self.detail = detail


class NotSettled(Exception):
    """Messages are still under way after a long wait; the message is Japanese and names the nodes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency's number and public keys (JWKs), as its node holds them."""

    agency: str
    public_keys: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


class Target(Protocol):
    """The nodes of a play, by their names."""

    def listed(self, node: str) -> Listed:
        """What the ward needs to list the node's agency."""

    def give(self, order: Order) -> Answer:
        """Give a command. :raises Rejected: the node refuses it."""

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        """Set the training clock of every node but those that are ``away``."""

    def settle(self, away: Sequence[str] = ()) -> None:
        """Wait until nothing is under way any more between nodes. :raises NotSettled: it does not end."""

    def case(self, node: str, case: str) -> Mapping[str, Any] | None:
        """The state of a case as JSON, or None where the node does not know it."""

    def events(self, node: str, case: str, known_at: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        """The events of a case that the node knew at a moment: ``id``, ``type``, ``data`` and the rest."""

    def obligations(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        """The obligations of a case as the node sees them today."""

    def documents(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        """The ledger of a case's documents as the node knows it."""

    def matrix(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        """The cells of a case's process matrix as the node sees them today."""

    def cases(self, node: str) -> Sequence[Mapping[str, Any]]:
        """The node's list of cases."""
