"""A party that speaks to another before the case's opener did: the opener is asked to tell that one of the case."""

from uuid import UUID, uuid4

import pytest

from contracts.events.sample import OFFICE, WARD
from contracts.opening import OpeningRequest, build_opening_request
from shared.exchange import jose, openings
from shared.exchange.evidence import verify_node
from tests.exchange.conftest import (
    CENTRE,
    CLOCK,
    Town,
    example,
    open_case,
    receipted,
    record,
    rows,
    stored,
)


def told(town: Town, case_id: UUID) -> list[str]:
    return [row.type for row in town.ward.log.case(case_id)]


def openings_sent(town: Town, partner: str) -> list[tuple[object, ...]]:
    query = "select count(*) from deliveries join events using (position) where type = 'CaseOpened' and partner = %s"
    return rows(town.centre, query, partner)


def ask(town: Town, sender: str, case_id: UUID, party: str) -> None:
    """A request put into the centre's inbox by whoever holds the sender's key."""
    request = OpeningRequest(uuid4(), sender, CENTRE, True, CLOCK, case_id, party)
    token = jose.sign(
        build_opening_request(request), town.maker.keys_of(sender).signing_key(), jose.OPENING_REQUEST
    )
    town.send_raw(CENTRE, town.voice(sender, CENTRE).seal(token))


def test_an_office_is_heard_by_a_ward_that_the_centre_has_not_told_of_its_case(town: Town) -> None:
    case_id = open_case(town.centre, to=(OFFICE,))
    town.drain(CENTRE, OFFICE)
    filed = example("NotificationFiled", filer=OFFICE)
    record(town.office, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain(OFFICE, WARD)
    assert receipted(town.office, WARD)[-1][1:] == ("waiting", "unknown_case")
    assert told(town, case_id) == []
    town.drain()
    assert told(town, case_id) == ["CaseOpened", "NotificationFiled"]
    assert stored(town.ward, "CaseOpened")[0].sender == CENTRE
    assert receipted(town.office, WARD)[-1][1:] == ("stored", None)
    assert rows(town.ward, "select count(*) from waiting") == [(0,)]
    assert all(verify_node(each).findings == [] for each in (town.ward, town.office, town.centre))


def test_a_party_is_told_once_however_often_it_is_asked_for(town: Town) -> None:
    case_id = open_case(town.centre, to=(OFFICE,))
    for _ in range(2):
        ask(town, OFFICE, case_id, WARD)
    town.drain()
    ask(town, OFFICE, case_id, WARD)
    town.drain()
    assert openings_sent(town, WARD) == [(1,)]
    assert told(town, case_id) == ["CaseOpened"]


def test_a_request_that_was_lost_is_made_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "ASK_SECONDS", 0.0)
    case_id = open_case(town.centre, to=(OFFICE,))
    town.drain(CENTRE, OFFICE)
    filed = example("NotificationFiled", filer=OFFICE)
    record(town.office, "NotificationFiled", filed, case_id=case_id, to=(WARD,))
    town.drain(OFFICE, WARD)
    town.turn(OFFICE)
    assert town.take_raw(CENTRE) != []  # the request is gone, nobody has read it
    town.drain()
    assert told(town, case_id) == ["CaseOpened", "NotificationFiled"]


def test_what_follows_an_opening_that_was_asked_for_keeps_its_order(town: Town) -> None:
    case_id = open_case(town.centre, to=(OFFICE,))
    ask(town, OFFICE, case_id, WARD)
    town.drain()
    record(
        town.centre,
        "NotificationFiled",
        example("NotificationFiled", filer=CENTRE),
        case_id=case_id,
        to=(WARD,),
    )
    town.drain()
    assert told(town, case_id) == ["CaseOpened", "NotificationFiled"]
    assert openings_sent(town, WARD) == [(1,)]


def test_nobody_is_told_of_a_case_by_or_for_one_who_has_no_part_in_it(town: Town) -> None:
    case_id = open_case(town.centre, parties={CENTRE: "hokatsu", OFFICE: "kyotaku"}, to=(OFFICE,))
    town.drain()
    ask(town, OFFICE, case_id, WARD)
    ask(town, WARD, case_id, WARD)
    ask(town, OFFICE, uuid4(), WARD)
    ask(town, OFFICE, case_id, CENTRE)
    ask(town, OFFICE, case_id, OFFICE)
    town.drain()
    assert openings_sent(town, WARD) == [(0,)]
    assert openings_sent(town, CENTRE) == [(0,)]
    assert openings_sent(town, OFFICE) == [(1,)]  # the one with which the case was opened
    assert told(town, case_id) == []


def test_only_the_opener_tells_of_a_case(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    ask(town, OFFICE, case_id, WARD)
    town.drain()
    assert openings_sent(town, WARD) == [(0,)]
    assert told(town, case_id) == []
