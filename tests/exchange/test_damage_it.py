"""What was damaged here is not called erased there: a delivery that can't be made ready waits and says why."""

import psycopg

from contracts.errors import ALARMS
from shared.exchange import jose
from shared.exchange.erasing import erase_person
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    WARD,
    Town,
    example,
    open_case,
    parked,
    record,
    rows,
    stored,
)


def damage(town: Town, change: str) -> None:
    """Change the office's plan as somebody with the owner's rights could."""
    with psycopg.connect(town.maker.databases[OFFICE].owner) as connection:
        connection.execute(b"set session_replication_role = replica")
        connection.execute(f"update events set personal = {change} where type = 'PlanSubmitted'".encode())


def test_altered_personal_fields_are_not_sent_as_erased(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    record(town.office, "CircumstanceChanged", example("CircumstanceChanged"), case_id=case_id, to=(CENTRE,))
    [plan] = stored(town.office, "PlanSubmitted")
    damage(town, "set_byte(personal, 20, get_byte(personal, 20) # 255)")
    town.drain()
    assert [row.type for row in town.centre.log.case(case_id)] == ["CaseOpened"]
    assert rows(town.office, "select sent_through, problem from partners where partner = %s", CENTRE) == [
        (1, ALARMS["disclosures_unreadable"])
    ]
    assert rows(town.office, "select code, position, case_id from parked") == [
        ("disclosures_unreadable", plan.position, case_id)
    ]
    damage(town, "set_byte(personal, 20, get_byte(personal, 20) # 255)")
    town.drain()
    [_, arrived, _] = town.centre.replay(case_id).events
    assert arrived.personal is not None
    assert arrived.personal["goals"] == example("PlanSubmitted")["goals"]
    assert rows(town.office, "select problem from partners where partner = %s", CENTRE) == [(None,)]


def test_personal_fields_that_are_gone_are_not_sent_as_if_there_were_none(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    damage(town, "null")
    town.drain()
    assert stored(town.centre, "PlanSubmitted") == []
    assert parked(town.centre) == []
    assert parked(town.office) == [("alarm", "disclosures_unreadable", CENTRE)]


def test_a_persons_key_that_can_not_be_read_delays_that_partner_and_nobody_else(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    with psycopg.connect(town.maker.databases[OFFICE].owner_keys) as connection:
        connection.execute(
            b"update person_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 255)"
        )
    other = open_case(town.office, to=(WARD,))
    town.drain()
    assert [row.case_id for row in stored(town.ward, "CaseOpened")] == [other]
    assert stored(town.centre, "CaseOpened") == []
    assert parked(town.office) == [("alarm", "disclosures_unreadable", CENTRE)]
    assert rows(town.office, "select case_id from parked") == [(case_id,)]


def test_what_was_erased_is_still_sent_as_erased(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    erase_person(town.office, case_id, "admin")
    town.turn(OFFICE, 1)
    [body] = town.take_raw(CENTRE)
    assert jose.unseal(body, town.maker.keys_of(CENTRE)).erased
    assert parked(town.office) == []
