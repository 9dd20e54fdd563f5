"""An event's id is its sender's own: nobody can take one that another agency is going to use."""

import json
from uuid import uuid4, uuid5

from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    ROLES,
    WARD,
    Town,
    example,
    open_case,
    parked,
    received,
    rows,
    stored,
)
from tests.exchange.test_reactions_it import agree, reacting


def test_a_partner_that_foresees_the_id_of_a_reaction_can_not_prevent_it(town: Town) -> None:
    town.replace(town.centre, reacting(agree))
    case_id, voice, asked = open_case(town.centre), town.voice(OFFICE, CENTRE), uuid4()
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, id=uuid5(asked, f"{CENTRE}/0")))
    town.send_raw(CENTRE, voice.say("SimultaneousContractRequested", case=case_id, id=asked))
    town.turn(CENTRE)
    assert len(stored(town.centre, "SimultaneousContractAgreed")) == 1
    assert parked(town.centre) == []


def test_a_partner_that_uses_anothers_id_first_does_not_keep_its_event_out(town: Town) -> None:
    case_id, taken = open_case(town.centre), uuid4()
    voice, ward = town.voice(OFFICE, CENTRE), town.voice(WARD, CENTRE)
    [(ward.sequence, ward.previous)] = rows(
        town.centre, "select received_through, received_digest from partners where partner = %s", WARD
    )
    town.send_raw(CENTRE, ward.say("CertificationResult", case=case_id, id=taken))
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, id=taken))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "stored", None)]
    events = town.centre.replay(case_id).events
    assert [(each.type, each.sender) for each in events[1:]] == [
        ("CertificationResult", WARD),
        ("PlanSubmitted", OFFICE),
    ]
    assert events[2].personal == {
        name: example("PlanSubmitted")[name] for name in ("goals", "notes", "paper")
    }


def test_a_case_is_not_opened_again_and_its_parties_stay(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    town.drain()
    voice = town.voice(CENTRE, OFFICE)
    stranger = {**ROLES, "1371690098": "kyotaku"}
    town.send_raw(OFFICE, voice.say("CaseOpened", example("CaseOpened", parties=stranger), case=case_id))
    town.turn(OFFICE)
    assert ("message", "case_opened_again", CENTRE) in parked(town.office)
    assert town.office.situation(case_id).case.parties == ROLES


def test_of_two_openings_of_one_case_that_arrive_together_the_first_stands(town: Town) -> None:
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    for status in ("support1", "support2"):
        data = example("CaseOpened", parties=dict(ROLES), status=status)
        town.send_raw(CENTRE, voice.say("CaseOpened", data, case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "stored", None), (2, "refused", "case_opened_again")]
    assert [json.loads(row.data)["status"] for row in stored(town.centre, "CaseOpened")] == ["support1"]
