"""Cards and copayment certificates: A-Q12b, A-Q21b, A-Q21c, A-Q22, A-Q23."""

from itertools import product
from typing import Any

import pytest

from shared.policy.cards import CARD_EVENTS, HOLDINGS
from shared.policy.errors import PolicyError
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

PINK, GREEN, SHARE = "pink_card", "green_card", "copayment_certificate"

MOVES: dict[str, tuple[str, str, list[str], list[str], list[str]]] = {
    "newly project-eligible": ("became_project_eligible", "none", [], [PINK, SHARE], []),
    "from a support level to project-eligible": (
        "became_project_eligible",
        "green",
        [GREEN],
        [PINK],
        [SHARE],
    ),
    "project-eligible again": ("became_project_eligible", "pink", [], [], [PINK, SHARE]),
    "a project-eligible person applies": ("applied_for_certification", "pink", [PINK], [GREEN], [SHARE]),
    "a certified person applies again": ("applied_for_certification", "green", [], [], [GREEN, SHARE]),
    "somebody without a card applies": ("applied_for_certification", "none", [], [GREEN], []),
    "certified while holding the pink card": ("certified", "pink", [PINK, SHARE], [GREEN, SHARE], []),
    "certified after the pink card went back": ("certified", "green", [], [], [GREEN, SHARE]),
    "certified without a card": ("certified", "none", [], [GREEN, SHARE], []),
    "another share, project-eligible": ("share_changed", "pink", [PINK, SHARE], [PINK, SHARE], []),
    "another share, certified": ("share_changed", "green", [SHARE], [SHARE], [GREEN]),
}


@pytest.mark.parametrize(("event", "holding", "back", "new", "kept"), MOVES.values(), ids=MOVES)
def test_what_goes_back_what_comes_and_what_stays(
    event: str, holding: str, back: list[str], new: list[str], kept: list[str]
) -> None:
    """A-Q21b, A-Q22."""
    answer = evaluate("card", ADACHI, {"event": event, "holding": holding, "at": None})
    assert (answer["return"], answer["issue"], answer["keep"]) == (back, new, kept)
    assert answer["parameters"][0]["name"] == "cards.colours"


WAYS: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "pink at a ward branch": (
        "pink",
        "ward_branch",
        [
            ("ward_branch", "accept"),
            ("ward_branch", "forward"),
            ("insurance", "sort"),
            ("community_care", "reissue"),
        ],
    ),
    "green at a ward branch": (
        "green",
        "ward_branch",
        [
            ("ward_branch", "accept"),
            ("ward_branch", "forward"),
            ("insurance", "sort"),
            ("insurance", "reissue"),
        ],
    ),
    "pink at the welfare office": (
        "pink",
        "welfare_office",
        [("welfare_office", "accept"), ("welfare_office", "forward"), ("community_care", "reissue")],
    ),
    "green at the welfare office": (
        "green",
        "welfare_office",
        [("welfare_office", "accept"), ("welfare_office", "reissue")],
    ),
}


@pytest.mark.parametrize(("colour", "at", "steps"), WAYS.values(), ids=WAYS)
def test_the_way_of_a_lost_card_to_a_new_one(colour: str, at: str, steps: list[tuple[str, str]]) -> None:
    """A-Q23: the welfare office issues a green card at once and forwards what concerns a pink one."""
    answer = evaluate("card", ADACHI, {"event": "lost", "holding": colour, "at": at})
    assert [(each["by"], each["action"]) for each in answer["steps"]] == steps
    assert (answer["return"], answer["issue"], answer["keep"]) == ([], [f"{colour}_card"], [SHARE])
    assert [each["name"] for each in answer["parameters"]] == ["cards.colours", "cards.reissue"]


@pytest.mark.parametrize(
    "asked",
    [
        {"event": "certified", "holding": "pink"},
        {"event": "lost", "holding": "green", "at": "ward_branch"},
    ],
    ids=["a move", "a loss"],
)
def test_one_wards_cards_and_desks_are_no_other_wards(asked: dict[str, Any]) -> None:
    """A-Q21c, A-Q23 are Adachi's; of Toshima's cards nothing is known."""
    error = refused("card", TOSHIMA, asked)
    assert (error["code"], error["field"]) == ("not_published", "insurer")
    assert "豊島区" in error["message"]


def test_nobody_holds_two_cards_and_the_colour_tells_the_status() -> None:
    """A-Q21c: pink for project-eligible persons, green for certified ones."""
    final = {"became_project_eligible": PINK, "applied_for_certification": GREEN, "certified": GREEN}
    for event, holding in product(CARD_EVENTS, HOLDINGS):
        if event == "lost":
            continue
        try:
            answer = evaluate("card", ADACHI, {"event": event, "holding": holding, "at": None})
        except PolicyError:
            assert (event, holding) == ("share_changed", "none")
            continue
        before = {f"{holding}_card"} & {PINK, GREEN}
        held = before - set(answer["return"]) | ({*answer["issue"], *answer["keep"]} & {PINK, GREEN})
        assert held == ({final[event]} if event in final else before)
        assert {*answer["return"], *answer["keep"]} & {PINK, GREEN} == before


WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    "a loss without a counter": ({"event": "lost", "holding": "pink", "at": None}, "at", "missing_field"),
    "a loss of nothing": (
        {"event": "lost", "holding": "none", "at": "ward_branch"},
        "holding",
        "excluded_combination",
    ),
    "a counter without a loss": (
        {"event": "certified", "holding": "pink", "at": "ward_branch"},
        "at",
        "excluded_combination",
    ),
    "a share without a card": (
        {"event": "share_changed", "holding": "none"},
        "holding",
        "excluded_combination",
    ),
    "another colour": ({"event": "certified", "holding": "blue"}, "holding", "invalid_field"),
}


@pytest.mark.parametrize(("asked", "field", "code"), WRONG.values(), ids=WRONG)
def test_cards_are_refused_naming_the_field(asked: dict[str, object], field: str, code: str) -> None:
    error = refused("card", ADACHI, asked)
    assert (error["field"], error["code"]) == (field, code)
