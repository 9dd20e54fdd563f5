"""Views are folded with the write, rebuilt beside it, and equal either way."""

import threading
from collections.abc import Iterable, Iterator
from uuid import uuid4

import psycopg
import pytest

from shared.eventlog.chain import verify_chain
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog
from shared.eventlog.model import Event, WrongExpectedVersion
from shared.eventlog.rebuild import ensure_current, live_digest, rebuild
from shared.eventlog.views import Statement, View
from tests.conftest import NodeDatabases
from tests.eventlog.test_append_it import append, record


class EventsPerStream(View):
    NAME = "events_per_stream"
    VERSION = "1"
    TABLES = (
        "create table {view}.counts (stream text primary key, events integer not null, last bigint not null)",
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        yield (
            "insert into {view}.counts values (%s, 1, %s) on conflict (stream)"
            " do update set events = counts.events + 1, last = excluded.last",
            (event.stream, event.position),
        )


class OnlyOpenings(EventsPerStream):
    NAME = "only_openings"
    TYPES = frozenset({"CaseOpened"})


@pytest.fixture
def log(databases: NodeDatabases) -> Iterator[EventLog]:
    database = Database(databases.application)
    made = EventLog(database, "1371600014", [EventsPerStream(), OnlyOpenings()])
    ensure_current(made)
    yield made
    database.close()


def counts(log: EventLog) -> dict[str, int]:
    with log.database.connection() as connection:
        return dict(connection.execute("select stream, events from view_events_per_stream.counts").fetchall())


def test_a_person_reads_their_own_write(log: EventLog) -> None:
    append(log, record("case:1"), record("case:2"))
    append(log, record("case:1"))
    assert counts(log) == {"case:1": 2, "case:2": 1}


def test_an_abandoned_write_leaves_the_view_as_it_was(log: EventLog) -> None:
    append(log, record("case:1"))
    with pytest.raises(RuntimeError), log.write() as writing:
        writing.append([record("case:1")])
        raise RuntimeError("stopped before the commit")
    assert counts(log) == {"case:1": 1}


def test_a_fold_that_fails_takes_the_whole_write_with_it(log: EventLog) -> None:
    class Broken(EventsPerStream):
        def fold(self, event: Event) -> Iterable[Statement]:
            yield "insert into {view}.counts values (null, 1, 1)", ()

    broken = EventLog(log.database, log.me, [Broken()])
    with pytest.raises(Exception, match="null value"):
        append(broken, record("case:1"))
    assert log.head().position == 0
    append(log, record("case:1"))
    assert counts(log) == {"case:1": 1}


@pytest.mark.parametrize("fault", ["in the database", "in the fold"])
def test_an_append_of_its_own_keeps_nothing_when_a_later_view_fails(log: EventLog, fault: str) -> None:
    class Broken(EventsPerStream):
        def fold(self, event: Event) -> Iterable[Statement]:
            yield from super().fold(event)
            if event.stream == "case:2":
                if fault == "in the fold":
                    raise RuntimeError(fault)
                yield "insert into {view}.counts values (null, 1, 1)", ()

    broken = EventLog(log.database, log.me, [EventsPerStream(), Broken()])
    with pytest.raises((RuntimeError, psycopg.Error)):
        broken.append([record("case:1"), record("case:2")])
    assert (log.head().position, counts(log)) == (0, {})
    broken.append([record("case:1"), record("case:1")], {"case:1": 0})
    with pytest.raises(WrongExpectedVersion):
        broken.append([record("case:1")], {"case:1": 1})
    assert (log.head().position, counts(log)) == (2, {"case:1": 4})


def test_a_view_rebuilt_from_the_log_equals_the_live_one_digest_for_digest(log: EventLog) -> None:
    for number in range(30):
        append(log, record(f"case:{number % 7}"))
    before = live_digest(log, log.views[0])
    with log.database.connection() as connection:
        connection.execute("update view_events_per_stream.counts set events = 0")
    assert live_digest(log, log.views[0]) != before
    assert rebuild(log, log.views[0]) == before
    assert live_digest(log, log.views[0]) == before


def test_a_new_version_of_a_view_is_built_when_the_node_starts(log: EventLog) -> None:
    append(log, record("case:1"))

    class Wider(EventsPerStream):
        VERSION = "2"
        TABLES = (
            "create table {view}.counts (stream text primary key, events integer, last bigint, wide text)",
        )

        def fold(self, event: Event) -> Iterable[Statement]:
            yield "insert into {view}.counts values (%s, 1, %s, 'wide')", (event.stream, event.position)

    wider = EventLog(log.database, log.me, [Wider()])
    assert ensure_current(wider) == ["events_per_stream"]
    assert ensure_current(wider) == []
    with log.database.connection() as connection:
        assert connection.execute("select wide from view_events_per_stream.counts").fetchall() == [("wide",)]


def test_a_rebuild_among_six_writers_and_a_tailing_reader_deadlocks_nothing_and_misses_nothing(
    log: EventLog,
) -> None:
    each, writers = 40, 6
    seen: list[int] = []
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(each):
                append(log, record(f"case:{number}"), record("case:shared"))
        except BaseException as problem:
            failures.append(problem)

    def read() -> None:
        last = 0
        while len(seen) < each * writers * 2 and not failures:
            for row in log.page(last, limit=50):
                seen.append(row.position)
                last = row.position

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    threads.append(threading.Thread(target=read))
    for thread in threads:
        thread.start()
    swaps = 0
    while any(thread.is_alive() for thread in threads[:-1]) or swaps == 0:
        rebuild(log, log.views[0])
        swaps += 1
    for thread in threads:
        thread.join()
    assert failures == []
    assert swaps >= 1
    assert seen == list(range(1, each * writers * 2 + 1))
    assert counts(log) == {f"case:{number}": each for number in range(writers)} | {
        "case:shared": each * writers
    }
    digest = live_digest(log, log.views[0])
    assert rebuild(log, log.views[0]) == digest
    assert list(verify_chain(log)) == []


def test_a_view_sees_only_the_types_it_names(log: EventLog) -> None:
    append(log, record("case:1", case_id=uuid4()))
    with log.database.connection() as connection:
        assert connection.execute("select count(*) from view_only_openings.counts").fetchone() == (0,)
