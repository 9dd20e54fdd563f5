"""Events folded many at a time leave in every service's views what they leave one by one."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

import pytest

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from deploy.composition import SERVICES, service_named
from shared.care.events import CARE_EVENTS
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog, Record
from shared.eventlog.model import case_stream
from shared.eventlog.rebuild import ensure_current, live_digest, rebuild
from shared.node.recording import canonical
from tests.conftest import NodeDatabases

FIRST = date(2024, 10, 1)


def records(cases: list[UUID]) -> Iterator[Record]:
    """Every type of a case's events in each case, the cases taking turns."""
    kinds = [each for each in {**CROSSING, **CARE_EVENTS}.values() if each.scope == "case"]
    for number, kind in enumerate(kinds):
        for case_id in cases:
            yield record_of(kind, case_id, FIRST + timedelta(days=number))


def record_of(kind: EventType, case_id: UUID, on: date) -> Record:
    data = {
        name: str(uuid5(case_id, value)) if name.endswith("_id") and isinstance(value, str) else value
        for name, value in kind.example.items()
        if name not in kind.personal_fields
    }
    return Record(
        case_stream(case_id), uuid4(), kind.name, kind.version, case_id, "1371600014", on, "care_manager",
        None, None, canonical(data),
    )  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_a_batch_leaves_in_the_views_what_its_events_leave_one_by_one(
    databases: NodeDatabases, name: str
) -> None:
    database = Database(databases.application)
    log = EventLog(database, "1371600014", [view() for view in service_named(name).views])
    ensure_current(log)
    for each in records([uuid4(), uuid4()]):
        log.append([each])
    one_by_one = {view.NAME: live_digest(log, view) for view in log.views}
    assert one_by_one == {view.NAME: rebuild(log, view) for view in log.views}
    database.close()
