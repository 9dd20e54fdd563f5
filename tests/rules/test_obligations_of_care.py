"""Obligations of the care process, performance, originals and renewal (T-18 to T-35, decisions 7, 22, 24)."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.care.test_planning import CONSENTED, DELIVERED, DRAFTED, MET, internal
from tests.rules.owing import (
    ENDED,
    ENTRUSTED,
    RENEWED,
    STOPPED,
    only,
    owed,
    performance,
    start,
)

# --- the care process ---


def test_a_requested_record_is_owed_by_the_ward() -> None:
    asked = made("RecordsRequested", OFFICE, date(2024, 10, 11))
    assert only("T-18", asked, today=date(2024, 10, 15)).debtor == WARD
    assert (
        only("T-18", asked, made("RecordsProvided", WARD, date(2024, 10, 15)), today=date(2024, 10, 16)).state
        == "done"
    )


def test_a_draft_owes_a_meeting_before_and_the_delivery_by_the_period() -> None:
    assert only("T-27", DRAFTED, today=date(2024, 10, 17)).state == "open"
    assert only("T-27", DRAFTED, MET, DELIVERED, today=date(2024, 10, 18)).state == "done"
    assert only("T-27", DRAFTED, DELIVERED, today=date(2024, 10, 18)).due == date(2024, 10, 18)
    assert only("T-24", DRAFTED, today=date(2024, 10, 17)).due == date(2024, 10, 21)
    assert only("T-24", DRAFTED, CONSENTED, DELIVERED, today=date(2024, 10, 22)).state == "done"


@pytest.mark.parametrize(
    ("occasion", "owed_to_centre"),
    [("first", True), ("renewal", True), ("category_change", True), ("revision", False)],
)
def test_a_copy_is_owed_at_first_renewal_and_category_change_only(
    occasion: str, owed_to_centre: bool
) -> None:
    """T-23N."""
    delivered = internal("PlanDelivered", date(2024, 10, 18), occasion=occasion)
    found = [each for each in owed(delivered, today=date(2024, 10, 18)) if each.row == "T-23"]
    assert bool(found) is owed_to_centre
    submitted = made("PlanSubmitted", OFFICE, date(2024, 10, 18))
    if found:
        assert only("T-23", delivered, submitted, today=date(2024, 10, 18)).state == "done"


def test_one_use_sheet_covers_all_services_of_the_month_and_may_come_first() -> None:
    """T-25R, T-25N."""
    two = (start("67", date(2024, 10, 21)), start("A6", date(2024, 10, 22)))
    found = [each for each in owed(*two, today=date(2024, 10, 22)) if each.row == "T-25"]
    assert len(found) == 1
    sheet = internal("UseSheetIssued", date(2024, 10, 18))
    assert only("T-25", *two, sheet, today=date(2024, 10, 22)).state == "done"


def test_a_service_that_ends_changes_the_next_month_s_sheet() -> None:
    found = only("T-25-change", STOPPED, today=date(2024, 12, 27))
    assert found.due == date(2025, 1, 31)
    sheet = internal("UseSheetIssued", date(2024, 12, 27), month="2025-01", reason="changed")
    assert only("T-25-change", STOPPED, sheet, today=date(2025, 1, 6)).state == "done"


def test_every_month_owes_its_monitoring_though_nothing_happens() -> None:
    """T-28N."""
    began = start("67", date(2024, 10, 21))
    november = internal("MonitoringRecorded", date(2024, 11, 20))
    found = {
        each.period: each.state
        for each in owed(began, november, today=date(2025, 1, 6))
        if each.row == "T-28"
    }
    assert found == {"2024-10": "overdue", "2024-11": "done", "2024-12": "overdue", "2025-01": "open"}


# --- money and the end of an entrustment ---


def test_performance_is_due_on_the_fifth_of_the_month_after_each_entrusted_month() -> None:
    found = [each for each in owed(ENTRUSTED, today=date(2025, 2, 4)) if each.row == "T-32"]
    assert [(each.period, each.due, each.state) for each in found] == [
        ("2025-01", date(2025, 2, 5), "open"),
        ("2025-02", date(2025, 3, 5), "open"),
    ]
    assert (found[0].debtor, found[0].creditor) == (OFFICE, CENTRE)


@pytest.mark.parametrize(
    ("on", "state"), [(date(2025, 2, 4), "done"), (date(2025, 2, 5), "done"), (date(2025, 2, 6), "late")]
)
def test_the_fifth_itself_is_in_time(on: date, state: str) -> None:
    reported = performance("2025-01", on)
    assert only("T-32", ENTRUSTED, reported, today=date(2025, 2, 7), period="2025-01").state == state


def test_a_fifth_on_a_closed_day_does_not_move_and_warns_from_the_open_day_before() -> None:
    july = made("EntrustmentStarted", CENTRE, date(2025, 6, 2), starts_on="2025-06-01")
    found = only("T-32", july, today=date(2025, 7, 3), period="2025-06")  # 07-05 is a Saturday
    assert (found.due, found.warn_from, found.state) == (date(2025, 7, 5), date(2025, 7, 4), "open")
    assert only("T-32", july, today=date(2025, 7, 4), period="2025-06").state == "due"


def test_the_last_entrusted_month_is_still_reported_and_then_no_more() -> None:
    periods = [each.period for each in owed(ENTRUSTED, ENDED, today=date(2025, 6, 1)) if each.row == "T-32"]
    assert periods == ["2025-01", "2025-02"]


def test_a_performance_report_owes_a_claim() -> None:
    reported = performance("2025-01", date(2025, 2, 4))
    assert only("T-33", reported, today=date(2025, 2, 5)).debtor == BILLING
    claimed = made("ClaimDrafted", BILLING, date(2025, 2, 6))
    assert only("T-33", reported, claimed, today=date(2025, 2, 7)).state == "done"


@pytest.mark.parametrize("row", ["T-33", "T-33-slip"])
@pytest.mark.parametrize(
    ("month", "reported", "due"),
    [
        ("2025-01", date(2025, 2, 4), date(2025, 2, 10)),
        ("2025-01", date(2025, 2, 10), date(2025, 2, 10)),
        ("2025-01", date(2025, 2, 11), date(2025, 3, 10)),  # too late for February's examination
        ("2025-04", date(2025, 5, 7), date(2025, 5, 10)),  # a Saturday: it does not move
        ("2024-12", date(2025, 1, 6), date(2025, 1, 10)),
        ("2024-10", date(2025, 2, 4), date(2025, 2, 10)),
    ],
)
def test_claim_and_slip_are_due_on_the_tenth_of_the_examination_month(
    row: str, month: str, reported: date, due: date
) -> None:
    """T-33: of the next month, or of the first whose tenth is not past when the performance is reported."""
    found = only(row, performance(month, reported), today=reported)
    assert (found.due, found.assumed) == (due, False)


def test_the_end_of_an_entrustment_owes_the_originals() -> None:
    before = only("T-35", ENDED, today=date(2025, 3, 4))
    assert (before.debtor, before.creditor, before.due) == (OFFICE, CENTRE, date(2025, 3, 6))
    returned = made("OriginalsReturned", OFFICE, date(2025, 3, 5))
    assert only("T-35", ENDED, returned, today=date(2025, 3, 7)).state == "done"


# --- renewal ---


@pytest.mark.parametrize("row", ["renewal-evaluation", "renewal-meeting", "renewal-plan"])
def test_a_renewed_certification_owes_evaluation_meeting_and_plan_before_it_begins(row: str) -> None:
    found = only(row, RENEWED, today=date(2025, 3, 21))
    assert (found.debtor, found.due, found.state) == (OFFICE, date(2025, 3, 31), "open")


def test_what_was_done_shortly_before_the_result_counts() -> None:
    early = internal("EvaluationRecorded", date(2025, 3, 10), evaluated_on="2025-03-10")
    assert only("renewal-evaluation", RENEWED, early, today=date(2025, 3, 21)).state == "done"
    long_ago = internal("EvaluationRecorded", date(2024, 12, 20), evaluated_on="2024-12-20")
    assert only("renewal-evaluation", RENEWED, long_ago, today=date(2025, 3, 21)).open


def test_a_first_plan_s_meeting_does_not_count_for_the_renewal() -> None:
    revision = internal("MeetingHeld", date(2025, 3, 24), occasion="revision")
    renewal = internal("MeetingHeld", date(2025, 3, 26), occasion="renewal")
    assert only("renewal-meeting", RENEWED, revision, today=date(2025, 3, 27)).open
    assert only("renewal-meeting", RENEWED, revision, renewal, today=date(2025, 3, 27)).state == "done"


@pytest.mark.parametrize(
    ("occasion", "status"), [("new", "support2"), ("renewal", "care1"), ("renewal", "none")]
)
def test_other_results_owe_no_renewed_plan(occasion: str, status: str) -> None:
    other = made("CertificationResult", WARD, date(2025, 3, 21), occasion=occasion, status=status)
    assert not [each for each in owed(other, today=date(2025, 3, 21)) if each.row.startswith("renewal-")]


def renewal_draft(on: date, **changes: Any) -> Event:
    return internal("PlanDrafted", on, occasion="renewal", period_from="2025-04-01", **changes)


def meetings_and_plans(*events: Event, today: date) -> list[tuple[str, str]]:
    kinds = {"T-24", "T-27", "T-24-renewal", "T-27-renewal", "renewal-meeting", "renewal-plan"}
    return sorted((each.row, each.state) for each in owed(*events, today=today) if each.row in kinds)


@pytest.mark.parametrize("drafted", [date(2025, 3, 15), date(2025, 3, 21), date(2025, 3, 24)])
def test_the_renewed_plan_owes_one_meeting_and_one_delivery(drafted: date) -> None:
    draft, met = renewal_draft(drafted), internal("MeetingHeld", date(2025, 3, 27), occasion="renewal")
    both = [("renewal-meeting", "open"), ("renewal-plan", "open")]
    assert meetings_and_plans(RENEWED, draft, today=date(2025, 3, 25)) == both
    held = [("renewal-meeting", "done"), ("renewal-plan", "open")]
    assert meetings_and_plans(RENEWED, draft, met, today=date(2025, 3, 27)) == held
    assert only("renewal-meeting", RENEWED, draft, today=date(2025, 3, 25)).rules[:2] == ("T-27", "A-Q41")
    assert only("renewal-plan", RENEWED, draft, today=date(2025, 3, 25)).rules[:3] == (
        "T-23",
        "T-24",
        "A-Q41",
    )


def test_a_renewed_plan_whose_result_has_not_come_owes_its_meeting_and_delivery_all_the_same() -> None:
    draft = renewal_draft(date(2025, 3, 24))
    assert meetings_and_plans(draft, today=date(2025, 3, 25)) == [
        ("T-24-renewal", "open"),
        ("T-27-renewal", "open"),
    ]


def test_a_renewed_plan_that_is_drafted_again_after_its_meeting_owes_another_one() -> None:
    first, met = (
        renewal_draft(date(2025, 3, 24)),
        internal("MeetingHeld", date(2025, 3, 26), occasion="renewal"),
    )
    again = renewal_draft(date(2025, 3, 27), plan_version=9)
    assert meetings_and_plans(RENEWED, first, met, again, today=date(2025, 3, 27)) == [
        ("T-27-renewal", "open"),
        ("renewal-meeting", "done"),
        ("renewal-plan", "open"),
    ]


@pytest.mark.parametrize("days", [60, 61])
def test_a_draft_long_before_the_result_is_a_matter_of_its_own(days: int) -> None:
    draft = renewal_draft(date(2025, 3, 21) - timedelta(days=days))
    rows = [row for row, _ in meetings_and_plans(RENEWED, draft, today=date(2025, 3, 21))]
    assert ("T-27-renewal" in rows) is (days > 60)
