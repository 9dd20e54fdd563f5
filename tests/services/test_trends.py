"""The model month by month: each figure is counted from notifications, with the edges of months and years."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.ward.evaluation import Filed
from services.ward.register import Entry
from services.ward.trends import (
    HeldForm,
    cases_by_type,
    deadlines_by_month,
    held_by_month,
    months_between,
    switches_by_month,
)

CASE = UUID(int=1)
MONTHS = months_between(date(2024, 11, 15), date(2025, 2, 1))


def accepted(start: date | None, kind: str, number: int = 1, case: UUID = CASE) -> Entry:
    return Entry(str(uuid4()), case, "filer", kind, "designated", "desk", start, start, number)


def filing(occasion: str, start: date | None, filed_on: date, **changes: object) -> Filed:
    known = {
        "notification_id": str(uuid4()),
        "revision": 1,
        "case_id": str(CASE),
        "filer": "filer",
        "office": None,
        "type": "care_management_a",
        "occasion": occasion,
        "filed_on": filed_on,
        "start_date": start,
        "held_since": date(2024, 10, 10),
        "simultaneous": True,
        "signature_needed": False,
        "decision": "accepted",
        "decided_on": filed_on,
        "reason_code": None,
    }
    return Filed(**{**known, **changes})  # type: ignore[arg-type]


def test_a_period_has_every_month_that_it_touches_and_a_long_one_its_last_two_years() -> None:
    assert [str(each) for each in MONTHS] == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert [str(each) for each in months_between(date(2020, 1, 1), date(2025, 2, 1))][::23] == [
        "2023-03",
        "2025-02",
    ]
    assert months_between(date(2025, 2, 1), date(2025, 1, 31)) == []


@pytest.mark.parametrize(
    ("switch", "support", "care"),
    [
        (date(2025, 1, 1), [1, 1, 0, 0], [0, 0, 1, 1]),
        (date(2025, 1, 31), [1, 1, 0, 0], [0, 0, 1, 1]),
        (date(2025, 2, 1), [1, 1, 1, 0], [0, 0, 0, 1]),
        (date(2025, 3, 1), [1, 1, 1, 1], [0, 0, 0, 0]),
    ],
)
def test_a_case_has_in_a_month_the_type_of_its_last_day(
    switch: date, support: list[int], care: list[int]
) -> None:
    entries = [accepted(date(2024, 10, 7), "preventive_support"), accepted(switch, "care_management_a", 2)]
    found = cases_by_type([entries], {}, MONTHS)
    assert found == {"介護予防支援": support, "介護予防ケアマネジメントA": care}


def test_of_two_that_start_together_the_one_accepted_last_counts_and_one_without_a_start_not_at_all() -> None:
    entries = [
        accepted(date(2024, 12, 1), "preventive_support", 2),
        accepted(date(2024, 12, 1), "care_management_a", 1),
        accepted(None, "care_management_a", 3),
    ]
    found = cases_by_type([entries], {}, MONTHS)
    assert found == {"介護予防支援": [0, 1, 1, 1], "介護予防ケアマネジメントA": [0, 0, 0, 0]}


@pytest.mark.parametrize(
    ("ended", "counted"),
    [
        (date(2025, 1, 30), [1, 1, 0, 0]),
        (date(2025, 1, 31), [1, 1, 1, 0]),
        (date(2025, 2, 1), [1, 1, 1, 0]),
        (date(2024, 10, 9), [0, 0, 0, 0]),
    ],
)
def test_a_case_that_ended_is_counted_at_the_end_of_a_month_that_it_reached(
    ended: date, counted: list[int]
) -> None:
    entries = [accepted(date(2024, 10, 7), "preventive_support")]
    assert cases_by_type([entries], {CASE: ended}, MONTHS)["介護予防支援"] == counted


def test_switches_are_counted_by_the_month_of_their_start_when_they_are_accepted() -> None:
    """T-00."""
    filings = [
        filing("to_care_management_a", date(2024, 12, 31), date(2025, 1, 6)),
        filing("to_preventive_support", date(2025, 1, 1), date(2025, 1, 6), simultaneous=False),
        filing("to_preventive_support", date(2025, 1, 1), date(2025, 1, 6), decision="returned"),
        filing("first", date(2025, 1, 1), date(2025, 1, 6)),
        filing("to_care_management_a", date(2024, 10, 31), date(2024, 10, 31)),
    ]
    found = switches_by_month(filings, MONTHS)
    assert found == {"同時契約": [0, 1, 0, 0], "同時契約でないもの": [0, 0, 1, 0]}


def test_a_held_form_is_kept_to_the_last_day_of_its_month_and_late_the_day_after() -> None:
    """T-16."""
    filings = [
        filing("to_care_management_a", date(2024, 12, 1), date(2024, 12, 31)),
        filing("to_care_management_a", date(2024, 12, 1), date(2025, 1, 1)),
        filing("to_care_management_a", date(2024, 12, 1), date(2025, 1, 9), revision=2),
        filing("to_care_management_a", date(2024, 12, 1), date(2025, 1, 9), held_since=None),
    ]
    assert deadlines_by_month(filings, MONTHS) == {"期限内": [0, 1, 0, 0], "遅れ": [0, 1, 0, 0]}


def test_held_forms_are_counted_when_they_are_used_or_void() -> None:
    """T-14, decision 25."""
    forms = [
        HeldForm(date(2024, 12, 1), None),
        HeldForm(None, date(2025, 2, 28)),
        HeldForm(None, date(2025, 3, 1)),
    ]
    assert held_by_month(forms, MONTHS) == {"使用": [0, 1, 0, 0], "無効": [0, 0, 0, 1]}
