"""What a ward decides: directory, designation, model, its desks, records, certification."""

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.events.sample import BILLING, CENTRE, NOTIFICATION, OFFICE, REQUEST, WARD
from services.ward.events import WARD_EVENTS
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, CENTRE_OUTSIDE, OFFICE_UNDESIGNATED, Desk, desk, directory, made, opened
from tests.care.test_notifications import filed_by_office

HEARD = made("HearingRecorded", WARD, date(2024, 9, 18), kinds=WARD_EVENTS)
DESIGNATION: dict[str, Any] = {
    "agency": OFFICE,
    "service": "preventive_support",
    "designated_from": "2024-10-01",
    "hearing_on": "2024-09-18",
}


def ward(*events: Event, on: date = date(2024, 9, 25)) -> Desk:
    return desk(WARD, *directory(), *events, today=on)


def act(at: Desk, command: str, /, **fields: Any) -> Any:
    return at.when(command, case_id=None, **fields)


# --- the directory ---


def test_a_newly_listed_agency_is_told_to_everybody_and_to_itself() -> None:
    (event,) = act(
        ward(), "ListAgency", agency="1371600030", name="新しい居宅", roles=["kyotaku"], keys=[]
    ).events
    assert event.data["insurer"] == WARD
    assert set(event.to) == {OFFICE, OFFICE_UNDESIGNATED, CENTRE, CENTRE_OUTSIDE, BILLING, "1371600030"}


def test_a_new_listing_keeps_where_people_reach_an_agency_unless_something_else_is_entered() -> None:
    fields: dict[str, Any] = {"agency": OFFICE, "name": "見本居宅", "roles": ["kyotaku"], "keys": []}
    known = made(
        "AgencyListed",
        WARD,
        date(2024, 9, 2),
        {
            **fields,
            "insurer": WARD,
            "listed_on": "2024-09-02",
            "address": "見本町1番",
            "telephone": "03-0000-0001",
        },
    )
    (event,) = act(ward(known), "ListAgency", **fields, telephone="03-0000-0009").events
    assert (event.data["address"], event.data["telephone"]) == ("見本町1番", "03-0000-0009")
    assert (event.data["fax"], event.data["mail"]) == (None, None)


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("DelistAgency", {}),
        ("ReportCompromisedKey", {"kid": "key-1", "compromised_from": "2025-01-01T00:00:00+09:00"}),
        ("RecordHearing", {}),
    ],
)
def test_only_a_listed_agency_can_be_acted_upon(command: str, fields: dict[str, Any]) -> None:
    assert act(ward(), command, agency=OFFICE, **fields).events
    with pytest.raises(Refused) as refused:
        act(ward(), command, agency="1371600030", **fields)
    assert refused.value.code == "agency_unknown"


# --- designation ---


def test_an_office_is_designated_on_a_permitted_day_after_the_hearing() -> None:
    (event,) = act(ward(HEARD), "DesignateOffice", **DESIGNATION).events
    assert event.type == "OfficeDesignated"
    assert set(event.to) == {OFFICE, OFFICE_UNDESIGNATED, CENTRE, CENTRE_OUTSIDE, BILLING}


@pytest.mark.parametrize("day", ["2025-02-17", "2024-10-02", "2024-09-30"])
def test_another_day_of_the_year_is_refused_and_the_permitted_one_is_named(day: str) -> None:
    with pytest.raises(Refused) as refused:
        act(ward(HEARD), "DesignateOffice", **{**DESIGNATION, "designated_from": day})
    assert (refused.value.code, refused.value.rule) == ("day_not_permitted", "T-06N")
    assert "令和6年10月1日" in refused.value.message


def test_for_a_year_without_a_table_nothing_is_extrapolated() -> None:
    with pytest.raises(Refused) as refused:
        act(ward(HEARD), "DesignateOffice", **{**DESIGNATION, "designated_from": "2027-04-01"})
    assert refused.value.code == "not_published"


