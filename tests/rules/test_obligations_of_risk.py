"""The report about the risk outside the model is owed before the first change (T-66, T-67)."""

from datetime import date

from contracts.events.sample import CENTRE, OFFICE, REPORT, WARD
from shared.eventlog.model import Event
from shared.policy.obligations import due_text
from tests.care.stage import made, opened
from tests.care.test_notifications import filed_by_office
from tests.rules.owing import only, owed

OPENED = opened(date(2025, 5, 7), procedure="principle", risk_report_needed=True)
REPORTED = made("RiskReported", OFFICE, date(2025, 5, 12))
RETURNED = made("RiskReportReturned", WARD, date(2025, 5, 14))
SWITCHED = made("ModeSwitched", OFFICE, date(2025, 7, 31), simultaneous_contract=False)


def rows(*events: Event, today: date, me: str | None = None) -> set[str]:
    return {each.row for each in owed(*events, today=today, me=me) if each.row.startswith("T-67")}


def test_the_office_owes_the_ward_the_report_before_the_centre_takes_over() -> None:
    """T-67."""
    waiting = only("T-67", OPENED, today=date(2025, 6, 30))
    assert (waiting.debtor, waiting.creditor, waiting.due, waiting.state) == (OFFICE, WARD, None, "open")
    assert due_text(waiting) == "先に行うこと"
    assert "全額が本人の負担" in waiting.explanation
    assert only("T-67", OPENED, REPORTED, SWITCHED, today=date(2025, 7, 31)).state == "done"


def test_a_report_after_the_change_is_late() -> None:
    after = made("RiskReported", OFFICE, date(2025, 8, 1))
    assert only("T-67", OPENED, SWITCHED, today=date(2025, 7, 31)).state == "due"
    assert only("T-67", OPENED, SWITCHED, today=date(2025, 8, 1)).state == "overdue"
    assert only("T-67", OPENED, SWITCHED, after, today=date(2025, 8, 1)).state == "late"


def test_inside_the_model_no_report_is_owed() -> None:
    assert rows(opened(), filed_by_office(), today=date(2025, 6, 30)) == set()
    assert rows(opened(risk_report_needed=False), today=date(2025, 6, 30)) == set()


def test_where_the_centre_opened_the_case_it_is_owed_from_the_office_s_notification_on_and_once() -> None:
    by_centre = opened(procedure="principle", risk_report_needed=False)
    one, two = (
        filed_by_office(date(2025, 5, day), notification_id=f"7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b{day}")
        for day in (12, 13)
    )
    flagged = [
        each._replace(data={**each.data, "risk_report_needed": True, "simultaneous_contract": False})
        for each in (one, two)
    ]
    assert rows(by_centre, *flagged, today=date(2025, 6, 30)) == {"T-67-transfer"}
    assert only("T-67-transfer", by_centre, *flagged, today=date(2025, 6, 30)).debtor == OFFICE
    assert only("T-67-transfer", by_centre, *flagged, REPORTED, today=date(2025, 6, 30)).state == "done"


def test_the_ward_owes_an_answer_for_which_no_document_states_a_time() -> None:
    asked = only("T-67-desk", OPENED, REPORTED, today=date(2025, 6, 30))
    assert (asked.debtor, asked.creditor, asked.due, asked.state) == (WARD, OFFICE, None, "open")
    assert only("T-67-desk", OPENED, REPORTED, RETURNED, today=date(2025, 6, 30)).state == "done"


def test_a_returned_report_is_owed_again_within_the_assumed_open_days() -> None:
    """Returned on Wednesday 05-14: Thursday, Friday, Monday."""
    again = only("T-67-again", OPENED, REPORTED, RETURNED, today=date(2025, 5, 16))
    assert (again.due, again.assumed, again.state) == (date(2025, 5, 19), True, "open")
    assert only("T-67-again", OPENED, REPORTED, RETURNED, today=date(2025, 5, 20)).state == "overdue"
    better = made("RiskReported", OFFICE, date(2025, 5, 19), corrects=REPORT)
    assert only("T-67-again", OPENED, REPORTED, RETURNED, better, today=date(2025, 5, 20)).state == "done"


def test_the_centre_sees_that_the_report_is_still_owed() -> None:
    assert "T-67" in rows(OPENED, today=date(2025, 6, 30), me=CENTRE)
