"""Messages that arrive together are stored together, and stand as if they had come one by one."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.exchange.inbox import Inbox
from tests.exchange.conftest import CENTRE, OFFICE, WARD, Town, example, open_case, record, rows


@pytest.fixture
def bodies(town: Town) -> dict[str, list[bytes]]:
    """Bodies of a dozen messages of the office and some of the ward, not yet taken in by the centre."""
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    for month in range(1, 13):
        data = example("CircumstanceChanged", note=f"{month}月の連絡")
        record(town.office, "CircumstanceChanged", data, case_id=case_id, to=(CENTRE,))
    for day in range(1, 4):
        data = example("OfficeDesignated", designated_from=f"2024-10-0{day}")
        record(town.ward, "OfficeDesignated", data, to=(CENTRE,))
    found = {}
    for agency in (OFFICE, WARD):
        town.turn(agency)
        found[agency] = town.take_raw(CENTRE)
    return found


def take_in(town: Town, bodies: Sequence[bytes]) -> None:
    inbox: Inbox = town.exchanges[CENTRE].reception.inbox
    rest = list(bodies)
    while rest:
        rest = rest[inbox.receive_run(rest) :]


def stored_notes(town: Town) -> list[Any]:
    known = rows(
        town.centre,
        "select received.sequence, events.data from received join events on events.id = received.event_id"
        " and events.position = received.position where events.type = 'CircumstanceChanged' order by events.position",
    )
    return [sequence for sequence, _ in known]


def test_a_run_is_counted_linked_and_stored_in_order(town: Town, bodies: dict[str, list[bytes]]) -> None:
    first = rows(town.centre, "select received_through from partners where partner = %s", OFFICE)[0][0] + 1
    take_in(town, bodies[OFFICE])
    assert stored_notes(town) == list(range(first, first + 12))
    through = rows(town.centre, "select received_through from partners where partner = %s", OFFICE)
    assert through == [(first + 11,)]


def test_what_comes_twice_or_too_early_in_a_run_is_stored_once_and_in_its_turn(
    town: Town, bodies: dict[str, list[bytes]]
) -> None:
    office = bodies[OFFICE]
    take_in(town, [*office[:3], office[1], *office[2:5], *office[7:], *office[5:8], *office])
    assert stored_notes(town) == sorted(stored_notes(town))
    assert len(stored_notes(town)) == 12
    assert rows(town.centre, "select count(*) from held") == [(0,)]


def test_partners_whose_messages_alternate_do_not_disturb_each_other(
    town: Town, bodies: dict[str, list[bytes]]
) -> None:
    office, ward = bodies[OFFICE], bodies[WARD]
    take_in(town, [office[0], ward[0], *office[1:3], ward[1], *office[3:], ward[2]])
    assert len(stored_notes(town)) == 12
    assert rows(town.centre, "select count(*) from events where type = 'OfficeDesignated'") == [(3,)]
