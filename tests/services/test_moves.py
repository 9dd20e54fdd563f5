"""A move within the ward into another centre's area: what lapses, what is new (T-35D, T-66, T-67)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, PERSON, WARD
from shared.care.moves import consequences
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import CENTRE_OUTSIDE, Desk, Town, desk, made, model, opened, signed_by_both
from tests.care.test_notifications import filed_by_office, held, switched
from tests.rules.owing import only

DAY = date(2025, 6, 10)
CERTIFIED = {"status": "support2", "valid_from": "2025-04-01", "valid_to": "2026-03-31"}
OUTSIDE_TOO = made("ModelEnrolled", WARD, date(2024, 10, 1), agency=CENTRE_OUTSIDE)
MOVED = made("CaseMoved", OFFICE, DAY)
ENTRUSTED = (switched(), made("EntrustmentStarted", CENTRE, date(2025, 1, 6)))
MOVE: dict[str, Any] = {"moved_on": "2025-06-10", "new_centre": CENTRE_OUTSIDE}


def office(*events: Event, on: date = DAY) -> Desk:
    return desk(OFFICE, *model(), opened(certification=CERTIFIED), *signed_by_both(), *events, today=on)


def found(*events: Event, new_centre: str = CENTRE_OUTSIDE, on: date = DAY) -> tuple[set[str], set[str]]:
    situation = office(*events).situation()
    both = consequences(situation.case, situation.agency, new_centre, on)
    return set(both.lapses), set(both.anew)


def advice(decision: Decision) -> list[str]:
    return [each.rule for each in decision.advice]


# --- what lapses, what is new ---


def test_into_the_area_of_a_centre_outside_the_model() -> None:
    lapses, anew = found(held())
    assert lapses == {"simultaneous_contract", "centre_contract", "held_notification"}
    assert anew == {"case", "risk_report", "contract_each_change"}


def test_into_the_area_of_another_centre_of_the_model_both_sign_together_again() -> None:
    _, anew = found(held(), OUTSIDE_TOO)
    assert anew == {"case", "simultaneous_contract", "held_notification"}


def test_an_entrusted_case_needs_contract_notification_and_entrustment_of_the_new_centre() -> None:
    lapses, anew = found(held(), *ENTRUSTED)
    assert "entrustment" in lapses
    assert anew == {
        "case",
        "risk_report",
        "contract_each_change",
        "centre_contract",
        "notification",
        "entrustment",
    }
    _, inside = found(held(), *ENTRUSTED, OUTSIDE_TOO)
    assert inside == {"case", "simultaneous_contract", "notification", "entrustment"}


def test_a_held_notification_that_was_used_no_longer_lapses() -> None:
    lapses, _ = found(held(), made("NotificationFiled", CENTRE, date(2025, 1, 6)), *ENTRUSTED)
    assert "held_notification" not in lapses


@pytest.mark.parametrize(("on", "together"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_after_the_end_of_the_model_every_centre_is_outside_it(on: date, together: bool) -> None:
    """T-01."""
    ended = made("ModelEnded", WARD, date(2025, 6, 2), ended_on="2025-06-30")
    _, anew = found(OUTSIDE_TOO, ended, on=on)
    assert ("simultaneous_contract" in anew) is together
    assert ("risk_report" in anew) is not together


# --- the office reports it ---


def test_the_move_is_told_to_the_old_centre_and_the_ward_and_ends_the_support_the_day_before() -> None:
    decision = office(held()).when("MoveToOtherCentre", **MOVE)
    reported, moved, ended = decision.events
    assert (reported.type, reported.data["change"], reported.to) == (
        "CircumstanceChanged",
        "moved_within",
        (CENTRE,),
    )
    assert (moved.type, moved.to) == ("CaseMoved", (CENTRE, WARD))
    assert moved.data["lapses"] == ["simultaneous_contract", "centre_contract", "held_notification"]
    assert moved.data["anew"] == ["case", "risk_report", "contract_each_change"]
    assert (ended.type, ended.data["reason_code"], ended.data["ended_on"]) == (
        "SupportEnded",
        "moved_within",
        date(2025, 6, 9),
    )
    assert advice(decision) == ["T-35", "T-35", "T-33", "T-67"]  # decision 30: a move in mid-month
    told = " ".join(each.message for each in decision.advice)
    for shown in ("同時契約", "保管している届出書", "リスク対応策", "全額本人負担"):
        assert shown in told


def test_into_another_centre_of_the_model_there_is_no_word_of_the_risk() -> None:
    assert advice(office(held(), OUTSIDE_TOO).when("MoveToOtherCentre", **MOVE)) == ["T-35", "T-35", "T-33"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"new_centre": CENTRE}, "centre_unchanged"),
        ({"new_centre": OFFICE}, "agency_unknown"),
        ({"moved_on": "2025-06-11"}, "move_to_come"),
    ],
)
def test_a_move_that_changes_no_centre_or_is_still_to_come_is_refused(
    changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        office().when("MoveToOtherCentre", **{**MOVE, **changes})
    assert (refused.value.code, refused.value.rule) == (code, "T-35")


# --- the old centre ---


def centre(*events: Event) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=date(2025, 6, 11))


def test_the_old_centre_owes_that_its_held_notification_is_void() -> None:
    asked = only("T-35-held", opened(), held(), MOVED, today=date(2025, 6, 11))
    assert (asked.debtor, asked.creditor, asked.due, asked.open) == (CENTRE, WARD, None, True)
    (event,) = centre(held(), MOVED).when("VoidHeldNotification").events
    assert event.data["reason_code"] == "moved_within"
    voided = made("NotificationVoided", CENTRE, date(2025, 6, 11), reason_code="moved_within")
    assert not only("T-35-held", opened(), held(), MOVED, voided, today=date(2025, 6, 11)).open
    case = centre(held(), MOVED, voided).situation().case
    assert case.notifications[NOTIFICATION].state == "void"


@pytest.mark.parametrize(("start", "needed"), [("2025-06-01", True), ("2025-07-01", False)])
def test_one_that_a_switch_before_the_move_still_needs_is_filed_first(start: str, needed: bool) -> None:
    at = centre(held(), switched(date(2025, 5, 30), effective_from=start), MOVED)
    if not needed:
        assert at.when("VoidHeldNotification").events
        return
    with pytest.raises(Refused) as refused:
        at.when("VoidHeldNotification")
    assert (refused.value.code, refused.value.rule) == ("held_notification_needed", "T-16")


def test_without_a_held_notification_the_old_centre_owes_nothing_of_it() -> None:
    none_held = made("CaseMoved", OFFICE, DAY, held_notification=False)
    rows = centre(none_held).obligations(today=date(2025, 6, 11))
    assert "T-35-held" not in {each.row for each in rows}


# --- the whole way ---


def test_the_support_goes_on_in_a_new_case_that_names_the_old_one() -> None:
    town = Town.of(OFFICE, CENTRE, CENTRE_OUTSIDE, WARD)
    events = (*model(), opened(certification=CERTIFIED), *signed_by_both(), held())
    for me in (OFFICE, CENTRE):
        town.desks[me].given(*events)
    town.desks[WARD].given(*model(), opened(certification=CERTIFIED), filed_by_office())
    town.desks[CENTRE_OUTSIDE].given(*model())
    town.advance(DAY)
    old = opened().case_id
    assert old is not None
    town.act(OFFICE, "MoveToOtherCentre", old, **MOVE)
    assert town.desks[CENTRE].situation(old).case.moved_on == DAY
    assert town.desks[WARD].situation(old).case.moved_on == DAY
    opening = {
        "insurer": WARD,
        "centre": CENTRE_OUTSIDE,
        "contact_agreed_on": "2025-06-10",
        "status": "support2",
        "certified_from": "2025-04-01",
        "certified_to": "2026-03-31",
        "sex": "female",
        **PERSON,
    }
    decision = town.act(OFFICE, "OpenCase", previous_case=str(old), **opening)
    (event,) = decision.events
    assert str(event.data["previous_case"]) == str(old)
    assert event.data["procedure"] == "principle"
    assert event.data["risk_report_needed"] is True
