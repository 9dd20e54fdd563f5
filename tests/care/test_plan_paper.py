"""A plan written as on its paper, sheets A to D, and its evaluation goal by goal (T-23, T-24, T-27, T-30)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.events.plan_paper import PAPER_EXAMPLE
from contracts.events.sample import DAY_SERVICE, RENTAL
from shared.care.drafts import written_anew
from shared.node.errors import Refused
from shared.node.recording import plain
from tests.care.test_planning import ASSESSED, CONSENTED, DELIVERED, DRAFTED, MET, office, rules

WRITTEN: Mapping[str, Any] = {
    "occasion": "first",
    "period_from": "2024-10-21",
    "period_to": "2025-03-31",
    "notes": "外出の機会を増やす",
    "paper": PAPER_EXAMPLE,
}


def written(**changes: Any) -> dict[str, Any]:
    return {**WRITTEN, "paper": {**PAPER_EXAMPLE, **changes}}


def refused(**changes: Any) -> Refused:
    with pytest.raises(Refused) as found:
        office(ASSESSED).when("WritePlan", **written(**changes))
    return found.value


def wrong(**changes: Any) -> Any:
    with pytest.raises(ValidationError) as found:
        office(ASSESSED).when("WritePlan", **written(**changes))
    return found.value.messages["paper"]


def test_what_stands_on_the_sheets_is_the_draft_with_its_services_and_goals_t_23() -> None:
    decision = office(ASSESSED).when("WritePlan", **WRITTEN)
    [drafted] = decision.events
    assert drafted.type == "PlanDrafted"
    assert drafted.data["goals"] == "近所の公園まで一人で歩いて行く"
    assert drafted.data["notes"] == "外出の機会を増やす"
    assert [(each["service"], each["provider"]) for each in drafted.data["services"]] == [
        ("67", RENTAL),
        ("A6", DAY_SERVICE),
    ]
    assert drafted.data["sheets"] == ["A", "B", "C", "D"]
    assert plain(drafted.data["paper"]) == PAPER_EXAMPLE
    assert rules(decision) == []


def test_without_a_week_the_plan_has_no_sheet_d_and_says_so_t_24() -> None:
    decision = office(ASSESSED).when("WritePlan", **written(week=[], not_weekly=None))
    assert decision.events[0].data["sheets"] == ["A", "B", "C"]
    assert rules(decision) == ["T-24"]
    with_note = office(ASSESSED).when("WritePlan", **written(week=[]))
    assert with_note.events[0].data["sheets"] == ["A", "B", "C", "D"]


def test_the_units_that_are_planned_are_the_services_so_that_the_limit_is_minded() -> None:
    """A-Q37."""
    rental = PAPER_EXAMPLE["supports"][0]
    much = office(ASSESSED).when("WritePlan", **written(supports=[{**rental, "units": 20_000}]))
    assert much.events[0].data["services"][0]["units"] == 20_000
    assert "A-Q37" in rules(much)
    little = office(ASSESSED).when("WritePlan", **written(supports=[{**rental, "units": 200}]))
    assert "A-Q37" not in rules(little)


def test_a_service_for_two_goals_is_one_service_of_the_plan() -> None:
    goals = [*PAPER_EXAMPLE["goals"], {"goal": "友人に会う"}]
    rental = PAPER_EXAMPLE["supports"][0]
    decision = office(ASSESSED).when(
        "WritePlan", **written(goals=goals, supports=[rental, {**rental, "goal": 2, "points": "誘い合う"}])
    )
    assert len(decision.events[0].data["services"]) == 1
    assert len(decision.events[0].data["paper"]["supports"]) == 2
    assert decision.events[0].data["goals"] == "1. 近所の公園まで一人で歩いて行く\n2. 友人に会う"


def test_a_line_can_say_only_what_person_and_family_do_but_one_names_a_service() -> None:
    own = {"goal": 1, "own_care": "毎朝の散歩"}
    rental = PAPER_EXAMPLE["supports"][0]
    decision = office(ASSESSED).when("WritePlan", **written(supports=[own, rental]))
    assert len(decision.events[0].data["services"]) == 1
    refusal = refused(supports=[own])
    assert (refusal.code, refusal.field, refusal.rule) == ("services_missing", "paper.supports", "T-23")


def test_a_line_names_a_goal_that_is_there() -> None:
    rental = PAPER_EXAMPLE["supports"][0]
    refusal = refused(supports=[rental, {**rental, "goal": 2}])
    assert (refusal.code, refusal.field) == ("goal_missing", "paper.supports.1.goal")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"provider": None}, {"provider"}),
        ({"provider": None, "starts_on": None}, {"provider", "starts_on"}),
        ({"service": None}, {"service"}),
        ({"ends_on": "2024-10-20"}, {"ends_on"}),
    ],
)
def test_a_line_with_a_service_says_by_whom_and_from_when(changes: Any, fields: set[str]) -> None:
    found = wrong(supports=[{**PAPER_EXAMPLE["supports"][0], **changes}])
    assert set(found["supports"][0]) == fields


@pytest.mark.parametrize(
    ("begins", "ends", "right"),
    [
        ("09:30", "09:31", True),
        ("09:30", "09:30", False),
        ("09:30", "09:29", False),
        ("22:00", "24:00", True),
        ("24:00", "24:01", False),
        ("9:30", "10:00", False),
    ],
)
def test_what_happens_in_the_week_ends_after_it_begins(begins: str, ends: str, right: bool) -> None:
    row = {"days": ["tue"], "begins": begins, "ends": ends, "what": "通所"}
    if right:
        office(ASSESSED).when("WritePlan", **written(week=[row]))
    else:
        assert wrong(week=[row])["week"][0]


def test_written_again_before_it_is_delivered_it_is_the_same_draft() -> None:
    first = office(ASSESSED).when("WritePlan", **WRITTEN)
    again = office(ASSESSED, DRAFTED).when("WritePlan", **WRITTEN)
    assert again.events[0].data["plan_id"] == DRAFTED.data["plan_id"] != first.events[0].data["plan_id"]
    revised = office(ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED).when(
        "WritePlan", **{**WRITTEN, "occasion": "revision"}
    )
    assert revised.events[0].data["plan_version"] == 2


def test_the_copy_for_the_centre_is_what_was_written_unless_it_is_said_anew() -> None:
    """T-23: nobody copies a plan by hand."""
    desk = office(ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED)
    plan = desk.situation().case.delivered_plan
    assert plan is not None
    [submitted] = desk.when("SubmitPlan", goals=None, notes=None).events
    assert submitted.personal_from == plan.drafted_by == DRAFTED.id
    assert "goals" not in submitted.data
    [changed] = desk.when("SubmitPlan", goals="言い換えた目標", notes=None).events
    assert changed.data["goals"] == "言い換えた目標"
    elsewhere = plan._replace(drafted_by=None)
    assert written_anew(elsewhere, {"goals": None, "notes": None}) == {"goals": None, "notes": None}


def test_an_evaluation_goal_by_goal_says_in_words_what_was_found_t_30() -> None:
    desk = office(ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED, on=date(2025, 3, 24))
    goal = {"goal": "公園まで歩く", "situation": "週2回歩いている", "achieved": "yes"}
    [evaluated] = desk.when("EvaluatePlan", outcome="continue", goals=[goal]).events
    assert evaluated.data["comment"] == "公園まで歩く：週2回歩いている"
    assert evaluated.data["goals"][0]["achieved"] == "yes"
    [marked] = desk.when(
        "EvaluatePlan", outcome="continue", goals=[{"goal": "公園まで歩く", "achieved": "no"}]
    ).events
    assert marked.data["comment"] == "公園まで歩く：× 未達成"


@pytest.mark.parametrize(
    ("goals", "field"), [([], "comment"), ([{"goal": "公園まで歩く"}], "goals.0.situation")]
)
def test_an_evaluation_that_says_nothing_is_refused_where_it_is_empty(goals: Any, field: str) -> None:
    desk = office(ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED, on=date(2025, 3, 24))
    with pytest.raises(Refused) as found:
        desk.when("EvaluatePlan", outcome="continue", goals=goals)
    assert (found.value.rule, found.value.field) == ("T-30", field)
