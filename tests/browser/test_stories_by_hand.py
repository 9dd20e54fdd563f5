"""Whole days of work done in browsers alone: no command is given but by the links, fields and buttons of a page."""

from tests.browser import adachi_intake, toshima_case
from tests.browser.town_by_hand import TownByHand


def test_an_intake_at_adachi_is_worked_by_hand(by_hand: TownByHand) -> None:
    adachi_intake.intake(by_hand)


def test_the_case_of_toshima_is_worked_by_hand(by_hand: TownByHand) -> None:
    toshima_case.whole_case(by_hand)
