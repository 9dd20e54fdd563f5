"""Who writes takes the head row first: triggers watch every statement of an exchange that knows all trouble.

One order of locks, so no deadlock. The two exceptions are in decisions.md: a statement of its own that changes one row
of ``partners``, and the relay's insert into ``sent``.
"""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from marshmallow import Schema

from shared.exchange.erasing import erase_person
from shared.exchange.inbox import Inbox
from shared.exchange.parked import acknowledge, parked_list
from shared.node.agency_keys import AgencyKeys
from shared.node.service import CommandSpec, Decision
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    WARD,
    Town,
    Voice,
    example,
    open_case,
    record,
    rows,
    silent_service,
)

WATCHED = (
    "events",
    "commands",
    "deliveries",
    "partners",
    "received",
    "receipted",
    "held",
    "waiting",
    "parked",
)
_WATCH = """
create table watched (place text, changed bigint, headed boolean);
grant select on watched to public;
create function watch() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    me xid := pg_current_xact_id()::xid;
    changed bigint := 0;
begin
    if tg_op = 'DELETE' then
        select count(*) into changed from gone;
    else
        select count(*) into changed from made;
    end if;
    if changed > 0 then
        -- A locked row carries the locker in xmax, a changed one in xmin.
        insert into watched select tg_table_name, changed, exists (select from head where xmax = me or xmin = me);
    end if;
    return null;
end $$;
"""

DO_NOTHING = CommandSpec(
    "DoNothing", "何もしない", Schema, lambda situation, command: Decision([]), frozenset(), needs_case=False
)
QUIET = replace(silent_service("hokatsu"), commands={"DoNothing": DO_NOTHING})


@pytest.fixture
def watched(town: Town) -> Iterator[Town]:
    for lent in town.maker.databases.values():
        with psycopg.connect(lent.owner) as connection:
            connection.execute(_WATCH)
            for table in WATCHED:
                for act, seen in (
                    ("insert", "new table as made"),
                    ("update", "new table as made"),
                    ("delete", "old table as gone"),
                ):
                    connection.execute(
                        f"create trigger watch_{act} after {act} on {table} referencing {seen}"
                        " for each statement execute function watch()".encode()
                    )
    yield town
    for lent in town.maker.databases.values():
        with psycopg.connect(lent.owner) as connection:
            connection.execute(b"drop function watch() cascade")
            connection.execute(b"drop table watched")


def test_every_transaction_that_writes_takes_the_head_row_first(watched: Town) -> None:
    town = watched
    node = town.replace(town.centre, QUIET)
    node.handle(node.parse("DoNothing", {}, actor="tantou"))  # a command without events
    case_id = open_case(town.office, to=(CENTRE, WARD))
    # delivery, receipts, duplicates, gaps, questions
    for version in range(1, 5):
        data = example("PlanSubmitted", plan_version=version)
        record(town.office, "PlanSubmitted", data, case_id=case_id, to=(CENTRE,))
    town.turn(OFFICE, 1)
    bodies = town.take_raw(CENTRE)
    for body in [*bodies[:2], *bodies[3:], *bodies[:1]]:
        town.send_raw(CENTRE, body)
    town.turn(CENTRE)
    town.drain()
    # a partner whose inbox is missing, one that is not listed, one that refuses
    record(town.office, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    open_case(town.office, to=("1371699999", CENTRE))
    town.drain()
    # what proves nothing, what waits and is given up, what is parked and settled, what is erased
    inbox = Inbox(town.centre)
    inbox.receive(b"this is no message")
    inbox.receive(
        Voice(AgencyKeys.generate("1371699998"), town.maker.keys_of(CENTRE)).say(
            "PlanSubmitted", case=case_id
        )
    )
    voice = town.voice(WARD, CENTRE)
    [(voice.sequence, voice.previous)] = rows(
        town.centre, "select received_through, received_digest from partners where partner = %s", WARD
    )
    inbox.receive(voice.say("CertificationResult", case=uuid4()))
    with psycopg.connect(town.maker.databases[CENTRE].owner) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update waiting set since = since - interval '25 hours'")
    inbox.retry_waiting()
    inbox.answer()
    for entry in parked_list(town.centre):
        acknowledge(town.centre, entry.id)
    erase_person(town.centre, case_id, "admin")
    town.office.raise_epoch()
    town.drain()
    for node in (town.office, town.centre, town.ward):
        seen = set(rows(node, "select place, changed, headed from watched"))
        unheaded = {(place, changed) for place, changed, headed in seen if not headed}
        assert unheaded <= {("partners", 1)}, node.agency
        assert any(headed for _, _, headed in seen)
    places = {
        place for node in (town.office, town.centre) for place, _, _ in rows(node, "select * from watched")
    }
    assert places >= set(WATCHED) - {"commands"}
