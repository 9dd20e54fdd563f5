"""Folding a view again from the log, beside the live one, and swapping it in without stopping anybody."""

import hashlib
from collections.abc import Callable, Sequence

from psycopg import sql

from shared.eventlog.database import Connection
from shared.eventlog.folding import create_tables, fold_into
from shared.eventlog.log import EventLog, event_of
from shared.eventlog.views import View, schema_of

Progress = Callable[[int, int], None]
"""Called with (position reached, position of the log's end)."""


def rebuild(log: EventLog, view: View, progress: Progress = lambda done, total: None) -> str:
    """Fold ``view`` anew and swap it in; returns the digest of the new tables.

    A rebuild folds and never reacts. Most of it runs beside the writers; only the last events and the swap hold the
    head row. One rebuild of a view runs at a time.
    """
    with log.database.connect(autocommit=True) as own:
        own.execute("select pg_advisory_lock(hashtext(%s))", (f"renkei.rebuild.{view.NAME}",))
        reached = _fold_beside(log, view, progress)
        return _catch_up_and_swap(log, view, reached, progress)


def _fold_beside(log: EventLog, view: View, progress: Progress) -> int:
    with log.database.connection() as connection, connection.transaction():
        create_tables(connection, view, beside=True)
    end, reached = log.head().position, 0
    for rows in log.pages(through=end):
        with log.database.connection() as connection, connection.transaction(), connection.pipeline():
            fold_into(connection, [view], [event_of(row) for row in rows], beside=True)
        reached = rows[-1].position
        progress(reached, end)
    return reached


def _catch_up_and_swap(log: EventLog, view: View, reached: int, progress: Progress) -> str:
    with log.write() as writing:
        end = writing.head.position
        for rows in log.pages(after=reached, through=end):
            fold_into(writing.connection, [view], [event_of(row) for row in rows], beside=True)
        live, beside = sql.Identifier(schema_of(view)), sql.Identifier(schema_of(view, beside=True))
        writing.connection.execute(sql.SQL("drop schema if exists {} cascade").format(live))
        writing.connection.execute(sql.SQL("alter schema {} rename to {}").format(beside, live))
        writing.connection.execute(
            "insert into views (name, version, position) values (%s, %s, %s) on conflict (name) do update set"
            " version = excluded.version, position = excluded.position, rebuilt_at = clock_timestamp()",
            (view.NAME, view.VERSION, end),
        )
        found = digest(writing.connection, view)
    progress(end, end)
    return found


def ensure_current(log: EventLog, progress: Callable[[str], None] = lambda name: None) -> list[str]:
    """Build every view that is missing or of another version; returns their names. Safe for several processes."""
    built = []
    with log.database.connect(autocommit=True) as own:
        own.execute("select pg_advisory_lock(hashtext('renkei.ensure_current'))")
        current: dict[str, str] = dict(own.execute("select name, version from views").fetchall())
        for view in log.views:
            if current.get(view.NAME) != view.VERSION:
                progress(view.NAME)
                rebuild(log, view)
                built.append(view.NAME)
    return built


def live_digest(log: EventLog, view: View) -> str:
    """Digest of a view's live tables, in one snapshot."""
    with log.database.connection() as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        return digest(connection, view)


def digest(connection: Connection, view: View) -> str:
    """SHA-256 over all rows of all tables of the live view, in an order of their own: equal tables, equal digest."""
    found = hashlib.sha256()
    for table in _tables(connection, view):
        found.update(table.encode() + b"\x00")
        rows = connection.execute(
            sql.SQL('select each::text from {}.{} as each order by each::text collate "C"').format(
                sql.Identifier(schema_of(view)), sql.Identifier(table)
            )
        )
        for (text,) in rows.fetchall():
            found.update(text.encode() + b"\x00")
    return found.hexdigest()


def _tables(connection: Connection, view: View) -> Sequence[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = %s order by table_name",
        (schema_of(view),),
    ).fetchall()
    return [name for (name,) in rows]
