"""The access log: who viewed which case, when and why. It has its own head and hash chain."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from shared.eventlog.chain import Finding
from shared.eventlog.database import Database
from shared.eventlog.encoding import identifier, large, leaf, moment, octets, text


class Access(NamedTuple):
    """One look at a case, or at a list (``case_id`` is None); ``what`` names the page or call, ``purpose`` is given."""

    position: int
    viewed_at: datetime
    actor: str
    case_id: UUID | None
    what: str
    purpose: str


class Wanted(NamedTuple):
    """Which accesses somebody asks for; None asks for all. ``since`` and ``until`` are moments, both inclusive."""

    cases: Sequence[UUID] | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_COLUMNS: Final = "select position, viewed_at, actor, case_id, what, purpose from accesses"
_WANTED: Final = """
where (%(cases)s::uuid[] is null or case_id = any(%(cases)s)) and (%(actor)s::text is null or actor = %(actor)s)
  and (%(since)s::timestamptz is null or viewed_at >= %(since)s)
  and (%(until)s::timestamptz is null or viewed_at <= %(until)s)
"""


_AT_ONCE: Final = 5_000
"""Rows that are checked together."""


class AccessLog:
    """The access log of one node."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, actor: str, case_id: UUID | None, what: str, purpose: str) -> int:
        """Record one access before its answer is given; returns its position."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select record_access(%s, %s, %s, %s)", (actor, case_id, what, purpose)
            ).fetchone()
        assert row is not None
        return int(row[0])

    def record_each(self, actor: str, case_ids: Iterable[UUID], what: str, purpose: str) -> None:
        """Record one access to each of these cases, in one statement, before the answer is given."""
        wanted = list(dict.fromkeys(case_ids))
        if not wanted:
            return
        with self._database.connection() as connection:
            connection.execute("select record_accesses(%s, %s, %s, %s)", (actor, wanted, what, purpose))

    def of_case(self, case_id: UUID, limit: int = 500) -> list[Access]:
        """Who viewed a case, latest first."""
        return self._read("where case_id = %s order by position desc limit %s", case_id, limit)

    def latest(self, limit: int = 500) -> list[Access]:
        """The latest accesses, latest first."""
        return self._read("order by position desc limit %s", limit)

    def find(self, wanted: Wanted, limit: int, skip: int = 0) -> list[Access]:
        """The accesses that are asked for, latest first."""
        query = f"{_COLUMNS} {_WANTED} order by position desc limit %(limit)s offset %(skip)s"
        return self._rows(query, {**wanted._asdict(), "limit": limit, "skip": skip})

    def count(self, wanted: Wanted, most: int) -> int:
        """How many accesses are asked for; counting ends at ``most``."""
        query = f"select count(*) from (select 1 from accesses {_WANTED} limit %(most)s) as found"  # noqa: S608
        with self._database.connection() as connection:
            row = connection.execute(query.encode(), {**wanted._asdict(), "most": most}).fetchone()
        assert row is not None
        return int(row[0])

    def end(self) -> int:
        """The position of the last access; 0 before the first."""
        with self._database.connection() as connection:
            row = connection.execute("select coalesce(max(position), 0) from accesses").fetchone()
        assert row is not None
        return int(row[0])

    def verify(self, reached: Callable[[int], None] = lambda position: None) -> Iterator[Finding]:
        """Check the chain of the access log; yields each row that does not hold. Tells what position is ``reached``."""
        previous, expected, after = bytes(32), 1, 0
        while rows := self._chained(after):
            for row in rows:
                if row[0] != expected or row[6] != previous or row[7] != _leaf(row):
                    yield Finding(row[0], "閲覧記録の行がハッシュと一致しません。書き換えられています")
                previous, expected = row[7], row[0] + 1
            after = rows[-1][0]
            reached(after)

    def _chained(self, after: int) -> list[tuple[Any, ...]]:
        """The rows behind a position with their hashes, as many as one look is good for."""
        query = (
            "select position, viewed_at, actor, case_id, what, purpose, previous_hash, hash from accesses"
            " where position > %s order by position limit %s"
        )
        with self._database.connection() as connection:
            return connection.execute(query, (after, _AT_ONCE)).fetchall()

    def _read(self, tail: str, *parameters: object) -> list[Access]:
        return self._rows(f"{_COLUMNS} {tail}", parameters)

    def _rows(self, query: str, parameters: Sequence[object] | Mapping[str, object]) -> list[Access]:
        with self._database.connection() as connection:
            return [Access(*row) for row in connection.execute(query.encode(), parameters).fetchall()]


def _leaf(row: tuple[object, ...]) -> bytes:
    position, viewed_at, actor, case_id, what, purpose, previous, _ = row
    assert isinstance(position, int)
    assert isinstance(viewed_at, datetime)
    assert isinstance(previous, bytes)
    columns = (
        large(position),
        moment(viewed_at),
        text(str(actor)),
        identifier(case_id if isinstance(case_id, UUID) else None),
        text(str(what)),
        text(str(purpose)),
        octets(previous),
    )
    return hashlib.sha256(leaf(*columns)).digest()
