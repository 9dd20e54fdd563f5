"""What a claim that came back asks for, and what ends it though it is never claimed anew (T-33)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, OFFICE, WARD
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.rules.owing import only, owed

RETURNED_ON, LATER = date(2024, 11, 28), date(2024, 12, 3)
LONG_AFTER = date(2025, 6, 2)
CLAIM, OTHER_CLAIM = "5f0a3c52-0000-4000-8000-000000000001", "5f0a3c52-0000-4000-8000-000000000002"
MONTH: dict[str, Any] = {"claim_id": CLAIM, "service_month": "2024-10", "claimant": OFFICE}


def returned(reason_code: str = "data", on: date = RETURNED_ON) -> Event:
    return made("ClaimReturned", BILLING, on, **MONTH, returned_on=on, reason_code=reason_code)


def reported(**said: Any) -> Event:
    return made(
        "PerformanceReported", OFFICE, LATER, service_month="2024-10", reported_on=LATER, services=[], **said
    )


@pytest.mark.parametrize("reason_code", ["notification", "slip", "person", "data", "other"])
def test_a_return_that_can_be_mended_is_owed_anew_until_it_is_drafted(reason_code: str) -> None:
    """T-33."""
    back = returned(reason_code)
    assert only("T-33-again", back, today=LONG_AFTER).state == "overdue"
    anew = made("ClaimDrafted", BILLING, LATER, service_month="2024-10", replaces=CLAIM)
    assert only("T-33-again", back, anew, today=LONG_AFTER).state == "done"


def test_a_month_that_is_claimed_already_is_not_owed_anew() -> None:
    """T-33: returned as 「すでに請求されている」 it is final, at once or after another return."""
    assert not [each for each in owed(returned("twice"), today=LONG_AFTER) if each.row == "T-33-again"]
    assert only("T-33-again", returned(), returned("twice", LATER), today=LONG_AFTER).state == "void"


ENDS = {
    "decided": made("ClaimDecided", WARD, LATER, **MONTH),
    "taken back": made("CorrectionFiled", BILLING, LATER, **MONTH),
    "not used": reported(nothing_used=True),
    "of the next case": reported(claimed_in_next_case=True),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_a_return_of_which_nothing_is_left_to_claim_is_owed_no_more(end: Event) -> None:
    """T-33."""
    found = only("T-33-again", returned(), end, today=LONG_AFTER)
    assert (found.state, found.void_by) == ("void", str(end.id))
    assert only("T-33-again", end, returned(), today=LONG_AFTER).state == "overdue", "it came back after that"


@pytest.mark.parametrize(
    "other",
    [
        made("ClaimDecided", WARD, LATER, **{**MONTH, "claim_id": OTHER_CLAIM}),
        made("CorrectionFiled", BILLING, LATER, **{**MONTH, "claim_id": OTHER_CLAIM}),
        reported(),
        made(
            "PerformanceReported",
            OFFICE,
            LATER,
            service_month="2024-11",
            reported_on=LATER,
            services=[],
            nothing_used=True,
        ),
        made("SupportEnded", OFFICE, LATER, ended_on="2024-11-30"),
    ],
    ids=["another claim's decision", "another claim's correction", "use", "another month", "support's end"],
)
def test_what_is_said_of_something_else_leaves_the_return_owed(other: Event) -> None:
    """T-33: also the end of the support leaves its months to be claimed."""
    assert only("T-33-again", returned(), other, today=LONG_AFTER).state == "overdue"
