"""The linkage addition: T-69."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from tests.rules.asking import TOSHIMA, refused

CASES = {
    "no switch": ([], []),
    "the first switch": (["2025-01-01"], [True]),
    "only the first of two": (["2025-07-01", "2025-11-01"], [True, False]),
    "the earliest, in whatever order they are listed": (["2025-11-01", "2025-07-01"], [False, True]),
    "none the day before the addition existed": (["2021-03-31"], [False]),
    "the day it began": (["2021-04-01"], [True]),
    "the first since it exists": (["2021-03-31", "2021-04-01", "2021-04-02"], [False, True, False]),
}


@pytest.mark.parametrize(("switches", "payable"), CASES.values(), ids=CASES)
def test_linkage_addition_is_payable_once(switches: list[str], payable: list[bool]) -> None:
    answer = evaluate("linkage-addition", TOSHIMA, {"switches": switches})
    assert answer["payable"] == payable
    assert "T-69" in answer["rules"]


REFUSED = {
    "the same day twice": ({"switches": ["2025-07-01", "2025-07-01"]}, "switches"),
    "no such day": ({"switches": ["2025-02-29"]}, "switches.0"),
    "a month": ({"switches": ["2025-02-28", "2025-02"]}, "switches.1"),
    "one day that is not in a list": ({"switches": "2025-07-01"}, "switches"),
    "nothing": ({"switches": None}, "switches"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_linkage_addition_is_refused_naming_the_field(asked: dict[str, object], field: str) -> None:
    assert refused("linkage-addition", TOSHIMA, asked)["field"] == field


@given(st.lists(st.dates(date(2021, 4, 1), date(2040, 1, 1)), unique=True, min_size=1))
def test_exactly_one_of_any_switches_is_paid_and_it_is_the_earliest(days: list[date]) -> None:
    payable = evaluate("linkage-addition", TOSHIMA, {"switches": [each.isoformat() for each in days]})[
        "payable"
    ]
    assert [day for day, due in zip(days, payable, strict=True) if due] == [min(days)]
