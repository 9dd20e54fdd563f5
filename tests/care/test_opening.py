"""Opening a case: parties, procedure, what the card says (T-01, T-02, T-03)."""

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.events.sample import BILLING, CENTRE, OFFICE, PERSON, WARD
from shared.node.errors import Refused
from tests.care.stage import (
    CASE,
    CENTRE_OUTSIDE,
    OFFICE_UNDESIGNATED,
    Desk,
    desk,
    directory,
    made,
    model,
    opened,
)

FIELDS: dict[str, Any] = {
    "insurer": WARD,
    "centre": CENTRE,
    "contact_agreed_on": "2024-10-07",
    "status": "support2",
    "certified_from": "2024-09-12",
    "certified_to": "2025-03-31",
    "sex": "female",
    **PERSON,
}
MODEL_DAY = date(2024, 10, 7)


def opening(at: Desk, on: date = MODEL_DAY, **changes: Any) -> dict[str, Any]:
    at.today = on
    (event,) = at.when("OpenCase", **{**FIELDS, **changes}).events
    assert event.type == "CaseOpened"
    return dict(event.data)


def test_a_case_names_its_parties_by_their_roles() -> None:
    data = opening(desk(OFFICE, *model()))
    assert data["parties"] == {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}


def test_a_centre_opens_a_case_that_it_does_itself() -> None:
    at = desk(CENTRE, *model())
    fields = {name: value for name, value in FIELDS.items() if name != "centre"}
    (event,) = at.when("OpenCase", **fields).events
    assert event.data["parties"] == {CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    assert event.data["procedure"] == "principle"


def test_nothing_is_sent_before_a_partner_needs_it() -> None:
    (event,) = desk(OFFICE, *model()).when("OpenCase", **FIELDS).events
    assert event.to == ()


def test_without_a_mandate_billing_is_no_party_and_the_office_is_told() -> None:
    events = [each for each in model() if each.type != "BillingEntrusted"]
    decision = desk(OFFICE, *events).when("OpenCase", **FIELDS)
    assert BILLING not in decision.events[0].data["parties"]
    assert [each.rule for each in decision.advice] == ["T-33"]


def test_between_a_designated_office_and_an_enrolled_centre_the_model_applies() -> None:
    assert opening(desk(OFFICE, *model()))["procedure"] == "toshima_2024"


@pytest.mark.parametrize(
    ("on", "procedure"),
    [
        (date(2024, 9, 30), "principle"),
        (date(2024, 10, 1), "toshima_2024"),
        (date(2025, 6, 1), "toshima_2024"),
    ],
)
def test_the_model_applies_from_2024_10_01(on: date, procedure: str) -> None:
    assert opening(desk(OFFICE, *model()), on)["procedure"] == procedure


def test_with_a_centre_outside_the_model_the_principle_applies() -> None:
    decision = desk(OFFICE, *model()).when("OpenCase", **{**FIELDS, "centre": CENTRE_OUTSIDE})
    assert decision.events[0].data["procedure"] == "principle"
    assert [each.rule for each in decision.advice] == ["T-66"]


def test_an_office_without_designation_follows_the_principle() -> None:
    assert opening(desk(OFFICE_UNDESIGNATED, *model()))["procedure"] == "principle"


def test_an_office_designated_before_the_model_takes_part_once_the_ward_enrols_it() -> None:
    earlier = [
        *[each for each in model() if each.type != "OfficeDesignated"],
        made("OfficeDesignated", WARD, date(2024, 6, 1), designated_from="2024-06-01"),
    ]
    assert opening(desk(OFFICE, *earlier))["procedure"] == "principle"
    enrolled = made("ModelEnrolled", WARD, date(2024, 10, 1), agency=OFFICE)
    assert opening(desk(OFFICE, *earlier, enrolled))["procedure"] == "toshima_2024"


@pytest.mark.parametrize(
    ("field", "unknown"), [("centre", "1300000001"), ("insurer", "131219"), ("centre", OFFICE)]
)
def test_an_agency_that_the_directory_does_not_list_in_that_role_is_refused(field: str, unknown: str) -> None:
    with pytest.raises(Refused) as refused:
        opening(desk(OFFICE, *model()), **{field: unknown})
    assert (refused.value.code, refused.value.field) == ("agency_unknown", field)


CONTRACTORS = {
    # who opens the case, for whom, designated or not → the role that contracts with the person first
    "a designated office": (OFFICE, {}, "kyotaku"),
    "a designated office for a project-eligible person": (
        OFFICE,
        {"status": "project_eligible", "certified_from": None, "certified_to": None},
        "hokatsu",
    ),
    "an office without designation": (OFFICE_UNDESIGNATED, {}, "hokatsu"),
    "a centre": (CENTRE, {"centre": None}, "hokatsu"),
}


@pytest.mark.parametrize(("by", "changes", "role"), CONTRACTORS.values(), ids=CONTRACTORS)
def test_a_case_says_who_contracts_with_the_person_first(by: str, changes: dict[str, Any], role: str) -> None:
    """T-07R, T-07N."""
    fields = {name: value for name, value in {**FIELDS, **changes}.items() if name != "centre" or value}
    at = desk(by, *model(), today=MODEL_DAY)
    (event,) = at.when("OpenCase", **fields).events
    assert event.data["contract_by"] == role


def test_an_agency_off_the_list_is_refused() -> None:
    gone = made("AgencyDelisted", WARD, date(2024, 10, 1), agency=CENTRE, delisted_on="2024-10-01")
    with pytest.raises(Refused, match="登載されていません"):
        opening(desk(OFFICE, *model(), gone))


@pytest.mark.parametrize(
    "period",
    [
        {"certified_from": None},
        {"certified_to": None},
        {"certified_from": "2025-04-01", "certified_to": "2025-03-31"},
    ],
)
def test_a_certified_person_has_a_period_on_the_card(period: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        opening(desk(OFFICE, *model()), **period)
    assert refused.value.code == "certification_period"


def test_a_project_eligible_person_has_no_certification() -> None:
    data = opening(desk(OFFICE, *model()), status="project_eligible", certified_from=None, certified_to=None)
    assert data["certification"] is None
    assert data["status"] == "project_eligible"


@pytest.mark.parametrize("number", ["0000000001", "H000000001"])
def test_an_insured_number_has_ten_characters(number: str) -> None:
    assert opening(desk(OFFICE, *model()), insured_number=number)["insured_number"] == number


@pytest.mark.parametrize("number", ["000000001", "00000000011", "h000000001", "A000000001", "", None])
def test_a_wrong_insured_number_is_named(number: str | None) -> None:
    with pytest.raises(ValidationError) as wrong:
        opening(desk(OFFICE, *model()), insured_number=number)
    assert list(wrong.value.normalized_messages()) == ["insured_number"]


def test_the_contact_with_partners_needs_the_person_s_agreement() -> None:
    with pytest.raises(ValidationError) as wrong:
        opening(desk(OFFICE, *model()), contact_agreed_on=None)
    assert list(wrong.value.normalized_messages()) == ["contact_agreed_on"]


def test_a_case_is_opened_once() -> None:
    with pytest.raises(Refused) as refused:
        opening(desk(OFFICE, *model(), opened()))
    assert refused.value.code == "case_open"


def test_a_mandate_goes_to_the_billing_desk_and_the_ward_that_takes_its_claims() -> None:
    decision = desk(OFFICE, *directory()).when(
        "EntrustBilling", case_id=None, biller=BILLING, valid_from="2024-10-01"
    )
    assert decision.events[0].to == (BILLING, WARD)
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *directory()).when(
            "EntrustBilling", case_id=None, biller=CENTRE, valid_from="2024-10-01"
        )
    assert refused.value.code == "biller_unknown"


def test_the_case_knows_the_period_on_the_card() -> None:
    case = desk(OFFICE, *model(), opened()).situation(CASE).case
    found = case.certification(date(2025, 3, 31))
    assert found is not None
    assert case.status_on(date(2025, 3, 31)) == "support2"
    assert case.certification(date(2025, 4, 1)) is None
    assert case.status_on(date(2025, 4, 1)) == "none"
