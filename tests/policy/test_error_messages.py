"""Every error of an evaluator names the field in Japanese, what was expected with an example, and what to do."""

from typing import Any

import pytest

from shared.policy.errors import PolicyError
from shared.policy.evaluator import Evaluator
from shared.policy.evaluators import EVALUATORS
from shared.policy.fields import Strict
from shared.policy.parameters import parameters

ADACHI = "131219"
WHOLE = {"name": "加算", "units": 98, "daily_units": None}
FIELDS = [
    pytest.param(evaluator, name, id=f"{evaluator.name}-{name}")
    for evaluator in EVALUATORS.values()
    for name in evaluator.json_schema()["properties"]
]
EXAMPLES = ("例 ", "次のどれか", "true か false", "の形")
"""How a message shows what is expected."""


def field_of(evaluator: Evaluator, name: str) -> Strict[Any]:
    found = evaluator.schema().fields[name]
    assert isinstance(found, Strict)
    return found


def error(evaluator: Evaluator, raw: dict[str, Any]) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        evaluator.evaluate(raw, parameters(ADACHI))
    return caught.value


def assert_told(problem: PolicyError, evaluator: Evaluator, name: str) -> None:
    assert problem.field == name
    assert f"「{field_of(evaluator, name).metadata['title']}」（{name}）" in problem.message
    assert any(each in problem.message for each in EXAMPLES), problem.message
    assert problem.message.endswith("ください。"), problem.message


@pytest.mark.parametrize(("evaluator", "name"), FIELDS)
def test_a_value_of_the_wrong_kind_says_what_is_expected_with_an_example(
    evaluator: Evaluator, name: str
) -> None:
    wrong: object = 1.5 if field_of(evaluator, name).describe().get("type") in ("array", "object") else []
    # Every field before it is wrong as well, so the first of all is named: each is the first of some question.
    problem = error(evaluator, {each: wrong for each in evaluator.schema().fields if each == name})
    if problem.field != name:
        problem = error(evaluator, dict.fromkeys(evaluator.schema().fields, wrong))
    assert problem.code == "invalid_field"
    assert_told(problem, evaluator, str(problem.field))


@pytest.mark.parametrize(("evaluator", "name"), FIELDS)
def test_what_is_expected_of_a_field_can_be_said(evaluator: Evaluator, name: str) -> None:
    wanted = field_of(evaluator, name).wanted()
    assert any(each in wanted for each in EXAMPLES), wanted


@pytest.mark.parametrize("evaluator", EVALUATORS.values(), ids=EVALUATORS)
def test_a_missing_field_says_what_is_expected(evaluator: Evaluator) -> None:
    problem = error(evaluator, {})
    assert problem.code == "missing_field"
    assert_told(problem, evaluator, str(problem.field))


@pytest.mark.parametrize("evaluator", EVALUATORS.values(), ids=EVALUATORS)
def test_an_unknown_field_says_which_there_are(evaluator: Evaluator) -> None:
    problem = error(evaluator, {"mnoth": "2025-01"})
    assert (problem.code, problem.field) == ("unknown_field", "mnoth")
    for name in evaluator.schema().fields:
        assert name in problem.message


CONDITIONAL: dict[str, tuple[str, dict[str, Any], str]] = {
    "the days of a short stay": (
        "proration",
        {"month": "2025-08", "service": "A6", "occasion": "short_stay"},
        "short_stay",
    ),
    "the day of a move": ("proration", {"month": "2025-08", "service": "A6", "occasion": "moved_out"}, "on"),
    "the month of a report": ("deadline", {"kind": "performance_report"}, "month"),
    "the counter of a loss": ("card", {"event": "lost", "holding": "pink", "at": None}, "at"),
    "the handover": ("meeting", {"occasion": "planner_change"}, "handover_sufficient"),
}


@pytest.mark.parametrize(("name", "raw", "field"), CONDITIONAL.values(), ids=CONDITIONAL)
def test_a_field_that_only_this_question_needs_is_named_as_well(
    name: str, raw: dict[str, Any], field: str
) -> None:
    evaluator = EVALUATORS[name]
    problem = error(evaluator, raw)
    assert (problem.code, problem.field) == ("missing_field", field)
    assert f"「{field_of(evaluator, field).metadata['title']}」（{field}）" in problem.message
    assert "入力してください" in problem.message


def test_null_where_it_may_not_be_says_what_is_expected() -> None:
    problem = error(EVALUATORS["price"], {"month": None, "service": "A6", "units": 1})
    assert problem.message.endswith("（month）は null にできません。月（例 2024-10）を入力してください。")


@pytest.mark.parametrize(
    ("additions", "field", "said"),
    [
        (
            [{"name": "加算", "daily_units": None}],
            "additions.0.units",
            "1 番目: 「単位数」（units）がありません。",
        ),
        ([WHOLE, {**WHOLE, "units": "多い"}], "additions.1.units", "2 番目: 「単位数」（units）: "),
        ([WHOLE, {**WHOLE, "unit": 3}], "additions.1.unit", "2 番目: 「unit」 という項目はありません"),
        ([WHOLE, "加算"], "additions.1", "2 番目: "),
        ("加算", "additions", "リストではありません"),
    ],
)
def test_what_is_wrong_inside_a_list_is_named_by_its_place_and_its_name(
    additions: object, field: str, said: str
) -> None:
    facts = {"month": "2019-05", "service": "A6", "units": 1655, "daily_units": 54, "additions": additions}
    problem = error(EVALUATORS["project-service"], facts)
    assert (problem.code, problem.field) == ("invalid_field", field)
    assert f"「加算」（{field}）: " in problem.message
    assert said in problem.message
