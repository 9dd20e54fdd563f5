"""The end of the model: rules switch by date and agency, unused held forms are void, contracts stay (T-01)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, PERSON, WARD
from services.ward.events import WARD_EVENTS
from shared.care.opening import office_in_model
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import (
    CASE,
    CENTRE_OUTSIDE,
    Desk,
    Town,
    desk,
    directory,
    made,
    model,
    opened,
    signed_by_both,
)
from tests.care.test_notifications import accepted, filed_by_office, held, switched
from tests.rules.owing import only, owed

LAST = date(2026, 3, 31)
AFTER = date(2026, 4, 1)
ENDED = made("ModelEnded", WARD, date(2026, 3, 2))
REVIEWED = made("ReviewCounted", WARD, date(2025, 10, 15), kinds=WARD_EVENTS)
VOIDED = made("NotificationVoided", CENTRE, AFTER)
FORM: dict[str, Any] = {**PERSON, "start_date": "2026-05-01", "signed_by_person": True}


def for_one(agency: str) -> Event:
    return made("ModelEnded", WARD, date(2026, 3, 2), agency=agency)


def centre(*events: Event, on: date = AFTER) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


def advice(decision: Decision) -> list[str]:
    return [each.rule for each in decision.advice]


# --- the ward ends it ---


def end(*events: Event, on: date = date(2026, 3, 2), **changes: Any) -> Decision:
    fields = {"model": "toshima_2024", "ended_on": "2026-03-31", **changes}
    return desk(WARD, *model(), *events, today=on).when("EndModel", case_id=None, **fields)


def test_the_ward_ends_the_model_and_everybody_learns_of_it() -> None:
    decision = end(REVIEWED)
    (event,) = decision.events
    assert (event.type, event.data["agency"]) == ("ModelEnded", None)
    assert {OFFICE, CENTRE, CENTRE_OUTSIDE} <= set(event.to)
    assert advice(decision) == []


def test_before_a_plan_was_reviewed_the_end_warns() -> None:
    planned = made("ReviewPlanned", WARD, date(2025, 9, 1), kinds=WARD_EVENTS)
    assert advice(end()) == ["T-01"]
    assert advice(end(planned)) == ["T-01"]


def test_an_end_in_the_past_warns() -> None:
    assert advice(end(REVIEWED, ended_on="2026-03-02")) == []
    assert advice(end(REVIEWED, ended_on="2026-03-01")) == ["T-01"]


def test_it_ends_once_and_not_before_it_began() -> None:
    with pytest.raises(Refused) as refused:
        end(ENDED)
    assert refused.value.code == "model_ended"
    with pytest.raises(Refused) as refused:
        end(ended_on="2024-09-30")
    assert refused.value.code == "not_published"
    with pytest.raises(Refused) as refused:
        end(agency="1371600030")
    assert refused.value.code == "agency_unknown"


def test_nobody_is_enrolled_after_the_end() -> None:
    fields = {"agency": CENTRE_OUTSIDE, "model": "toshima_2024"}
    at = desk(WARD, *model(), ENDED, today=date(2026, 3, 3))
    assert at.when("EnrolInModel", case_id=None, **fields, enrolled_from="2026-03-31").events
    with pytest.raises(Refused) as refused:
        at.when("EnrolInModel", case_id=None, **fields, enrolled_from="2026-04-01")
    assert (refused.value.code, refused.value.rule) == ("model_ended", "T-01")


# --- the rules switch by date and by agency ---


@pytest.mark.parametrize(
    ("ending", "centre_in", "office_in"),
    [(ENDED, False, False), (for_one(CENTRE), False, True), (for_one(OFFICE), True, False)],
)
def test_the_last_day_still_belongs_to_the_model_and_the_next_does_not(
    ending: Event, centre_in: bool, office_in: bool
) -> None:
    agency = desk(CENTRE, *model(), ending).situation().agency
    for on, ends in ((LAST, False), (AFTER, True)):
        assert agency.enrolled(CENTRE, WARD, on) is (centre_in or not ends)
        assert office_in_model(agency, OFFICE, WARD, on) is (office_in or not ends)


def test_an_end_at_one_ward_is_none_at_another() -> None:
    agency = desk(CENTRE, *model(), ENDED).situation().agency
    assert not agency.model_over("131219", CENTRE, AFTER)


@pytest.mark.parametrize(("on", "procedure"), [(LAST, "toshima_2024"), (AFTER, "principle")])
def test_a_case_that_opens_after_the_end_follows_the_principle(on: date, procedure: str) -> None:
    opening = {
        "insurer": WARD,
        "centre": CENTRE,
        "contact_agreed_on": on,
        "status": "support2",
        "certified_from": "2026-03-01",
        "certified_to": "2027-02-28",
        "sex": "female",
        **PERSON,
    }
    decision = desk(OFFICE, *model(), ENDED, today=on).when("OpenCase", **opening)
    assert decision.events[0].data["procedure"] == procedure
    assert decision.events[0].data["risk_report_needed"] is (procedure == "principle")


@pytest.mark.parametrize(("on", "refused"), [(LAST, False), (AFTER, True)])
def test_no_simultaneous_contract_is_made_after_the_end(on: date, refused: bool) -> None:
    at = desk(OFFICE, *model(), ENDED, opened(), today=on)
    if not refused:
        assert at.when("RequestSimultaneousContract").events
        return
    with pytest.raises(Refused) as problem:
        at.when("RequestSimultaneousContract")
    assert problem.value.rule == "T-02"


# --- the held notification ---


@pytest.mark.parametrize(("start", "usable"), [("2026-03-01", True), ("2026-04-01", False)])
def test_a_held_notification_serves_a_switch_within_the_model_only(start: str, usable: bool) -> None:
    at = centre(ENDED, held(), switched(date(2026, 3, 27), effective_from=start), on=date(2026, 4, 6))
    fields = {"receipt_on": "2026-04-06", "start_date": start}
    if usable:
        assert at.when("FileHeldNotification", **fields).events
        return
    with pytest.raises(Refused) as refused:
        at.when("FileHeldNotification", **fields)
    assert (refused.value.code, refused.value.rule) == ("held_notification_void", "T-01")


def test_an_unused_one_is_marked_void_and_stays() -> None:
    """T-01, decision 25."""
    (event,) = centre(ENDED, held()).when("VoidHeldNotification").events
    assert (event.type, event.to) == ("NotificationVoided", (OFFICE, WARD))
    case = centre(ENDED, held(), VOIDED).situation().case
    assert case.notifications[NOTIFICATION].state == "void"
    assert case.notifications[NOTIFICATION].prepared_on == date(2024, 10, 10)
    assert case.held_notification(CENTRE) is None
    assert case.simultaneous_contract


@pytest.mark.parametrize(("events", "on"), [((), AFTER), ((ENDED,), LAST)])
def test_nothing_is_void_while_the_model_goes_on(events: tuple[Event, ...], on: date) -> None:
    with pytest.raises(Refused) as refused:
        centre(*events, held(), on=on).when("VoidHeldNotification")
    assert (refused.value.code, refused.value.rule) == ("model_running", "T-01")


def test_one_that_is_still_to_be_filed_for_a_switch_within_the_model_is_not_void() -> None:
    within = switched(date(2026, 2, 27), effective_from="2026-03-01")
    with pytest.raises(Refused) as refused:
        centre(ENDED, held(), within).when("VoidHeldNotification")
    assert (refused.value.code, refused.value.rule) == ("held_notification_needed", "T-16")
    later = switched(date(2026, 3, 27), effective_from="2026-04-01")
    assert centre(ENDED, held(), later).when("VoidHeldNotification").events


def test_a_used_or_void_one_can_t_be_made_void() -> None:
    used = made("NotificationFiled", CENTRE, date(2025, 1, 6))
    for events in ((), (held(), used), (held(), VOIDED)):
        with pytest.raises(Refused) as refused:
            centre(ENDED, *events).when("VoidHeldNotification")
        assert refused.value.code == "held_notification_missing"


def test_no_other_agency_can_void_a_centre_s_form() -> None:
    stranger = made("NotificationVoided", CENTRE_OUTSIDE, AFTER, filer=CENTRE_OUTSIDE)
    case = centre(held(), stranger).situation().case
    assert case.notifications[NOTIFICATION].state == "held"


def test_after_the_end_no_form_is_made_to_be_held() -> None:
    at = desk(CENTRE, *model(), ENDED, opened(), *signed_by_both(), today=AFTER)
    with pytest.raises(Refused) as refused:
        at.when("PrepareNotification", **PERSON, signed_by_person=True)
    assert (refused.value.code, refused.value.rule) == ("model_ended", "T-01")


# --- contracts stay ---


@pytest.mark.parametrize(
    ("start", "simultaneous", "signed"),
    [("2026-03-31", True, False), ("2026-04-01", False, True)],
)
def test_a_notification_for_a_day_after_the_end_carries_no_mark_and_needs_the_person_s_hand(
    start: str, simultaneous: bool, signed: bool
) -> None:
    """T-13, T-17."""
    at = desk(
        OFFICE,
        *model(),
        ENDED,
        opened(certification={"status": "support2", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}),
        *signed_by_both(),
        filed_by_office(),
        accepted(),
        today=AFTER,
    )
    form = {**FORM, "occasion": "to_preventive_support", "start_date": start}
    (event,) = at.when("FileNotification", **form).events
    assert event.data["simultaneous_contract"] is event.data["simultaneous_mark"] is simultaneous
    assert event.data["signature_needed"] is signed
    if signed:
        with pytest.raises(Refused) as refused:
            at.when("FileNotification", **{**form, "signed_by_person": False})
        assert refused.value.rule == "T-17"


def test_a_switch_after_the_end_asks_for_a_new_notification_and_for_no_new_contract() -> None:
    """T-01, decision 25."""
    after = switched(
        date(2026, 4, 30), effective_from="2026-05-01", simultaneous_contract=False, contract_stays=True
    )
    rows = {each.row for each in owed(opened(), after, today=date(2026, 5, 1))}
    assert "T-66-notification-centre" in rows
    assert not rows & {"T-66-contract-centre", "T-16", "T-17-centre"}
    outside = switched(date(2026, 4, 30), effective_from="2026-05-01", simultaneous_contract=False)
    assert only("T-66-contract-centre", opened(), outside, today=date(2026, 5, 1)).open


def test_all_nodes_switch_without_a_restart_when_the_ward_says_so() -> None:
    town = Town.of(OFFICE, CENTRE, WARD)
    for each in town.desks.values():
        each.given(*directory(), *model()[6:])
    town.advance(LAST)
    town.act(WARD, "EndModel", model="toshima_2024", ended_on="2026-03-31")
    for me in (OFFICE, CENTRE, WARD):
        agency = town.desks[me].situation(CASE).agency
        assert not agency.model_over(WARD, CENTRE, LAST), me
        assert agency.model_over(WARD, CENTRE, AFTER), me
