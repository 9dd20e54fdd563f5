"""Whole days of work done in browsers alone: no command is given but by the links, fields and buttons of a page."""

from tests.browser import adachi_intake, audit_by_hand, claim_month
from tests.browser.toshima_steps import NAME, Cast
from tests.browser.town_by_hand import TownByHand


def test_an_intake_at_adachi_is_worked_by_hand(by_hand: TownByHand) -> None:
    adachi_intake.intake(by_hand)


def test_the_case_of_toshima_is_worked_by_hand_and_nothing_waits_at_centre_and_ward(
    worked: TownByHand,
) -> None:
    cast = Cast.of(worked)
    cast.centre.goes_to("今日の仕事")
    cast.centre.sees("自分の事業所がすること（0件）")
    for clerk in (cast.welfare, cast.insurance):
        clerk.goes_to("窓口")
        clerk.misses(NAME)


def test_an_entrusted_month_is_claimed_returned_corrected_and_paid_by_hand(worked: TownByHand) -> None:
    claim_month.claim_month(Cast.of(worked))


def test_an_auditor_answers_an_inspector_by_hand(worked: TownByHand) -> None:
    audit_by_hand.audit(worked)
