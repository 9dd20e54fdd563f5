"""The monthly fee: A-Q35c, A-Q50, T-04, T-33, T-69, decisions 1, 4 and 14, and the issue's played months."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.dates import Month
from shared.policy.errors import PolicyError
from shared.policy.evaluators import evaluate
from shared.policy.fees import FeeFacts, fee
from shared.policy.money import split_fee
from shared.policy.parameters import Entry, Parameters, parameters
from tests.rules.asking import ADACHI, TOSHIMA, refused, validity

CENTRE = {"type": "preventive_support", "provider": "centre"}
OFFICE = {"type": "preventive_support", "provider": "office"}
PLAN_A = {"type": "care_management_a", "provider": "centre"}


def facts(month: str, kind: dict[str, str], *marks: str) -> dict[str, Any]:
    flags = {name: name in marks for name in ("entrusted", "initial", "linkage")}
    return {"month": month, **kind, **flags}


FEES = {
    "the office's first month has the initial addition": (
        TOSHIMA,
        facts("2024-10", OFFICE, "initial"),
        772,
        8800,
        None,
    ),
    "the office's ordinary month": (TOSHIMA, facts("2024-11", OFFICE), 472, 5380, None),
    "the first month of A after a switch has the linkage addition and is split": (
        TOSHIMA,
        facts("2025-01", PLAN_A, "entrusted", "linkage"),
        742,
        8458,
        {"office": 7613, "centre": 845},
    ),
    "the second month of A is split": (
        TOSHIMA,
        facts("2025-02", PLAN_A, "entrusted"),
        442,
        5038,
        {"office": 4535, "centre": 503},
    ),
    "back to designated there is no addition": (TOSHIMA, facts("2025-03", OFFICE), 472, 5380, None),
    "the centre's own case": (TOSHIMA, facts("2024-04", CENTRE), 442, 5038, None),
    "a centre's new case, entrusted at once, has both additions": (
        TOSHIMA,
        facts("2024-04", CENTRE, "entrusted", "initial", "linkage"),
        1042,
        11878,
        {"office": 10691, "centre": 1187},
    ),
    "Adachi's 1001": (
        ADACHI,
        facts("2019-04", PLAN_A, "entrusted"),
        430,
        4902,
        {"office": 4412, "centre": 490},
    ),
    "Adachi's 1002": (
        ADACHI,
        facts("2019-04", PLAN_A, "entrusted", "initial"),
        730,
        8322,
        {"office": 7490, "centre": 832},
    ),
    "the fee of 2015-04, the first month": (TOSHIMA, facts("2015-04", CENTRE), 430, 4902, None),
    "the last month before 2019-10": (TOSHIMA, facts("2019-09", CENTRE), 430, 4902, None),
    "the fee from 2019-10": (TOSHIMA, facts("2019-10", CENTRE), 431, 4913, None),
    "Adachi's figure ends with the national one": (ADACHI, facts("2019-10", PLAN_A), 431, 4913, None),
    "the last month before 2021-04": (TOSHIMA, facts("2021-03", CENTRE), 431, 4913, None),
    "from 2021-04 one unit is put on top": (TOSHIMA, facts("2021-04", CENTRE), 439, 5004, None),
    "the last month of the unit on top": (TOSHIMA, facts("2021-09", CENTRE), 439, 5004, None),
    "from 2021-10 the unit on top is gone": (TOSHIMA, facts("2021-10", CENTRE), 438, 4993, None),
    "A had no unit on top": (TOSHIMA, facts("2021-04", PLAN_A), 438, 4993, None),
    "the last month before 2024-04": (TOSHIMA, facts("2024-03", CENTRE), 438, 4993, None),
    "the office's first possible month": (TOSHIMA, facts("2024-04", OFFICE), 472, 5380, None),
    "A from 2026-06 is assumed unchanged": (TOSHIMA, facts("2026-06", PLAN_A), 442, 5038, None),
    "the last month with a published unit price": (TOSHIMA, facts("2027-03", OFFICE), 472, 5380, None),
}


@pytest.mark.parametrize(("insurer", "asked", "units", "yen", "split"), FEES.values(), ids=FEES)
def test_fee(insurer: str, asked: dict[str, Any], units: int, yen: int, split: dict[str, int] | None) -> None:
    answer = evaluate("fee", insurer, asked)
    assert (answer["units"], answer["yen"], answer["split"]) == (units, yen, split)
    assert answer["unit_price"] == "11.40"
    assert sum(each["units"] for each in answer["lines"]) == units


PERIODS: dict[str, tuple[dict[str, str], tuple[tuple[str, int, int], ...]]] = {
    "a centre": (
        CENTRE,
        (
            ("2015-04", 430, 4902),
            ("2019-10", 431, 4913),
            ("2021-04", 439, 5004),
            ("2021-10", 438, 4993),
            ("2024-04", 442, 5038),
        ),
    ),
    "an office": (OFFICE, (("2024-04", 472, 5380),)),
    "A": (
        PLAN_A,
        (("2015-04", 430, 4902), ("2019-10", 431, 4913), ("2021-04", 438, 4993), ("2024-04", 442, 5038)),
    ),
}
"""Who claims what → each period's first month, units and yen; the periods end where the next begins."""


