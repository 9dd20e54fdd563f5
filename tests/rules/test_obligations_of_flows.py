"""Obligations of a transfer, an entrustment, a centre's own case and a centre outside the model (T-07M to T-66)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.care.events import CARE_EVENTS
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.rules.owing import SWITCHED, filed_by_centre, only, owed, performance

ASSIGNED = made("OfficeAssigned", CENTRE, date(2025, 5, 7))
BY_CENTRE = made(
    "ContractSigned",
    CENTRE,
    date(2025, 3, 24),
    agency=CENTRE,
    contract="preventive_support_and_care_management",
    signed_on="2025-03-24",
    simultaneous=False,
    role="hokatsu",
)
KEPT = made("ContractKept", CENTRE, date(2025, 5, 8))


def rows(*events: Event, today: date) -> set[str]:
    return {each.row for each in owed(*events, today=today) if each.open}


def care(name: str, sender: str, on: date, **changes: Any) -> Event:
    return made(name, sender, on, kinds=CARE_EVENTS, **changes)


# --- transfer ---


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2025, 5, 9), "open"), (date(2025, 5, 12), "due"), (date(2025, 5, 13), "overdue")],
)
def test_the_centre_hands_over_what_it_knows_by_the_day_of_the_transfer(today: date, state: str) -> None:
    """T-18M."""
    told = only("T-18-transfer", ASSIGNED, today=today)
    assert (told.debtor, told.creditor, told.due, told.state) == (CENTRE, OFFICE, date(2025, 5, 12), state)


@pytest.mark.parametrize("giver", [CENTRE, WARD])
def test_the_office_may_see_the_records_at_the_ward_instead(giver: str) -> None:
    """T-18M."""
    provided = made("RecordsProvided", giver, date(2025, 5, 9))
    assert only("T-18-transfer", ASSIGNED, provided, today=date(2025, 5, 9)).state == "done"


def test_in_the_model_the_simultaneous_contract_is_arranged_before_the_office_signs() -> None:
    """T-07M, T-08."""
    assert rows(ASSIGNED, today=date(2025, 5, 7)) == {"T-08-transfer", "T-18-transfer", "T-19-transfer"}
    asked = made("SimultaneousContractRequested", OFFICE, date(2025, 5, 8))
    assert "T-08-transfer" not in rows(ASSIGNED, asked, today=date(2025, 5, 8))


def test_outside_the_model_the_office_contracts_by_the_day_it_takes_over() -> None:
    """T-07M."""
    outside = made("OfficeAssigned", CENTRE, date(2025, 5, 7), procedure="principle")
    assert only("T-07-transfer", outside, today=date(2025, 5, 7)).due == date(2025, 5, 12)
    signed = made("ContractSigned", OFFICE, date(2025, 5, 10), signed_on="2025-05-10", simultaneous=False)
    assert only("T-07-transfer", outside, signed, today=date(2025, 5, 12)).state == "done"


def test_a_kept_contract_is_not_signed_again_and_owes_the_held_notification() -> None:
    """T-07M, T-14D."""
    agreed = made("SimultaneousContractAgreed", CENTRE, date(2025, 5, 8), planned_on="2025-05-12")
    assert only("T-07-centre", agreed, KEPT, today=date(2025, 5, 8)).state == "done"
    held = only("T-14-kept", agreed, KEPT, today=date(2025, 5, 8))
    assert (held.debtor, held.due) == (CENTRE, date(2025, 5, 12))


def test_the_centre_s_monthly_record_ends_with_its_own_months_and_the_office_s_goes_on() -> None:
    """T-28: what a centre began stays its own; a transfer ends nothing of the office's."""
    by_centre = care("ServiceStarted", CENTRE, date(2025, 4, 1), month="2025-04", started_on="2025-04-01")
    by_office = care("ServiceStarted", OFFICE, date(2025, 5, 12), month="2025-05", started_on="2025-05-12")
    found = [
        (each.debtor, each.period)
        for each in owed(by_centre, ASSIGNED, today=date(2025, 6, 30))
        if each.row == "T-28"
    ]
    assert found == [(CENTRE, "2025-04"), (CENTRE, "2025-05")]
    found = [
        (each.debtor, each.period)
        for each in owed(ASSIGNED, by_office, today=date(2025, 6, 30))
        if each.row == "T-28"
    ]
    assert found == [(OFFICE, "2025-05"), (OFFICE, "2025-06")]


