"""The other side of the comparison: the same case as an aggregate of the library `eventsourcing`.

As its documentation shows it: an ``Application`` with the PostgreSQL recorder in its default configuration, which
locks the table so that a reader of its notification log meets no gaps. It stores the same fields, personal ones
included, as they are; it neither chains, encrypts, delivers nor folds views. Its aggregate only keeps what
happened, which costs less than deriving a state from it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from shared.eventlog.model import NewEvent

REMEMBERED = 256


class LibraryCase(Aggregate):
    """A case. Each event names its type, day and actor and holds the data as JSON."""

    @event("Opened")
    def __init__(self, occurred_on: str, actor: str, data: Mapping[str, Any]) -> None:
        self.facts: dict[str, list[Mapping[str, Any]]] = {"CaseOpened": [data]}
        self.latest = occurred_on

    @event("Recorded")
    def record(self, type: str, occurred_on: str, actor: str, data: Mapping[str, Any]) -> None:
        """One more event."""
        self.facts.setdefault(type, []).append(data)
        self.latest = occurred_on


class Library:
    """The library's application on a database of its own, with or without its cache of aggregates."""

    def __init__(self, dsn: str, remembering: bool = False) -> None:
        to = conninfo_to_dict(dsn)
        self._application: Application[UUID] = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": str(to["dbname"]),
                "POSTGRES_HOST": str(to["host"]),
                "POSTGRES_PORT": str(to["port"]),
                "POSTGRES_USER": str(to["user"]),
                "POSTGRES_PASSWORD": str(to["password"]),
                **({"AGGREGATE_CACHE_MAXSIZE": str(REMEMBERED)} if remembering else {}),
            }
        )

    def save(self, case: LibraryCase) -> None:
        """Commit what is new."""
        self._application.save(case)

    def get(self, case_id: UUID) -> LibraryCase:
        """The aggregate, from its events (or from the cache, brought up to date)."""
        return self._application.repository.get(case_id)

    def page(self, after: int, limit: int) -> int:
        """Read a page of the notification log; the last position read, ``after`` when there was nothing."""
        found = self._application.recorder.select_notifications(after + 1, limit)
        return int(found[-1].id) if found else after

    def close(self) -> None:
        """Give its connections back."""
        self._application.close()


def opened(events: Sequence[NewEvent], actor: str) -> LibraryCase:
    """A case with these events, none of them saved."""
    first, *others = events
    case = LibraryCase(str(first.occurred_on), actor, dict(first.data))
    for each in others:
        case.record(each.type, str(each.occurred_on), actor, dict(each.data))
    return case
