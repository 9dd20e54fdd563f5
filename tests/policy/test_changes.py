"""What changes when, as the console shows it."""

import re
from datetime import date, timedelta

import pytest

from shared.policy.changes import Change, changes, shown
from shared.policy.changes import told as all_told
from shared.policy.parameters import Parameters, insurers, parameters

TOSHIMA, ADACHI = "131169", "131219"


def of(known: Parameters, name: str) -> list[Change]:
    return [each for each in changes(known) if each.name == name]


def test_a_fee_s_changes_are_told_with_the_value_before_and_after_the_latest_first() -> None:
    told = [
        (each.on, each.before and each.before.value, each.after and each.after.value)
        for each in of(parameters(TOSHIMA), "fee.preventive_support.centre")
    ]
    assert told == [
        (date(2024, 4, 1), 438, 442),
        (date(2021, 4, 1), 431, 438),
        (date(2019, 10, 1), 430, 431),
        (date(2015, 4, 1), None, 430),
    ]


def test_a_value_that_ends_without_a_next_one_is_a_change() -> None:
    (latest, *_) = of(parameters(TOSHIMA), "unit_price.area_1")
    assert (latest.on, latest.after) == (date(2027, 4, 1), None)
    assert latest.entry is latest.before


def test_where_an_insurer_states_the_same_as_the_nation_nothing_changes() -> None:
    assert date(2016, 10, 1) not in [each.on for each in of(parameters(ADACHI), "fee.care_management_a")]


@pytest.mark.parametrize("insurer", sorted(insurers()))
def test_whoever_follows_the_changes_has_the_value_of_every_day(insurer: str) -> None:
    known = parameters(insurer)
    told = changes(known)
    assert [each.on for each in told] == sorted((each.on for each in told), reverse=True)
    for name in all_told(known):
        steps = [each for each in reversed(told) if each.name == name]
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            end = (following.on if following else step.on + timedelta(days=400)) - timedelta(days=1)
            for day in (step.on, end):
                found = known.find(name, day)
                assert (found and found.value) == (step.after and step.after.value)
        assert known.find(name, steps[0].on - timedelta(days=1)) is None


def test_of_several_named_values_those_that_differ_are_shown() -> None:
    (_, second, *_) = of(parameters(TOSHIMA), "unit_price.area_1")
    assert second.before is not None
    assert second.after is not None
    assert shown(second.after, second.before) == "70: 11.40、55: 11.10、45: 10.90"
    assert shown(second.after) == "70: 11.40、55: 11.10、45: 10.90、0: 10.00"


def test_a_code_is_shown_by_its_word() -> None:
    entry = parameters(ADACHI).entry("claim.format.care_management_a", date(2024, 4, 1))
    assert shown(entry) == "区への媒体"


@pytest.mark.parametrize("insurer", sorted(insurers()))
def test_people_read_words_not_codes(insurer: str) -> None:
    known = parameters(insurer)
    for name in all_told(known):
        for entry in known.history(name):
            text = re.sub(r"\{month\}|\S+@\S+", "", shown(entry))
            assert not re.search(r"[a-z]{3,}|None|True|False", text), (name, text)
