"""Folding events into the tables of views."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from psycopg import sql

from shared.eventlog.database import Connection
from shared.eventlog.model import Event
from shared.eventlog.views import View, schema_of


def fold_into(
    connection: Connection, views: Sequence[View], events: Sequence[Event], beside: bool = False
) -> None:
    """Fold ``events``, in order, into the tables of ``views``; each view's tables are its own."""
    for view in views:
        schema = schema_of(view, beside)
        statements = (
            statement
            for event in events
            if view.TYPES is None or event.type in view.TYPES
            for statement in view.fold(event)
        )
        for text, run in groupby(statements, key=itemgetter(0)):
            cursor = connection.cursor()
            cursor.executemany(text.replace("{view}", schema).encode(), [parameters for _, parameters in run])


def create_tables(connection: Connection, view: View, beside: bool = False) -> None:
    """Make a view's empty tables, in place of any that an unfinished rebuild left."""
    schema = schema_of(view, beside)
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
    connection.execute(sql.SQL("create schema {}").format(name))
    for table in view.TABLES:
        connection.execute(table.replace("{view}", schema).encode())
