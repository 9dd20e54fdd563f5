"""What a table says of each case, remembered from one look to the next: only what has changed is read again."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.node.node import Node

Row = TypeVar("Row")
Read = Callable[[Node, Sequence[UUID] | None], Mapping[UUID, Row]]
"""Reads what is said of these cases, or of all where none are named; of whom nothing is said is not in it."""


class Remembered(Generic[Row]):
    """What ``read`` finds in a node's views. It has to follow from the events of each case alone.

    Holds no personal data: views have none.
    """

    def __init__(self, node: Node, read: Read[Row]) -> None:
        self._node = node
        self._read = read
        self._guard = Lock()
        self._position = 0
        self._rows: Mapping[UUID, Row] = {}

    def all(self) -> Mapping[UUID, Row]:
        """Case → what is said of it as the log stands now, in the order of the cases' numbers."""
        with self._guard:
            # The position comes first: what is committed meanwhile is only read once more.
            position = self._node.log.head().position
            if position > self._position:
                touched = touched_since(self._node, self._position) if self._position else None
                if touched != []:
                    kept = {} if touched is None else dict(self._rows)
                    for each in touched or ():
                        kept.pop(each, None)
                    self._rows = dict(sorted({**kept, **self._read(self._node, touched)}.items(), key=_case))
                self._position = position
            return self._rows


def _case(item: tuple[UUID, Any]) -> UUID:
    return item[0]


class Memory:
    """Everything of one node that pages remember, by the function that reads it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._guard = Lock()
        self._known: dict[Read[Any], Remembered[Any]] = {}

    def of(self, read: Read[Row]) -> Mapping[UUID, Row]:
        """What ``read`` finds, as the log stands now."""
        with self._guard:
            remembered = self._known.setdefault(read, Remembered(self._node, read))
        return remembered.all()


def touched_since(node: Node, position: int) -> list[UUID]:
    """The cases of which something was recorded behind a position of the log."""
    query = "select distinct case_id from events where position > %s and case_id is not null"
    with node.database.connection() as connection:
        return [case_id for (case_id,) in connection.execute(query, (position,)).fetchall()]