# --- entrusted from the start, and the centre's own ---


def test_at_contract_the_centre_owes_its_notification() -> None:
    """T-12R: Monday 2025-03-24 and three open days."""
    owes = only("T-12-centre", BY_CENTRE, today=date(2025, 3, 24))
    assert (owes.debtor, owes.creditor, owes.due, owes.assumed) == (CENTRE, WARD, date(2025, 3, 27), True)
    filed = filed_by_centre(date(2025, 3, 25), track="direct", occasion="first")
    assert only("T-12-centre", BY_CENTRE, filed, today=date(2025, 3, 25)).state == "done"
    assert "T-12" not in rows(BY_CENTRE, today=date(2025, 3, 24))


def test_a_new_office_is_given_the_records_and_one_that_goes_on_has_them() -> None:
    """T-18R."""
    new = made("EntrustmentStarted", CENTRE, date(2025, 4, 8), starts_on="2025-04-10", new_to_office=True)
    owes = only("T-18-entrusted", new, today=date(2025, 4, 8))
    assert (owes.debtor, owes.creditor, owes.due) == (CENTRE, OFFICE, date(2025, 4, 15))
    before = made("RecordsProvided", CENTRE, date(2025, 4, 1))
    assert only("T-18-entrusted", before, new, today=date(2025, 4, 8)).state == "done"
    assert "T-18-entrusted" not in rows(
        made("EntrustmentStarted", CENTRE, date(2025, 1, 6)), today=date(2025, 1, 6)
    )


def test_within_an_entrustment_a_change_of_type_asks_for_no_contract_and_no_notification() -> None:
    """T-04, T-61."""
    within = {"from_track": "entrusted", "simultaneous_contract": False}
    to_a = made("ModeSwitched", OFFICE, date(2025, 6, 30), **within)
    assert rows(to_a, today=date(2025, 6, 30)) == set()
    to_support = {"to_type": "preventive_support", "to_track": "entrusted"}
    back = made("ModeSwitched", OFFICE, date(2025, 9, 1), **within, **to_support)
    assert rows(back, today=date(2025, 9, 1)) == set()


def test_the_office_tells_its_centre_of_the_type_that_follows() -> None:
    """T-61: promptly within an entrustment, the same day only from 居宅指定 (T-60)."""
    stopped = care("ServiceEnded", OFFICE, date(2025, 6, 30), track="entrusted", leads_to_from="2025-07-01")
    owes = only("T-61-entrusted", stopped, today=date(2025, 6, 30))
    assert (owes.debtor, owes.creditor, owes.due) == (OFFICE, CENTRE, date(2025, 7, 3))
    told = made("ModeSwitched", OFFICE, date(2025, 7, 1), from_track="entrusted", effective_from="2025-07-01")
    assert only("T-61-entrusted", stopped, told, today=date(2025, 7, 1)).state == "done"
    assert "T-60" not in rows(stopped, today=date(2025, 6, 30))


def test_a_centre_records_the_type_of_its_own_case() -> None:
    """T-61."""
    ended = care("ServiceEnded", CENTRE, date(2025, 1, 6), track="direct", leads_to_from="2025-02-01")
    owes = only("T-61-direct-end", ended, today=date(2025, 1, 6))
    assert (owes.debtor, owes.creditor, owes.due) == (CENTRE, BILLING, date(2025, 1, 9))
    changed = made("TypeChanged", CENTRE, date(2025, 1, 31))
    assert only("T-61-direct-end", ended, changed, today=date(2025, 1, 31)).state == "late"
    assert not rows(ended, today=date(2025, 1, 6)) & {"T-60", "T-61-entrusted"}


