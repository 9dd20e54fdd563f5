"""Forgetting: what is sent again after erasure says so, and what arrives about an erased person is not kept."""

from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from shared.eventlog.model import ERASED
from shared.exchange import erasing, jose
from shared.exchange.evidence import verify_node
from shared.exchange.inbox import Inbox
from shared.node.agency_keys import AgencyKeys
from shared.node.node import Node
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    Town,
    Voice,
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
    erasing.erase_person(town.office, case_id, "admin")
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
    erasing.erase_person(town.centre, case_id, "admin")
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
    erasing.erase_person(town.centre, case_id, "admin")
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


def bodies(node: Node) -> int:
    """Ciphertexts of messages that lie beside the node's log."""
    [(number,)] = rows(
        node,
        "select (select count(*) from held) + (select count(*) from waiting)"
        " + (select count(*) from parked where body is not null)",
    )
    return int(number)


def test_no_copy_of_a_message_about_an_erased_person_is_left_beside_the_log(town: Town) -> None:
    """One is held behind a gap, one is of an unknown sender, one is refused, one is forged, one waits."""
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    inbox = Inbox(town.centre)
    inbox.receive(voice.say("PlanSubmitted", case=case_id))
    open_case(town.centre, case_id=case_id)
    inbox.receive(voice.say("PlanSubmitted", example("PlanSubmitted", plan_version=None), case=case_id))
    voice.say("PlanSubmitted", case=case_id)
    inbox.receive(voice.say("PlanSubmitted", case=case_id))
    stranger = Voice(AgencyKeys.generate("1371699999"), town.maker.keys_of(CENTRE))
    inbox.receive(stranger.say("PlanSubmitted", case=case_id))
    inbox.receive(voice.say("PlanSubmitted", case=case_id, training=False))
    assert bodies(town.centre) == 5
    erasing.erase_person(town.centre, case_id, "admin")
    assert bodies(town.centre) == 0
    told = "select status, code, answered from received where partner = %s order by sequence"
    assert rows(town.centre, told, OFFICE) == [
        ("refused", "person_erased", False),
        ("refused", "invalid_field", False),
    ]


def test_bodies_that_arrive_after_the_erasure_are_not_kept_but_their_digest_and_size_are(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    erasing.erase_person(town.centre, case_id, "admin")
    inbox = Inbox(town.centre)
    refused = voice.say("PlanSubmitted", example("PlanSubmitted", plan_version=None), case=case_id)
    inbox.receive(refused)
    inbox.receive(voice.say("PlanSubmitted", case=case_id, training=False, sequence=2))
    voice.say("PlanSubmitted", case=case_id)
    inbox.receive(voice.say("PlanSubmitted", case=case_id))
    stranger = Voice(AgencyKeys.generate("1371699999"), town.maker.keys_of(CENTRE))
    inbox.receive(stranger.say("PlanSubmitted", case=case_id))
    assert bodies(town.centre) == 0
    assert [code for _, code, _ in parked(town.centre)] == [
        "invalid_field",
        "training_mismatch",
        "unknown_sender",
    ]
    [first, *_] = rows(town.centre, "select body_digest, body_bytes from parked order by id")
    assert first == (sha256(refused).digest(), len(refused))


def test_a_refused_message_about_a_person_whom_nobody_here_could_erase_is_kept_without_its_body(
    town: Town,
) -> None:
    voice, inbox = town.voice(OFFICE, CENTRE), Inbox(town.centre)
    inbox.receive(voice.say("CaseOpened", example("CaseOpened", status="x"), case=uuid4()))
    inbox.receive(voice.say("CaseOpened", example("CaseOpened"), case=None))
    assert [code for _, code, _ in parked(town.centre)] == ["invalid_field", "invalid_field"]
    assert bodies(town.centre) == 0


def test_erasing_is_recorded_and_done_together_or_not_at_all(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    Inbox(town.centre).receive(
        voice.say("PlanSubmitted", example("PlanSubmitted", plan_version=None), case=case_id)
    )

    def fail(*_: object) -> None:
        raise RuntimeError("the node stops here")

    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(erasing, "_forget", fail)
        erasing.erase_person(town.centre, case_id, "admin")
    assert stored(town.centre, "PersonErased") == []
    assert bodies(town.centre) == 1
    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(town.centre.keys, "destroy", fail)
        erasing.erase_person(town.centre, case_id, "admin")
    assert len(stored(town.centre, "PersonErased")) == 1
    assert erasing.erase_person(town.centre, case_id, "admin") is True
    assert len(stored(town.centre, "PersonErased")) == 1
    assert bodies(town.centre) == 0
    assert names(town.centre, case_id) == [ERASED]
