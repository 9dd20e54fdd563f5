"""The register of notifications and the groups of a ward office (decision 22, T-12, T-18, T-70)."""

from datetime import date
from typing import Any

import pytest

from contracts.codes import DESKS
from contracts.events.sample import CENTRE, OFFICE, WARD
from services.ward.groups import OTHER_WORK, groups_on
from services.ward.register import Entry, contradicting, current, entries_of
from tests.care.stage import desk, made, opened
from tests.care.test_notifications import accepted, filed_by_office


def entry(number: int, start: date | None, filer: str = OFFICE, **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "notification_id": f"n{number}",
        "case_id": None,
        "filer": filer,
        "type": "preventive_support",
        "track": "designated",
        "desk": "insurance_benefits",
        "start_date": start,
        "accepted_on": None,
        "number": number,
    }
    return Entry(**fields | changes)


OCTOBER, JANUARY, MARCH = (
    entry(0, date(2024, 10, 21)),
    entry(1, date(2025, 1, 1), CENTRE),
    entry(2, date(2025, 3, 1)),
)


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2024, 10, 20), None),
        (date(2024, 10, 21), OCTOBER),
        (date(2024, 12, 31), OCTOBER),
        (date(2025, 1, 1), JANUARY),
        (date(2025, 2, 28), JANUARY),
        (date(2025, 3, 1), MARCH),
    ],
)
def test_on_each_day_the_one_that_began_last_is_current(on: date, holds: Entry | None) -> None:
    assert current([OCTOBER, JANUARY, MARCH], on) == holds


def test_what_follows_another_begins_later_and_contradicts_nothing() -> None:
    known = [OCTOBER, JANUARY, MARCH]
    assert [contradicting(known, each) for each in known] == [[], [], []]


@pytest.mark.parametrize(
    ("start", "second"),
    [(date(2024, 12, 31), True), (date(2025, 1, 1), True), (date(2025, 1, 2), False)],
)
def test_one_that_another_agency_files_later_for_no_later_a_day_is_a_second_one(
    start: date, second: bool
) -> None:
    """Decision 22."""
    late = entry(3, start, OFFICE)
    assert contradicting([JANUARY, late], late) == ([JANUARY] if second else [])


def test_two_of_one_filer_and_one_without_a_start_contradict_nothing() -> None:
    again, blank = entry(3, date(2025, 1, 1), CENTRE), entry(4, None)
    assert contradicting([JANUARY, again, blank], again) == []
    assert contradicting([JANUARY, again, blank], blank) == []


def test_of_two_that_begin_on_one_day_the_one_accepted_last_is_current() -> None:
    again = entry(3, date(2025, 1, 1), OFFICE)
    assert current([again, JANUARY], date(2025, 1, 1)) == again


def test_only_what_the_desk_accepted_stands_in_the_register() -> None:
    returned = made(
        "NotificationReturned",
        WARD,
        date(2024, 10, 11),
        notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01",
        filer=OFFICE,
    )
    for events, count in (((filed_by_office(),), 0), ((filed_by_office(), returned), 0)):
        assert len(entries_of(desk(WARD, opened(), *events).situation().case)) == count
    (known,) = entries_of(desk(WARD, opened(), filed_by_office(), accepted()).situation().case)
    assert (known.filer, known.track, known.start_date) == (OFFICE, "designated", date(2024, 10, 21))


# --- groups ---


@pytest.mark.parametrize(
    ("on", "support"),
    [(date(2025, 3, 31), "基幹型センターグループ"), (date(2025, 4, 1), "包括支援グループ")],
)
def test_each_group_takes_its_own_and_the_support_group_has_its_name_of_the_day(
    on: date, support: str
) -> None:
    """T-12, T-18, T-70."""
    groups = {each.code: each for each in groups_on(WARD, on)}
    assert list(groups) == ["project", "benefits", "designation", "support"]
    assert support in groups["support"].name
    assert groups["project"].takes == {"elderly_project", "elderly_welfare"}
    assert groups["benefits"].takes == {"insurance_benefits", "records"}
    assert groups["support"].takes == {"risk_report", "plan_review"}
    assert not groups["designation"].assumed


@pytest.mark.parametrize("insurer", ["131169", "131219", "999999"])
def test_whatever_arrives_is_some_group_s(insurer: str) -> None:
    its = {
        WARD: {"elderly_project", "elderly_welfare", "insurance_benefits"},
        "131219": {"insurance", "community_care", "insurance_guidance"},
    }
    takes = [work for each in groups_on(insurer, date(2025, 4, 1)) for work in each.takes]
    assert set(takes) >= its.get(insurer, set(DESKS)) | set(OTHER_WORK) - (
        {"counter"} if insurer == WARD else set()
    )
    assert len(takes) == len(set(takes))