@pytest.mark.parametrize("hearing_on", [None, "2024-09-19"])
def test_without_a_recorded_hearing_there_is_no_designation(hearing_on: str | None) -> None:
    with pytest.raises(Refused) as refused:
        act(ward(HEARD), "DesignateOffice", **{**DESIGNATION, "hearing_on": hearing_on})
    assert (refused.value.code, refused.value.rule) == ("hearing_missing", "T-06N")


def test_a_hearing_about_one_office_is_none_about_another() -> None:
    with pytest.raises(Refused) as refused:
        act(ward(HEARD), "DesignateOffice", **{**DESIGNATION, "agency": OFFICE_UNDESIGNATED})
    assert refused.value.code == "hearing_missing"


def test_a_centre_is_not_designated_as_an_office() -> None:
    with pytest.raises(Refused) as refused:
        act(ward(HEARD), "DesignateOffice", **{**DESIGNATION, "agency": CENTRE})
    assert (refused.value.code, refused.value.rule) == ("not_an_office", "T-03")


# --- the model ---

ENROLMENT: dict[str, Any] = {"agency": CENTRE, "model": "toshima_2024", "enrolled_from": "2024-10-01"}


def test_a_model_centre_is_enrolled_and_everybody_learns_of_it() -> None:
    decision = act(ward(), "EnrolInModel", **ENROLMENT)
    assert decision.events[0].type == "ModelEnrolled"
    assert decision.advice == []


def test_a_centre_that_the_document_does_not_name_warns() -> None:
    decision = act(ward(), "EnrolInModel", **{**ENROLMENT, "agency": CENTRE_OUTSIDE})
    assert [each.rule for each in decision.advice] == ["T-02"]


def test_the_model_begins_on_2024_10_01() -> None:
    with pytest.raises(Refused) as refused:
        act(ward(), "EnrolInModel", **{**ENROLMENT, "enrolled_from": "2024-09-30"})
    assert refused.value.rule == "T-01"


def test_an_office_takes_part_only_when_it_is_designated() -> None:
    with pytest.raises(Refused) as refused:
        act(ward(), "EnrolInModel", **{**ENROLMENT, "agency": OFFICE})
    assert (refused.value.code, refused.value.rule) == ("not_designated", "T-03")
    designated = made("OfficeDesignated", WARD, date(2024, 6, 1), designated_from="2024-06-01")
    assert act(ward(designated), "EnrolInModel", **{**ENROLMENT, "agency": OFFICE}).events


# --- the desks ---


def notified(*events: Event, on: date = date(2024, 10, 11)) -> Desk:
    return ward(opened(), *events, on=on)


ID = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01"


def test_a_complete_notification_is_accepted_and_both_parties_learn_of_it() -> None:
    (event,) = notified(filed_by_office()).when("AcceptNotification", notification_id=ID).events
    assert event.to == (OFFICE, CENTRE)
    assert (event.data["revision"], event.data["desk"]) == (1, "insurance_benefits")


@pytest.mark.parametrize("blank", ["insured_number", "address", "start_date"])
def test_a_notification_with_a_missing_field_can_t_be_accepted(blank: str) -> None:
    at = notified(filed_by_office(blank=[blank]))
    with pytest.raises(Refused) as refused:
        at.when("AcceptNotification", notification_id=ID)
    assert (refused.value.code, refused.value.field) == ("notification_incomplete", blank)
    assert refused.value.todo == "理由を付けて差し戻してください"


def test_it_is_returned_with_the_reason() -> None:
    at = notified(filed_by_office(blank=["insured_number"]))
    (event,) = at.when(
        "ReturnNotification",
        notification_id=ID,
        reason_code="missing_field",
        field="insured_number",
        reason="被保険者番号を記入してください",
    ).events
    assert event.to == (OFFICE, CENTRE)
    at.given(made("NotificationReturned", WARD, date(2024, 10, 11), event.data))
    with pytest.raises(Refused) as refused:
        at.when("AcceptNotification", notification_id=ID)
    assert refused.value.code == "notification_decided"


