"""Obligations of contracts, notifications and switches (T-08 to T-17, T-60, T-61, T-66, decisions 7, 9, 22)."""

from datetime import date

from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.policy.obligations import due_text
from tests.care.stage import made, opened
from tests.care.test_notifications import filed_by_office
from tests.care.test_planning import internal
from tests.rules.owing import (
    AGREED,
    BACK,
    ENTRUSTED,
    HELD,
    REQUESTED,
    SIGNED_BY_CENTRE,
    SIGNED_BY_OFFICE,
    STOPPED,
    SWITCHED,
    filed_by_centre,
    only,
    owed,
)

# --- contracts ---


def test_the_office_owes_the_centre_contact_before_it_contracts() -> None:
    waiting = only("T-08", opened(), today=date(2024, 10, 8))
    assert (waiting.debtor, waiting.creditor, waiting.state, waiting.due) == (OFFICE, CENTRE, "open", None)
    assert due_text(waiting) == "先に行うこと"
    assert only("T-08", opened(), REQUESTED, SIGNED_BY_OFFICE, today=date(2024, 10, 10)).state == "done"


def test_contact_after_the_contract_is_late() -> None:
    after = made("SimultaneousContractRequested", OFFICE, date(2024, 10, 11))
    assert only("T-08", opened(), SIGNED_BY_OFFICE, today=date(2024, 10, 11)).state == "overdue"
    assert only("T-08", opened(), SIGNED_BY_OFFICE, after, today=date(2024, 10, 11)).state == "late"


def test_outside_the_model_no_contact_is_owed() -> None:
    rows = [each.row for each in owed(opened(procedure="principle"), today=date(2024, 10, 8))]
    assert rows == ["T-07-begin-office", "T-18-request", "T-19", "T-20", "T-21", "T-22"]


def test_the_centre_answers_within_the_assumed_open_days() -> None:
    # 10-07 is a Monday.
    asked = only("T-08-answer", REQUESTED, today=date(2024, 10, 9))
    assert (asked.debtor, asked.due, asked.state) == (CENTRE, date(2024, 10, 10), "open")
    assert only("T-08-answer", REQUESTED, today=date(2024, 10, 10)).state == "due"
    assert only("T-08-answer", REQUESTED, today=date(2024, 10, 11)).state == "overdue"
    assert only("T-08-answer", REQUESTED, AGREED, today=date(2024, 10, 11)).state == "done"
    declined = made("SimultaneousContractDeclined", CENTRE, date(2024, 10, 8))
    assert only("T-08-answer", REQUESTED, declined, today=date(2024, 10, 11)).state == "done"


def test_both_sign_with_the_person_on_the_agreed_day() -> None:
    agreed = made("SimultaneousContractAgreed", CENTRE, date(2024, 10, 8), planned_on="2024-10-10")
    for row, debtor, contract in (
        ("T-07-office", OFFICE, SIGNED_BY_OFFICE),
        ("T-07-centre", CENTRE, SIGNED_BY_CENTRE),
    ):
        before = only(row, agreed, today=date(2024, 10, 9))
        assert (before.debtor, before.creditor, before.due) == (debtor, "person", date(2024, 10, 10))
        assert only(row, agreed, contract, today=date(2024, 10, 11)).state == "done"


def test_what_a_contract_lacks_is_owed_until_it_is_supplemented() -> None:
    bare = made("ContractSigned", OFFICE, date(2024, 10, 10), explained_on=None, consented_on=None)
    supplement = made("ContractSupplemented", OFFICE, date(2024, 10, 11))
    assert {each.row for each in owed(bare, today=date(2024, 10, 10))} >= {"T-10", "T-11"}
    assert only("T-11", bare, supplement, today=date(2024, 10, 11)).state == "done"
    assert only("T-10", bare, supplement, today=date(2024, 10, 11)).state == "open"
    other = made("ContractSupplemented", CENTRE, date(2024, 10, 11), agency=CENTRE)
    assert only("T-11", bare, other, today=date(2024, 10, 11)).state == "open"


# --- notifications ---


def test_at_contract_the_office_owes_its_notification_to_the_ward() -> None:
    # Thursday 10-10; Monday 10-14 is a holiday.
    before = only("T-12", SIGNED_BY_OFFICE, today=date(2024, 10, 15))
    assert (before.debtor, before.creditor, before.due) == (OFFICE, WARD, date(2024, 10, 16))
    assert only("T-12", SIGNED_BY_OFFICE, filed_by_office(), today=date(2024, 10, 15)).state == "done"


def test_a_returned_notification_is_owed_again_until_it_is_corrected() -> None:
    number = {"notification_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", "filer": OFFICE}
    returned = made("NotificationReturned", WARD, date(2024, 10, 11), **number)
    again = filed_by_office(on=date(2024, 10, 15), revision=2, corrects=1)
    events = (filed_by_office(), returned)
    open_ = only("T-12-correct", *events, today=date(2024, 10, 15))
    assert (open_.debtor, open_.due, open_.state) == (OFFICE, date(2024, 10, 17), "open")
    assert only("T-12-correct", *events, again, today=date(2024, 10, 15)).state == "done"


def test_the_desk_owes_an_answer_to_each_filing() -> None:
    again = filed_by_office(on=date(2024, 10, 15), revision=2, corrects=1)
    number = {"notification_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", "filer": OFFICE}
    returned = made("NotificationReturned", WARD, date(2024, 10, 11), **number)
    found = [
        each
        for each in owed(filed_by_office(), again, returned, today=date(2024, 10, 15))
        if each.row == "T-12-desk"
    ]
    assert [(each.debtor, each.creditor, each.open) for each in found] == [
        (WARD, OFFICE, True),
        (WARD, OFFICE, False),
    ]
    assert due_text(found[0]) == "期限の定めなし"


