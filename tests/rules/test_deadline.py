"""Deadlines: T-16, T-32, A-S3, A-S4, A-S5, A-S6, A-S7, A-S8, A-S12, decisions 7, 8 and 13."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.calendar import calendar
from shared.policy.dates import Month
from shared.policy.evaluators import evaluate
from shared.policy.obligation_due import Ground, due_date
from tests.rules.asking import ADACHI, TOSHIMA, refused

REPORTS = {
    "a Saturday stays and warns on Friday": ("2025-07", "2025-07-05", "2025-07-04"),
    "an open day": ("2025-08", "2025-08-05", "2025-08-05"),
    "a Monday holiday warns on the Friday before": ("2025-05", "2025-05-05", "2025-05-02"),
    "after the year's end closure": ("2025-01", "2025-01-05", "2024-12-27"),
}


@pytest.mark.parametrize(("month", "due", "warn_from"), REPORTS.values(), ids=REPORTS)
def test_the_fifth_does_not_move(month: str, due: str, warn_from: str) -> None:
    """T-32, decision 7."""
    answer = evaluate("deadline", TOSHIMA, {"kind": "performance_report", "month": month})
    assert (answer["due"], answer["warn_from"]) == (due, warn_from)
    assert (answer["dispatch_by"], answer["not_published"], answer["counted"]) == (None, [], None)
    assert {"T-32", "decision 7"} <= set(answer["rules"])


@pytest.mark.parametrize(
    ("sent_on", "counted"), [("2025-07-04", True), ("2025-07-05", True), ("2025-07-06", False)]
)
def test_a_report_after_the_fifth_is_late(sent_on: str, counted: bool) -> None:
    asked = {"kind": "performance_report", "month": "2025-07", "sent_on": sent_on}
    assert evaluate("deadline", TOSHIMA, asked)["counted"] is counted


HELD = {
    "a Thursday": ("2025-07-01", "2025-07-31", "2025-07-31"),
    "a Sunday stays and warns on Friday": ("2025-08-01", "2025-08-31", "2025-08-29"),
    "from the month's last day on": ("2025-07-31", "2025-07-31", "2025-07-31"),
    "February": ("2025-02-01", "2025-02-28", "2025-02-28"),
    "February of a leap year": ("2028-02-10", "2028-02-29", "2028-02-29"),
    "the year's end is closed": ("2024-12-01", "2024-12-31", "2024-12-27"),
}


@pytest.mark.parametrize(("start", "due", "warn_from"), HELD.values(), ids=HELD)
def test_the_held_notification_is_due_at_the_months_end(start: str, due: str, warn_from: str) -> None:
    """T-16, decision 7."""
    answer = evaluate("deadline", TOSHIMA, {"kind": "held_notification", "start_date": start})
    assert (answer["due"], answer["warn_from"]) == (due, warn_from)
    by_month = evaluate("deadline", TOSHIMA, {"kind": "held_notification", "month": start[:7]})
    assert by_month["due"] == due


def test_a_held_notification_of_the_day_after_is_late() -> None:
    asked = {"kind": "held_notification", "start_date": "2025-07-01"}
    assert evaluate("deadline", TOSHIMA, {**asked, "sent_on": "2025-07-31"})["counted"] is True
    assert evaluate("deadline", TOSHIMA, {**asked, "brought_at": "2025-08-01T08:30"})["counted"] is False


CUT_OFFS = {
    "October 2017: the 9th is a holiday": ("2017-10", "2017-10-10T12:00", "2017-10-05"),
    "November 2017: the 9th is open, closing time is assumed": ("2017-11", "2017-11-09T17:15", "2017-11-07"),
    "December 2017: the 9th is a Saturday": ("2017-12", "2017-12-11T12:00", "2017-12-08"),
    "January 2018": ("2018-01", "2018-01-09T17:15", "2018-01-04"),
    "February 2018": ("2018-02", "2018-02-09T17:15", "2018-02-08"),
    "March 2018, the table's last month": ("2018-03", "2018-03-09T17:15", "2018-03-08"),
    "April 2018 has no table, the 9th holds": ("2018-04", "2018-04-09T17:15", None),
    "fiscal year 2019 has no table": ("2019-06", "2019-06-10T12:00", None),
    "January 2027: Saturday, Sunday, holiday": ("2027-01", "2027-01-12T12:00", None),
}


@pytest.mark.parametrize(("month", "due", "dispatch"), CUT_OFFS.values(), ids=CUT_OFFS)
def test_the_ninth_moves_to_the_next_open_day_at_noon(month: str, due: str, dispatch: str | None) -> None:
    """A-S3, A-S5, A-S12, decisions 7, 8 and 13."""
    answer = evaluate("deadline", ADACHI, {"kind": "care_management_claim", "month": month})
    assert (answer["due"], answer["dispatch_by"]) == (due, dispatch)
    assert answer["warn_from"] == due[:10]
    assert answer["not_published"] == ([] if dispatch else ["dispatch_by"])
    assert answer["counted"] is None
    assumed = {each["name"] for each in answer["parameters"] if each["assumed"]}
    assert assumed == ({"office.closing_time"} if due.endswith("17:15") else set())


OCTOBER = {"kind": "care_management_claim", "month": "2017-10"}
ARRIVALS = {
    "sent on the dispatch day": ({**OCTOBER, "sent_on": "2017-10-05"}, True),
    "sent the day after": ({**OCTOBER, "sent_on": "2017-10-06"}, False),
    "sent late, and brought in time": (
        {**OCTOBER, "sent_on": "2017-10-06", "brought_at": "2017-10-10T11:59"},
        True,
    ),
    "brought at noon": ({**OCTOBER, "brought_at": "2017-10-10T12:00"}, True),
    "brought a minute after noon": ({**OCTOBER, "brought_at": "2017-10-10T12:01"}, False),
    "sent and brought late": (
        {**OCTOBER, "sent_on": "2017-10-06", "brought_at": "2017-10-10T12:01"},
        False,
    ),
    "brought at closing time of an open 9th": (
        {**OCTOBER, "month": "2017-11", "brought_at": "2017-11-09T17:15"},
        True,
    ),
    "brought after closing time": ({**OCTOBER, "month": "2017-11", "brought_at": "2017-11-09T17:16"}, False),
    "without a table nobody knows whether the courier is in time": (
        {**OCTOBER, "month": "2019-06", "sent_on": "2019-06-07"},
        "undecided",
    ),
    "what leaves on the day of the cut-off is too late anyway": (
        {**OCTOBER, "month": "2019-06", "sent_on": "2019-06-10"},
        False,
    ),
    "what is brought counts without a table": (
        {**OCTOBER, "month": "2019-06", "sent_on": "2019-06-07", "brought_at": "2019-06-10T12:00"},
        True,
    ),
}


@pytest.mark.parametrize(("asked", "counted"), ARRIVALS.values(), ids=ARRIVALS)
def test_what_arrives_too_late_is_no_claim_of_this_month(asked: dict[str, Any], counted: bool | str) -> None:
    """A-S4, A-S6, A-S7 and the example of October 2017 (A-S8)."""
    answer = evaluate("deadline", ADACHI, asked)
    assert answer["counted"] == counted
    assert "A-S6" in answer["rules"]


@given(month=st.builds(Month, st.integers(2018, 2040), st.integers(1, 12)))
def test_the_cut_off_is_an_open_day_not_before_the_ninth(month: Month) -> None:
    due = evaluate("deadline", ADACHI, {"kind": "care_management_claim", "month": str(month)})["due"]
    day, hour = date.fromisoformat(due[:10]), due[11:]
    ninth = month.first + timedelta(days=8)
    assert calendar(ADACHI).is_open(day)
    assert day == calendar(ADACHI).open_on_or_after(ninth)
    assert hour == ("17:15" if day == ninth else "12:00")


@given(month=st.builds(Month, st.integers(2025, 2040), st.integers(1, 12)))
def test_the_obligations_of_a_case_fall_due_on_the_same_days(month: Month) -> None:
    ground = Ground.of(TOSHIMA, {})
    report = evaluate("deadline", TOSHIMA, {"kind": "performance_report", "month": str(month.plus(1))})
    assert report["due"] == str(due_date("T-32", ground, month.first, period=month))
    held = evaluate("deadline", TOSHIMA, {"kind": "held_notification", "start_date": str(month.first)})
    assert held["due"] == str(due_date("T-16", ground, month.first, basis=month.first))


REFUSED = {
    "a report without its month": (TOSHIMA, {"kind": "performance_report"}, "missing_field", "month"),
    "a notification without its start": (
        TOSHIMA,
        {"kind": "held_notification"},
        "missing_field",
        "start_date",
    ),
    "a claim has no start date": (
        ADACHI,
        {**OCTOBER, "start_date": "2017-10-01"},
        "excluded_combination",
        "start_date",
    ),
    "a start in another month": (
        TOSHIMA,
        {"kind": "held_notification", "month": "2025-08", "start_date": "2025-07-01"},
        "excluded_combination",
        "month",
    ),
    "an hour that does not exist": (
        ADACHI,
        {**OCTOBER, "brought_at": "2017-10-10T24:00"},
        "invalid_field",
        "brought_at",
    ),
    "a time with a zone": (
        ADACHI,
        {**OCTOBER, "brought_at": "2017-10-10T12:00Z"},
        "invalid_field",
        "brought_at",
    ),
    "a month before the sheet": (ADACHI, {**OCTOBER, "month": "2017-09"}, "not_published", "month"),
    "a year without a calendar": (ADACHI, {**OCTOBER, "month": "2100-01"}, "out_of_range", "month"),
    "a start in such a year": (
        TOSHIMA,
        {"kind": "held_notification", "start_date": "2100-01-01"},
        "out_of_range",
        "start_date",
    ),
    "Toshima has no such sheet": (TOSHIMA, OCTOBER, "not_published", "month"),
    "Adachi states no day for reports": (
        ADACHI,
        {"kind": "performance_report", "month": "2025-07"},
        "not_published",
        "month",
    ),
}


@pytest.mark.parametrize(("insurer", "asked", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_deadline_is_refused_naming_the_field(
    insurer: str, asked: dict[str, Any], code: str, field: str
) -> None:
    problem = refused("deadline", insurer, asked)
    assert (problem["code"], problem["field"]) == (code, field)