def test_a_notification_without_the_mark_of_a_simultaneous_contract_can_t_be_accepted() -> None:
    with pytest.raises(Refused) as refused:
        notified(filed_by_office(simultaneous_mark=False)).when("AcceptNotification", notification_id=ID)
    assert (refused.value.rule, refused.value.field) == ("T-13", "mark")


def test_a_first_notification_without_signature_can_t_be_accepted() -> None:
    with pytest.raises(Refused) as refused:
        notified(filed_by_office(signed_by_person=False)).when("AcceptNotification", notification_id=ID)
    assert (refused.value.rule, refused.value.field) == ("T-17", "signature")


def test_the_second_one_of_a_party_is_accepted_unsigned() -> None:
    second = filed_by_office(
        on=date(2025, 3, 3),
        notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b02",
        occasion="to_preventive_support",
        signed_by_person=False,
        signature_needed=False,
        start_date="2025-03-01",
    )
    first = made("NotificationAccepted", WARD, date(2024, 10, 11), notification_id=ID, filer=OFFICE)
    at = notified(filed_by_office(), first, second, on=date(2025, 3, 4))
    assert at.when("AcceptNotification", notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b02").events


def test_a_filer_can_t_excuse_itself_from_the_signature() -> None:
    claimed = filed_by_office(signed_by_person=False, signature_needed=False)
    with pytest.raises(Refused) as refused:
        notified(claimed).when("AcceptNotification", notification_id=ID)
    assert refused.value.rule == "T-17"


def test_a_notification_at_the_wrong_desk_can_t_be_accepted() -> None:
    with pytest.raises(Refused) as refused:
        notified(filed_by_office(desk="elderly_project")).when("AcceptNotification", notification_id=ID)
    assert refused.value.rule == "T-12"


def test_an_unknown_notification_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        notified().when("AcceptNotification", notification_id=ID)
    assert refused.value.code == "notification_unknown"


def test_a_second_current_notification_of_a_person_warns() -> None:
    held = made("NotificationFiled", CENTRE, date(2024, 10, 10), start_date="2024-10-21", receipt_on=None)
    accepted = made("NotificationAccepted", WARD, date(2024, 10, 11), filer=CENTRE, start_date="2024-10-21")
    assert accepted.data["notification_id"] == NOTIFICATION
    decision = notified(held, accepted, filed_by_office()).when("AcceptNotification", notification_id=ID)
    assert [each.rule for each in decision.advice] == ["decision 22"]


def test_one_that_follows_a_switch_does_not() -> None:
    first = filed_by_office()
    accepted = made("NotificationAccepted", WARD, date(2024, 10, 11), notification_id=ID, filer=OFFICE)
    at = notified(first, accepted, made("NotificationFiled", CENTRE, date(2025, 1, 6)), on=date(2025, 1, 7))
    assert at.when("AcceptNotification", notification_id=NOTIFICATION).advice == []


# --- records ---

ASKED = made("RecordsRequested", OFFICE, date(2024, 10, 11))
ANSWER: dict[str, Any] = {
    "request_id": REQUEST,
    "records": [{"kind": "certification_survey", "dated": "2024-09-18"}],
}


def test_a_viewing_request_is_answered_to_who_asked() -> None:
    (event,) = notified(ASKED).when("ProvideRecords", **ANSWER).events
    assert (event.type, event.to) == ("RecordsProvided", (OFFICE,))


def test_other_records_than_were_asked_for_are_advised_of() -> None:
    both = made(
        "RecordsRequested", OFFICE, date(2024, 10, 11), records=["certification_survey", "doctor_opinion"]
    )
    assert (
        notified(both)
        .when("ProvideRecords", **ANSWER)
        .advice[0]
        .message.startswith("申請のあった主治医意見書を")
    )
    one = made("RecordsRequested", OFFICE, date(2024, 10, 11), records=["doctor_opinion"])
    told = [each.message for each in notified(one).when("ProvideRecords", **ANSWER).advice]
    assert [each.split("を")[0] for each in told] == ["申請のあった主治医意見書", "申請のない認定調査票"]
    same = made("RecordsRequested", OFFICE, date(2024, 10, 11), records=["certification_survey"])
    assert not notified(same).when("ProvideRecords", **ANSWER).advice


def test_without_the_person_s_consent_nothing_is_provided() -> None:
    without = made("RecordsRequested", OFFICE, date(2024, 10, 11), consented_on=None)
    with pytest.raises(Refused) as refused:
        notified(without).when("ProvideRecords", **ANSWER)
    assert (refused.value.code, refused.value.rule) == ("consent_missing", "T-11")


def test_a_request_is_answered_once() -> None:
    answered = made("RecordsProvided", WARD, date(2024, 10, 15))
    with pytest.raises(Refused) as refused:
        notified(ASKED, answered).when("ProvideRecords", **ANSWER)
    assert refused.value.code == "request_answered"
    with pytest.raises(Refused) as refused:
        notified().when("ProvideRecords", **ANSWER)
    assert refused.value.code == "request_unknown"


# --- certification ---

RESULT: dict[str, Any] = {
    "occasion": "renewal",
    "status": "support2",
    "applied_on": "2025-02-10",
    "valid_from": "2025-04-01",
    "valid_to": "2026-03-31",
}


def test_a_certification_result_goes_to_every_party() -> None:
    (event,) = notified(on=date(2025, 3, 21)).when("AnnounceCertification", **RESULT).events
    assert set(event.to) == {OFFICE, CENTRE, BILLING}
    assert event.data["decided_on"] == date(2025, 3, 21)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": "2025-03-31"}, "certification_period"),
        ({"valid_from": None}, "certification_period"),
        ({"applied_on": "2025-03-22"}, "applied_after_decision"),
        ({"status": "none"}, "period_without_certification"),
        ({"status": "none", "valid_from": None}, "period_without_certification"),
    ],
)
def test_an_impossible_result_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        notified(on=date(2025, 3, 21)).when("AnnounceCertification", **{**RESULT, **changes})
    assert refused.value.code == code


