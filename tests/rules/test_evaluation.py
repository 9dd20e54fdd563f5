"""The figures of the model's evaluation (T-00), counted from the notifications at the ward's desks."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE
from services.ward.evaluation import Days, Figures, Filed, figures

OTHER_OFFICE = "1371600030"
FIRST: dict[str, Any] = {
    "notification_id": "first",
    "filer": OFFICE,
    "type": "preventive_support",
    "occasion": "first",
    "filed_on": date(2024, 10, 10),
    "start_date": date(2024, 10, 21),
    "held_since": None,
    "decided_on": date(2024, 10, 16),
}
TO_A: dict[str, Any] = {
    "notification_id": "to-a",
    "filer": CENTRE,
    "type": "care_management_a",
    "occasion": "to_care_management_a",
    "filed_on": date(2025, 1, 6),
    "start_date": date(2025, 1, 1),
    "held_since": date(2024, 10, 10),
    "decided_on": date(2025, 1, 7),
}
BACK: dict[str, Any] = {
    "notification_id": "back",
    "filer": OFFICE,
    "type": "preventive_support",
    "occasion": "to_preventive_support",
    "filed_on": date(2025, 3, 3),
    "start_date": date(2025, 3, 1),
    "held_since": None,
    "signature_needed": False,
    "decided_on": date(2025, 3, 4),
}


def filing(*parts: dict[str, Any], **changes: Any) -> Filed:
    fields: dict[str, Any] = {
        "revision": 1,
        "case_id": "hana",
        "office": OFFICE,
        "simultaneous": True,
        "signature_needed": True,
        "decision": "accepted",
        "reason_code": None,
    }
    for part in parts:
        fields |= part
    return Filed(**fields | changes)


def counted(*filings: Filed, simultaneous: bool = True) -> Figures:
    return figures(filings, date(2024, 10, 1), date(2025, 9, 30), simultaneous=simultaneous)


WHOLE = (filing(FIRST), filing(TO_A), filing(BACK))


def test_a_case_that_went_to_a_and_back_saved_two_contracts_one_form_and_one_signature() -> None:
    """T-00: switches without a new contract, notifications and signatures saved, same care manager kept."""
    found = counted(*WHOLE)
    assert (found.accepted, found.switches) == (3, 2)
    assert (found.contracts_saved, found.forms_saved, found.signatures_saved) == (2, 1, 1)
    assert found.same_office == 2
    assert (found.late, found.returned) == (0, 0)


@pytest.mark.parametrize(
    ("to_a", "back", "kept"),
    [(True, True, (2, 2)), (True, False, (1, 2)), (True, None, (1, 1)), (None, None, (0, 0))],
)
def test_the_same_care_manager_is_counted_where_the_office_told(
    to_a: bool | None, back: bool | None, kept: tuple[int, int]
) -> None:
    """T-00, T-60: the name does not reach the ward, what the office says of it does."""
    found = counted(
        filing(FIRST, same_care_manager=True),
        filing(TO_A, same_care_manager=to_a),
        filing(BACK, same_care_manager=back),
    )
    assert (found.same_care_manager, found.care_manager_told) == kept


def test_without_a_simultaneous_contract_nothing_is_saved_and_it_is_counted_apart() -> None:
    alone = [
        filing(part, simultaneous=False, held_since=None, signature_needed=True) for part in (TO_A, BACK)
    ]
    found = counted(*WHOLE, *alone, simultaneous=False)
    assert (found.switches, found.contracts_saved, found.forms_saved, found.signatures_saved) == (2, 0, 0, 0)
    assert counted(*WHOLE, *alone).switches == 2


def test_days_are_counted_from_filing_to_decision_and_from_the_start_to_a_later_filing() -> None:
    found = counted(*WHOLE)
    assert found.to_decide == Days(3, 2.7, 6)
    assert found.days_lost == Days(2, 3.5, 5)
    assert counted().to_decide == Days(0, None, None)


@pytest.mark.parametrize(
    ("filed_on", "late"),
    [(date(2025, 1, 31), 0), (date(2025, 2, 1), 1)],
)
def test_late_is_a_first_filing_for_a_after_the_month_of_its_start(filed_on: date, late: int) -> None:
    """T-16."""
    assert counted(filing(TO_A, filed_on=filed_on, decided_on=filed_on)).late == late


def test_a_first_filing_at_contract_time_is_not_late_by_the_time_limit_of_a_switch() -> None:
    """T-00, T-12R: entrusted from the start, a centre files for A at the contract; T-16 speaks of switches only."""
    later = date(2025, 3, 3)
    entrusted = filing(TO_A, occasion="first", filed_on=later, decided_on=later)
    assert counted(entrusted).late == 0


def test_a_correction_that_is_filed_later_is_a_return_and_not_late() -> None:
    first = filing(TO_A, decision="returned", reason_code="missing_field")
    again = filing(TO_A, revision=2, filed_on=date(2025, 2, 3), decided_on=date(2025, 2, 4))
    found = counted(first, again)
    assert (found.late, found.returned, dict(found.reasons)) == (0, 1, {"missing_field": 1})
    assert found.accepted == 1


def test_an_office_that_changed_did_not_go_on() -> None:
    other = filing(TO_A, office=OTHER_OFFICE)
    assert counted(filing(FIRST), other).same_office == 0
    assert counted(filing(TO_A)).same_office == 0  # nothing is known of before
    assert counted(filing(FIRST, decision="returned"), filing(TO_A)).same_office == 0
    assert counted(filing(FIRST, case_id="taro"), filing(TO_A)).same_office == 0


@pytest.mark.parametrize(
    ("first", "last", "accepted"),
    [
        (date(2024, 10, 10), date(2025, 3, 3), 3),
        (date(2024, 10, 11), date(2025, 3, 3), 2),
        (date(2024, 10, 10), date(2025, 3, 2), 2),
        (date(2025, 3, 4), date(2025, 3, 31), 0),
    ],
)
def test_the_days_of_filing_that_are_asked_for_bound_what_is_counted(
    first: date, last: date, accepted: int
) -> None:
    assert figures(WHOLE, first, last, simultaneous=True).accepted == accepted


def test_what_still_waits_for_a_decision_is_neither_accepted_nor_returned() -> None:
    waiting = counted(filing(TO_A, decision=None, decided_on=None))
    assert (waiting.accepted, waiting.returned, waiting.to_decide.count) == (0, 0, 0)
