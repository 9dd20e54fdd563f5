"""The risk of full self-payment outside the model: reported first, and warned of at every step (T-67)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE, PERSON, REPORT, WARD
from shared.care.risk import at_risk, report_lacking
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import (
    CASE,
    CENTRE_OUTSIDE,
    OFFICE_UNDESIGNATED,
    Desk,
    Town,
    desk,
    made,
    model,
    opened,
    signed_by_both,
)

DAY = date(2025, 5, 12)
OUTSIDE = {OFFICE: "kyotaku", CENTRE_OUTSIDE: "hokatsu", WARD: "ward"}
OPENED_OUTSIDE = opened(
    date(2025, 5, 7),
    parties=OUTSIDE,
    procedure="principle",
    risk_report_needed=True,
    certification={"status": "support2", "valid_from": "2025-04-01", "valid_to": "2026-03-31"},
)
REPORTED = made("RiskReported", OFFICE, DAY, centre=CENTRE_OUTSIDE)
ACCEPTED = made("RiskReportAccepted", WARD, date(2025, 5, 14))
RETURNED = made("RiskReportReturned", WARD, date(2025, 5, 14))
OPENING: dict[str, Any] = {
    "insurer": WARD,
    "contact_agreed_on": "2025-05-07",
    "status": "support2",
    "certified_from": "2025-04-01",
    "certified_to": "2026-03-31",
    "sex": "female",
    **PERSON,
}
SIGNING = {
    "contract": "preventive_support",
    "explained_on": "2025-05-12",
    "consented_on": "2025-05-12",
    "signed_by": "person",
}


def at(agency: str, *events: Event, opening: Event = OPENED_OUTSIDE, on: date = DAY) -> Desk:
    return desk(agency, *model(), opening, *events, today=on)


def warned(decision: Decision) -> bool:
    return "T-67" in [each.rule for each in decision.advice]


# --- whom it concerns ---


def test_a_designated_office_beside_a_centre_outside_the_model_is_at_risk_from_the_beginning() -> None:
    situation = at(OFFICE).situation()
    assert at_risk(situation.case, situation.agency, DAY)
    assert report_lacking(situation.case, situation.agency, DAY)


@pytest.mark.parametrize(
    ("reported", "lacking"),
    [
        ([], True),
        ([REPORTED], False),
        ([REPORTED, ACCEPTED], False),
        ([REPORTED, RETURNED], True),
        ([RETURNED, REPORTED], True),  # a centre may hear the ward first
    ],
)
def test_the_report_is_lacking_until_it_is_made_and_again_once_it_is_returned(
    reported: list[Event], lacking: bool
) -> None:
    situation = at(CENTRE_OUTSIDE, *reported).situation()
    assert report_lacking(situation.case, situation.agency, DAY) is lacking


def test_inside_the_model_nobody_is_warned_while_both_may_still_sign_together() -> None:
    for events in ((), signed_by_both()):
        situation = at(OFFICE, *events, opening=opened()).situation()
        assert not at_risk(situation.case, situation.agency, DAY)


@pytest.mark.parametrize(
    "events",
    [
        signed_by_both(simultaneous=False),
        [made("SimultaneousContractDeclined", CENTRE, DAY)],
    ],
)
def test_inside_the_model_too_the_risk_is_there_without_a_simultaneous_contract(events: list[Event]) -> None:
    situation = at(OFFICE, *events, opening=opened()).situation()
    assert at_risk(situation.case, situation.agency, DAY)


@pytest.mark.parametrize(("on", "there"), [(date(2024, 9, 30), False), (date(2024, 10, 1), True)])
def test_the_risk_begins_with_the_office_s_designation(on: date, there: bool) -> None:
    situation = at(OFFICE).situation()
    assert at_risk(situation.case, situation.agency, on) is there


def test_an_office_without_a_designation_does_no_case_that_could_go_back_and_forth() -> None:
    entrusted_only = opened(
        parties={OFFICE_UNDESIGNATED: "kyotaku", CENTRE_OUTSIDE: "hokatsu", WARD: "ward"},
        procedure="principle",
    )
    situation = at(CENTRE_OUTSIDE, opening=entrusted_only).situation()
    assert not at_risk(situation.case, situation.agency, DAY)


def test_a_ward_whose_document_does_not_ask_is_not_reported_to() -> None:
    elsewhere = opened(parties=OUTSIDE, procedure="principle", insurer="131219")
    other = made("OfficeDesignated", "131219", date(2024, 10, 1), insurer="131219")
    situation = at(OFFICE, other, opening=elsewhere).situation()
    assert not at_risk(situation.case, situation.agency, DAY)


# --- every step warns, none is refused ---


def test_every_step_of_the_office_warns_until_it_has_reported() -> None:
    steps: list[tuple[str, dict[str, Any]]] = [
        ("SignContract", SIGNING),
        ("ReportCircumstance", {"change": "admitted", "changed_on": "2025-05-12"}),
    ]
    for name, fields in steps:
        decision = at(OFFICE).when(name, **fields)
        assert decision.events
        assert warned(decision)
        assert not warned(at(OFFICE, REPORTED).when(name, **fields))
        assert warned(at(OFFICE, REPORTED, RETURNED).when(name, **fields))


def test_the_centre_is_warned_at_its_steps_too() -> None:
    fields = {**SIGNING, "contract": "preventive_support_and_care_management"}
    (told,) = [
        each for each in at(CENTRE_OUTSIDE).when("SignContract", **fields).advice if each.rule == "T-67"
    ]
    assert "全額本人負担" in told.message
    assert not warned(at(CENTRE_OUTSIDE, REPORTED).when("SignContract", **fields))


def test_the_opening_says_that_a_report_is_needed_only_beside_a_centre_outside_the_model() -> None:
    for centre, needed in ((CENTRE_OUTSIDE, True), (CENTRE, False)):
        decision = desk(OFFICE, *model(), today=date(2025, 5, 7)).when("OpenCase", centre=centre, **OPENING)
        assert decision.events[0].data["risk_report_needed"] is needed
    by_centre = desk(CENTRE_OUTSIDE, *model(), today=date(2025, 5, 7)).when(
        "OpenCase", office=OFFICE, **OPENING
    )
    assert by_centre.events[0].data["risk_report_needed"] is False


def test_a_notification_that_is_filed_before_the_report_says_so() -> None:
    signed = made("ContractSigned", OFFICE, DAY, simultaneous=False)
    form = {**PERSON, "occasion": "first", "start_date": "2025-05-19", "signed_by_person": True}
    for events, needed in (((signed,), True), ((signed, REPORTED), False)):
        decision = at(OFFICE, *events).when("FileNotification", **form)
        assert decision.events[0].data["risk_report_needed"] is needed
        assert warned(decision) is needed


# --- the report ---


def test_the_report_goes_to_the_ward_with_a_copy_to_the_centre() -> None:
    decision = at(OFFICE).when("ReportRisk", measures="契約を前もって用意する", explained_on="2025-05-12")
    (event,) = decision.events
    assert (event.type, event.to) == ("RiskReported", (WARD, CENTRE_OUTSIDE))
    assert decision.advice == []


def test_the_person_too_should_know_of_the_risk() -> None:
    decision = at(OFFICE).when("ReportRisk", measures="契約を前もって用意する")
    assert [each.rule for each in decision.advice] == ["T-67"]
    assert "本人にも説明" in decision.advice[0].message


def test_a_report_that_nobody_asks_for_warns() -> None:
    decision = at(OFFICE, opening=opened()).when("ReportRisk", measures="念のため", explained_on="2025-05-12")
    assert decision.events
    assert "求められるケースではありません" in decision.advice[0].message


@pytest.mark.parametrize(
    ("command", "fields", "event"),
    [
        ("AcceptRiskReport", {}, "RiskReportAccepted"),
        ("ReturnRiskReport", {"reason": "日付を加えてください"}, "RiskReportReturned"),
    ],
)
def test_the_ward_accepts_or_returns_it_once(command: str, fields: dict[str, str], event: str) -> None:
    (decided,) = at(WARD, REPORTED).when(command, report_id=REPORT, **fields).events
    assert (decided.type, decided.to) == (event, (OFFICE, CENTRE_OUTSIDE))
    with pytest.raises(Refused) as refused:
        at(WARD, REPORTED, ACCEPTED).when(command, report_id=REPORT, **fields)
    assert refused.value.code == "report_decided"
    with pytest.raises(Refused) as refused:
        at(WARD).when(command, report_id=REPORT, **fields)
    assert (refused.value.code, refused.value.rule) == ("report_unknown", "T-67")


def test_a_returned_report_is_made_again_and_answered_for_itself() -> None:
    town = Town.of(OFFICE, CENTRE_OUTSIDE, WARD)
    for each in town.desks.values():
        each.given(*model(), OPENED_OUTSIDE)
    town.advance(DAY)
    town.act(OFFICE, "ReportRisk", CASE, measures="連絡する")
    (first,) = town.desks[WARD].situation(CASE).case.risk_reports
    town.act(WARD, "ReturnRiskReport", CASE, report_id=first, reason="だれがいつ行うかを書いてください")
    again = [each for each in town.desks[OFFICE].obligations(CASE) if each.row == "T-67-again"]
    assert [each.due for each in again] == [date(2025, 5, 15)]
    town.act(OFFICE, "ReportRisk", CASE, measures="担当者が返却の日に連絡する")
    second = list(town.desks[WARD].situation(CASE).case.risk_reports)[-1]
    assert second != first
    town.act(WARD, "AcceptRiskReport", CASE, report_id=second)
    for me in (OFFICE, CENTRE_OUTSIDE, WARD):
        still = [
            each.row for each in town.desks[me].obligations(CASE) if each.row.startswith("T-67") and each.open
        ]
        assert still == [], me
