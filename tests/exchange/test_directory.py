"""Whose key counts when: what the directories say, and what a ward's anchor is good for."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from shared.eventlog.model import Event
from shared.exchange.directory import Directory, NotListed, NotValid, evolve_directory
from shared.node.agency_keys import AgencyKeys

WARD, OTHER_WARD, OFFICE = "131169", "131211", "1371600014"
KEYS = {agency: AgencyKeys.generate(agency) for agency in (WARD, OFFICE)}
SIGNING, ENCRYPTION = (str(each["kid"]) for each in KEYS[OFFICE].public_jwks())
EMPTY = Directory.trusting({WARD: KEYS[WARD].anchor()})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def fold(directory: Directory, name: str, /, **data: Any) -> Directory:
    event = Event(
        1,
        "directory:131169",
        1,
        UUID(int=1),
        name,
        1,
        None,
        WARD,
        date(2024, 9, 2),
        moment("2024-09-02T09:00"),
        "clerk",
        None,
        None,
        {"insurer": WARD, "agency": OFFICE, **data},
    )
    return evolve_directory(directory, event)


def listed(
    directory: Directory = EMPTY, keys: AgencyKeys = KEYS[OFFICE], valid_to: str | None = None, **data: Any
) -> Directory:
    rows = [
        {
            "kid": each["kid"],
            "use": each["use"],
            "jwk": {name: value for name, value in each.items() if name != "kid"},
            "valid_from": "2024-09-01T00:00:00+09:00",
            "valid_to": valid_to,
        }
        for each in keys.public_jwks()
    ]
    rows = data.pop("keys_listed", rows)
    shown = {"name": "見本事業所", "roles": ["kyotaku"], "keys": rows, "listed_on": "2024-09-02"}
    return fold(directory, "AgencyListed", **{**shown, **data})


DURING, BEFORE, AFTER = (moment(f"{day}T12:00") for day in ("2024-10-10", "2024-08-31", "2025-04-02"))


def test_a_listed_key_counts_in_its_period() -> None:
    directory = listed(valid_to="2025-04-01T00:00:00+09:00")
    assert directory.signing_key(OFFICE, SIGNING, DURING).thumbprint() == KEYS[OFFICE].signing[0].thumbprint()
    for outside in (BEFORE, AFTER):
        with pytest.raises(NotValid, match="key_not_valid"):
            directory.signing_key(OFFICE, SIGNING, outside)


def test_an_unknown_sender_is_told_from_an_unknown_key() -> None:
    with pytest.raises(NotListed, match="unknown_sender"):
        EMPTY.signing_key(OFFICE, SIGNING, DURING)
    with pytest.raises(NotListed, match="unknown_key"):
        listed().signing_key(OFFICE, "another", DURING)


def test_an_encryption_key_signs_nothing() -> None:
    with pytest.raises(NotListed, match="unknown_key"):
        listed().signing_key(OFFICE, ENCRYPTION, DURING)


def test_a_compromised_key_is_refused_whatever_time_is_claimed() -> None:
    marked = fold(listed(), "KeyCompromised", kid=SIGNING, compromised_from="2025-06-01T09:00:00+09:00")
    with pytest.raises(NotValid, match="key_compromised"):
        marked.signing_key(OFFICE, SIGNING, DURING)


def test_nothing_is_encrypted_to_a_compromised_key() -> None:
    marked = fold(listed(), "KeyCompromised", kid=ENCRYPTION, compromised_from="2025-06-01T09:00:00+09:00")
    assert marked.encryption_key(OFFICE, DURING) is None


def test_a_delisted_agency_counts_until_the_end_of_its_last_day() -> None:
    ended = fold(listed(), "AgencyDelisted", delisted_on="2025-03-31")
    assert ended.signing_key(OFFICE, SIGNING, moment("2025-03-31T23:59"))
    assert ended.encryption_key(OFFICE, moment("2025-03-31T23:59"))
    with pytest.raises(NotValid, match="key_not_valid"):
        ended.signing_key(OFFICE, SIGNING, moment("2025-04-01T00:00"))
    assert ended.encryption_key(OFFICE, moment("2025-04-01T00:00")) is None
    assert ended.roles(OFFICE, moment("2025-04-01T00:00")) == frozenset()
    assert listed(ended).encryption_key(OFFICE, AFTER)


def test_a_new_key_stands_beside_the_old_one_and_is_preferred() -> None:
    new = AgencyKeys.generate(OFFICE)
    rows = [
        {
            "kid": each["kid"],
            "use": each["use"],
            "jwk": each,
            "valid_from": "2025-01-01T00:00:00+09:00",
            "valid_to": None,
        }
        for each in new.public_jwks()
    ]
    both = fold(
        listed(), "AgencyListed", name="見本事業所", roles=["kyotaku"], keys=rows, listed_on="2025-01-01"
    )
    assert both.signing_key(OFFICE, SIGNING, DURING)
    assert [each.kid for each in both.current_keys(OFFICE, "sig", AFTER)] == [new.signing[0].kid, SIGNING]
    chosen = both.encryption_key(OFFICE, AFTER)
    assert chosen is not None
    assert chosen.kid == new.encryption[0].kid
    assert both.encryption_key(OFFICE, DURING).kid == ENCRYPTION  # type: ignore[union-attr]


def test_a_later_listing_can_end_a_keys_period() -> None:
    ended = listed(listed(), valid_to="2024-10-01T00:00:00+09:00")
    with pytest.raises(NotValid):
        ended.signing_key(OFFICE, SIGNING, DURING)


def test_an_agency_can_stand_in_several_directories() -> None:
    both = fold(
        listed(),
        "AgencyListed",
        insurer=OTHER_WARD,
        name="見本事業所",
        roles=["hokatsu"],
        keys=[],
        listed_on="2024-09-02",
    )
    assert both.roles(OFFICE, DURING) == {"kyotaku", "hokatsu"}
    ended = fold(both, "AgencyDelisted", delisted_on="2024-09-30")
    assert ended.roles(OFFICE, DURING) == {"hokatsu"}


def test_the_anchor_is_the_configured_key_of_that_ward_only() -> None:
    kid = str(KEYS[WARD].signing[0].kid)
    assert EMPTY.anchor(WARD, kid) is not None
    assert EMPTY.anchor(WARD, "another") is None
    assert EMPTY.anchor(OFFICE, kid) is None
    assert replace(EMPTY, compromised=frozenset({(WARD, WARD, kid)})).anchor(WARD, kid) is None


def test_other_events_change_nothing() -> None:
    assert fold(EMPTY, "OfficeDesignated") is EMPTY
    assert fold(EMPTY, "AgencyDelisted", delisted_on="2025-03-31") is EMPTY


# --- what nobody can use ---

UNUSABLE = [
    {},
    {"kty": "EC"},
    {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    {"kty": "OKP", "crv": "Ed25519", "x": "!!"},
    {"kty": "OKP", "crv": "Ed25519", "x": 7},
    {"kty": "OKP", "crv": "Ed448", "x": "A" * 76},
    {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},  # of the other use's curve
    {"kty": "OKP", "crv": "X25519", "x": "A" * 43},  # shares no secret with anybody
    "AAAA",
    None,
]


@pytest.mark.parametrize("jwk", UNUSABLE)
def test_a_key_that_can_not_be_used_is_left_out_and_those_beside_it_count(jwk: object) -> None:
    """A log that holds such a listing from before must not stop its node."""
    period = {"valid_from": "2024-09-01T00:00:00+09:00", "valid_to": None}
    good = [
        {"kid": each["kid"], "use": each["use"], "jwk": each, **period} for each in KEYS[OFFICE].public_jwks()
    ]
    bad = {"kid": "bad", "use": "enc", "jwk": jwk, **period}
    late = {**good[0], "kid": "late", "valid_from": "once upon a time"}
    directory = listed(keys_listed=[bad, good[0], late, good[1]])
    assert set(directory.listings[(WARD, OFFICE)].keys) == {SIGNING, ENCRYPTION}
    assert directory.signing_key(OFFICE, SIGNING, DURING)
    assert directory.encryption_key(OFFICE, DURING)


@pytest.mark.parametrize("name", ["AgencyListed", "AgencyDelisted", "KeyCompromised"])
@pytest.mark.parametrize("data", [{"keys": 7}, {"delisted_on": "some day", "kid": []}, {"delisted_on": None}])
def test_folding_a_directory_is_total(name: str, data: dict[str, Any]) -> None:
    assert fold(listed(), name, **data).signing_key(OFFICE, SIGNING, DURING)


def test_a_listing_that_ends_on_the_last_of_all_days_does_not_end() -> None:
    assert fold(listed(), "AgencyDelisted", delisted_on="9999-12-31").encryption_key(OFFICE, AFTER)


# --- what one ward can say about another's agencies ---

EVIL = {agency: AgencyKeys.generate(agency) for agency in (WARD, OFFICE)}
BOTH = Directory.trusting({WARD: KEYS[WARD].anchor(), OTHER_WARD: AgencyKeys.generate(OTHER_WARD).anchor()})


def kid_of(keys: AgencyKeys) -> str:
    return str(keys.signing[0].kid)


def test_a_wards_keys_are_those_of_its_own_directory_alone() -> None:
    """Another trusted ward lists it with keys of its own making, newer than the genuine ones."""
    genuine = listed(BOTH, KEYS[WARD], agency=WARD, roles=["ward"])
    for directory in (
        listed(genuine, EVIL[WARD], insurer=OTHER_WARD, agency=WARD, roles=["ward"]),
        listed(
            listed(BOTH, EVIL[WARD], insurer=OTHER_WARD, agency=WARD, roles=["ward"]),
            KEYS[WARD],
            agency=WARD,
            roles=["ward"],
        ),
    ):
        for insurer in (None, WARD, OTHER_WARD):
            with pytest.raises(NotListed, match="unknown_key"):
                directory.signing_key(WARD, kid_of(EVIL[WARD]), DURING, insurer)
            assert directory.signing_key(WARD, kid_of(KEYS[WARD]), DURING, insurer)
        chosen = directory.encryption_key(WARD, DURING)
        assert chosen is not None
        assert chosen.kid == KEYS[WARD].encryption[0].kid


def test_a_ward_that_is_not_in_its_own_directory_yet_has_no_keys_but_the_anchor() -> None:
    directory = listed(BOTH, EVIL[WARD], insurer=OTHER_WARD, agency=WARD, roles=["ward"])
    with pytest.raises(NotListed, match="unknown_sender"):
        directory.signing_key(WARD, kid_of(EVIL[WARD]), DURING)
    assert directory.encryption_key(WARD, DURING) is None
    assert directory.anchor(WARD, kid_of(KEYS[WARD])) is not None


def elsewhere(directory: Directory, keys: AgencyKeys = EVIL[OFFICE], **data: Any) -> Directory:
    return listed(directory, keys, insurer=OTHER_WARD, **data)


def test_an_office_has_the_keys_of_its_home_and_in_a_case_also_those_of_the_cases_insurer() -> None:
    evil = kid_of(EVIL[OFFICE])
    directory = elsewhere(listed(BOTH))
    assert directory.signing_key(OFFICE, SIGNING, DURING)
    assert directory.signing_key(OFFICE, SIGNING, DURING, WARD)
    for insurer in (None, WARD, OTHER_WARD):
        with pytest.raises(NotListed, match="unknown_key"):
            directory.signing_key(OFFICE, evil, DURING, insurer)
    with pytest.raises(NotListed, match="unknown_key"):
        directory.signing_key(OFFICE, SIGNING, DURING, OTHER_WARD)
    named = elsewhere(directory, KEYS[OFFICE])
    assert named.signing_key(OFFICE, SIGNING, DURING, OTHER_WARD)


def test_a_key_of_the_same_name_is_not_the_same_key() -> None:
    own, other = KEYS[OFFICE].signing[0], EVIL[OFFICE].signing[0]
    renamed = OKPKey.import_key({**other.as_dict(private=True), "kid": str(own.kid)})
    directory = elsewhere(listed(BOTH), replace(EVIL[OFFICE], signing=(renamed,)))
    found = directory.signing_key(OFFICE, SIGNING, DURING, WARD)
    assert found.thumbprint() == own.thumbprint()
    with pytest.raises(NotListed, match="unknown_key"):
        directory.signing_key(OFFICE, SIGNING, DURING, OTHER_WARD)


def test_when_the_home_ends_its_listing_the_next_directory_is_the_home() -> None:
    moved = fold(elsewhere(listed(BOTH), KEYS[OFFICE]), "AgencyDelisted", delisted_on="2024-12-31")
    assert moved.signing_key(OFFICE, SIGNING, AFTER)
    with pytest.raises(NotValid, match="key_not_valid"):
        moved.signing_key(OFFICE, SIGNING, AFTER, WARD)


def test_a_ward_withdraws_keys_from_its_own_directory_only() -> None:
    both = elsewhere(listed(BOTH), KEYS[OFFICE])
    marked = fold(
        both, "KeyCompromised", insurer=OTHER_WARD, kid=SIGNING, compromised_from="2025-06-01T09:00:00+09:00"
    )
    assert marked.signing_key(OFFICE, SIGNING, DURING)
    assert marked.signing_key(OFFICE, SIGNING, DURING, WARD)
    with pytest.raises(NotValid, match="key_compromised"):
        marked.signing_key(OFFICE, SIGNING, DURING, OTHER_WARD)


def test_messages_are_encrypted_to_a_key_of_the_home_whatever_another_ward_lists() -> None:
    directory = elsewhere(listed(BOTH))
    assert [each.kid for each in directory.current_keys(OFFICE, "enc", DURING)] == [ENCRYPTION]


def test_an_agency_signs_with_a_key_that_every_directory_knows() -> None:
    new = AgencyKeys.generate(OFFICE)
    at_home = listed(listed(BOTH), new)
    assert {each.kid for each in at_home.current_keys(OFFICE, "sig", DURING)} == {SIGNING, kid_of(new)}
    behind = elsewhere(at_home, KEYS[OFFICE])
    assert [each.kid for each in behind.current_keys(OFFICE, "sig", DURING)] == [SIGNING]


def test_nobody_becomes_a_ward_by_being_listed_as_one() -> None:
    directory = elsewhere(listed(BOTH), KEYS[OFFICE], roles=["ward", "hokatsu"])
    assert directory.roles(OFFICE, DURING) == {"kyotaku", "hokatsu"}
    assert directory.roles(OFFICE, DURING, WARD) == {"kyotaku"}
    assert directory.roles(OFFICE, DURING, OTHER_WARD) == {"hokatsu"}
