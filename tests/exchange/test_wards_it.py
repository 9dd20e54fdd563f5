"""A trusted ward speaks for its own directory: listing another's agencies gives it no voice under their names."""

from dataclasses import replace

import pytest

from shared.exchange import jose
from shared.exchange.exchange import Exchange
from shared.node.agency_keys import AgencyKeys
from shared.node.node import Node
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    WARD,
    Town,
    Voice,
    example,
    listing,
    open_case,
    received,
    rows,
    silent_service,
    stored,
)

OTHER_WARD = "131211"


@pytest.fixture
def other(town: Town) -> Voice:
    """Another ward, which the centre trusts as well; it speaks to the centre."""
    keys = town.maker.keys_of(OTHER_WARD)
    trust = {**town.centre.config.trust, OTHER_WARD: keys.anchor()}
    town.exchanges[CENTRE].close()
    node = Node(replace(town.centre.config, trust=trust), silent_service("hokatsu"))
    node.open()
    town.maker.made.append(node)
    town.exchanges[CENTRE] = Exchange(node)
    voice = Voice(keys, town.maker.keys_of(CENTRE))
    town.send_raw(CENTRE, voice.say("AgencyListed", entry(town, keys, roles=["ward"])))
    return voice


def entry(town: Town, keys: AgencyKeys, **changes: object) -> dict[str, object]:
    """A listing by the other ward, with these keys."""
    made = listing(town.maker, keys.agency)
    shown = {each["use"]: each for each in keys.public_jwks()}
    rows_ = [{**each, "kid": shown[each["use"]]["kid"], "jwk": shown[each["use"]]} for each in made["keys"]]
    return {**made, "insurer": OTHER_WARD, "keys": rows_, **changes}


def test_a_ward_can_not_speak_as_another_wards_office(town: Town, other: Voice) -> None:
    case_id = open_case(town.centre)
    evil = AgencyKeys.generate(OFFICE)
    town.send_raw(CENTRE, other.say("AgencyListed", entry(town, evil, roles=["kyotaku"])))
    town.send_raw(CENTRE, Voice(evil, other.recipient).say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert [each[1:] for each in received(town.centre, OTHER_WARD)] == [("stored", None)] * 2
    assert stored(town.centre, "PlanSubmitted") == []
    assert received(town.centre, OFFICE) == []
    assert rows(town.centre, "select partner, reason from waiting") == [(OFFICE, "unknown_key")]
    genuine = town.voice(OFFICE, CENTRE)
    town.send_raw(CENTRE, genuine.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "stored", None)]


def test_a_ward_can_not_speak_as_another_ward_nor_read_what_that_one_is_sent(
    town: Town, other: Voice
) -> None:
    evil = AgencyKeys.generate(WARD)
    town.send_raw(CENTRE, other.say("AgencyListed", entry(town, evil, roles=["ward"])))
    voice = Voice(evil, other.recipient)
    before = len(stored(town.centre, "AgencyDelisted"))
    data = example("AgencyDelisted", insurer=WARD, agency=OFFICE, delisted_on="2024-09-30")
    town.send_raw(CENTRE, voice.say("AgencyDelisted", data))
    town.turn(CENTRE)
    assert len(stored(town.centre, "AgencyDelisted")) == before
    open_case(town.centre, to=(WARD,))
    town.turn(CENTRE)
    bodies = town.take_raw(WARD)
    assert bodies
    assert all(jose.unseal(body, town.maker.keys_of(WARD)) for body in bodies)


def test_in_a_case_of_its_own_a_ward_decides_whose_keys_count(town: Town, other: Voice) -> None:
    case_id = open_case(town.centre, insurer=OTHER_WARD)
    genuine = town.voice(OFFICE, CENTRE)
    evil = AgencyKeys.generate(OFFICE)
    town.send_raw(CENTRE, other.say("AgencyListed", entry(town, evil, roles=["kyotaku"])))
    town.send_raw(CENTRE, genuine.say("PlanSubmitted", case=case_id))
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == []
    town.send_raw(
        CENTRE, other.say("AgencyListed", entry(town, town.maker.keys_of(OFFICE), roles=["kyotaku"]))
    )
    town.turn(CENTRE)
    assert received(town.centre, OFFICE) == [(1, "stored", None)]
