"""Roles and databases of the nodes on a private server.

A node has two databases: `<node>` holds its log and views, `<node>_keys` the persons' keys. It has two roles:
`<node>_owner` owns both and migrates them, `<node>` is the one under which its processes run and owns none.
No node's role can connect to another node's databases.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


@dataclass(frozen=True)
class NodeDatabases:
    """Connection strings (libpq) of one node's two databases, for each of its two roles."""

    application_role: str
    owner: str
    application: str
    keys_owner: str
    keys_application: str


def create_node_databases(superuser_dsn: str, node: str, owner_password: str, password: str) -> NodeDatabases:
    """Create the roles and empty databases of ``node``, or set the passwords of existing ones anew."""
    owner = f"{node}_owner"
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        _role(server, owner, owner_password)
        _role(server, node, password)
        for database in (node, f"{node}_keys"):
            _database(server, database, owner, node)
    return node_databases(superuser_dsn, node, owner_password, password)


def node_databases(superuser_dsn: str, node: str, owner_password: str, password: str) -> NodeDatabases:
    """The connection strings of a node whose databases exist, on the server that ``superuser_dsn`` names."""
    owner, keys = f"{node}_owner", f"{node}_keys"
    return NodeDatabases(
        application_role=node,
        owner=make_conninfo(superuser_dsn, dbname=node, user=owner, password=owner_password),
        application=make_conninfo(superuser_dsn, dbname=node, user=node, password=password),
        keys_owner=make_conninfo(superuser_dsn, dbname=keys, user=owner, password=owner_password),
        keys_application=make_conninfo(superuser_dsn, dbname=keys, user=node, password=password),
    )


def drop_node_databases(superuser_dsn: str, node: str) -> None:
    """Remove both databases, ending their sessions, and both roles. Harmless when they do not exist."""
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        for database in (node, f"{node}_keys"):
            name = sql.Identifier(database)
            server.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        for role in (node, f"{node}_owner"):
            server.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


def _role(server: psycopg.Connection[tuple[object, ...]], name: str, password: str) -> None:
    known = server.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone()
    server.execute(
        sql.SQL("{} role {} login password {}").format(
            sql.SQL("alter" if known else "create"), sql.Identifier(name), sql.Literal(password)
        )
    )


def _database(
    server: psycopg.Connection[tuple[object, ...]],
    name: str,
    owner: str,
    application: str,
) -> None:
    if server.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        return
    database = sql.Identifier(name)
    server.execute(
        sql.SQL("create database {} owner {} template template0").format(database, sql.Identifier(owner))
    )
    server.execute(sql.SQL("revoke all on database {} from public").format(database))
    server.execute(
        sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(application))
    )
