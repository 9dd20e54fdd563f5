"""What counts towards a care manager's caseload, and what an office says that it can take."""

from datetime import date
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.hokatsu.capacity import OfficeCapacity, capacities
from services.hokatsu.pages import ages
from shared.care.agency import AgencyState
from shared.care.caseload import Counting, PlannedCase, counting_on, loads
from shared.care.folds.register import evolve_agency
from shared.node.errors import Refused
from tests.care.stage import ADACHI, CENTRE_OUTSIDE, desk, directory, made

TODAY = date(2024, 10, 7)


def planned(kind: str | None, track: str | None = "designated", count: int = 1) -> list[PlannedCase]:
    return [PlannedCase(uuid4(), kind, track) for _ in range(count)]


def by_one(cases: list[PlannedCase], planner: str = "care.manager") -> dict[UUID, str]:
    return {each.case_id: planner for each in cases}


@pytest.mark.parametrize(
    ("insurer", "on", "standard", "parts"),
    [
        (ADACHI, date(2016, 9, 30), None, 1),
        (ADACHI, date(2016, 10, 1), 35, 1),
        (ADACHI, date(2024, 3, 31), 35, 1),
        (ADACHI, date(2024, 4, 1), 44, 3),
        (WARD, date(2024, 3, 31), None, 1),
        (WARD, date(2024, 4, 1), 44, 3),
        ("999999", date(2024, 4, 1), None, 1),
    ],
)
def test_the_manuals_figure_is_good_until_the_national_one_changes(
    insurer: str, on: date, standard: int | None, parts: int
) -> None:
    """A-Q32, decision 14."""
    found = counting_on([insurer], on)
    assert (found.standard, found.parts) == (standard, parts)


def test_care_management_does_not_count_and_preventive_support_counts_in_part() -> None:
    """A-Q32."""
    cases = (
        planned("preventive_support", count=4)
        + planned("care_management_a", "entrusted", 40)
        + planned(None, None)
    )
    (load,) = loads(cases, by_one(cases), Counting(44, 3, ()))
    assert (load.all, load.counted, load.counted_text, load.full) == (45, Fraction(4, 3), "1.3", False)
    assert load.by_mode == {
        "介護予防支援・居宅指定": 4,
        "介護予防ケアマネジメントA・再委託": 40,
        "未定": 1,
    }


@pytest.mark.parametrize(("count", "text", "full"), [(34, "34", False), (35, "35", True), (36, "36", True)])
def test_whoever_reaches_the_standard_is_shown_to_be_full(count: int, text: str, full: bool) -> None:
    """A-Q32."""
    cases = planned("preventive_support", count=count)
    (load,) = loads(cases, by_one(cases), counting_on([ADACHI], date(2019, 4, 1)))
    assert (load.counted_text, load.full) == (text, full)


def test_a_part_of_a_case_is_cut_so_that_nobody_seems_over_who_is_not() -> None:
    cases = planned("preventive_support", count=131)
    (load,) = loads(cases, by_one(cases), Counting(44, 3, ()))
    assert (load.counted_text, load.full) == ("43.6", False)


def test_people_without_a_case_stand_in_the_list_and_cases_without_anybody_at_its_end() -> None:
    cases = planned("preventive_support", count=2)
    found = loads(cases, by_one(cases[:1]), Counting(None, 1, ()), ["care.manager", "new.person"])
    assert [(each.planner, each.all, each.full) for each in found] == [
        ("care.manager", 1, False),
        ("new.person", 0, False),
        ("", 1, False),
    ]


def told(*stated: tuple[str, int | None]) -> AgencyState:
    state = AgencyState.empty()
    contract = made("EntrustmentContractSigned", CENTRE, date(2024, 9, 20), valid_to="2025-03-31")
    for event in (
        contract,
        *(made("CapacityStated", OFFICE, TODAY, office=office, most=most) for office, most in stated),
    ):
        state = evolve_agency(state, event)
    return state


@pytest.mark.parametrize(("most", "left"), [(None, None), (3, 0), (2, -1), (12, 9)])
def test_a_centre_sees_what_an_office_has_of_what_it_said_it_can_take(
    most: int | None, left: int | None
) -> None:
    """A-Q32."""
    (found,) = capacities(told((OFFICE, most)), CENTRE, {OFFICE: 3}, TODAY)
    assert found == OfficeCapacity(OFFICE, 3, most, date(2024, 10, 1), True, date(2025, 3, 31))
    assert found.left == left


def test_the_last_word_counts_another_centres_is_not_ours_and_the_fullest_stands_first() -> None:
    found = capacities(told((OFFICE, 5), (OFFICE, 9), ("1371690098", 1)), CENTRE, {"1371600030": 2}, TODAY)
    assert [(each.office, each.left, each.contracted) for each in found] == [
        ("1371690098", 1, False),
        (OFFICE, 9, True),
        ("1371600030", None, False),
    ]
    assert [each.office for each in capacities(told((OFFICE, 5)), CENTRE_OUTSIDE, {}, TODAY)] == []
    (over,) = capacities(told(), CENTRE, {OFFICE: 1}, date(2025, 4, 1))
    assert (over.contracted, over.most) == (False, None)


def test_an_office_tells_a_listed_centre_and_nobody_else() -> None:
    at = desk(OFFICE, *directory(), today=TODAY)
    (event,) = at.when("StateCapacity", case_id=None, centre=CENTRE, most=12).events
    assert (event.type, event.to) == ("CapacityStated", (CENTRE,))
    with pytest.raises(Refused) as refused:
        at.when("StateCapacity", case_id=None, centre="1301600999", most=12)
    assert refused.value.code == "agency_unknown"


def test_held_forms_are_counted_by_age_with_the_last_day_in_its_band() -> None:
    prepared = [date(2024, 7, 9), date(2024, 7, 8), date(2023, 10, 8), date(2023, 10, 7), TODAY]
    assert [count for _, count in ages(prepared, TODAY)] == [2, 1, 1, 1]
