"""Obligations of a provisional plan: its four steps, the welfare office, and what the result owes (T-34 to T-41)."""

from datetime import date

import pytest

from contracts.events.sample import CENTRE, OFFICE, PLAN, WARD
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.care.test_notifications import filed_by_office
from tests.care.test_planning import internal
from tests.rules.owing import filed_by_centre, only, owed

MADE = date(2025, 6, 2)
SUBMITTED = made("ProvisionalPlanSubmitted", OFFICE, MADE)
ASSISTED = made("ProvisionalPlanSubmitted", OFFICE, MADE, public_assistance=True)
RESULT = made("CertificationResult", WARD, date(2025, 6, 20), occasion="new", decided_on="2025-06-20")


def settled(on: date = date(2025, 6, 23), **changes: object) -> Event:
    return made("ProvisionalPlanSettled", OFFICE, on, settled_on=on, **changes)


def states(*events: Event, today: date) -> dict[str, str]:
    return {each.row: each.state for each in owed(*events, today=today)}


def test_the_centre_owes_the_check_promptly() -> None:
    """T-34R, T-37."""
    row = only("T-37-check", SUBMITTED, today=MADE)
    assert (row.debtor, row.creditor, row.due, row.assumed) == (CENTRE, OFFICE, date(2025, 6, 5), True)
    checked = made("ProvisionalPlanChecked", CENTRE, date(2025, 6, 5))
    assert only("T-37-check", SUBMITTED, checked, today=date(2025, 6, 5)).state == "done"


def test_the_centre_s_own_plan_needs_no_check() -> None:
    own = made("ProvisionalPlanSubmitted", CENTRE, MADE, carer=CENTRE, track="direct")
    assert "T-37-check" not in states(own, today=MADE)


