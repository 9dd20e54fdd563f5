"""Numbered SQL migrations of a node's database, applied by the owner role."""

import re
from importlib.resources import files

import psycopg
from psycopg import sql

_NUMBERED = re.compile(r"(\d{4})_\w+\.sql")
RIGHTS = 900
"""Migrations from this number on set rights: they are run again after every change."""

_LEDGER = """
create table if not exists migrations (
    number integer primary key,
    name text not null,
    applied_at timestamptz not null default clock_timestamp()
)
"""
_KEYS = """
create table if not exists person_keys (
    subject uuid primary key,          -- the case; a case is one person at one insurer
    wrapped bytea,                     -- AES-256 key under the node key; null once destroyed
    created_at timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
)
"""


def migrations() -> list[tuple[int, str, str]]:
    """Every migration as (number, name, SQL text), in order."""
    found = []
    for entry in files("shared.eventlog").joinpath("migrations").iterdir():
        match = _NUMBERED.fullmatch(entry.name)
        if match:
            found.append((int(match[1]), entry.name, entry.read_text(encoding="utf-8")))
    return sorted(found)


def migrate(owner_dsn: str, application: str) -> list[str]:
    """Bring a node's database up to date; returns the names of the migrations applied.

    ``application`` is the role under which the node runs; it gets rights, never ownership. Each migration is one
    transaction, and a second process that migrates at the same time waits.
    """
    applied = []
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('renkei.migrate'))")
        connection.execute(_LEDGER)
        done = {number for (number,) in connection.execute("select number from migrations")}
        for number, name, text in migrations():
            if number in done or number >= RIGHTS:
                continue
            with connection.transaction():
                connection.execute(text.encode())
                connection.execute("insert into migrations (number, name) values (%s, %s)", (number, name))
            applied.append(name)
        _grant(connection, application)
    return applied


def migrate_keys(owner_dsn: str, application: str) -> None:
    """Create the table of persons' keys in the node's second database."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(_KEYS)
        connection.execute(
            sql.SQL("grant select, insert, update on person_keys to {}").format(sql.Identifier(application))
        )


def _grant(connection: psycopg.Connection[tuple[object, ...]], application: str) -> None:
    role = sql.Identifier(application).as_string(connection)
    with connection.transaction():
        for number, _, text in migrations():
            if number >= RIGHTS:
                connection.execute(text.replace("{application}", role).encode())
        connection.execute(
            sql.SQL("grant create on database {} to {}").format(
                sql.Identifier(connection.info.dbname), sql.Identifier(application)
            )
        )
