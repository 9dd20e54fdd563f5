"""What a page looks like on paper, compared with a picture that somebody has looked at.

A picture is renewed with ``./renkei test tests/browser/test_on_paper.py --new-pictures``, and looked at again.
"""

from pathlib import Path
from typing import Final

import pytest

from tests.browser.pictures import on_paper, share_that_differs
from tests.browser.toshima_steps import NAME
from tests.browser.town_by_hand import TownByHand

PAPERS: Final = Path(__file__).with_name("papers")
TOLERATED: Final = 0.002
"""Share of a picture's squares that another version of Chromium may draw otherwise: less than one emptied field."""
UNDATED: Final = "document.querySelector('.training')?.remove();"
"""The banner of the training mode says the day on which the test has come to print."""
SHOW: Final = (
    "document.querySelectorAll('{}').forEach((it) => it.style.setProperty('display', 'block', 'important'));"
)
SPOILED: Final = {
    "the menu": SHOW.format("nav.menu, .who"),
    "its buttons and links": SHOW.format(".no-print"),
    "no sheet C": "document.querySelector('#sheet-c').nextElementSibling.remove();",
    "an empty field": "document.querySelectorAll('td')[3].textContent = '';",
}
"""Ways to spoil the paper that have to be noticed."""


def test_a_plan_on_paper_looks_as_it_was_approved(worked: TownByHand, request: pytest.FixtureRequest) -> None:
    office = worked.person("office", "care_manager")
    office.opens(NAME)
    office.follows("計画")
    office.follows_in_row("紙の様式で見る", "初回の計画 第1版")
    approved = PAPERS / "plan.png"
    printed = on_paper(office.window, UNDATED)
    if request.config.getoption("--new-pictures"):
        PAPERS.mkdir(exist_ok=True)
        approved.write_bytes(printed)
    assert share_that_differs(office.window, approved.read_bytes(), printed) <= TOLERATED
    for what, spoiling in SPOILED.items():
        spoiled = on_paper(office.window, UNDATED + spoiling)
        assert share_that_differs(office.window, approved.read_bytes(), spoiled) > TOLERATED, what
    assert office.window.evaluate("() => matchMedia('screen').matches")
