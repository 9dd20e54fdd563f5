"""Forgetting: what is sent again after erasure says so, and what arrives about an erased person is not kept."""

from uuid import UUID

from shared.eventlog.model import ERASED
from shared.exchange import jose
from shared.exchange.erasing import erase_person
from shared.exchange.evidence import verify_node
from shared.node.node import Node
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    Town,
    example,
    open_case,
    parked,
    receipted,
    received,
    record,
    rows,
    stored,
)


def names(node: Node, case_id: UUID) -> list[object]:
    return [
        (event.personal or {}).get("name")
        for event in node.replay(case_id).events
        if event.type == "CaseOpened"
    ]


def test_what_is_sent_again_after_erasure_omits_the_disclosures_and_says_so(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.turn(OFFICE, 1)
    [first] = [jose.unseal(body, town.maker.keys_of(CENTRE)) for body in town.take_raw(CENTRE)]
    assert first.disclosures
    assert not first.erased
    erase_person(town.office, case_id, "admin")
    rows(town.office, "update partners set next_attempt = '-infinity' returning 1")
    town.turn(OFFICE, 1)
    [body] = town.take_raw(CENTRE)
    again = jose.unseal(body, town.maker.keys_of(CENTRE))
    assert (again.jws, again.disclosures, again.erased) == (first.jws, (), True)
    town.send_raw(CENTRE, body)
    town.drain()
    assert receipted(town.office, CENTRE) == [(1, "stored", None)]
    assert names(town.centre, case_id) == [ERASED]
    assert verify_node(town.centre).findings == []
    assert verify_node(town.office).findings == []


def test_disclosures_about_a_person_erased_here_are_not_kept(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    erase_person(town.centre, case_id, "admin")
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain()
    [row] = stored(town.centre, "PlanSubmitted")
    assert row.personal is None
    assert receipted(town.office, CENTRE)[-1][1:] == ("stored", None)
    assert names(town.centre, case_id) == [ERASED]
    assert verify_node(town.centre).findings == []


def test_parked_messages_about_an_erased_person_lose_their_bodies(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(
        CENTRE, voice.say("PlanSubmitted", example("PlanSubmitted", plan_version=None), case=case_id)
    )
    town.turn(CENTRE)
    assert parked(town.centre) == [("message", "invalid_field", OFFICE)]
    erase_person(town.centre, case_id, "admin")
    assert rows(town.centre, "select body from parked") == [(None,)]
    assert received(town.centre, OFFICE) == [(1, "refused", "invalid_field")]


def test_every_signature_digest_and_commitment_of_an_exchange_verifies(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain()
    for node in (town.office, town.centre, town.ward):
        assert verify_node(node).findings == []
    evidence = verify_node(town.centre)
    assert evidence.signatures >= 5
    assert evidence.commitments == 2
    assert verify_node(town.office).sent >= 2
