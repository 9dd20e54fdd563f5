"""What must not be accepted is refused, parked or raised as an alarm with its reason, and the rest flows on."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import BILLING
from contracts.topology import dead_queue
from shared.exchange import jose
from shared.exchange.waiting import waiting_messages
from shared.node.agency_keys import AgencyKeys
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    ROLES,
    WARD,
    Town,
    Voice,
    example,
    listing,
    named_alike,
    open_case,
    parked,
    receipted,
    received,
    record,
    rows,
    stored,
)

Wrong = Callable[[Town, Voice, UUID], bytes]
BEFORE, LATER = (datetime.fromisoformat(f"{day}T09:00:00+09:00") for day in ("2024-08-01", "2025-05-01"))


def garbage(town: Town, voice: Voice, case: UUID) -> bytes:
    return b"this is no message"


def truncated(town: Town, voice: Voice, case: UUID) -> bytes:
    body = Voice(voice.keys, voice.recipient).say("PlanSubmitted", case=case)
    return body[: len(body) // 2]


def far_too_large(town: Town, voice: Voice, case: UUID) -> bytes:
    return b"x" * (jose.MAX_AUTHENTICATED_BYTES + 1)


def forged(town: Town, voice: Voice, case: UUID) -> bytes:
    attacker = named_alike(AgencyKeys.generate(OFFICE), voice.keys)
    return Voice(attacker, voice.recipient).say("PlanSubmitted", case=case)


def to_another_key(town: Town, voice: Voice, case: UUID) -> bytes:
    return Voice(voice.keys, AgencyKeys.generate(CENTRE)).say("PlanSubmitted", case=case)


def forwarded(town: Town, voice: Voice, case: UUID) -> bytes:
    """What the office told the ward, encrypted anew by the ward and passed on as if it were for the centre."""
    told = jose.unseal(
        Voice(voice.keys, town.maker.keys_of(WARD)).say("PlanSubmitted", case=case), town.maker.keys_of(WARD)
    )
    return voice.seal(told.jws, told.disclosures)


def signed_before_the_key_counted(town: Town, voice: Voice, case: UUID) -> bytes:
    return Voice(voice.keys, voice.recipient).say("PlanSubmitted", case=case, time=BEFORE)


def of_another_mode(town: Town, voice: Voice, case: UUID) -> bytes:
    return Voice(voice.keys, voice.recipient).say("PlanSubmitted", case=case, training=False)


def without_a_number(town: Town, voice: Voice, case: UUID) -> bytes:
    return Voice(voice.keys, voice.recipient).say("PlanSubmitted", case=case, change={"sequence": "one"})


def of_an_unknown_kind(town: Town, voice: Voice, case: UUID) -> bytes:
    return voice.seal(jose.sign("{}", voice.keys.signing_key(), "something-else"))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (garbage, "unreadable"),
        (truncated, "unreadable"),
        (far_too_large, "too_large"),
        (to_another_key, "unreadable"),
        (of_an_unknown_kind, "unreadable"),
        (without_a_number, "malformed"),
        (forged, "forged_signature"),
        (signed_before_the_key_counted, "key_not_valid"),
        (forwarded, "wrong_recipient"),
        (of_another_mode, "training_mismatch"),
    ],
)
def test_what_proves_nothing_consumes_no_number_and_is_parked_apart(
    town: Town, wrong: Wrong, code: str
) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    body = wrong(town, voice, case_id)
    town.send_raw(CENTRE, body)
    town.send_raw(CENTRE, body)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert [(kind, why) for kind, why, _ in parked(town.centre)] == [("unauthentic", code)]
    assert received(town.centre, OFFICE) == [(1, "stored", None)]
    assert len(stored(town.centre, "PlanSubmitted")) == 1


def test_a_key_marked_as_compromised_is_refused_even_for_earlier_times(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    kid = str(voice.keys.signing_key().kid)
    marked = {"insurer": WARD, "agency": OFFICE, "kid": kid, "compromised_from": "2024-10-07T08:00:00+09:00"}
    record(town.ward, "KeyCompromised", marked, to=(CENTRE,))
    town.drain()
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert parked(town.centre) == [("unauthentic", "key_compromised", OFFICE)]
    assert stored(town.centre, "PlanSubmitted") == []


LARGE = {"goals": "あ" * 300_000}


@pytest.mark.parametrize(
    ("name", "options", "code", "place"),
    [
        ("SomethingElse", {"data": {}}, "unknown_type", "SomethingElse.v1"),
        ("PlanSubmitted", {"version": 7}, "unknown_type", "PlanSubmitted.v7"),
        ("PlanSubmitted", {"change": {"occurredon": "yesterday"}}, "invalid_envelope", "occurredon"),
        (
            "PlanSubmitted",
            {"data": example("PlanSubmitted", plan_version=None)},
            "invalid_field",
            "plan_version",
        ),
        ("PlanSubmitted", {"disclosures": ["WyJzIiwiYSIsMV0"]}, "disclosure_mismatch", None),
        ("PlanSubmitted", {"change": {"data": example("PlanSubmitted")}}, "personal_in_clear", "goals"),
        ("PlanSubmitted", {"data": example("PlanSubmitted", notes="あ" * 300_000)}, "too_large", None),
        ("CertificationResult", {}, "sender_not_authorised", None),
        ("NotificationAccepted", {}, "sender_not_authorised", None),
        ("AgencyListed", {"case": None}, "speaks_for_another", "insurer"),
    ],
)
def test_an_authentic_message_that_is_wrong_consumes_its_number_and_is_refused_with_its_reason(
    town: Town, name: str, options: dict[str, Any], code: str, place: str | None
) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say(name, **{"case": case_id, **options}))
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "refused", code), (2, "stored", None)]
    assert parked(town.centre) == [("message", code, OFFICE)]
    assert len(stored(town.centre, "PlanSubmitted")) == 1
    answers = [
        answer for body in town.take_raw(OFFICE) for answer in _receipt(body, voice.keys).get("answers", [])
    ]
    refused = {name: value for name, value in answers[0].items() if name in ("status", "code", "field")}
    assert refused == {"status": "refused", "code": code, **({"field": place} if place else {})}


def _receipt(body: bytes, keys: AgencyKeys) -> dict[str, Any]:
    return dict(jose.peek(jose.unseal(body, keys).jws).payload)


def test_a_stranger_to_the_case_is_refused(town: Town) -> None:
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    parties = {CENTRE: "hokatsu", WARD: "ward", BILLING: "billing", "1371690098": "kyotaku"}
    record(town.centre, "CaseOpened", example("CaseOpened", parties=parties), case_id=case_id)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "refused", "not_a_party")]
    assert stored(town.centre, "PlanSubmitted") == []


def test_an_office_that_may_still_join_waits_and_is_heard_when_it_has_joined(town: Town) -> None:
    """What the node remembered of the case before does not keep its message out."""
    case_id, voice = uuid4(), town.voice(OFFICE, CENTRE)
    parties = {CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    record(town.centre, "CaseOpened", example("CaseOpened", parties=parties), case_id=case_id)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "waiting", "unknown_party")]
    # Nothing says that it joined: not tried at every turn.
    assert list(waiting_messages(town.centre, None, False)) == []
    record(town.centre, "OfficeAssigned", example("OfficeAssigned"), case_id=case_id)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE)[1] == (2, "stored", None)


@pytest.mark.parametrize("together", [True, False])
def test_a_second_office_is_refused_whether_it_comes_with_the_first_or_after_it(
    town: Town, together: bool
) -> None:
    """What the node remembered of the case before the first one joined does not let a second one in."""
    case_id, alone = uuid4(), {CENTRE: "hokatsu", WARD: "ward"}
    record(town.centre, "CaseOpened", example("CaseOpened", parties=alone), case_id=case_id, to=(WARD,))
    town.drain(CENTRE, WARD)
    for office in (OFFICE, "1371690098"):
        assigned = example("OfficeAssigned", office=office)
        record(town.centre, "OfficeAssigned", assigned, case_id=case_id, to=(WARD,))
        if not together:
            town.drain(CENTRE, WARD)
    town.drain(CENTRE, WARD)
    assert [each[1:] for each in received(town.ward, CENTRE)] == [
        ("stored", None),
        ("stored", None),
        ("refused", "stranger_named"),
    ]
    assert len(stored(town.ward, "OfficeAssigned")) == 1


def test_nobody_lists_an_agency_in_a_directory_but_its_ward(town: Town) -> None:
    voice = town.voice(OFFICE, CENTRE)
    own = listing(town.maker, OFFICE, insurer=OFFICE[:6], roles=["ward"])
    town.send_raw(CENTRE, voice.say("AgencyListed", own))
    town.send_raw(CENTRE, voice.say("AgencyListed", listing(town.maker, OFFICE, roles=["ward"])))
    town.turn(CENTRE)
    assert [each[1:] for each in received(town.centre, OFFICE)] == [("refused", "speaks_for_another")] * 2
    assert len(stored(town.centre, "AgencyListed")) == len(ROLES)


def test_the_same_number_with_other_bytes_is_an_alarm_and_the_first_stands(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.send_raw(
        CENTRE, voice.say("PlanSubmitted", example("PlanSubmitted", plan_version=9), case=case_id, sequence=1)
    )
    town.turn(CENTRE)
    assert parked(town.centre) == [("alarm", "number_reused", OFFICE)]
    assert [json.loads(row.data)["plan_version"] for row in stored(town.centre, "PlanSubmitted")] == [1]


def test_a_message_that_names_another_predecessor_is_an_alarm_and_refused(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, previous_digest=b"x" * 32))
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert [each[1:] for each in received(town.centre, OFFICE)] == [
        ("stored", None),
        ("refused", "previous_digest_mismatch"),
        ("stored", None),
    ]
    assert parked(town.centre) == [("alarm", "previous_digest_mismatch", OFFICE)]


def test_an_event_id_that_comes_again_with_other_content_is_an_alarm(town: Town) -> None:
    case_id, voice, event_id = open_case(town.centre), town.voice(OFFICE, CENTRE), uuid4()
    town.send_raw(CENTRE, voice.say("PlanSubmitted", case=case_id, id=event_id))
    other = example("PlanSubmitted", plan_version=9)
    town.send_raw(CENTRE, voice.say("PlanSubmitted", other, case=case_id, id=event_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE)[1] == (2, "refused", "event_differs")
    assert parked(town.centre) == [("alarm", "event_differs", OFFICE)]
    assert len(stored(town.centre, "PlanSubmitted")) == 1


def test_the_sender_learns_why_and_what_it_sent_afterwards_arrives(town: Town) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    record(town.office, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain()
    assert receipted(town.office, CENTRE) == [
        (1, "stored", None),
        (2, "refused", "sender_not_authorised"),
        (3, "stored", None),
    ]
    assert len(stored(town.centre, "PlanSubmitted")) == 1


def test_parked_bodies_are_ciphertext(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, voice.say("CaseOpened", example("CaseOpened", status="nonsense"), case=case_id))
    town.turn(CENTRE)
    [(body,)] = rows(town.centre, "select body from parked")
    assert "見本".encode() not in body
    assert jose.unseal(body, town.maker.keys_of(CENTRE))


def test_none_of_it_goes_to_the_dead_letters(town: Town) -> None:
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    for wrong in (garbage, truncated, forged, of_another_mode):
        town.send_raw(CENTRE, wrong(town, voice, case_id))
    town.turn(CENTRE)
    assert town.depth(dead_queue(CENTRE)) == 0
    assert town.take_raw(CENTRE) == []
