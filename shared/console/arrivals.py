"""What arrived from partners, and how much of it each person has seen.

A person has seen everything up to a position of the log, and of a case whatever had arrived when it was opened last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.console.accounts import EVERYTHING
from shared.eventlog.database import Database

MOST_COUNTED: Final = 1000
"""More than that is not counted: the screen says "以上"."""

_MARKED: Final = """
with marked as (
    select coalesce(max(position) filter (where case_id = %(everything)s), 0) as everything
      from read_marks where account = %(account)s
)
"""
_COLUMNS: Final = "e.position, e.type, e.sender, e.case_id, e.recorded_at"
_UNREAD: Final = """
  from events e left join read_marks m on m.account = %(account)s and m.case_id = e.case_id
 where e.origin is not null and e.case_id is not null and e.position > (select everything from marked)
   and e.position > coalesce(m.position, 0)
"""
_LATEST: Final = f"""
select {_COLUMNS}, false from events e where e.origin is not null and e.case_id is not null
order by e.position desc limit %(limit)s
"""  # noqa: S608 (constants)
_MARK: Final = """
insert into read_marks (account, case_id, position) values (%s, %s, %s)
on conflict (account, case_id) do update set position = greatest(read_marks.position, excluded.position)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event of a case that came from a partner."""

    position: int
    type: str
    sender: str
    case_id: UUID
    recorded_at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class Since:
    """How much arrived after a position of the log: of all, and of one case; ``position`` is where the log ends now."""

    position: int
    arrived: int
    here: int


class Arrivals:
    """The arrivals of one node."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(self, account: str, limit: int) -> list[Arrival]:
        """What an account has not seen, the latest first."""
        query = f"{_MARKED} select {_COLUMNS}, true {_UNREAD} order by e.position desc limit %(limit)s"
        return self._rows(query, account, limit)

    def count(self, account: str) -> int:
        """How many an account has not seen, counted to :data:`MOST_COUNTED`."""
        query = f"{_MARKED} select count(*) from (select 1 {_UNREAD} limit %(limit)s) as counted"  # noqa: S608
        with self._database.connection() as connection:
            row = connection.execute(query.encode(), _asked(account, MOST_COUNTED)).fetchone()
        return int(row[0]) if row else 0

    def latest(self, limit: int) -> list[Arrival]:
        """What came last, seen or not."""
        return self._rows(_LATEST, "", limit)

    def seen_through(self, account: str, case_id: UUID) -> int:
        """The position up to which an account has seen what arrived about a case."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select coalesce(max(position), 0) from read_marks where account = %s and case_id in (%s, %s)",
                (account, EVERYTHING, case_id),
            ).fetchone()
        return int(row[0]) if row else 0

    def mark_shown(self, account: str, case_id: UUID, end: int, left: Sequence[int]) -> None:
        """Mark as seen what arrived about a case up to ``end``, but not from the first position that is ``left``."""
        self.mark(account, case_id, min(left) - 1 if left else end)

    def mark(self, account: str, case_id: UUID | None, position: int) -> None:
        """Mark as seen what had arrived up to a position, about a case or about all."""
        with self._database.connection() as connection:
            connection.execute(_MARK, (account, case_id or EVERYTHING, position))

    def since(self, position: int | None, case_id: UUID | None) -> Since:
        """What arrived after a position; without one only where the log ends."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select position, (select count(*) from events where origin is not null and position > %(since)s),"
                " (select count(*) from events"
                "   where origin is not null and position > %(since)s and case_id = %(case)s)"
                " from head",
                {"since": 2**62 if position is None else position, "case": case_id},
            ).fetchone()
        assert row is not None, "a log has a head"
        return Since(*row)

    def _rows(self, query: str, account: str, limit: int) -> list[Arrival]:
        with self._database.connection() as connection:
            rows: Sequence[tuple[object, ...]] = connection.execute(
                query.encode(), _asked(account, limit)
            ).fetchall()
        return [Arrival(*row) for row in rows]  # type: ignore[arg-type]


def _asked(account: str, limit: int) -> dict[str, object]:
    return {"account": account, "everything": EVERYTHING, "limit": limit}
