"""The life of a certification as obligations: its end and renewal window, the result, what each result owes."""

from datetime import date

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.policy.obligations import Obligation
from tests.care.stage import made, opened
from tests.care.test_planning import internal
from tests.rules.owing import RENEWED, only, owed

ALONE = {CENTRE: "hokatsu", WARD: "ward"}


def found(row: str, *events: Event, today: date) -> list[Obligation]:
    return [each for each in owed(*events, today=today) if each.row == row]


def applied(on: date, occasion: str = "renewal", before: str | None = "2025-03-31") -> Event:
    return made("CertificationApplied", OFFICE, on, occasion=occasion, applied_on=on, valid_to_before=before)


def result(on: date, status: str, **changes: object) -> Event:
    return made("CertificationResult", WARD, on, status=status, decided_on=on, **changes)


# --- the renewal window ---


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2025, 1, 29), None),
        (date(2025, 1, 30), "open"),
        (date(2025, 3, 30), "open"),
        (date(2025, 3, 31), "due"),
        (date(2025, 4, 1), "overdue"),
    ],
)
def test_the_renewal_is_today_s_work_from_sixty_days_before_the_end_of_the_card(
    today: date, state: str | None
) -> None:
    """The card that opened the case runs to 2025-03-31; renewal and category change owe a meeting (A-Q41)."""
    rows = found("renewal-apply-card", opened(), today=today)
    assert [each.state for each in rows] == ([state] if state else [])
    if rows:
        assert (rows[0].due, rows[0].since) == (date(2025, 3, 31), date(2025, 1, 30))


@pytest.mark.parametrize(
    ("valid_to", "first_day"),
    [
        ("2026-03-31", date(2026, 1, 30)),
        ("2028-03-31", date(2028, 1, 31)),  # a leap year's February has one day more
        ("2026-05-06", date(2026, 3, 7)),  # a substitute holiday: the window counts calendar days
        ("2026-12-31", date(2026, 11, 1)),
    ],
)
def test_the_window_counts_calendar_days_back_from_the_last_day(valid_to: str, first_day: date) -> None:
    certified = made("CertificationResult", WARD, date(2025, 3, 21), valid_to=valid_to)
    before = date.fromordinal(first_day.toordinal() - 1)
    assert found("renewal-apply", certified, today=before) == []
    (row,) = found("renewal-apply", certified, today=first_day)
    assert row.due == date.fromisoformat(valid_to)


def test_a_renewal_that_ends_on_a_closed_day_warns_from_the_last_open_day() -> None:
    certified = made("CertificationResult", WARD, date(2025, 3, 21), valid_to="2026-01-31")  # a Saturday
    assert only("renewal-apply", certified, today=date(2026, 1, 29)).state == "open"
    assert only("renewal-apply", certified, today=date(2026, 1, 30)).state == "due"


def test_an_application_fulfils_it_and_the_next_certification_owes_the_next_renewal() -> None:
    events = (opened(), applied(date(2025, 2, 10)))
    assert only("renewal-apply-card", *events, today=date(2025, 2, 10)).state == "done"
    assert found("renewal-apply", *events, RENEWED, today=date(2025, 4, 1)) == []
    assert only("renewal-apply", *events, RENEWED, today=date(2026, 2, 2)).due == date(2026, 3, 31)


def test_an_application_of_which_only_the_result_tells_was_made_on_its_own_day() -> None:
    """A-Q41: the result of 2025-03-21 says that the person applied on 2025-02-10."""
    row = only("renewal-apply-card", opened(), RENEWED, today=date(2025, 3, 21))
    assert (row.done_on, row.state) == (date(2025, 2, 10), "done")


def test_a_result_after_the_end_for_an_application_in_time_is_not_late() -> None:
    row = only("renewal-apply-card", opened(), result(date(2025, 4, 3), "support2"), today=date(2025, 4, 3))
    assert (row.done_on, row.state) == (date(2025, 2, 10), "done")


def test_an_application_after_the_end_is_late() -> None:
    late = applied(date(2025, 4, 1), occasion="new")
    assert only("renewal-apply-card", opened(), late, today=date(2025, 4, 2)).state == "late"


def test_a_category_change_asked_for_in_the_window_renews_nothing_until_it_brings_a_new_period() -> None:
    asked = applied(date(2025, 2, 10), occasion="category_change")
    assert only("renewal-apply-card", opened(), asked, today=date(2025, 2, 11)).open
    changed = result(date(2025, 3, 3), "support1", occasion="category_change", applied_on="2025-02-10")
    assert only("renewal-apply-card", opened(), asked, changed, today=date(2025, 3, 4)).state == "done"
    kept = result(date(2025, 3, 3), "support2", valid_to="2025-03-31", valid_to_before=None)
    assert only("renewal-apply-card", opened(), asked, kept, today=date(2025, 3, 4)).open


def test_of_its_own_case_the_centre_owes_the_renewal() -> None:
    (row,) = [
        each
        for each in owed(opened(), today=date(2025, 2, 3), parties=ALONE)
        if each.row == "renewal-apply-card"
    ]
    assert row.debtor == CENTRE


