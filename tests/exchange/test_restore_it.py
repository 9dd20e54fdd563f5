"""After a database was restored from a backup: nothing goes out under a number used before, nothing is doubled."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from shared.exchange.exchange import Exchange
from shared.node.node import Node
from tests.conftest import Templates
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    Town,
    example,
    open_case,
    parked,
    received,
    record,
    rows,
    silent_service,
    stored,
)


class Backups:
    """Copies of a node's database, made and put back as an operator would."""

    def __init__(self, town: Town, templates: Templates) -> None:
        self._town = town
        self._templates = templates

    def take(self, agency: str) -> None:
        with self._stopped(agency) as name:
            self._execute(f"create database {name}_backup template {name} strategy file_copy")

    def put_back(self, agency: str) -> Node:
        with self._stopped(agency) as name:
            self._execute(f"drop database {name} with (force)")
            self._execute(f"create database {name} template {name}_backup strategy file_copy")
            self._execute(f"grant create on database {name} to renkei_application")
        return self._town.exchanges[agency].node

    def drop(self) -> None:
        for lent in self._town.maker.databases.values():
            name = psycopg.conninfo.conninfo_to_dict(lent.application)["dbname"]
            self._execute(f"drop database if exists {name}_backup with (force)")

    @contextmanager
    def _stopped(self, agency: str) -> Iterator[str]:
        exchange = self._town.exchanges[agency]
        exchange.close()
        exchange.node.close()
        yield str(psycopg.conninfo.conninfo_to_dict(exchange.node.config.database)["dbname"])
        node = Node(exchange.node.config, silent_service(exchange.node.service.role))
        node.open()
        self._town.maker.made.append(node)
        self._town.exchanges[agency] = Exchange(node)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._templates.superuser, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def backups(town: Town, templates: Templates) -> Iterator[Backups]:
    made = Backups(town, templates)
    yield made
    made.drop()


def submit(town: Town, case_id: object, version: int) -> None:
    data = example("PlanSubmitted", plan_version=version)
    record(town.office, "PlanSubmitted", data, case_id=case_id, to=(CENTRE,))  # type: ignore[arg-type]


def test_a_restored_sender_numbers_anew_and_its_partner_learns_what_was_lost(
    town: Town, backups: Backups
) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    submit(town, case_id, 1)
    town.drain()
    backups.take(OFFICE)
    for version in (2, 3):
        submit(town, case_id, version)
    town.drain()
    backups.put_back(OFFICE).raise_epoch()
    submit(town, case_id, 4)
    town.drain()
    assert received(town.centre, OFFICE) == [
        (1, "stored", None),
        (2, "stored", None),
        (3, "stored", None),
        (4, "stored", None),
        (1, "stored", None),
    ]
    assert [json.loads(row.data)["plan_version"] for row in stored(town.centre, "PlanSubmitted")] == [
        1,
        2,
        3,
        4,
    ]
    assert parked(town.centre) == [("alarm", "history_lost", OFFICE)]
    assert rows(town.centre, "select detail from parked") == [("2 件",)]


def test_what_a_restored_sender_has_no_receipt_for_goes_out_again_and_is_not_doubled(
    town: Town, backups: Backups
) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    submit(town, case_id, 1)
    backups.take(OFFICE)
    town.drain()
    positions = [row.position for row in stored(town.centre, "PlanSubmitted")]
    backups.put_back(OFFICE).raise_epoch()
    town.drain()
    assert [row.position for row in stored(town.centre, "PlanSubmitted")] == positions
    assert rows(
        town.office, "select epoch, sequence, status from receipted where partner = %s order by 1, 2", CENTRE
    ) == [(2, 1, "stored"), (2, 2, "stored")]
    submit(town, case_id, 2)
    town.drain()
    assert len(stored(town.centre, "PlanSubmitted")) == 2
    assert parked(town.centre) == []


def test_a_restored_sender_without_a_new_epoch_is_found_out(town: Town, backups: Backups) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    backups.take(OFFICE)
    submit(town, case_id, 1)
    town.drain()
    backups.put_back(OFFICE)
    submit(town, case_id, 2)
    town.drain()
    assert ("alarm", "number_reused", OFFICE) in parked(town.centre)
    assert len(stored(town.centre, "PlanSubmitted")) == 1


def test_a_restored_recipient_asks_for_what_it_no_longer_has(town: Town, backups: Backups) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    backups.take(CENTRE)
    for version in (1, 2, 3):
        submit(town, case_id, version)
    town.drain()
    assert len(stored(town.centre, "PlanSubmitted")) == 3
    backups.put_back(CENTRE).raise_epoch()
    assert stored(town.centre, "PlanSubmitted") == []
    town.drain()
    assert len(stored(town.centre, "PlanSubmitted")) == 3
    assert parked(town.office) == []


def test_a_message_of_the_old_epoch_that_turns_up_late_is_an_alarm(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    late = voice.say("PlanSubmitted", case=case_id)
    first = {"epoch": 2, "sequence": 1, "previous_digest": None, "former_epoch": 1, "former_through": 1}
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, **first))
    town.send_raw(CENTRE, late)
    town.turn(CENTRE)
    assert parked(town.centre) == [("alarm", "old_epoch", OFFICE)]
    assert len(stored(town.centre, "PlanSubmitted")) == 2


def test_a_late_message_of_the_old_epoch_whose_event_came_under_a_new_number_is_none(town: Town) -> None:
    case_id, voice, event_id = open_case(town.centre), town.voice(OFFICE, CENTRE), uuid4()
    late = voice.say("PlanSubmitted", case=case_id, id=event_id)
    first = {"epoch": 2, "sequence": 1, "previous_digest": None, "former_epoch": 1, "former_through": 1}
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, id=event_id, **first))
    town.send_raw(CENTRE, late)
    town.turn(CENTRE)
    assert parked(town.centre) == []
    assert len(stored(town.centre, "PlanSubmitted")) == 1