def test_a_centre_s_own_plan_owes_nobody_a_copy() -> None:
    delivered = care("PlanDelivered", CENTRE, date(2025, 3, 26), track="direct")
    assert "T-23" not in rows(delivered, today=date(2025, 3, 26))


def test_acts_of_care_stay_with_who_did_them() -> None:
    """T-25: the centre's use sheet is the centre's, also after an office has joined."""
    begun = care("ServiceStarted", CENTRE, date(2025, 4, 1), month="2025-04", started_on="2025-04-01")
    assert only("T-25", begun, ASSIGNED, today=date(2025, 5, 12)).debtor == CENTRE


# --- a centre outside the model (T-66) ---

WITHOUT = made("ModeSwitched", OFFICE, date(2024, 12, 27), simultaneous_contract=False)
BACK_WITHOUT = made(
    "ModeSwitched",
    OFFICE,
    date(2025, 3, 3),
    from_type="care_management_a",
    to_type="preventive_support",
    from_track="entrusted",
    to_track="designated",
    effective_from="2025-03-01",
    reported_on="2025-03-03",
    first=False,
    simultaneous_contract=False,
    benefit_started_on="2025-03-03",
)


def contract(sender: str, on: str, switch_from: str | None) -> Event:
    by_centre = sender == CENTRE
    return made(
        "ContractSigned",
        sender,
        date.fromisoformat(on),
        agency=sender,
        contract="preventive_support_and_care_management" if by_centre else "preventive_support",
        signed_on=on,
        simultaneous=False,
        role="hokatsu" if by_centre else "kyotaku",
        switch_from=switch_from,
    )


def test_every_change_owes_a_contract_and_a_notification_of_its_own() -> None:
    """T-66."""
    first = only("T-66-contract-centre", WITHOUT, today=date(2024, 12, 27))
    assert (first.debtor, first.due) == (CENTRE, date(2024, 12, 31))
    second = only("T-66-contract-office", BACK_WITHOUT, today=date(2025, 3, 3))
    assert (second.debtor, second.creditor, second.due, second.state) == (
        OFFICE,
        "person",
        date(2025, 3, 3),
        "due",
    )
    assert {"T-66-notification-centre"} <= rows(WITHOUT, today=date(2024, 12, 27))
    assert {"T-66-notification-office"} <= rows(BACK_WITHOUT, today=date(2025, 3, 3))


@pytest.mark.parametrize(
    ("signed_on", "state"), [("2025-02-26", "done"), ("2025-03-03", "done"), ("2025-03-04", "late")]
)
def test_the_office_s_new_contract_may_come_before_the_switch_is_reported(signed_on: str, state: str) -> None:
    """T-66."""
    again = contract(OFFICE, signed_on, "2025-03-01")
    assert only("T-66-contract-office", again, BACK_WITHOUT, today=date(2025, 3, 5)).state == state


def test_a_contract_of_before_does_not_do_for_the_next_change() -> None:
    """T-66."""
    old = contract(OFFICE, "2024-10-10", None)
    earlier = contract(OFFICE, "2025-01-10", "2025-01-01")
    assert only("T-66-contract-office", old, earlier, BACK_WITHOUT, today=date(2025, 3, 3)).open


def test_under_a_simultaneous_contract_none_is_owed() -> None:
    assert not {each for each in rows(SWITCHED, today=date(2024, 12, 27)) if each.startswith("T-66")}


def test_a_claim_waits_for_its_performance_report_in_every_track() -> None:
    assert only("T-33", performance("2025-01", date(2025, 2, 4)), today=date(2025, 2, 4)).debtor == BILLING
