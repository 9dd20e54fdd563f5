"""The calendar of plan reviews: which office was, is and will be reviewed in which month (T-54)."""

from datetime import date

import pytest

from contracts.events.sample import OFFICE, REVIEW, WARD
from services.ward.events import WARD_EVENTS
from services.ward.proposals import Candidate, proposals
from services.ward.review_calendar import AHEAD, BEFORE, calendar, months_shown
from shared.care.agency import AgencyState
from shared.care.folds.register import evolve_agency
from shared.policy.dates import Month
from tests.care.stage import CASE, made


def known(*, held_on: str | None = None, planned_on: str = "2025-08-01") -> AgencyState:
    state = evolve_agency(AgencyState.empty(), made("OfficeDesignated", WARD, date(2024, 10, 1)))
    review = {"office": OFFICE, "review_id": REVIEW}
    if planned_on == "never":
        return state
    planned = {**review, "planned_on": planned_on}
    state = evolve_agency(state, made("ReviewPlanned", WARD, date(2025, 8, 1), planned, kinds=WARD_EVENTS))
    if held_on is not None:
        counted = made(
            "ReviewCounted", WARD, date(2025, 8, 1), {**review, "held_on": held_on}, kinds=WARD_EVENTS
        )
        state = evolve_agency(state, counted)
    return state


def cells(agency: AgencyState, today: date) -> dict[str, str]:
    found = proposals([Candidate(CASE, OFFICE, None)], agency, WARD, today)
    (line,) = calendar(found, agency, today)
    return {str(month): cell for month, cell in zip(months_shown(today), line.cells, strict=True) if cell}


def test_the_calendar_goes_over_the_years_end_from_half_a_year_back_to_two_years_ahead() -> None:
    shown = months_shown(date(2024, 12, 31))
    assert (shown[0], shown[BEFORE], shown[-1]) == (Month(2024, 6), Month(2024, 12), Month(2026, 12))
    assert len(shown) == BEFORE + 1 + AHEAD


def test_after_a_review_the_next_window_is_one_to_two_years_later() -> None:
    """T-54: reviewed in 2025-10, next proposed from 2026-10 to 2027-10."""
    found = cells(known(held_on="2025-10-15"), date(2025, 11, 30))
    assert found["2025-10"] == "held"
    window = [month for month, cell in found.items() if cell == "window"]
    assert (window[0], window[-1], len(window)) == ("2026-10", "2027-10", 13)


def test_a_review_that_is_asked_for_is_shown_in_its_month() -> None:
    assert cells(known(), date(2025, 9, 1))["2025-08"] == "asked"


@pytest.mark.parametrize(
    ("today", "overdue"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), ["2026-11"]),
        (date(2027, 1, 1), ["2026-11", "2026-12", "2027-01"]),
    ],
)
def test_who_was_never_reviewed_is_overdue_two_years_after_the_designation(
    today: date, overdue: list[str]
) -> None:
    """T-54."""
    found = cells(known(planned_on="never"), today)
    assert [month for month, cell in found.items() if cell == "overdue"] == overdue
