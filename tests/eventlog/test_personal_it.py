"""Personal data: sealed under the person's key, unreadable once it is destroyed."""

import os
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from shared.eventlog.access import AccessLog
from shared.eventlog.database import Database
from shared.eventlog.personal import PersonDamaged, PersonErased, PersonKeys
from tests.conftest import NodeDatabases

NODE_KEY = os.urandom(32)


@pytest.fixture
def keys(databases: NodeDatabases) -> Iterator[PersonKeys]:
    database = Database(databases.keys)
    yield PersonKeys(database, NODE_KEY)
    database.close()


def test_what_was_sealed_is_opened_for_the_same_event_only(keys: PersonKeys) -> None:
    person, event, other = uuid4(), uuid4(), uuid4()
    sealed = keys.seal(person, event, ["a", "b"])
    assert keys.open(person, event, sealed) == ["a", "b"]
    assert keys.open(person, other, sealed) is None
    assert keys.open(uuid4(), event, sealed) is None


def test_no_plaintext_is_in_the_ciphertext_and_no_key_is_in_the_clear(
    keys: PersonKeys, databases: NodeDatabases
) -> None:
    person, event = uuid4(), uuid4()
    assert "豊島花子".encode() not in keys.seal(person, event, ["豊島花子"])
    stranger = PersonKeys(Database(databases.keys), os.urandom(32))
    with pytest.raises(PersonDamaged):
        stranger.open(person, event, b"x" * 40)


@pytest.mark.parametrize("altered", [b"", b"x" * 11, b"x" * 60])
def test_an_altered_key_is_damage_whatever_is_done_with_it(
    keys: PersonKeys, databases: NodeDatabases, altered: bytes
) -> None:
    person, event = uuid4(), uuid4()
    sealed = keys.seal(person, event, ["a"])
    with psycopg.connect(databases.owner_keys) as connection:
        connection.execute("update person_keys set wrapped = %s where subject = %s", (altered, person))
    again = PersonKeys(Database(databases.keys), NODE_KEY)
    for use in (
        lambda: again.open(person, event, sealed),
        lambda: again.seal(person, event, ["b"]),
        lambda: list(again.open_bytes(person, [(event.bytes, sealed)])),
        lambda: again.fingerprint(person, b"text"),
    ):
        with pytest.raises(PersonDamaged):
            use()


def test_events_of_many_persons_are_opened_together_and_one_damaged_or_destroyed_key_spoils_no_other(
    keys: PersonKeys, databases: NodeDatabases
) -> None:
    sealed = [(uuid4(), uuid4(), text) for text in ("a", "b", "c", "d")]
    ready = [(person, event, keys.seal(person, event, [text])) for person, event, text in sealed]
    first, damaged, destroyed, last = (person for person, _, _ in ready)
    with psycopg.connect(databases.owner_keys) as connection:
        connection.execute("update person_keys set wrapped = %s where subject = %s", (b"x" * 60, damaged))
    keys.destroy(destroyed)
    assert keys.open_of_many(ready) == [["a"], None, None, ["d"]]
    swapped = [(last, ready[0][1], ready[0][2]), (first, ready[3][1], ready[3][2])]
    assert keys.open_of_many(swapped) == [None, None]
    assert keys.open_of_many([]) == []


def test_after_the_key_is_destroyed_nothing_opens_and_nothing_is_sealed(keys: PersonKeys) -> None:
    person, event = uuid4(), uuid4()
    sealed = keys.seal(person, event, ["secret"])
    assert keys.destroy(person) is True
    assert keys.open(person, event, sealed) is None
    with pytest.raises(PersonErased):
        keys.seal(person, event, ["again"])
    assert keys.destroy(person) is False
    assert keys.destroyed([person, uuid4()]) == {person}


def test_a_person_can_be_erased_before_anything_personal_was_written(keys: PersonKeys) -> None:
    person = uuid4()
    assert keys.destroy(person) is True
    with pytest.raises(PersonErased):
        keys.seal(person, uuid4(), ["late"])


def test_every_access_is_chained_and_a_changed_one_is_named(databases: NodeDatabases) -> None:
    database = Database(databases.application)
    accesses, case_id = AccessLog(database), uuid4()
    for number in range(4):
        accesses.record("tanaka", case_id if number % 2 else None, "case", f"{number}回目の確認")
    assert list(accesses.verify()) == []
    assert [each.position for each in accesses.of_case(case_id)] == [4, 2]
    accesses.record_each("tanaka", [case_id, uuid4(), case_id], "list", "一覧")
    accesses.record("tanaka", None, "list", "一覧")
    assert list(accesses.verify()) == []
    assert [each.position for each in accesses.of_case(case_id)] == [5, 4, 2]
    assert accesses.end() == 7
    with psycopg.connect(databases.owner) as connection:
        connection.execute(b"alter table accesses disable trigger all")
        connection.execute(b"update accesses set actor = 'nobody' where position = 2")
    assert [finding.position for finding in accesses.verify()] == [2]
    with database.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from accesses")
    database.close()
