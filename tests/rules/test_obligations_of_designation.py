"""Obligations of a designation, office by office: hearing, answer, renewal after six years (T-03, T-06N)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import APPLICATION, OFFICE, WARD
from services.ward.events import WARD_EVENTS
from shared.eventlog.model import Event
from shared.policy.obligations import Obligation
from tests.care.stage import made
from tests.rules.owing import owed

PARTIES = {WARD: "ward", OFFICE: "kyotaku"}
OTHER = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1aff"
APPLIED = made("DesignationApplied", OFFICE, date(2024, 9, 4), application_id=APPLICATION)
DESIGNATED = made(
    "OfficeDesignated",
    WARD,
    date(2024, 9, 25),
    designated_from="2024-10-01",
    designated_to="2030-09-30",
    application_id=APPLICATION,
)


def heard(on: date) -> Event:
    return made("HearingRecorded", WARD, on, kinds=WARD_EVENTS, held_on=on)


def found(*events: Event, today: date, me: str | None = None) -> dict[str, Obligation]:
    return {each.row: each for each in owed(*events, today=today, me=me, parties=PARTIES)}


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2024, 9, 30), "open"), (date(2024, 10, 1), "due"), (date(2024, 10, 2), "overdue")],
)
def test_the_ward_answers_an_application_by_the_day_that_is_wished_for(today: date, state: str) -> None:
    row = found(APPLIED, today=today)["T-06-application"]
    assert (row.debtor, row.creditor, row.due, row.assumed, row.state) == (
        WARD,
        OFFICE,
        date(2024, 10, 1),
        True,
        state,
    )


@pytest.mark.parametrize(
    ("answer", "changes"),
    [
        ("OfficeDesignated", {}),
        ("DesignationReturned", {}),
        ("DesignationChangeAccepted", {}),
    ],
)
def test_any_answer_to_that_application_is_one(answer: str, changes: dict[str, Any]) -> None:
    on = date(2024, 9, 25)
    given = made(answer, WARD, on, application_id=APPLICATION, **changes)
    assert found(APPLIED, given, today=on)["T-06-application"].state == "done"
    another = made(answer, WARD, on, application_id=OTHER, **changes)
    assert found(APPLIED, another, today=on)["T-06-application"].state == "open"


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2024, 3, 7), "open"),
        (date(2024, 3, 8), "done"),
        (date(2024, 9, 18), "done"),
    ],
)
def test_those_concerned_are_heard_before_the_designation(on: date, state: str) -> None:
    """A hearing up to 180 days before the application counts; one of an earlier period does not."""
    assert found(heard(on), APPLIED, today=date(2024, 9, 18))["T-06-hearing"].state == state


def test_a_designation_without_a_hearing_is_overdue_from_the_next_day() -> None:
    row = found(APPLIED, DESIGNATED, today=date(2024, 9, 26))["T-06-hearing"]
    assert (row.debtor, row.due, row.state) == (WARD, date(2024, 9, 25), "overdue")


def test_a_returned_application_and_a_notice_of_change_want_no_hearing() -> None:
    returned = made("DesignationReturned", WARD, date(2024, 9, 20), application_id=APPLICATION)
    assert found(APPLIED, returned, today=date(2024, 9, 20))["T-06-hearing"].state == "void"
    change = made(
        "DesignationApplied", OFFICE, date(2024, 9, 4), kind="change", changes=["manager"], wished_from=None
    )
    assert "T-06-hearing" not in found(change, today=date(2024, 9, 4))


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2030, 4, 2), None),
        (date(2030, 4, 3), "open"),
        (date(2030, 9, 29), "open"),
        (date(2030, 9, 30), "due"),
        (date(2030, 10, 1), "overdue"),
    ],
)
def test_the_renewal_is_owed_from_180_days_before_the_six_years_end(today: date, state: str | None) -> None:
    row = found(DESIGNATED, today=today).get("T-06-renewal")
    assert (row.state if row else None) == state
    if row:
        assert (row.debtor, row.creditor, row.due) == (OFFICE, WARD, date(2030, 9, 30))


def test_the_application_for_the_renewal_fulfils_it_and_the_next_period_owes_the_next() -> None:
    renewal = made("DesignationApplied", OFFICE, date(2030, 6, 3), kind="renewal", application_id=OTHER)
    assert found(DESIGNATED, renewal, today=date(2030, 6, 3))["T-06-renewal"].state == "done"
    renewed = made(
        "OfficeDesignated",
        WARD,
        date(2030, 9, 20),
        designated_from="2030-10-01",
        designated_to="2036-09-30",
        renewal=True,
    )
    both = owed(DESIGNATED, renewed, today=date(2036, 9, 1), parties=PARTIES)
    assert [(each.state, each.due) for each in both if each.row == "T-06-renewal"] == [
        ("open", date(2036, 9, 30)),
        ("void", date(2030, 9, 30)),
    ]


def test_the_office_sees_what_it_owes_and_waits_for_and_not_the_ward_s_hearing() -> None:
    assert set(found(APPLIED, DESIGNATED, today=date(2030, 9, 2), me=OFFICE)) == {
        "T-06-application",
        "T-06-renewal",
    }
