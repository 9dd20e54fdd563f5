"""Views: tables that screens read, folded from the log inside the transaction that writes it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from contracts.json_text import written
from shared.eventlog.model import Event

Statement = tuple[str, Sequence[Any]]


class View(ABC):
    """One set of tables, named by the reader's question.

    A live view's tables stand in the database schema ``view_<NAME>``; a rebuild folds a new set beside them. SQL names
    that schema ``{view}``. ``fold`` sees open data only, so no view can hold personal plaintext, and destroying a
    person's key changes no view. ``VERSION`` changes with the tables, with what ``fold`` does, and with the parameters
    it reads. ``TITLE`` names it to people.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str] = ""
    VERSION: ClassVar[str]
    TABLES: ClassVar[tuple[str, ...]]
    TYPES: ClassVar[frozenset[str] | None] = None

    @abstractmethod
    def fold(self, event: Event) -> Iterable[Statement]:
        """The SQL statements, with their parameters, that carry one event into the tables."""

    def fold_all(self, events: Sequence[Event]) -> Iterable[Statement]:
        """The statements that carry ``events``, in order, into the tables.

        A view that can say the same in fewer statements does: each costs more than what it writes.
        """
        return (statement for event in events for statement in self.fold(event))


def insertion(table: str, rows: Sequence[Mapping[str, Any]], otherwise: str = "") -> Statement:
    """One statement that inserts any number of rows, each with all columns of the table by name.

    ``otherwise`` is what to do on conflict. A column of type text takes lists and groups as JSON.
    """
    return (
        f"insert into {{view}}.{table}"  # noqa: S608 (names are constants of the views)
        f" select * from json_populate_recordset(null::{{view}}.{table}, %s::json) {otherwise}",
        (written(rows),),
    )


def schema_of(view: type[View] | View, beside: bool = False) -> str:
    """Database schema of a view's live tables, or of those that a rebuild folds ``beside`` them."""
    return f"view_{view.NAME}__next" if beside else f"view_{view.NAME}"