def test_the_centre_makes_and_holds_its_notification_at_contract() -> None:
    assert only("T-14", SIGNED_BY_CENTRE, today=date(2024, 10, 10)).due == date(2024, 10, 10)
    assert only("T-14", SIGNED_BY_CENTRE, HELD, today=date(2024, 10, 11)).state == "done"
    assert only("T-14", SIGNED_BY_CENTRE, today=date(2024, 10, 11)).state == "overdue"


def test_the_held_one_is_due_by_the_last_day_of_the_start_s_month() -> None:
    before = only("T-16", SWITCHED, today=date(2025, 1, 6))
    assert (before.debtor, before.creditor, before.due) == (CENTRE, WARD, date(2025, 1, 31))
    filing = filed_by_centre(date(2025, 1, 31))
    assert only("T-16", SWITCHED, filing, today=date(2025, 2, 3)).state == "done"
    late = filed_by_centre(date(2025, 2, 1))
    assert only("T-16", SWITCHED, late, today=date(2025, 2, 3)).state == "late"


def test_a_month_end_on_a_closed_day_does_not_move_and_warns_from_the_open_day_before() -> None:
    august = made("ModeSwitched", OFFICE, date(2025, 7, 31), effective_from="2025-08-01")
    found = only("T-16", august, today=date(2025, 8, 28))
    assert (found.due, found.warn_from, found.state) == (date(2025, 8, 31), date(2025, 8, 29), "open")
    assert only("T-16", august, today=date(2025, 8, 29)).state == "due"


def test_a_filing_for_another_start_fulfils_nothing() -> None:
    other = filed_by_centre(date(2025, 1, 6), start_date="2025-02-01")
    assert only("T-16", SWITCHED, other, today=date(2025, 1, 6)).open


def test_from_the_second_switch_on_the_centre_files_promptly() -> None:
    again = made("ModeSwitched", OFFICE, date(2025, 5, 30), effective_from="2025-06-01", first=False)
    found = only("T-17-centre", again, today=date(2025, 5, 30))
    assert (found.debtor, found.due) == (CENTRE, date(2025, 6, 4))
    assert not [each for each in owed(again, today=date(2025, 5, 30)) if each.row == "T-16"]


def test_back_to_designated_the_office_alone_files() -> None:
    back = made("ModeSwitched", OFFICE, date(2025, 3, 3), **BACK)
    found = [each for each in owed(back, today=date(2025, 3, 3)) if each.row.startswith("T-17")]
    assert [(each.debtor, each.creditor, each.due) for each in found] == [(OFFICE, WARD, date(2025, 3, 6))]
    filing = filed_by_office(on=date(2025, 3, 3), occasion="to_preventive_support", start_date="2025-03-01")
    assert only("T-17-office", back, filing, today=date(2025, 3, 4)).state == "done"


# --- the switch ---


def test_the_centre_is_told_on_the_last_day_of_use() -> None:
    before = only("T-60", STOPPED, today=date(2024, 12, 27))
    assert (before.debtor, before.creditor, before.due, before.state) == (
        OFFICE,
        CENTRE,
        date(2024, 12, 27),
        "due",
    )
    assert only("T-60", STOPPED, SWITCHED, today=date(2024, 12, 28)).state == "done"
    late = made("ModeSwitched", OFFICE, date(2024, 12, 28), reported_on="2024-12-28")
    assert only("T-60", STOPPED, late, today=date(2024, 12, 28)).state == "late"


def test_the_progress_record_is_due_promptly_across_the_year_s_end() -> None:
    # Offices are closed from 12-29 to 01-03; 12-28, 01-04 and 01-05 are a weekend.
    reported = made("ModeSwitched", OFFICE, date(2024, 12, 27), progress_record_enclosed=False)
    found = only("T-15", reported, today=date(2024, 12, 27))
    assert (found.due, found.state) == (date(2025, 1, 8), "open")
    sent = made("ProgressRecordSubmitted", OFFICE, date(2025, 1, 8))
    assert only("T-15", reported, sent, today=date(2025, 1, 8)).state == "done"
    assert only("T-15", SWITCHED, today=date(2024, 12, 27)).state == "done"


def test_the_end_of_a_service_that_changes_no_type_owes_nothing_to_the_centre() -> None:
    quiet = internal("ServiceEnded", date(2024, 12, 27), leads_to=None, leads_to_from=None)
    assert not [each for each in owed(quiet, today=date(2024, 12, 27)) if each.creditor == CENTRE]


def test_the_centre_entrusts_and_the_plan_gets_its_date() -> None:
    assert only("T-60-entrust", SWITCHED, ENTRUSTED, today=date(2025, 1, 6)).state == "done"
    noted = internal("PlanContinued", date(2025, 1, 6))
    assert only("T-68", SWITCHED, today=date(2025, 1, 6)).debtor == OFFICE
    assert only("T-68", SWITCHED, noted, today=date(2025, 1, 6)).state == "done"


def test_a_benefit_in_care_management_a_is_reported_promptly() -> None:
    again = internal(
        "ServiceStarted",
        date(2025, 3, 3),
        started_on="2025-03-03",
        month="2025-03",
        first=False,
        leads_to="preventive_support",
    )
    assert only("T-61", again, today=date(2025, 3, 3)).due == date(2025, 3, 6)
    assert (
        only(
            "T-61", again, made("ModeSwitched", OFFICE, date(2025, 3, 3), **BACK), today=date(2025, 3, 4)
        ).state
        == "done"
    )
