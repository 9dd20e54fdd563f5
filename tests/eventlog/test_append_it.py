"""The log's promises about appending, on a real PostgreSQL. (`_it`: integration test)"""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.eventlog.chain import leaf_hash, verify_chain
from shared.eventlog.database import Connection, Database
from shared.eventlog.log import EventLog, Record
from shared.eventlog.model import Event, WrongExpectedVersion
from shared.eventlog.rebuild import ensure_current
from shared.eventlog.views import Statement, View
from tests.conftest import NodeDatabases


def record(
    stream: str = "case:1", case_id: UUID | None = None, to: tuple[str, ...] = (), **data: object
) -> Record:
    return Record(
        stream=stream,
        id=uuid4(),
        type="MonitoringRecorded",
        schema_version=1,
        case_id=case_id,
        sender="1371600014",
        occurred_on=date(2024, 11, 15),
        actor="tanaka",
        causation=uuid4(),
        correlation=None,
        data=json.dumps(data),
        personal=b"sealed",
        to=to,
    )


@pytest.fixture
def log(databases: NodeDatabases) -> Iterator[EventLog]:
    database = Database(databases.application)
    yield EventLog(database, "1371600014")
    database.close()


def append(log: EventLog, *records: Record, expected: dict[str, int] | None = None) -> list[int]:
    with log.write() as writing:
        return [event.position for event in writing.append(records, expected)]


def test_positions_are_contiguous_and_versions_count_each_stream(log: EventLog) -> None:
    append(log, record("case:1"), record("case:2"), record("case:1"))
    append(log, record("case:2"))
    rows = log.page(0)
    assert [row.position for row in rows] == [1, 2, 3, 4]
    assert [(row.stream, row.version) for row in rows] == [
        ("case:1", 1), ("case:2", 1), ("case:1", 2), ("case:2", 2),
    ]  # fmt: skip


def test_a_writer_with_an_old_version_is_refused_and_writes_nothing(log: EventLog) -> None:
    append(log, record(), expected={"case:1": 0})
    with pytest.raises(WrongExpectedVersion):
        append(log, record(), expected={"case:1": 0})
    assert len(log.page(0)) == 1
    append(log, record(), expected={"case:1": 1})
    assert log.head().position == 2


def test_an_abandoned_transaction_leaves_no_gap(log: EventLog) -> None:
    append(log, record())
    with pytest.raises(RuntimeError), log.write() as writing:
        writing.append([record()])
        raise RuntimeError("the process stops here")
    append(log, record())
    assert [row.position for row in log.page(0)] == [1, 2]


class Refusing(View):
    """A view that can't take what its test wants it not to take."""

    NAME: ClassVar[str] = "refusing"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = ("create table {view}.seen (position bigint, told text not null)",)

    def fold(self, event: Event) -> Iterator[Statement]:
        told = event.data.get("told", "")
        yield "insert into {view}.seen values (%s, %s)", (event.position, told)
        if told == "broken":
            raise RuntimeError("a fold that fails after its first statement")


@pytest.mark.parametrize(
    ("told", "problem"), [(None, psycopg.Error), ("a\0b", psycopg.Error), ("broken", RuntimeError)]
)
def test_an_append_whose_view_fails_leaves_nothing_behind_and_its_connection_is_good(
    databases: NodeDatabases, caplog: pytest.LogCaptureFixture, told: str | None, problem: type[Exception]
) -> None:
    """At the server, at the client or in Python: no command's events without its result and its views."""
    database = Database(databases.application)
    log = EventLog(database, "1371600014", [Refusing()])
    ensure_current(log)
    partner = ("1301600019",)
    for _ in range(7):  # the last ones with prepared statements
        command = {"id": str(uuid4()), "name": "Record", "result": {}}
        with pytest.raises(problem):
            log.append([record(to=partner), record(to=partner, told=told)], None, command)
        with pytest.raises(WrongExpectedVersion):
            log.append([record()], {"case:1": 9})
    assert [row.message for row in caplog.records if row.name == "psycopg"] == []
    log.append([record(told="fine")], {"case:1": 0})
    with database.connection() as connection:
        counts = connection.execute(
            "select (select count(*) from events), (select count(*) from deliveries), (select count(*) from commands)"
        ).fetchone()
    database.close()
    assert counts == (1, 0, 0)


def test_the_database_hashes_the_same_bytes_as_the_verifier(log: EventLog) -> None:
    append(log, record(case_id=uuid4(), note="利用者と面談"), record(case_id=None))
    for row in log.page(0):
        assert leaf_hash(row) == row.hash
    assert list(verify_chain(log)) == []


@pytest.mark.parametrize(
    "statement", ["update events set actor = 'x'", "delete from events", "truncate events cascade"]
)
def test_even_the_owner_cannot_change_the_log(
    log: EventLog, databases: NodeDatabases, statement: str
) -> None:
    append(log, record())
    with psycopg.connect(databases.owner) as connection, pytest.raises(psycopg.Error, match="append-only"):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "update events set actor = 'x'",
        "delete from events",
        "truncate events cascade",
        "insert into deliveries values ('x', 1, 1, 1)",
        "update head set position = 9",
        "alter table events disable trigger all",
        "select deliver_directory('131169', 1, 0, '131169', 'directory:131169', 2)",
        "select store_rows('{}', '{}')",
        "update commands set result = '{}'",
        "delete from commands",
        "update sent set jws = ''",
    ],
)
def test_the_application_role_has_no_right_to_change_the_log(log: EventLog, statement: str) -> None:
    append(log, record())
    with log.database.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


