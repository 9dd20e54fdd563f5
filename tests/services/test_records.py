"""Asking for the records behind a certification, and handing them over (T-11, T-18)."""

from datetime import date

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.node.errors import Refused
from tests.care.stage import desk, made, model, opened, signed_by_both

WITHOUT_CONSENT = made("ContractSigned", OFFICE, date(2024, 10, 10), consented_on=None)


def test_the_office_files_its_viewing_request_with_the_ward() -> None:
    """T-18N."""
    at = desk(OFFICE, *model(), opened(), *signed_by_both())
    (event,) = at.when("RequestRecords", records=["certification_survey", "doctor_opinion"]).events
    assert event.to == (WARD,)
    assert event.data["consented_on"] == date(2024, 10, 10)


def test_without_a_contract_or_a_consent_there_is_no_request() -> None:
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened()).when("RequestRecords", records=["doctor_opinion"])
    assert (refused.value.code, refused.value.rule) == ("contract_missing", "T-07")
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened(), WITHOUT_CONSENT).when("RequestRecords", records=["doctor_opinion"])
    assert (refused.value.code, refused.value.rule) == ("consent_missing", "T-11")


def test_after_the_consent_is_supplemented_the_request_can_be_made() -> None:
    supplement = made("ContractSupplemented", OFFICE, date(2024, 10, 11))
    at = desk(OFFICE, *model(), opened(), WITHOUT_CONSENT, supplement)
    assert at.when("RequestRecords", records=["doctor_opinion"]).events[0].data["consented_on"] == date(
        2024, 10, 11
    )


def test_a_centre_hands_over_what_it_has_without_being_asked() -> None:
    at = desk(CENTRE, *model(), opened(), *signed_by_both())
    rows = [{"kind": "doctor_opinion", "dated": "2024-09-17"}]
    (event,) = at.when("HandOverRecords", records=rows).events
    assert (event.data["request_id"], event.to) == (None, (OFFICE,))


def test_the_centre_needs_the_person_s_consent_for_it() -> None:
    with pytest.raises(Refused) as refused:
        desk(CENTRE, *model(), opened()).when(
            "HandOverRecords", records=[{"kind": "doctor_opinion", "dated": "2024-09-17"}]
        )
    assert refused.value.rule == "T-07"
