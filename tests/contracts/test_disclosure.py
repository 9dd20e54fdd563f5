"""Personal fields leave an agency only as disclosures that match what was signed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.disclosure import DisclosureMismatch, conceal, digest, open_fields, reveal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name not in ("_sd", "_sd_alg", "..."))
PERSON = {"status": "support2", "name": "見本 はな", "birth_date": "1942-05-03"}


@given(st.dictionaries(NAMES, JSON, max_size=5), st.data())
def test_what_is_concealed_can_be_revealed_and_nothing_of_it_stays_open(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    personal = draw.draw(st.sets(st.sampled_from(sorted(data)), max_size=5)) if data else set()
    opened, disclosures = conceal(data, personal)
    transmitted = json.loads(json.dumps(opened))
    assert reveal(transmitted, disclosures) == {name: data[name] for name in personal}
    assert open_fields(transmitted) == {name: value for name, value in data.items() if name not in personal}


def test_a_digest_is_the_sha256_of_the_disclosure_as_transmitted() -> None:
    # The example of RFC 9901, section 4.2.3.
    given = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest(given) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert reveal({"_sd": [digest(given)]}, [given]) == {"family_name": "Möbius"}


def test_two_concealments_of_the_same_person_share_no_digest() -> None:
    first, second = (conceal(PERSON, {"name", "birth_date"})[0]["_sd"] for _ in range(2))
    assert set(first).isdisjoint(second)


def test_a_salt_has_128_bits() -> None:
    _, disclosures = conceal(PERSON, {"name"})
    salt = json.loads(urlsafe_b64decode(disclosures[0] + "=="))[0]
    assert len(urlsafe_b64decode(salt + "==")) == 16


def test_data_without_personal_fields_stays_as_it_is() -> None:
    assert conceal({"status": "support2"}, {"name"}) == ({"status": "support2"}, [])


def test_erased_disclosures_may_be_missing_when_the_sender_says_so() -> None:
    opened, disclosures = conceal(PERSON, {"name", "birth_date"})
    assert reveal(opened, [], erased=True) == {}
    assert len(reveal(opened, disclosures[:1], erased=True)) == 1


@pytest.mark.parametrize("kept", [0, 1])
def test_a_missing_disclosure_is_refused(kept: int) -> None:
    opened, disclosures = conceal(PERSON, {"name", "birth_date"})
    with pytest.raises(DisclosureMismatch):
        reveal(opened, disclosures[:kept])


def test_a_changed_foreign_repeated_or_unreadable_disclosure_is_refused() -> None:
    opened, disclosures = conceal(PERSON, {"name"})
    _, foreign = conceal({"name": "別人"}, {"name"})
    for wrong in (foreign, disclosures * 2, [disclosures[0] + "A"], ["見本"]):
        with pytest.raises(DisclosureMismatch):
            reveal(opened, wrong)


def test_a_disclosure_that_gives_an_open_field_again_is_refused() -> None:
    _, disclosures = conceal({"status": "care1"}, {"status"})
    with pytest.raises(DisclosureMismatch):
        reveal({"status": "support2", "_sd": [digest(disclosures[0])]}, disclosures)


@pytest.mark.parametrize(
    "content", ["[1,2]", '["salt","name"]', '["salt",1,2]', "{}", "no json", '["s","_sd",1]']
)
def test_a_disclosure_of_another_form_is_refused(content: str) -> None:
    disclosure = urlsafe_b64encode(content.encode()).rstrip(b"=").decode()
    with pytest.raises(DisclosureMismatch):
        reveal({"_sd": [digest(disclosure)]}, [disclosure])


@pytest.mark.parametrize(
    "opened", [{"_sd": "x"}, {"_sd": [1]}, {"_sd": ["a", "a"]}, {"_sd": [], "_sd_alg": "sha-512"}]
)
def test_digests_of_another_form_are_refused(opened: dict[str, Any]) -> None:
    with pytest.raises(DisclosureMismatch):
        reveal(opened, [])


def test_a_reserved_name_can_not_be_a_field() -> None:
    with pytest.raises(ValueError, match="_sd"):
        conceal({"_sd": []}, set())


def test_no_error_says_what_a_field_held() -> None:
    opened, _ = conceal(PERSON, {"name"})
    _, foreign = conceal({"name": "見本 はな"}, {"name"})
    with pytest.raises(DisclosureMismatch) as problem:
        reveal(opened, foreign)
    assert "見本" not in str(problem.value)
