"""Units to yen: A-Q50."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from shared.policy.money import half_up, hundredths
from tests.rules.asking import ADACHI, TOSHIMA, refused, validity

PRICES = {
    "day service": ("2019-04", "A6", 1655, "10.90", 18039),
    "day service by weekly count": ("2019-04", "A7", 1798, "10.90", 19598),
    "home help": ("2019-04", "A2", 100, "11.40", 1140),
    "home nursing": ("2019-04", "63", 101, "11.40", 1151),
    "home bathing": ("2019-04", "62", 1, "11.40", 11),
    "home rehabilitation": ("2019-04", "64", 101, "11.10", 1121),
    "day rehabilitation": ("2019-04", "66", 1, "11.10", 11),
    "day service for dementia": ("2019-04", "74", 1000, "11.10", 11100),
    "short stay, living care": ("2019-04", "24", 1000, "11.10", 11100),
    "short stay, medical care": ("2019-04", "25", 1000, "10.90", 10900),
    "equipment rental": ("2019-04", "67", 123, "10.00", 1230),
    "medical advice": ("2019-04", "34", 123, "10.00", 1230),
    "care management": ("2019-04", "care_management_a", 430, "11.40", 4902),
    "preventive support": ("2019-04", "preventive_support", 430, "11.40", 4902),
    "no units": ("2019-04", "A6", 0, "10.90", 0),
    "the last month of the older prices": ("2015-03", "63", 100, "11.26", 1126),
    "the first month of the present prices": ("2015-04", "63", 100, "11.40", 1140),
    "the first month of the older prices": ("2012-04", "66", 100, "10.99", 1099),
    "the last month that has a price": ("2027-03", "A6", 100, "10.90", 1090),
}


@pytest.mark.parametrize("insurer", [TOSHIMA, ADACHI])
@pytest.mark.parametrize(("month", "service", "units", "unit_price", "yen"), PRICES.values(), ids=PRICES)
def test_price(insurer: str, month: str, service: str, units: int, unit_price: str, yen: int) -> None:
    answer = evaluate("price", insurer, {"month": month, "service": service, "units": units})
    assert (answer["unit_price"], answer["yen"]) == (unit_price, yen)
    assert "A-Q50" in answer["rules"]


REFUSED = {
    "before the first price": ({"month": "2012-03", "service": "A6", "units": 1}, "month"),
    "after the last price": ({"month": "2027-04", "service": "A6", "units": 1}, "month"),
    "resident-run support has no units": (
        {"month": "2019-04", "service": "community_b", "units": 1},
        "service",
    ),
    "general prevention has no units": ({"month": "2019-04", "service": "general", "units": 1}, "service"),
    "an unknown service": ({"month": "2019-04", "service": "AF", "units": 1}, "service"),
    "units below zero": ({"month": "2019-04", "service": "A6", "units": -1}, "units"),
    "units beyond reason": ({"month": "2019-04", "service": "A6", "units": 10**9}, "units"),
    "half a unit": ({"month": "2019-04", "service": "A6", "units": 1.5}, "units"),
    "units as text": ({"month": "2019-04", "service": "A6", "units": "1"}, "units"),
    "units that are true": ({"month": "2019-04", "service": "A6", "units": True}, "units"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_price_is_refused_naming_the_field(asked: dict[str, object], field: str) -> None:
    assert refused("price", TOSHIMA, asked)["field"] == field


def test_the_price_names_its_validity() -> None:
    answer = evaluate("price", TOSHIMA, {"month": "2025-01", "service": "A6", "units": 1})
    assert validity(answer, "unit_price.area_1.45") == ("2015-04-01", "2027-03-31")


@given(units=st.integers(0, 10_000_000), service=st.sampled_from(["A6", "63", "66", "67"]))
def test_yen_cut_off_less_than_one_yen(units: int, service: str) -> None:
    answer = evaluate("price", TOSHIMA, {"month": "2025-01", "service": service, "units": units})
    assert 0 <= units * hundredths(answer["unit_price"]) - answer["yen"] * 100 < 100


HALVES = {"below a half": (442, 9), "above a half": (472, 10), "exactly a half": (500, 11), "nothing": (0, 0)}


@pytest.mark.parametrize(("units", "share"), HALVES.values(), ids=HALVES)
def test_a_share_of_2_1_percent_is_rounded_half_up(units: int, share: int) -> None:
    assert half_up(units, 21, 1000) == share