_COLUMNS = {
    "stream": "'case:9'", "version": "version + 7", "id": "gen_random_uuid()", "type": "type || 'x'",
    "schema_version": "2", "case_id": "gen_random_uuid()", "sender": "'1371600099'", "occurred_on": "occurred_on + 1",
    "recorded_at": "recorded_at + interval '1 microsecond'", "actor": "'x'", "causation": "null",
    "correlation": "gen_random_uuid()", "data": "data || ' '", "personal": "'\\x00'", "origin": "'x'",
    "previous_hash": "sha256('x')", "hash": "sha256('x')", "position": "position + 10",
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(_COLUMNS))
def test_verify_names_the_row_in_which_any_column_was_changed(
    log: EventLog, databases: NodeDatabases, column: str
) -> None:
    append(log, *(record(case_id=uuid4(), number=number) for number in range(5)))
    with psycopg.connect(databases.owner) as connection:
        connection.execute(b"alter table events disable trigger all")
        connection.execute(f"update events set {column} = {_COLUMNS[column]} where position = 3".encode())
    findings = [finding.position for finding in verify_chain(log)]
    assert findings
    assert findings[0] in ({13, 4} if column == "position" else {3})


def test_verify_notices_a_log_whose_end_was_cut_off(log: EventLog, databases: NodeDatabases) -> None:
    append(log, record(), record())
    with psycopg.connect(databases.owner) as connection:
        connection.execute(b"alter table events disable trigger all")
        connection.execute(b"delete from events where position = 2")
    assert [finding.position for finding in verify_chain(log)] == [1]


def test_deliveries_are_numbered_per_partner_without_gaps(log: EventLog) -> None:
    append(log, record(to=("1301600019", "131169")), record(to=("131169",)))
    append(log, record(to=("131169",)))
    with log.database.connection() as connection:
        rows = connection.execute(
            "select partner, sequence, position from deliveries order by 1, 2"
        ).fetchall()
    assert rows == [("1301600019", 1, 1), ("131169", 1, 1), ("131169", 2, 2), ("131169", 3, 3)]


def test_the_opening_event_reaches_a_partner_before_the_first_event_of_its_case(log: EventLog) -> None:
    case_id = uuid4()
    opening = Record(**{**_as_dict(record(case_id=case_id)), "type": "CaseOpened"})
    append(log, opening, record(case_id=case_id, to=("1301600019",)))
    append(log, record(case_id=case_id, to=("131169", "1301600019")))
    with log.database.connection() as connection:
        rows = connection.execute(
            "select partner, sequence, position from deliveries order by 1, 2"
        ).fetchall()
    assert rows == [
        ("1301600019", 1, 1), ("1301600019", 2, 2), ("1301600019", 3, 3), ("131169", 1, 1), ("131169", 2, 3),
    ]  # fmt: skip


class _Undone(Exception):
    """Abandons the transaction that it is raised in."""


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_leaves_the_same_rows_and_deliveries_as_its_events_one_by_one(
    log: EventLog, seed: int
) -> None:
    batch = _mixed(Random(seed))
    with pytest.raises(_Undone), log.write() as writing:
        writing.append(batch)
        together = _rows_and_deliveries(writing.connection)
        raise _Undone
    with pytest.raises(_Undone), log.write() as writing:
        for each in batch:
            writing.append([each])
        assert _rows_and_deliveries(writing.connection) == together
        raise _Undone
    append(log, *batch)
    assert list(verify_chain(log)) == []


def _mixed(random: Random) -> list[Record]:
    """Events of some cases and of a directory, in runs, for one partner, two or none; openings among them."""
    cases, partners, made = (
        [uuid4() for _ in range(3)],
        ("1301600019", "131169", "1371600014B"),
        list[Record](),
    )
    opened: set[UUID] = set()
    for _ in range(12):
        to = tuple(random.sample(partners, random.randrange(3)))
        if random.random() < 0.3:
            agency = random.choice(partners)
            listed = _as_dict(record("directory:131169", to=to, agency=agency))
            made += [
                Record(**{**listed, "id": uuid4(), "type": "AgencyListed"})
                for _ in range(random.randint(1, 2))
            ]
            continue
        case_id = random.choice(cases)
        if case_id not in opened:
            opened.add(case_id)
            opening = _as_dict(record(f"case:{case_id}", case_id, random.choice([to, ()])))
            made.append(Record(**{**opening, "type": "CaseOpened"}))
        made += [record(f"case:{case_id}", case_id, to) for _ in range(random.randint(1, 4))]
    return made


def _rows_and_deliveries(connection: Connection) -> list[list[tuple[object, ...]]]:
    return [
        connection.execute("select position, stream, version, id from events order by position").fetchall(),
        connection.execute("select * from deliveries order by partner, sequence").fetchall(),
        connection.execute("select position from head").fetchall(),
    ]


def _as_dict(each: Record) -> dict[str, object]:
    return {name: getattr(each, name) for name in Record.__dataclass_fields__}


def test_six_writers_and_a_tailing_reader_miss_nothing_and_see_nothing_twice(log: EventLog) -> None:
    each, writers = 60, 6
    seen: list[int] = []

    def write(number: int) -> None:
        for _ in range(each):
            append(log, record(f"case:{number}"), record("case:shared"))

    def read() -> None:
        last = 0
        while len(seen) < each * writers * 2:
            for row in log.page(last, limit=50):
                seen.append(row.position)
                last = row.position

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader.join(timeout=60)
    assert seen == list(range(1, each * writers * 2 + 1))
    assert list(verify_chain(log)) == []


def test_recorded_at_never_goes_back(log: EventLog, databases: NodeDatabases) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(b"update head set recorded_at = '2099-01-01T00:00Z'")
    append(log, record())
    assert log.page(0)[0].recorded_at == datetime(2099, 1, 1, tzinfo=UTC)