@pytest.mark.parametrize(("kind", "periods"), PERIODS.values(), ids=PERIODS)
@pytest.mark.parametrize("insurer", [TOSHIMA, ADACHI])
def test_each_month_from_2015_to_2026_has_the_fee_of_its_period(
    insurer: str, kind: dict[str, str], periods: tuple[tuple[str, int, int], ...]
) -> None:
    """T-33, A-Q35c: every month up to 2026-06; the fee changes on the first day of a period and on no other."""
    month, before, changes = Month.parse(periods[0][0]), None, []
    while month <= Month(2026, 6):
        answer = evaluate("fee", insurer, facts(str(month), kind))
        found = answer["units"], answer["yen"]
        if found != before:
            changes.append((str(month), *found))
        before, month = found, month.plus(1)
    assert tuple(changes) == periods


REFUSED = {
    "an office has no fee of its own before 2024-04": (facts("2024-03", OFFICE), "provider"),
    "A is always the centre's": (facts("2025-01", {**PLAN_A, "provider": "office"}), "provider"),
    "the linkage addition does not exist before 2021-04": (
        facts("2021-03", CENTRE, "entrusted", "linkage"),
        "linkage",
    ),
    "the linkage addition is not the office's": (facts("2025-01", OFFICE, "linkage"), "linkage"),
    "the linkage addition needs an entrustment": (facts("2025-01", PLAN_A, "linkage"), "linkage"),
    "an office's own case is not entrusted": (facts("2025-01", OFFICE, "entrusted"), "entrusted"),
    "no fee is known before 2015-04": (facts("2015-03", CENTRE), "month"),
    "no unit price is published for 2027-04": (facts("2027-04", OFFICE), "month"),
    "an impossible month": (facts("2025-13", OFFICE), "month"),
    "a month with a day": (facts("2025-01-01", OFFICE), "month"),
    "an unknown type": (facts("2025-01", {**PLAN_A, "type": "care_management_b"}), "type"),
    "a number where a flag belongs": ({**facts("2025-01", OFFICE), "initial": 1}, "initial"),
    "a field that is missing": (
        {key: value for key, value in facts("2025-01", OFFICE).items() if key != "linkage"},
        "linkage",
    ),
    "a field that does not exist": ({**facts("2025-01", OFFICE), "linkeage": True}, "linkeage"),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_fee_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    assert refused("fee", TOSHIMA, asked)["field"] == field


def test_no_split_is_registered_for_adachi_before_its_project_began() -> None:
    assert refused("fee", ADACHI, facts("2016-09", PLAN_A, "entrusted")) == {
        "code": "not_published",
        "field": "month",
        "message": "足立区の「委託料の包括分」（fee_split.centre_percent）には平成28年9月1日の値が登録されていません"
        "（登録済み: 平成28年10月1日から）。公表された値を確かめて登録してください。",
    }


def test_every_amount_names_the_validity_of_its_parameter() -> None:
    answer = evaluate("fee", TOSHIMA, facts("2025-01", PLAN_A, "entrusted", "linkage"))
    assert validity(answer, "fee.care_management_a") == ("2024-04-01", "2026-05-31")
    assert validity(answer, "addition.linkage") == ("2021-04-01", None)
    assert validity(answer, "unit_price.area_1.70") == ("2015-04-01", "2027-03-31")
    assumed = {each["name"] for each in answer["parameters"] if each["assumed"]}
    assert assumed == {"fee_split.centre_percent", "fee_split.rounding"}


def test_the_rules_of_the_fee_are_named() -> None:
    answer = evaluate("fee", TOSHIMA, facts("2025-01", PLAN_A, "entrusted", "linkage"))
    assert {"T-04", "T-69", "A-Q35c", "A-Q50", "decision 1"} <= set(answer["rules"])
    assert "A-Q34a" in evaluate("fee", TOSHIMA, facts("2024-10", OFFICE, "initial"))["rules"]


def test_the_centres_line_is_named_as_the_claim_names_it() -> None:
    names = [
        evaluate("fee", TOSHIMA, facts(month, CENTRE))["lines"][0]["name"] for month in ("2024-03", "2024-04")
    ]
    assert names == ["介護予防支援費", "介護予防支援費（Ⅰ）"]


IMPROVEMENT = {
    "442 units get 9": (CENTRE, (), 451, 5141),
    "472 units get 10": (OFFICE, (), 482, 5494),
    "772 units get 16": (OFFICE, ("initial",), 788, 8983),
    "742 units get 16": (CENTRE, ("initial",), 758, 8641),
    "1042 units get 22": (CENTRE, ("initial", "linkage", "entrusted"), 1064, 12129),
}


@pytest.mark.parametrize(("kind", "marks", "units", "yen"), IMPROVEMENT.values(), ids=IMPROVEMENT)
def test_treatment_improvement_is_rounded_half_up_to_whole_units(
    kind: dict[str, Any], marks: tuple[str, ...], units: int, yen: int
) -> None:
    found = fee(_typed(facts("2026-06", kind, *marks), improvement=True), parameters(TOSHIMA))
    assert (found.units, found.yen) == (units, yen)


@pytest.mark.parametrize(
    ("month", "kind"), [("2026-05", OFFICE), ("2026-06", PLAN_A)], ids=["too early", "type A"]
)
def test_treatment_improvement_is_refused(month: str, kind: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as caught:
        fee(_typed(facts(month, kind), improvement=True), parameters(TOSHIMA))
    assert caught.value.field == "improvement"


SPLITS = {
    "both ways agree on 4,902": (4902, (4412, 490), (4412, 490)),
    "both ways agree on 8,322": (8322, (7490, 832), (7490, 832)),
    "they part at 5,038": (5038, (4535, 503), (4534, 504)),
    "they part at 8,458": (8458, (7613, 845), (7612, 846)),
}


@pytest.mark.parametrize(("yen", "floor", "half_up"), SPLITS.values(), ids=SPLITS)
def test_split_by_either_rounding(yen: int, floor: tuple[int, int], half_up: tuple[int, int]) -> None:
    known = parameters(ADACHI)
    on = date(2025, 1, 1)
    by_floor, by_half_up = split_fee(yen, on, known), split_fee(yen, on, _rounding(known, "office_half_up"))
    assert (by_floor.office, by_floor.centre) == floor
    assert (by_half_up.office, by_half_up.centre) == half_up
    assert by_floor.assumed is (floor != half_up), (
        "Adachi's own figures are facts, the rest depends on our choice"
    )


def test_toshimas_split_is_assumed_throughout() -> None:
    assert split_fee(4902, date(2025, 1, 1), parameters(TOSHIMA)).assumed


@given(yen=st.integers(0, 10**9), rounding=st.sampled_from(["centre_floor", "office_half_up"]))
def test_the_parts_of_a_split_always_sum_to_the_fee(yen: int, rounding: str) -> None:
    split = split_fee(yen, date(2025, 1, 1), _rounding(parameters(ADACHI), rounding))
    assert split.office + split.centre == yen
    assert abs(split.centre * 10 - yen) < 10


@given(
    month=st.builds(Month, st.integers(2015, 2026), st.integers(1, 12)).filter(
        lambda each: each >= Month(2015, 4)
    ),
    kind=st.sampled_from([CENTRE, OFFICE, PLAN_A]),
    marks=st.sets(st.sampled_from(["entrusted", "initial", "linkage"])),
)
def test_a_fee_is_either_refused_by_name_or_adds_up(
    month: Month, kind: dict[str, str], marks: set[str]
) -> None:
    office = kind is OFFICE
    excluded = (office and month < Month(2024, 4)) or (office and marks & {"entrusted", "linkage"})
    excluded = excluded or ("linkage" in marks and ("entrusted" not in marks or month < Month(2021, 4)))
    if excluded:
        assert refused("fee", TOSHIMA, facts(str(month), kind, *marks))["field"] in {
            "provider",
            "linkage",
            "entrusted",
        }
        return
    answer = evaluate("fee", TOSHIMA, facts(str(month), kind, *marks))
    assert answer["units"] == sum(each["units"] for each in answer["lines"])
    assert answer["yen"] == answer["units"] * 1140 // 100
    if answer["split"]:
        assert sum(answer["split"].values()) == answer["yen"]


def _typed(asked: dict[str, Any], improvement: bool) -> FeeFacts:
    return FeeFacts(**{**asked, "month": Month.parse(asked["month"])}, improvement=improvement)


def _rounding(known: Parameters, rounding: str) -> Parameters:
    entry: Entry = known.entry("fee_split.rounding", date(2025, 1, 1))
    return replace(known, own={**known.own, "fee_split.rounding": (replace(entry, value=rounding),)})


def test_the_addition_for_small_multifunctional_homes_is_paid_by_nobody_here() -> None:
    """A-Q34d: Adachi says that it has none; of another ward nothing is published."""
    facts = {
        "month": "2019-04",
        "type": "care_management_a",
        "provider": "centre",
        "entrusted": False,
        "initial": False,
        "linkage": False,
    }
    assert evaluate("fee", ADACHI, {**facts, "small_multifunction": False})["units"] == 430
    asked = {**facts, "small_multifunction": True}
    found = refused("fee", ADACHI, asked)
    assert (found["code"], found["field"]) == ("excluded_combination", "small_multifunction")
    assert "設定していません" in found["message"]
    assert refused("fee", TOSHIMA, asked)["code"] == "not_published"
