"""The benefit limit: A-Q37, decision 14."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused, validity

LIMITS = {
    "Adachi, the last month of 5,003": (ADACHI, "2019-09", "project_eligible", 5100, 5003, 97),
    "Adachi, the first month of 5,032": (ADACHI, "2019-10", "project_eligible", 5100, 5032, 68),
    "support level 1 before": (TOSHIMA, "2019-09", "support1", 5003, 5003, 0),
    "support level 1 after": (TOSHIMA, "2019-10", "support1", 5033, 5032, 1),
    "support level 2 before": (TOSHIMA, "2019-09", "support2", 10474, 10473, 1),
    "support level 2 after": (TOSHIMA, "2019-10", "support2", 10531, 10531, 0),
    "the last month before 2014-04": (TOSHIMA, "2014-03", "support1", 0, 4970, 0),
    "the first month from 2014-04": (TOSHIMA, "2014-04", "support2", 0, 10473, 0),
    "long after, still unchanged": (TOSHIMA, "2026-05", "support2", 20000, 10531, 9469),
}


@pytest.mark.parametrize(
    ("insurer", "month", "status", "planned", "limit", "excess"), LIMITS.values(), ids=LIMITS
)
def test_benefit_limit(insurer: str, month: str, status: str, planned: int, limit: int, excess: int) -> None:
    answer = evaluate("benefit-limit", insurer, {"month": month, "status": status, "planned_units": planned})
    assert (answer["limit"], answer["excess"]) == (limit, excess)
    assert "A-Q37" in answer["rules"]


REFUSED = {
    "no limit of a care level here": ({"month": "2025-01", "status": "care1", "planned_units": 1}, "status"),
    "no limit without a status": ({"month": "2025-01", "status": "none", "planned_units": 1}, "status"),
    "before the first limit": ({"month": "2006-03", "status": "support1", "planned_units": 1}, "month"),
    "before the project began": (
        {"month": "2015-03", "status": "project_eligible", "planned_units": 1},
        "month",
    ),
    "planned units below zero": (
        {"month": "2025-01", "status": "support1", "planned_units": -1},
        "planned_units",
    ),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_benefit_limit_is_refused_naming_the_field(asked: dict[str, object], field: str) -> None:
    assert refused("benefit-limit", TOSHIMA, asked)["field"] == field


def test_adachis_own_figure_names_its_manual_and_its_end() -> None:
    answer = evaluate(
        "benefit-limit", ADACHI, {"month": "2019-04", "status": "project_eligible", "planned_units": 0}
    )
    assert validity(answer, "limit.project_eligible") == ("2016-10-01", "2019-09-30")
    assert "Q37" in answer["parameters"][0]["source"]["passage"]


@given(planned=st.integers(0, 10_000_000))
def test_plan_and_limit_differ_by_the_excess(planned: int) -> None:
    answer = evaluate(
        "benefit-limit", TOSHIMA, {"month": "2025-01", "status": "support2", "planned_units": planned}
    )
    assert answer["excess"] == max(0, planned - answer["limit"])
