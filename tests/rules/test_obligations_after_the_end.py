"""What is owed when a person's support is over: void, but for what lies before the end or survives it (T-35)."""

from datetime import date

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE
from shared.eventlog.model import Event
from tests.care.stage import made, opened
from tests.care.test_planning import DRAFTED
from tests.rules.owing import ENTRUSTED, only, owed, performance, start

BEGAN = start("67", date(2025, 4, 1))


def died(on: date) -> Event:
    return made("SupportEnded", OFFICE, on, reason_code="died", ended_on=on, reported_on=on)


def resumed(on: date, reason: str = "discharged") -> Event:
    return made("SupportResumed", OFFICE, on, reason_code=reason, resumed_on=on)


def monitoring(*events: Event, today: date) -> dict[str | None, str]:
    return {each.period: each.state for each in owed(BEGAN, *events, today=today) if each.row == "T-28"}


def test_what_was_still_to_be_done_is_void_and_says_by_what() -> None:
    end = died(date(2025, 6, 10))
    row = only("T-24", DRAFTED, end, today=date(2025, 6, 11))
    assert (row.state, row.open, row.void_by) == ("void", False, str(end.id))


def test_what_is_done_stays_done() -> None:
    done = made("RecordsProvided", CENTRE, date(2024, 10, 15))
    asked = made("RecordsRequested", OFFICE, date(2024, 10, 11))
    assert only("T-18", asked, done, died(date(2025, 6, 10)), today=date(2025, 6, 11)).state == "done"


def test_the_renewal_of_a_person_who_died_in_the_window_is_void() -> None:
    (row,) = [
        each
        for each in owed(opened(), died(date(2025, 2, 10)), today=date(2025, 2, 11))
        if each.row == "renewal-apply-card"
    ]
    assert row.state == "void"


@pytest.mark.parametrize(
    ("last_day", "states"),
    [
        (date(2025, 5, 31), {"2025-04": "overdue", "2025-05": "void"}),
        (date(2025, 6, 1), {"2025-04": "overdue", "2025-05": "overdue", "2025-06": "void"}),
        (date(2025, 6, 30), {"2025-04": "overdue", "2025-05": "overdue", "2025-06": "void"}),
    ],
)
def test_months_before_the_last_one_stay_owed_and_later_ones_never_come(
    last_day: date, states: dict[str, str]
) -> None:
    """T-28: a record of a past month can still be written."""
    assert monitoring(died(last_day), today=date(2025, 8, 20)) == states


def test_after_a_resumption_the_months_between_are_not_owed() -> None:
    events = (died(date(2025, 5, 10)), resumed(date(2025, 7, 15)))
    assert monitoring(*events, today=date(2025, 8, 20)) == {
        "2025-04": "overdue",
        "2025-05": "overdue",
        "2025-07": "overdue",
        "2025-08": "open",
    }


def test_an_end_recorded_by_mistake_is_undone() -> None:
    events = (DRAFTED, died(date(2025, 6, 10)), resumed(date(2025, 6, 10), "mistaken"))
    assert only("T-24", *events, today=date(2025, 6, 11)).open
    assert only("T-24", *events, died(date(2025, 7, 1)), today=date(2025, 7, 2)).state == "void"


def test_performance_originals_and_claims_outlive_the_person() -> None:
    """T-32, T-33, T-35R."""
    over = date(2025, 1, 20)
    ended = made("EntrustmentEnded", CENTRE, over, ended_on=over, reason_code="case_closed")
    events = (ENTRUSTED, died(over), ended)
    rows = {(each.row, each.period): each for each in owed(*events, today=date(2025, 3, 10))}
    assert rows["T-35", None].due == date(2025, 1, 23)
    assert {period for row, period in rows if row == "T-32"} == {"2025-01"}
    assert rows["T-32", "2025-01"].state == "overdue"
    reported = performance("2025-01", date(2025, 2, 4))
    (claim,) = [each for each in owed(*events, reported, today=date(2025, 2, 5)) if each.row == "T-33"]
    assert (claim.debtor, claim.state) == (BILLING, "open")