def test_consent_is_owed_before_the_meeting() -> None:
    """T-36."""
    met = internal("MeetingHeld", date(2025, 6, 3), occasion="provisional", held_on="2025-06-03")
    agreed = internal("PlanConsented", date(2025, 6, 4), consented_on="2025-06-04")
    assert only("T-36-consent", SUBMITTED, today=MADE).state == "open"
    assert only("T-36-consent", SUBMITTED, met, agreed, today=date(2025, 6, 4)).state == "late"
    other = internal("PlanConsented", date(2025, 6, 3), plan_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a99")
    assert only("T-36-consent", SUBMITTED, other, today=date(2025, 6, 4)).open


def test_a_provisional_draft_owes_its_meeting_and_delivery_as_any_draft() -> None:
    """T-36."""
    drafted = internal("PlanDrafted", MADE, occasion="provisional", period_from="2025-06-05")
    assert states(drafted, today=MADE) == {"T-24": "open", "T-27": "open"}


def test_without_public_assistance_nobody_owes_the_welfare_office_anything() -> None:
    assert not {"T-40-contact", "T-40-papers"} & set(states(SUBMITTED, today=MADE))


def test_contact_and_papers_are_owed_before_service_by_whoever_does_the_care() -> None:
    """T-40, T-41: task assigned to the office, not the centre."""
    assert only("T-40-contact", ASSISTED, today=MADE).debtor == OFFICE
    started = internal("ServiceStarted", date(2025, 6, 5), started_on="2025-06-05", month="2025-06")
    late = made("WelfareOfficeContacted", OFFICE, date(2025, 6, 6))
    assert only("T-40-contact", ASSISTED, started, today=date(2025, 6, 6)).state == "overdue"
    assert only("T-40-contact", ASSISTED, started, late, today=date(2025, 6, 6)).state == "late"
    part = made(
        "WelfarePapersSubmitted", OFFICE, date(2025, 6, 4), papers=["use_sheet"], missing=["use_sheet_table"]
    )
    row = only("T-40-papers", ASSISTED, part, today=date(2025, 6, 4))
    assert (row.state, row.rest) == ("open", ("use_sheet_table",))
    whole = made("WelfarePapersSubmitted", OFFICE, date(2025, 6, 4))
    assert only("T-40-papers", ASSISTED, part, whole, today=date(2025, 6, 5)).state == "done"


# --- the result ---


@pytest.mark.parametrize(
    ("decided", "due"),
    [
        (date(2025, 6, 20), date(2025, 6, 25)),  # a Friday
        (date(2025, 7, 18), date(2025, 7, 24)),  # 07-21 is a holiday
        (date(2025, 12, 26), date(2026, 1, 7)),  # over the year's end
    ],
)
def test_the_wish_is_owed_promptly_after_the_result_and_not_before_it(decided: date, due: date) -> None:
    """T-39."""
    waiting = only("T-39-wish", SUBMITTED, today=MADE)
    assert (waiting.due, waiting.state) == (None, "open")
    result = made("CertificationResult", WARD, decided, decided_on=decided)
    assert only("T-39-wish", SUBMITTED, result, today=decided).due == due
    assert only("T-39-wish", SUBMITTED, result, settled(due), today=due).state == "done"


@pytest.mark.parametrize(
    ("filed", "state"),
    [(date(2025, 6, 24), "done"), (date(2025, 6, 25), "done"), (date(2025, 6, 26), "late")],
)
def test_the_notification_is_owed_promptly_after_the_result_by_whom_the_type_names(
    filed: date, state: str
) -> None:
    """T-39, T-36."""
    by_centre = settled(filer=CENTRE, claimant=CENTRE, type="care_management_a", track="entrusted")
    row = only("T-39-file", by_centre, today=date(2025, 6, 23))
    assert (row.debtor, row.creditor, row.due) == (CENTRE, WARD, date(2025, 6, 25))
    done = filed_by_centre(filed, filer=CENTRE, type="care_management_a")
    assert only("T-39-file", by_centre, done, today=filed).state == state
    other = filed_by_office(filed)
    assert only("T-39-file", by_centre, other, today=date(2025, 6, 24)).open


@pytest.mark.parametrize("changes", [{"result": "care"}, {"result": "none"}, {"notification_needed": False}])
def test_nothing_is_filed_where_nothing_is_needed(changes: dict[str, object]) -> None:
    """T-38, T-39."""
    assert "T-39-file" not in states(settled(**changes), today=date(2025, 6, 23))


def test_a_new_entrustment_is_owed_from_the_first_day_of_the_plan() -> None:
    """T-39, T-60."""
    needed = settled(entrustment_needed=True, type="care_management_a", track="entrusted", filer=CENTRE)
    assert only("T-39-entrust", needed, today=date(2025, 6, 23)).due == date(2025, 6, 25)
    started = made("EntrustmentStarted", CENTRE, date(2025, 6, 24), starts_on="2025-06-05")
    assert only("T-39-entrust", needed, started, today=date(2025, 6, 24)).state == "done"
    assert "T-39-entrust" not in states(settled(), today=date(2025, 6, 23))


def test_the_final_plan_is_owed_once_also_where_the_renewal_asks_for_it() -> None:
    """T-39."""
    assert states(settled(), today=date(2025, 6, 23))["T-39-plan"] == "open"
    renewed = made(
        "CertificationResult", WARD, date(2025, 6, 20), decided_on="2025-06-20", valid_from="2025-07-01"
    )
    rows = states(renewed, settled(), today=date(2025, 6, 23))
    assert "T-39-plan" not in rows
    assert rows["renewal-plan"] == "open"
    final = internal("PlanDelivered", date(2025, 6, 25), plan_id=PLAN, delivered_on="2025-06-25")
    assert states(settled(), final, today=date(2025, 6, 25))["T-39-plan"] == "done"


# --- the centre at the meeting ---


def met(track: str, missed: bool | None, on: date = date(2025, 6, 4)) -> Event:
    return internal(
        "MeetingHeld", on, occasion="provisional", held_on=on, track=track, centre_missed=missed, plan_id=PLAN
    )


def test_entrusted_a_meeting_that_the_centre_missed_is_owed_again_with_it() -> None:
    """T-34R, T-37: its check does not stand for it."""
    checked = made("ProvisionalPlanChecked", CENTRE, date(2025, 6, 5))
    missed = met("entrusted", True)
    row = only("T-37-meeting", SUBMITTED, missed, checked, today=date(2025, 6, 5))
    assert (row.debtor, row.creditor, row.due, row.state) == (OFFICE, CENTRE, None, "open")
    started = internal("ServiceStarted", date(2025, 6, 6), started_on="2025-06-06")
    assert only("T-37-meeting", SUBMITTED, missed, started, today=date(2025, 6, 6)).state == "due"
    assert only("T-37-meeting", SUBMITTED, missed, started, today=date(2025, 6, 7)).state == "overdue"
    again = met("entrusted", None, date(2025, 6, 5))
    assert only("T-37-meeting", SUBMITTED, missed, again, today=date(2025, 6, 6)).state == "done"


def test_designated_the_centre_s_check_is_enough() -> None:
    """T-37."""
    checked = made("ProvisionalPlanChecked", CENTRE, date(2025, 6, 5))
    missed = met("designated", True)
    assert only("T-37-meeting-designated", SUBMITTED, missed, today=date(2025, 6, 5)).state == "open"
    done = only("T-37-meeting-designated", SUBMITTED, missed, checked, today=date(2025, 6, 5))
    assert done.state == "done"
    assert "T-37-meeting" not in states(SUBMITTED, missed, today=date(2025, 6, 5))


def test_a_meeting_with_the_centre_or_of_which_nobody_asked_it_owes_nothing_more() -> None:
    known = states(SUBMITTED, met("entrusted", None), met("designated", None), today=date(2025, 6, 5))
    assert not {"T-37-meeting", "T-37-meeting-designated"} & set(known)
