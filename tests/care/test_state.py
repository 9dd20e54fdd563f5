"""A changed state is what ``dataclasses.replace`` would make of it."""

from dataclasses import replace
from datetime import date

import pytest

from shared.care.case import Case


def test_a_changed_case_is_a_case_of_its_own() -> None:
    before = Case(insurer="131169", monitored=("2024-10",))
    after = before.but(opened_on=date(2024, 10, 7), monitored=("2024-10", "2024-11"))
    assert after == replace(before, opened_on=date(2024, 10, 7), monitored=("2024-10", "2024-11"))
    assert before == Case(insurer="131169", monitored=("2024-10",))


def test_a_case_has_no_parts_but_its_own() -> None:
    with pytest.raises(AssertionError):
        Case.empty().but(colour="red")