def test_a_period_with_no_need_is_named_by_the_field_that_is_filled_in() -> None:
    with pytest.raises(Refused) as refused:
        notified(on=date(2025, 3, 21)).when(
            "AnnounceCertification", **{**RESULT, "status": "none", "valid_from": None}
        )
    assert refused.value.field == "valid_to"
    assert "空欄" in str(refused.value.todo)


def test_nobody_is_certified_as_eligible_for_the_project() -> None:
    """A-Q12b: a checklist and its registration make a person that, no certification does."""
    with pytest.raises(ValidationError):
        notified(on=date(2025, 3, 21)).when(
            "AnnounceCertification", **{**RESULT, "status": "project_eligible"}
        )


def test_a_period_that_a_result_of_no_need_tells_is_not_taken_for_one() -> None:
    at = notified(on=date(2025, 3, 21))
    at.given(made("CertificationResult", WARD, date(2025, 3, 21), status="none"))
    case = at.situation(CASE).case
    assert case.certification(date(2025, 4, 1)) is None
    assert case.status_on(date(2025, 4, 1)) == "none"


def test_a_result_of_no_need_has_no_period() -> None:
    fields = {**RESULT, "status": "none", "valid_from": None, "valid_to": None}
    at = notified(on=date(2025, 3, 21))
    (event,) = at.when("AnnounceCertification", **fields).events
    at.given(made("CertificationResult", WARD, date(2025, 3, 21), event.data))
    assert at.situation(CASE).case.certification(date(2025, 4, 1)) is None
