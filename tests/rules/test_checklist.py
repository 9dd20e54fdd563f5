"""The basic checklist: A-Q1b, A-Q2a, A-Q4, decisions 10 and 18."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

ITEMS = [item for item in range(1, 26) if item != 12]
COUNTING = {
    item: "yes" if item in {9, 10, 11, 13, 14, 15, 17, 18, *range(20, 26)} else "no" for item in ITEMS
}
"""The answer that counts (1.はい, 1.いいえ), item by item."""

STOUT = {"height_cm": 160, "weight_kg": 60}
LIGHT = {"height_cm": 156, "weight_kg": 45}


def opposite(item: int) -> str:
    return "no" if COUNTING[item] == "yes" else "yes"


def facts(counting: Iterable[int] = (), unanswered: Iterable[int] = (), **others: Any) -> dict[str, Any]:
    answers: dict[str, str | None] = {
        str(item): COUNTING[item] if item in set(counting) else opposite(item) for item in ITEMS
    }
    answers |= {str(item): None for item in unanswered}
    return {"date": "2019-05-10", "age": 70, "answers": answers, **STOUT, **others}


def answered(**asked: Any) -> dict[str, Any]:
    return evaluate("checklist", ADACHI, asked)


MET: dict[str, tuple[dict[str, Any], list[int]]] = {
    "nothing counts": (facts(), []),
    "only 16": (facts([16]), [5]),
    "only 17 never qualifies": (facts([17]), []),
    "only 18": (facts([18]), [6]),
    "only 19": (facts([19]), [6]),
    "only 20": (facts([20]), [6]),
    "11 without a low BMI": (facts([11]), []),
    "a low BMI without 11": (facts([], **LIGHT), []),
    "11 and a low BMI": (facts([11], **LIGHT), [3]),
    "two of 6 to 10": (facts([6, 7]), []),
    "three of 6 to 10": (facts([6, 7, 9]), [2]),
    "one of 13 to 15": (facts([14]), []),
    "two of 13 to 15": (facts([13, 15]), [4]),
    "one of 21 to 25": (facts([25]), []),
    "two of 21 to 25": (facts([21, 25]), [7]),
    "nine of 1 to 20": (facts([1, 2, 3, 4, 5, 6, 7, 13, 17]), []),
    "ten of 1 to 20 and no other criterion": (facts([1, 2, 3, 4, 5, 6, 7, 11, 13, 17]), [1]),
    "the low BMI is the tenth": (facts([1, 2, 3, 4, 5, 6, 7, 13, 17], **LIGHT), [1]),
    "21 to 25 do not count among the ten": (facts([1, 2, 3, 4, 5, 6, 7, 13, 17, 21]), []),
    "all of them": (facts(ITEMS, **LIGHT), [1, 2, 3, 4, 5, 6, 7]),
}


@pytest.mark.parametrize(("asked", "criteria"), MET.values(), ids=MET)
def test_criteria_that_answers_meet(asked: dict[str, Any], criteria: list[int]) -> None:
    found = answered(**asked)
    assert found["criteria"] == criteria
    assert found["outcome"] == ("applicable" if criteria else "not_applicable")
    assert (found["undetermined"], found["unanswered"]) == ([], [])
    assert "A-Q4" in found["rules"]


BMIS: dict[str, tuple[object, object, str, list[int]]] = {
    "exactly 18.5 does not count": (160, 47.36, "18.5", []),
    "the same as text": ("160", "47.36", "18.5", []),
    "a little less counts": (160, 47.35, "18.496", [3]),
    "a little more does not": (160, 47.37, "18.5039", []),
    "rounds to 18.5 on paper and counts all the same": (156, 45.0, "18.4911", [3]),
    "less than four decimals show": (160, "47.359999999", "18.4999", [3]),
    "18.4": (100, 18.4, "18.4", [3]),
    "a whole number": (100, 20, "20", []),
    "full-width digits": ("１６０", "４７．３６", "18.5", []),
}


@pytest.mark.parametrize(("height", "weight", "bmi", "criteria"), BMIS.values(), ids=BMIS)
def test_bmi_is_computed_exactly(height: object, weight: object, bmi: str, criteria: list[int]) -> None:
    found = answered(**facts([11], height_cm=height, weight_kg=weight))
    assert (found["bmi"], found["criteria"]) == (bmi, criteria)


@given(height=st.integers(1000, 2200), weight=st.integers(2000, 15000))
def test_bmi_counts_exactly_when_it_is_below_the_limit(height: int, weight: int) -> None:
    """Against whole-number arithmetic in millimetres and hundredths of a kilogram."""
    asked = facts([11], height_cm=height / 10, weight_kg=weight / 100)
    below = weight * 10 * 1000 * 10 < 185 * height * height
    found = answered(**asked)
    assert found["criteria"] == ([3] if below else [])
    assert (Decimal(found["bmi"]) < Decimal("18.5")) is below


OPEN: dict[str, tuple[dict[str, Any], str, list[int], list[int], list[int]]] = {
    "16 open": (facts([], [16]), "undetermined", [], [5], [16]),
    "17 open can't matter": (facts([], [17]), "not_applicable", [], [], [17]),
    "one of 13 to 15 open beside none": (facts([], [13]), "not_applicable", [], [], [13]),
    "one of 13 to 15 open beside one": (facts([14], [13]), "undetermined", [], [4], [13]),
    "weight missing, 11 counts": (facts([11], weight_kg=None), "undetermined", [], [3], [12]),
    "weight missing, 11 does not": (facts([], weight_kg=None), "not_applicable", [], [], [12]),
    "height missing is the tenth": (
        facts([1, 2, 3, 4, 5, 6, 7, 13, 17], height_cm=None),
        "undetermined",
        [],
        [1],
        [12],
    ),
    "met already": (facts([16], [18, 21]), "applicable", [5], [6], [18, 21]),
    "nothing answered": (
        {"date": "2019-05-10", "age": 65, "answers": {}},
        "undetermined",
        [],
        [1, 2, 3, 4, 5, 6, 7],
        list(range(1, 26)),
    ),
}


@pytest.mark.parametrize(("asked", "outcome", "met", "possible", "unanswered"), OPEN.values(), ids=OPEN)
def test_unanswered_items(
    asked: dict[str, Any], outcome: str, met: list[int], possible: list[int], unanswered: list[int]
) -> None:
    """Decision 10."""
    found = answered(**asked)
    assert (found["outcome"], found["criteria"], found["undetermined"]) == (outcome, met, possible)
    assert found["unanswered"] == unanswered


def test_the_wards_extra_questions_never_count() -> None:
    """A-Q2a: only the 25 national items do."""
    extra = {"物忘れ1": "yes", "26": "yes", "x": None}
    assert answered(**facts(), extra_answers=extra) == answered(**facts())


@pytest.mark.parametrize(("age", "outcome"), [(64, "not_applicable"), (65, "applicable")])
def test_nobody_below_65_becomes_eligible_by_the_checklist(age: int, outcome: str) -> None:
    """A-Q1b."""
    found = answered(**facts([16], age=age))
    assert (found["outcome"], found["criteria"]) == (outcome, [5])


def test_both_wards_judge_by_the_national_criteria() -> None:
    """A-Q4: no ward sets its own."""
    asked = facts([11, 21, 25], [16], **LIGHT)
    assert evaluate("checklist", TOSHIMA, asked) == evaluate("checklist", ADACHI, asked)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "12 is computed": ({"answers": {"12": "yes"}}, "answers", "身長と体重"),
    "there is no 26": ({"answers": {"26": "yes"}}, "answers", "26"),
    "nor a 0": ({"answers": {"0": "yes"}}, "answers", "0"),
    "an answer is yes, no or null": ({"answers": {"1": "はい"}}, "answers", "yes"),
    "true is no answer": ({"answers": {"1": True}}, "answers", "yes"),
    "a list is no answer sheet": ({"answers": []}, "answers", "形"),
    "the same item twice": ({"answers": {"1": "yes", "１": "no"}}, "answers", "2つ"),
    "metres instead of centimetres": ({"height_cm": 1.56}, "height_cm", "センチメートル"),
    "a giant": ({"height_cm": 251}, "height_cm", "センチメートル"),
    "a weight below ten": ({"weight_kg": 9.9}, "weight_kg", "キログラム"),
    "not a number": ({"weight_kg": "about 50"}, "weight_kg", "数値"),
    "not finite": ({"weight_kg": float("nan")}, "weight_kg", "キログラム"),
    "true is no height": ({"height_cm": True}, "height_cm", "数値"),
    "an extra answer in other words": ({"extra_answers": {"a": "maybe"}}, "extra_answers", "yes"),
    "before the project": ({"date": "2015-03-31"}, "date", "平成27年4月1日"),
    "an impossible day": ({"date": "2019-02-29"}, "date", "2019-02-29"),
    "an impossible age": ({"age": 131}, "age", "130"),
}


@pytest.mark.parametrize(("changes", "field", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_checklist_is_refused_naming_the_field(
    changes: dict[str, Any], field: str, says: str
) -> None:
    error = refused("checklist", ADACHI, {**facts(), **changes})
    assert error["field"] == field
    assert says in error["message"]


answers_of_a_person = st.fixed_dictionaries(
    {str(item): st.sampled_from(["yes", "no", None]) for item in ITEMS}
)
weights = st.sampled_from([45, 60, None])


@given(answers=answers_of_a_person, weight=weights, item=st.sampled_from(ITEMS))
def test_one_more_counting_answer_never_removes_a_criterion(
    answers: dict[str, str | None], weight: int | None, item: int
) -> None:
    before = answered(**facts(weight_kg=weight) | {"answers": answers})
    after = answered(**facts(weight_kg=weight) | {"answers": {**answers, str(item): COUNTING[item]}})
    assert set(before["criteria"]) <= set(after["criteria"])
    if before["outcome"] == "applicable":
        assert after["outcome"] == "applicable"


@given(answers=answers_of_a_person, weight=weights, data=st.data())
def test_the_order_of_the_answers_never_matters(
    answers: dict[str, str | None], weight: int | None, data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    asked = facts(weight_kg=weight)
    assert answered(**asked | {"answers": shuffled}) == answered(**asked | {"answers": answers})


@given(answers=answers_of_a_person, weight=weights, data=st.data())
def test_a_determined_outcome_stands_whatever_is_answered_later(
    answers: dict[str, str | None], weight: int | None, data: st.DataObject
) -> None:
    """Unanswered never becomes not applicable where it could matter, and undetermined says that both can come."""

    def completed(choose: dict[str, str]) -> dict[str, Any]:
        filled = {item: answer or choose[item] for item, answer in answers.items()}
        kilograms = weight or (45 if choose["12"] == "counts" else 60)
        return answered(**facts(height_cm=156, weight_kg=kilograms) | {"answers": filled})

    before = answered(**facts(height_cm=156, weight_kg=weight) | {"answers": answers})
    most = completed({**{str(item): COUNTING[item] for item in ITEMS}, "12": "counts"})
    least = completed({**{str(item): opposite(item) for item in ITEMS}, "12": "does not"})
    some = completed(
        {
            **{str(item): data.draw(st.sampled_from(["yes", "no"])) for item in ITEMS},
            "12": data.draw(st.sampled_from(["counts", "does not"])),
        }
    )
    assert set(before["criteria"]) == set(least["criteria"])
    assert {*before["criteria"], *before["undetermined"]} == set(most["criteria"])
    if before["outcome"] == "undetermined":
        assert (least["outcome"], most["outcome"]) == ("not_applicable", "applicable")
    else:
        assert some["outcome"] == before["outcome"]