# --- the result, and one that is late ---


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2025, 3, 11), "open"), (date(2025, 3, 12), "due"), (date(2025, 3, 13), "overdue")],
)
def test_the_ward_owes_the_result_within_thirty_days_of_the_application(today: date, state: str) -> None:
    row = only("certification-result", applied(date(2025, 2, 10)), today=today)
    assert (row.debtor, row.creditor, row.due) == (WARD, OFFICE, date(2025, 3, 12))
    assert row.state == state
    assert not row.assumed


def test_a_late_result_fulfils_it_late_and_another_application_s_result_does_not() -> None:
    late = result(date(2025, 3, 21), "support2")
    asked = applied(date(2025, 2, 10))
    assert only("certification-result", asked, late, today=date(2025, 3, 22)).state == "late"
    other = result(date(2025, 3, 3), "support2", applied_on="2025-01-20")
    assert only("certification-result", asked, other, today=date(2025, 3, 4)).open


@pytest.mark.parametrize(
    ("decided", "due", "assumed"),
    [
        (date(2025, 3, 21), date(2025, 3, 31), False),
        (date(2025, 3, 26), date(2025, 3, 31), False),
        (date(2025, 3, 27), date(2025, 4, 1), True),
        (date(2025, 4, 18), date(2025, 4, 23), True),
        (date(2025, 4, 28), date(2025, 5, 2), True),  # 04-29 is a holiday
    ],
)
@pytest.mark.parametrize("row", ["renewal-evaluation", "renewal-meeting", "renewal-plan"])
def test_a_late_result_leaves_the_open_days_that_promptly_stands_for(
    row: str, decided: date, due: date, assumed: bool
) -> None:
    """Before the new period if there is time, else promptly after the result (T-23, T-27, T-30, decision 9)."""
    owes = only(row, result(decided, "support2"), today=decided)
    assert (owes.due, owes.assumed) == (due, assumed)


def test_a_category_change_takes_effect_from_its_application_and_owes_meeting_plan_and_copy() -> None:
    """T-23N, T-27: the plan of a category change (区分変更) goes to the centre as a copy."""
    changed = result(
        date(2025, 7, 2), "support1", occasion="category_change", applied_on="2025-06-05", valid_from="2025-06-05"
    )  # fmt: skip
    assert only("renewal-meeting", changed, today=date(2025, 7, 3)).due == date(2025, 7, 7)
    assert only("renewal-plan", changed, today=date(2025, 7, 3)).state == "open"
    delivered = internal(
        "PlanDelivered", date(2025, 7, 4), occasion="category_change", delivered_on="2025-07-04"
    )
    assert only("renewal-plan", changed, delivered, today=date(2025, 7, 4)).state == "done"
    assert only("T-23", changed, delivered, today=date(2025, 7, 4)).due == date(2025, 7, 9)


# --- what a change of level owes ---


def test_a_changed_level_is_told_to_the_centre() -> None:
    """T-35D: 介護度の変更, between support levels too."""
    changed = result(date(2025, 7, 2), "support1", changed=True)
    row = only("T-35-level", changed, today=date(2025, 7, 2))
    assert (row.debtor, row.creditor, row.due, row.assumed) == (OFFICE, CENTRE, date(2025, 7, 7), True)
    told = made("CircumstanceChanged", OFFICE, date(2025, 7, 7), change="category_change")
    assert only("T-35-level", changed, told, today=date(2025, 7, 8)).state == "done"
    moved = made("CircumstanceChanged", OFFICE, date(2025, 7, 3))
    assert only("T-35-level", changed, moved, today=date(2025, 7, 8)).state == "overdue"
    assert (
        found("T-35-level", result(date(2025, 7, 2), "support2", changed=False), today=date(2025, 7, 2)) == []
    )


def test_of_the_centre_s_own_case_nobody_owes_what_an_office_owes() -> None:
    changed = result(date(2025, 7, 2), "support1", changed=True)
    rows = {each.row for each in owed(changed, today=date(2025, 7, 2), parties=ALONE)}
    assert "T-35-level" not in rows
    assert "renewal-plan" in rows


@pytest.mark.parametrize("status", ["care1", "care2", "care3", "care4", "care5"])
def test_a_result_of_care_owes_the_hand_over_and_no_renewed_plan(status: str) -> None:
    changed = result(date(2025, 7, 2), status, changed=True)
    row = only("T-35-care", changed, today=date(2025, 7, 2))
    assert (row.debtor, row.due) == (OFFICE, date(2025, 7, 7))
    assert found("renewal-plan", changed, today=date(2025, 7, 2)) == []
    over = made("SupportEnded", OFFICE, date(2025, 7, 4), reason_code="to_care", ended_on="2025-06-04")
    assert only("T-35-care", changed, over, today=date(2025, 7, 4)).state == "done"


def test_a_result_of_none_owes_the_end_or_the_way_to_the_project() -> None:
    none = result(date(2025, 7, 2), "none", valid_from=None, valid_to=None)
    assert only("T-35-not-eligible", none, today=date(2025, 7, 2)).due == date(2025, 7, 7)
    eligible = made("NotificationFiled", CENTRE, date(2025, 7, 4), occasion="new_project_eligible")
    assert only("T-35-not-eligible", none, eligible, today=date(2025, 7, 4)).state == "done"
