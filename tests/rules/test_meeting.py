"""When a care conference is due: A-Q39 to A-Q43."""

import pytest

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

MEETINGS: dict[str, tuple[str, bool | None, str, str]] = {
    "a new start": ("new", None, "yes", "A-Q41"),
    "a renewed certification": ("renewal", None, "yes", "A-Q41"),
    "another level": ("category_change", None, "yes", "A-Q41"),
    "a major change of the plan": ("major_change", None, "yes", "A-Q41"),
    "a good handover does not spare it": ("renewal", True, "yes", "A-Q41"),
    "another planner, handed over well": ("planner_change", True, "no", "A-Q43"),
    "another planner, handed over badly": ("planner_change", False, "recommended", "A-Q43"),
    "a goal of one year ends within a plan of two": ("goal_year_end", None, "no", "A-Q40"),
    "whatever was handed over": ("goal_year_end", False, "no", "A-Q42"),
}


@pytest.mark.parametrize(("occasion", "handover", "required", "rule"), MEETINGS.values(), ids=MEETINGS)
@pytest.mark.parametrize("insurer", [ADACHI, TOSHIMA])
def test_occasions_of_a_meeting(
    insurer: str, occasion: str, handover: bool | None, required: str, rule: str
) -> None:
    """A-Q39, A-Q40, A-Q41, A-Q42, A-Q43."""
    if (insurer, occasion) == (TOSHIMA, "planner_change"):
        pytest.skip("not stated there")
    answer = evaluate("meeting", insurer, {"occasion": occasion, "handover_sufficient": handover})
    assert answer["required"] == required
    assert rule in answer["rules"]
    used = ["meeting.planner_change"] if occasion == "planner_change" else []
    assert [each["name"] for each in answer["parameters"]] == used


@pytest.mark.parametrize("handover", [True, False, None])
def test_what_a_handover_spares_is_answered_only_where_the_ward_stated_it(handover: bool | None) -> None:
    """A-Q43 is Adachi's; the occasions of A-Q41 are the same everywhere."""
    error = refused("meeting", TOSHIMA, {"occasion": "planner_change", "handover_sufficient": handover})
    assert (error["code"], error["field"]) == ("not_published", "insurer")
    assert "豊島区" in error["message"]


def test_the_handover_is_asked_for_where_it_decides() -> None:
    error = refused("meeting", ADACHI, {"occasion": "planner_change"})
    assert (error["code"], error["field"]) == ("missing_field", "handover_sufficient")
