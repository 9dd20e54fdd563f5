"""What a person pays of a service (A-Q20): tables of amounts and shares."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.policy.copayment import divided
from shared.policy.errors import PolicyError
from shared.policy.parameters import parameters

ON = date(2019, 5, 1)


@pytest.mark.parametrize(
    ("yen", "percent", "paid", "person"),
    [
        (19_598, 10, 17_638, 1_960),
        (19_598, 20, 15_678, 3_920),
        (19_598, 30, 13_718, 5_880),
        (40_000, 10, 36_000, 4_000),
        (6_000, 10, 5_400, 600),
        (9, 10, 8, 1),
        (0, 10, 0, 0),
    ],
)
def test_what_is_paid_is_rounded_down_and_the_person_pays_the_rest(
    yen: int, percent: int, paid: int, person: int
) -> None:
    """A-Q20."""
    found = divided(yen, percent, ON, parameters("131219"))
    assert (found.paid, found.person, found.assistance) == (paid, person, 0)


def test_public_assistance_pays_in_the_person_s_place() -> None:
    """A-Q20."""
    found = divided(19_598, 10, ON, parameters("131219"), assisted=True)
    assert (found.paid, found.person, found.assistance) == (17_638, 0, 1_960)


@pytest.mark.parametrize(
    ("percent", "on", "allowed"),
    [
        (30, date(2018, 7, 31), False),
        (30, date(2018, 8, 1), True),
        (20, date(2015, 7, 31), False),
        (20, date(2015, 8, 1), True),
        (15, ON, False),
    ],
)
def test_a_share_holds_from_its_day(percent: int, on: date, allowed: bool) -> None:
    if allowed:
        assert divided(100, percent, on, parameters("131169")).person == percent
        return
    with pytest.raises(PolicyError) as wrong:
        divided(100, percent, on, parameters("131169"))
    assert wrong.value.field == "percent"


@given(some.integers(0, 10_000_000), some.sampled_from([10, 20, 30]))
def test_no_yen_is_lost(yen: int, percent: int) -> None:
    found = divided(yen, percent, ON, parameters("131219"))
    assert found.paid + found.person == yen
    assert 0 <= found.paid * 100 <= yen * (100 - percent)
