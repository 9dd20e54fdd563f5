"""Contents of attached files: sealed in pieces under the person's key, unreadable once it is destroyed."""

import os
from collections.abc import Iterator
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest

from contracts.file import PIECE_BYTES
from shared.eventlog.database import Database
from shared.eventlog.files import FileStore
from shared.eventlog.personal import PersonDamaged, PersonErased, PersonKeys
from tests.conftest import NodeDatabases

TEXT = "豊島花子の記録".encode()


@pytest.fixture
def keys(databases: NodeDatabases) -> Iterator[PersonKeys]:
    database = Database(databases.keys)
    yield PersonKeys(database, os.urandom(32))
    database.close()


@pytest.fixture
def files(databases: NodeDatabases, keys: PersonKeys) -> Iterator[FileStore]:
    database = Database(databases.application)
    yield FileStore(database, keys)
    database.close()


@pytest.mark.parametrize("size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 20 * 1024 * 1024])
def test_a_content_comes_back_byte_for_byte(files: FileStore, size: int) -> None:
    person, content = uuid4(), os.urandom(size)
    files.keep(person, content)
    files.keep(person, content)
    assert files.content(person, sha256(content).digest()) == content
    assert files.held(person) == {sha256(content).hexdigest()}


def test_a_content_is_one_person_s_only(files: FileStore) -> None:
    person, other = uuid4(), uuid4()
    files.keep(person, TEXT)
    assert files.content(other, sha256(TEXT).digest()) is None
    assert files.held(other) == set()


def test_no_plaintext_is_in_the_database(files: FileStore, databases: NodeDatabases) -> None:
    files.keep(uuid4(), TEXT)
    with psycopg.connect(databases.owner) as connection:
        [(sealed,)] = connection.execute("select sealed from file_pieces").fetchall()
    assert TEXT not in sealed


def test_destroying_the_person_s_key_erases_the_content_though_its_rows_stay(
    files: FileStore, keys: PersonKeys
) -> None:
    person = uuid4()
    files.keep(person, TEXT)
    keys.destroy(person)
    with pytest.raises(PersonErased):
        files.content(person, sha256(TEXT).digest())
    with pytest.raises(PersonErased):
        files.keep(person, TEXT + b"more")


@pytest.mark.parametrize(
    "damage",
    [
        "update file_pieces set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where number = 1",
        "delete from file_pieces where number = 1",
        "delete from file_pieces where number = 2",
        "update file_pieces set number = 3 - number where number > 0",
    ],
    ids=["altered", "a piece lost", "the last piece lost", "exchanged"],
)
def test_damage_is_told_apart_from_erasure(files: FileStore, databases: NodeDatabases, damage: str) -> None:
    person, content = uuid4(), os.urandom(2 * PIECE_BYTES + 1)
    files.keep(person, content)
    with psycopg.connect(databases.owner) as connection:
        if "3 - number" in damage:
            connection.execute("update file_pieces set number = number + 10 where number > 0")
            damage = "update file_pieces set number = 13 - number where number > 9"
        connection.execute(damage.encode())
    with pytest.raises(PersonDamaged):
        files.content(person, sha256(content).digest())


@pytest.mark.parametrize("statement", ["delete from file_pieces", "update file_pieces set number = 9"])
def test_the_node_itself_can_neither_change_nor_delete_a_piece(
    files: FileStore, databases: NodeDatabases, statement: str
) -> None:
    files.keep(uuid4(), TEXT)
    with (
        psycopg.connect(databases.application) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())
