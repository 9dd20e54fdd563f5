"""Folding events into the tables of views."""

from collections.abc import Iterable, Sequence

from psycopg import sql

from shared.eventlog.database import Connection
from shared.eventlog.model import Event
from shared.eventlog.views import View, schema_of


def fold_into(
    connection: Connection, views: Sequence[View], events: Iterable[Event], beside: bool = False
) -> None:
    """Fold ``events``, in order, into the tables of ``views``."""
    for event in events:
        for view in views:
            if view.TYPES is not None and event.type not in view.TYPES:
                continue
            schema = schema_of(view, beside)
            for statement, parameters in view.fold(event):
                connection.execute(statement.replace("{view}", schema).encode(), parameters)


def create_tables(connection: Connection, view: View, beside: bool = False) -> None:
    """Make a view's empty tables, in place of any that an unfinished rebuild left."""
    schema = schema_of(view, beside)
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
    connection.execute(sql.SQL("create schema {}").format(name))
    for table in view.TABLES:
        connection.execute(table.replace("{view}", schema).encode())
