"""Where a complaint goes: A-Q27."""

import pytest

from shared.policy.evaluators import evaluate
from shared.policy.vocabulary import PERSONS_DESKS
from tests.rules.asking import ADACHI, TOSHIMA, refused

ROUTES = {
    "the project": ("project", ["community_care"]),
    "a designated office": ("designated_office", ["insurance_guidance", "federation"]),
    "any care service": ("any_service", ["core_centre"]),
}


@pytest.mark.parametrize(("about", "desks"), ROUTES.values(), ids=ROUTES)
def test_a_complaint_goes_to_the_desks_of_its_matter(about: str, desks: list[str]) -> None:
    answer = evaluate("complaint", ADACHI, {"about": about})
    assert answer["to"] == desks
    assert set(desks) <= set(PERSONS_DESKS)
    assert answer["rules"] == ["A-Q27"]


def test_what_one_ward_has_not_stated_is_not_borrowed_from_another() -> None:
    problem = refused("complaint", TOSHIMA, {"about": "project"})
    assert (problem["code"], problem["field"]) == ("not_published", "insurer")
    assert "豊島区の「総合事業に関する苦情の窓口」" in problem["message"]


def test_an_unknown_matter_is_refused() -> None:
    assert refused("complaint", ADACHI, {"about": "office"})["field"] == "about"
