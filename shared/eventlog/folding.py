"""Folding events into the tables of views."""

from collections.abc import Sequence
from functools import lru_cache
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
    cursor = connection.cursor()
    for view in views:
        schema = schema_of(view, beside)
        of_interest = [event for event in events if view.TYPES is None or event.type in view.TYPES]
        for text, run in groupby(view.fold_all(of_interest), key=itemgetter(0)):
            cursor.executemany(_query(text, schema), [parameters for _, parameters in run])


@lru_cache(maxsize=1000)
def _query(text: str, schema: str) -> bytes:
    return text.replace("{view}", schema).encode()


def create_tables(connection: Connection, view: View, beside: bool = False) -> None:
    """Make a view's empty tables, in place of any that an unfinished rebuild left."""
    schema = schema_of(view, beside)
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
    connection.execute(sql.SQL("create schema {}").format(name))
    for table in view.TABLES:
        connection.execute(table.replace("{view}", schema).encode())
