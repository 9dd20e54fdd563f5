"""What an append reads does not grow with the log."""

from typing import Any
from uuid import uuid4

import psycopg

from contracts.json_text import written
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog, _sent
from tests.conftest import NodeDatabases
from tests.eventlog.test_append_it import append, record

PARTNER = "1301600019"
MANY = 50_000


def blocks_read(connection: psycopg.Connection[Any]) -> int:
    """Blocks that one append of a delivered event of an open case looks into."""
    case_id = connection.execute("select case_id from events where type = 'CaseOpened'").fetchone()
    assert case_id is not None
    batch = [_sent(record(case_id=case_id[0], to=(PARTNER,)))]
    found = connection.execute(
        "explain (analyze, buffers, format json) select * from append_events(%s, %s, null)",
        (written(batch), written({})),
    ).fetchone()
    assert found is not None
    plan = found[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_an_append_reads_as_little_from_a_long_log_as_from_a_short_one(databases: NodeDatabases) -> None:
    database = Database(databases.application)
    opening = record(case_id=uuid4(), to=(PARTNER,))
    append(EventLog(database, "1371600014"), type(opening)(**{**_as_dict(opening), "type": "CaseOpened"}))
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        blocks_read(connection)  # plans and catalogues
        short = blocks_read(connection)
        connection.execute(
            "insert into deliveries select %s, 1, 10 + n, 1 from generate_series(1, %s) as n", (PARTNER, MANY)
        )
        assert blocks_read(connection) < 3 * short
    database.close()


def _as_dict(each: Any) -> dict[str, Any]:
    return {name: getattr(each, name) for name in each.__dataclass_fields__}
