"""Designations: applications, fixed days, six years, renewal without a gap, changes (T-03, T-06N)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import APPLICATION, OFFICE, WARD
from services.ward.designation_calendar import periods, permitted_days
from services.ward.events import WARD_EVENTS
from shared.care.agency import last_day_of
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import OFFICE_UNDESIGNATED, Desk, Town, desk, directory, made, opened

DESIGNATED = made("OfficeDesignated", WARD, date(2024, 9, 25))
LAST = date(2030, 9, 30)
HEARD = made("HearingRecorded", WARD, date(2024, 9, 18), kinds=WARD_EVENTS)
HEARD_AGAIN = made("HearingRecorded", WARD, date(2030, 9, 4), kinds=WARD_EVENTS, held_on="2030-09-04")
APPLIED = made("DesignationApplied", OFFICE, date(2024, 9, 4))
RENEWAL: dict[str, Any] = {
    "agency": OFFICE,
    "service": "preventive_support",
    "designated_from": "2030-10-01",
    "hearing_on": "2030-09-04",
}


def ward(*events: Event, on: date = date(2024, 9, 25)) -> Desk:
    return desk(WARD, *directory(), *events, today=on)


def office(*events: Event, on: date = date(2024, 9, 4)) -> Desk:
    return desk(OFFICE, *directory(), *events, today=on)


def act(at: Desk, command: str, **fields: Any) -> Decision:
    return at.when(command, case_id=None, **fields)


def refusal(at: Desk, command: str, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        act(at, command, **fields)
    return refused.value


# --- six years ---


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 10, 1), date(2030, 9, 30)),
        (date(2025, 4, 1), date(2031, 3, 31)),
        (date(2025, 1, 1), date(2030, 12, 31)),
        (date(2026, 3, 1), date(2032, 2, 29)),  # a leap day
        (date(2024, 2, 29), date(2030, 2, 28)),  # no such day six years on
    ],
)
def test_a_designation_holds_for_six_years_less_a_day(first: date, last: date) -> None:
    """T-06N."""
    assert last_day_of(WARD, first) == last


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2024, 9, 30), False),
        (date(2024, 10, 1), True),
        (LAST, True),
        (date(2030, 10, 1), False),
    ],
)
def test_outside_its_period_an_office_has_no_designation(on: date, holds: bool) -> None:
    agency = office(DESIGNATED).situation().agency
    assert agency.designated(OFFICE, WARD, on) is holds
    assert agency.designated_to(OFFICE, WARD, on) == (LAST if holds else None)


@pytest.mark.parametrize(("on", "refused"), [(LAST, False), (date(2030, 10, 1), True)])
def test_an_office_whose_designation_ran_out_contracts_no_more(on: date, refused: bool) -> None:
    """T-03."""
    certified = {"status": "support2", "valid_from": "2030-04-01", "valid_to": "2031-03-31"}
    at = desk(OFFICE, *directory(), DESIGNATED, opened(certification=certified), today=on)
    signing = {"contract": "preventive_support", "signed_by": "person"}
    if not refused:
        assert at.when("SignContract", **signing).events
        return
    with pytest.raises(Refused) as problem:
        at.when("SignContract", **signing)
    assert (problem.value.code, problem.value.rule) == ("not_designated", "T-03")


# --- the ward designates and renews ---


def test_a_renewal_begins_the_day_after_the_period_that_ends_whatever_the_year_s_fixed_days() -> None:
    """T-06N: the fiscal year has no table of days yet, and needs none."""
    at = ward(DESIGNATED, HEARD_AGAIN, on=date(2030, 9, 10))
    (event,) = act(at, "DesignateOffice", **RENEWAL).events
    assert event.data["renewal"] is True
    renewed = made("OfficeDesignated", WARD, date(2030, 9, 10), designated_from="2030-10-01")
    agency = office(DESIGNATED, renewed).situation().agency
    assert agency.designated_to(OFFICE, WARD, LAST) == LAST
    assert agency.designated_to(OFFICE, WARD, date(2030, 10, 1)) == date(2036, 9, 30)


@pytest.mark.parametrize("day", ["2024-10-01", "2025-04-01", "2030-09-30"])
def test_within_the_period_an_office_is_not_designated_again(day: str) -> None:
    at = ward(DESIGNATED, HEARD_AGAIN, on=date(2030, 9, 10))
    refused = refusal(at, "DesignateOffice", **{**RENEWAL, "designated_from": day})
    assert (refused.code, refused.rule) == ("already_designated", "T-06N")
    assert "令和12年10月1日" in (refused.todo or "")


def test_after_a_gap_it_is_a_new_designation_on_a_fixed_day() -> None:
    at = ward(DESIGNATED, HEARD_AGAIN, on=date(2030, 10, 5))
    assert refusal(at, "DesignateOffice", **{**RENEWAL, "designated_from": "2030-10-02"}).code == (
        "not_published"
    )


def test_a_renewal_needs_the_hearing_too() -> None:
    at = ward(DESIGNATED, HEARD, on=date(2030, 9, 10))
    assert refusal(at, "DesignateOffice", **RENEWAL).code == "hearing_missing"


def test_an_application_is_settled_by_the_designation() -> None:
    new = {**RENEWAL, "designated_from": "2024-10-01", "hearing_on": "2024-09-18"}
    (event,) = act(ward(HEARD, APPLIED), "DesignateOffice", **new).events
    assert (event.data["renewal"], event.data["application_id"]) == (False, APPLICATION)
    settled = made("OfficeDesignated", WARD, date(2024, 9, 25), application_id=APPLICATION)
    agency = ward(HEARD, APPLIED, settled).situation().agency
    assert agency.applications[APPLICATION].decision == "designated"


def test_another_office_s_application_or_a_notice_of_change_is_not_settled_by_it() -> None:
    other = made("DesignationApplied", OFFICE_UNDESIGNATED, date(2024, 9, 4), agency=OFFICE_UNDESIGNATED)
    change = made("DesignationApplied", OFFICE, date(2024, 9, 4), kind="change", changes=["name"])
    new = {**RENEWAL, "designated_from": "2024-10-01", "hearing_on": "2024-09-18"}
    for event in (other, change):
        (designated,) = act(ward(HEARD, event), "DesignateOffice", **new).events
        assert designated.data["application_id"] is None


# --- returned, accepted ---


def test_an_application_is_returned_with_a_reason_and_once() -> None:
    fields = {"agency": OFFICE, "kind": "new", "reason_code": "missing_papers"}
    (event,) = act(ward(APPLIED), "ReturnDesignationApplication", **fields).events
    assert (event.to, event.data["application_id"]) == ((OFFICE,), APPLICATION)
    returned = made("DesignationReturned", WARD, date(2024, 9, 6))
    again = refusal(ward(APPLIED, returned), "ReturnDesignationApplication", **fields)
    assert (again.code, again.rule) == ("application_unknown", "T-06N")


def test_a_change_is_accepted_and_an_application_is_designated_instead() -> None:
    change = made("DesignationApplied", OFFICE, date(2025, 6, 2), kind="change", changes=["address"])
    (event,) = act(ward(DESIGNATED, change), "AcceptDesignationChange", agency=OFFICE).events
    assert (event.type, event.to) == ("DesignationChangeAccepted", (OFFICE,))
    refused = refusal(ward(APPLIED), "AcceptDesignationChange", agency=OFFICE)
    assert (refused.code, refused.rule) == ("application_unknown", "T-06N")


# --- the office applies ---


def applied(*events: Event, on: date = date(2024, 9, 4), **fields: Any) -> Decision:
    return act(office(*events, on=on), "ApplyForDesignation", insurer=WARD, **fields)


def test_an_office_applies_to_the_ward() -> None:
    decision = applied(kind="new", wished_from="2024-10-01")
    (event,) = decision.events
    assert (event.type, event.to) == ("DesignationApplied", (WARD,))
    assert decision.advice == []


@pytest.mark.parametrize("day", ["2024-10-02", "2027-04-01"])
def test_a_day_that_is_not_fixed_or_not_published_warns(day: str) -> None:
    assert [each.rule for each in applied(kind="new", wished_from=day).advice] == ["T-06N"]


@pytest.mark.parametrize(("day", "rules"), [("2030-10-01", []), ("2030-10-02", ["T-06N"])])
def test_a_renewal_is_asked_for_the_day_after_the_end(day: str, rules: list[str]) -> None:
    decision = applied(DESIGNATED, on=date(2030, 6, 3), kind="renewal", wished_from=day)
    assert [each.rule for each in decision.advice] == rules


@pytest.mark.parametrize(
    ("events", "fields", "code"),
    [
        ((DESIGNATED,), {"kind": "new"}, "already_designated"),
        ((), {"kind": "renewal"}, "not_designated"),
        ((), {"kind": "change", "changes": ["name"]}, "not_designated"),
        ((DESIGNATED,), {"kind": "change"}, "change_missing"),
    ],
)
def test_what_does_not_fit_is_refused(events: tuple[Event, ...], fields: dict[str, Any], code: str) -> None:
    at = office(*events, on=date(2025, 6, 2))
    assert refusal(at, "ApplyForDesignation", insurer=WARD, **fields).code == code


def test_only_a_ward_is_applied_to() -> None:
    refused = refusal(office(), "ApplyForDesignation", insurer=OFFICE_UNDESIGNATED, kind="new")
    assert refused.code == "agency_unknown"


def test_the_office_learns_what_became_of_its_application() -> None:
    town = Town.of(OFFICE, WARD)
    for each in town.desks.values():
        each.given(*directory())
    town.advance(date(2024, 9, 4))
    town.act(OFFICE, "ApplyForDesignation", insurer=WARD, kind="new", wished_from="2024-10-01")
    (wanted,) = town.desks[WARD].situation().agency.applications
    town.act(WARD, "ReturnDesignationApplication", agency=OFFICE, kind="new", reason_code="missing_papers")
    for me in (OFFICE, WARD):
        assert town.desks[me].situation().agency.applications[wanted].decision == "returned", me


# --- the calendar ---


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2024, 9, 30), "coming"),
        (date(2024, 10, 1), "holds"),
        (date(2030, 4, 2), "holds"),
        (date(2030, 4, 3), "renewal"),  # 180 days before the end
        (LAST, "renewal"),
        (date(2030, 10, 1), "over"),
    ],
)
def test_a_period_nears_its_renewal_and_ends(on: date, state: str) -> None:
    (found,) = periods(ward(DESIGNATED).situation().agency, WARD, on)
    assert (found.office, found.first, found.last, found.state) == (OFFICE, date(2024, 10, 1), LAST, state)


def test_what_was_renewed_needs_no_more_and_comes_last() -> None:
    renewed = made("OfficeDesignated", WARD, date(2030, 9, 10), designated_from="2030-10-01")
    agency = ward(DESIGNATED, renewed).situation().agency
    assert [each.state for each in periods(agency, WARD, LAST)] == ["coming", "renewed"]
    assert [each.state for each in periods(agency, WARD, date(2030, 10, 1))] == ["holds", "over"]
    assert periods(agency, "131219", LAST) == []


def test_the_fixed_days_are_those_of_each_fiscal_year_that_published_them() -> None:
    days = {each.valid_from.year: each.value for each in permitted_days(WARD)}
    assert days[2024] == (date(2024, 10, 1),)
    assert days[2025] == (date(2025, 4, 1),)
    assert 2026 not in days
    assert permitted_days("131219") == ()
