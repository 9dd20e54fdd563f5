"""Who learns what of a case: each agency what it needs, in order, and nobody else anything."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, PERSON, RENTAL, WARD
from tests.care.stage import CENTRE_OUTSIDE, OFFICE_UNDESIGNATED, Town, model

SIGNING = {
    "explained_on": "2024-10-10",
    "consented_on": "2024-10-10",
    "simultaneous": True,
    "signed_by": "person",
}
SERVICES = [
    {"service": "67", "provider": RENTAL, "starts_on": "2024-10-21", "ends_on": None},
    {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2024-10-22", "ends_on": None},
]


def until_the_switch(town: Town) -> UUID:
    """The model's case, from its opening to the switch and the entrustment."""
    for desk in town.desks.values():
        desk.given(*model())
    opening = town.act(
        OFFICE,
        "OpenCase",
        None,
        insurer=WARD,
        centre=CENTRE,
        contact_agreed_on="2024-10-07",
        status="support2",
        certified_from="2024-09-12",
        certified_to="2025-03-31",
        sex="female",
        **PERSON,
    )
    case = opening.events[0].case_id
    assert case is not None

    def act(on: date, agency: str, name: str, /, **fields: Any) -> None:
        town.advance(on)
        town.act(agency, name, case, **fields)

    autumn = date(2024, 10, 10)
    act(autumn, OFFICE, "RequestSimultaneousContract")
    act(autumn, CENTRE, "AgreeToSimultaneousContract")
    act(autumn, OFFICE, "SignContract", contract="preventive_support", **SIGNING)
    act(autumn, CENTRE, "SignContract", contract="preventive_support_and_care_management", **SIGNING)
    act(
        autumn,
        OFFICE,
        "FileNotification",
        occasion="first",
        start_date="2024-10-21",
        signed_by_person=True,
        **PERSON,
    )
    act(autumn, CENTRE, "PrepareNotification", signed_by_person=True, **PERSON)
    period = {"period_from": "2024-10-21", "period_to": "2025-03-31"}
    sheets = ["A", "B", "C", "D"]
    act(
        autumn,
        OFFICE,
        "DraftPlan",
        occasion="first",
        sheets=sheets,
        services=SERVICES,
        goals="歩く",
        **period,
    )
    act(autumn, OFFICE, "RecordMeeting", attendees=["person"], summary="合意")
    act(autumn, OFFICE, "RecordPlanConsent", signed_by="person")
    act(autumn, OFFICE, "DeliverPlan", sheets=sheets)
    act(autumn, OFFICE, "SubmitPlan", goals="歩く")
    for each in SERVICES:
        started = {"service": each["service"], "provider": each["provider"], "started_on": each["starts_on"]}
        act(date(2024, 10, 22), OFFICE, "StartService", **started)
    stop = date(2024, 12, 27)
    act(stop, OFFICE, "EndService", service="67", provider=RENTAL, last_used_on=stop)
    act(
        stop,
        OFFICE,
        "SwitchMode",
        to_type="care_management_a",
        reason_code="benefit_ended",
        reason="返却",
        progress_record="12月27日 返却",
    )
    act(date(2025, 1, 6), CENTRE, "StartEntrustment", starts_on="2025-01-01", type="care_management_a")
    return case


@pytest.fixture
def played() -> tuple[Town, UUID]:
    town = Town.of()
    return town, until_the_switch(town)


def known(town: Town, agency: str, case: UUID) -> list[str]:
    return [event.type for event in town.desks[agency].events if event.case_id == case]


def personal(town: Town, agency: str, case: UUID) -> set[str]:
    """Names of the personal fields that an agency holds of a case."""
    return {
        name for event in town.desks[agency].events if event.case_id == case for name in event.personal or {}
    }


def test_every_partner_learns_first_who_the_person_and_the_parties_are(played: tuple[Town, UUID]) -> None:
    town, case = played
    for agency in (OFFICE, CENTRE, WARD, BILLING):
        assert known(town, agency, case)[0] == "CaseOpened"
        assert known(town, agency, case).count("CaseOpened") == 1


def test_agencies_outside_the_case_learn_nothing(played: tuple[Town, UUID]) -> None:
    town, case = played
    for agency in (CENTRE_OUTSIDE, OFFICE_UNDESIGNATED):
        assert known(town, agency, case) == []


def test_the_ward_learns_of_notifications_and_not_of_contracts_plans_or_switches(
    played: tuple[Town, UUID],
) -> None:
    town, case = played
    assert set(known(town, WARD, case)) == {"CaseOpened", "NotificationFiled"}


def test_billing_learns_who_is_responsible_and_nothing_of_the_care(played: tuple[Town, UUID]) -> None:
    town, case = played
    assert set(known(town, BILLING, case)) == {"CaseOpened", "ContractSigned", "EntrustmentStarted"}
    assert not personal(town, BILLING, case) & {
        "goals",
        "notes",
        "progress_record",
        "reason",
        "findings",
        "summary",
    }


def test_the_centre_learns_the_plan_and_the_switch_and_not_the_office_s_own_records(
    played: tuple[Town, UUID],
) -> None:
    town, case = played
    assert {"PlanSubmitted", "ModeSwitched"} <= set(known(town, CENTRE, case))
    assert not {"PlanDrafted", "MeetingHeld", "ServiceStarted", "ServiceEnded"} & set(
        known(town, CENTRE, case)
    )
    assert "progress_record" in personal(town, CENTRE, case)


def test_all_parties_agree_on_how_the_case_is_run(played: tuple[Town, UUID]) -> None:
    town, case = played
    for agency in (OFFICE, CENTRE, BILLING):
        modes = town.desks[agency].situation(case).case.modes
        assert [(each.effective_from, each.track, each.provider) for each in modes] == [
            (date(2024, 10, 10), "designated", OFFICE),
            (date(2025, 1, 1), "entrusted", CENTRE),
        ]
