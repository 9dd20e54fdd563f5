"""Making, holding, filing and correcting notifications (T-12 to T-17, decision 22)."""

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, PERSON, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, OFFICE_UNDESIGNATED, Desk, Town, desk, made, model, opened, signed_by_both

DAY = date(2024, 10, 10)
FORM: dict[str, Any] = {**PERSON, "start_date": "2024-10-21", "signed_by_person": True}
FILING = {**FORM, "occasion": "first"}
PARTIES_WITHOUT_BILLING = {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward"}


def switched(on: date = date(2024, 12, 27), **changes: Any) -> Event:
    return made("ModeSwitched", OFFICE, on, **changes)


def held() -> Event:
    return made("NotificationPrepared", CENTRE, DAY)


def filed_by_office(on: date = DAY, **changes: Any) -> Event:
    fields = {
        "notification_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01",
        "filer": OFFICE,
        "desk": "insurance_benefits",
        "type": "preventive_support",
        "track": "designated",
        "occasion": "first",
        "filed_on": on,
        "receipt_on": None,
        "held_since": None,
        "start_date": "2024-10-21",
    }
    return made("NotificationFiled", OFFICE, on, **{**fields, **changes})


def accepted(**changes: Any) -> Event:
    fields = {"notification_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", "filer": OFFICE}
    return made("NotificationAccepted", WARD, date(2024, 10, 11), **{**fields, **changes})


def returned(**changes: Any) -> Event:
    fields = {"notification_id": "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", "filer": OFFICE}
    return made("NotificationReturned", WARD, date(2024, 10, 11), **{**fields, **changes})


def office(*events: Event, on: date = DAY) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def centre(*events: Event, on: date = DAY) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


# --- the office's first filing ---


def test_the_office_files_with_the_benefits_group_and_the_centre_gets_a_copy() -> None:
    """T-12N."""
    (event,) = office().when("FileNotification", **FILING).events
    assert event.to == (WARD, CENTRE)
    assert event.data["desk"] == "insurance_benefits"
    assert (event.data["type"], event.data["track"]) == ("preventive_support", "designated")


def test_our_own_forms_carry_the_mark_under_a_simultaneous_contract_only() -> None:
    marked = office().when("FileNotification", **FILING).events[0].data
    assert marked["simultaneous_contract"] is marked["simultaneous_mark"] is True
    alone = desk(OFFICE, *model(), opened(), *signed_by_both(simultaneous=False))
    plain = alone.when("FileNotification", **FILING).events[0].data
    assert plain["simultaneous_contract"] is plain["simultaneous_mark"] is False


def test_the_first_notification_needs_the_person_s_own_signature() -> None:
    with pytest.raises(Refused) as refused:
        office().when("FileNotification", **{**FILING, "signed_by_person": False})
    assert (refused.value.code, refused.value.rule, refused.value.field) == (
        "signature_missing",
        "T-17",
        "signed_by_person",
    )


@pytest.mark.parametrize("blank", ["insured_number", "address", "start_date", "name"])
def test_a_form_with_a_blank_field_can_be_filed_and_warns(blank: str) -> None:
    decision = office().when("FileNotification", **{**FILING, blank: None})
    assert decision.events[0].data["blank"] == [blank]
    assert [each.rule for each in decision.advice] == ["T-12"]


def test_before_the_contract_nothing_is_filed() -> None:
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened()).when("FileNotification", **FILING)
    assert refused.value.code == "contract_missing"


def test_an_office_without_designation_files_nothing_in_its_own_name() -> None:
    case = opened(parties={OFFICE_UNDESIGNATED: "kyotaku", CENTRE: "hokatsu", WARD: "ward"})
    contract = made("ContractSigned", OFFICE_UNDESIGNATED, DAY, agency=OFFICE_UNDESIGNATED)
    with pytest.raises(Refused) as refused:
        desk(OFFICE_UNDESIGNATED, *model(), case, contract).when("FileNotification", **FILING)
    assert refused.value.rule == "T-03"


def test_on_a_day_without_published_desks_nothing_is_guessed() -> None:
    early = desk(OFFICE, *model(), opened(), *signed_by_both(), today=date(2024, 10, 1))
    with pytest.raises(Refused) as refused:
        early.given(made("OfficeDesignated", WARD, date(2024, 3, 1), designated_from="2024-03-01")).when(
            "FileNotification", date(2024, 3, 31), **FILING
        )
    assert refused.value.code == "not_published"


# --- the centre's held one ---


def test_the_centre_makes_its_notification_at_contract_time_and_holds_it() -> None:
    at = centre()
    (event,) = at.when("PrepareNotification", **PERSON, signed_by_person=True).events
    assert event.to == (OFFICE,)
    assert event.data["simultaneous_mark"] is True
    at.given(made("NotificationPrepared", CENTRE, DAY, event.data))
    kept = at.situation(CASE).case.held_notification(CENTRE)
    assert kept is not None
    assert (kept.state, kept.receipt_on, kept.start_date) == ("held", None, None)


def test_without_a_simultaneous_contract_nothing_is_held() -> None:
    at = desk(CENTRE, *model(), opened(), *signed_by_both(simultaneous=False))
    with pytest.raises(Refused) as refused:
        at.when("PrepareNotification", **PERSON, signed_by_person=True)
    assert (refused.value.code, refused.value.rule) == ("contract_not_simultaneous", "T-14")


def test_one_notification_is_held_a_case() -> None:
    with pytest.raises(Refused) as refused:
        centre(held()).when("PrepareNotification", **PERSON, signed_by_person=True)
    assert refused.value.code == "notification_exists"


def test_the_held_one_is_signed_when_it_is_made() -> None:
    with pytest.raises(Refused) as refused:
        centre().when("PrepareNotification", **PERSON)
    assert (refused.value.code, refused.value.rule) == ("signature_missing", "T-17")


def test_the_held_one_is_not_filed_before_a_switch() -> None:
    with pytest.raises(Refused) as refused:
        centre(held()).when("FileHeldNotification", receipt_on="2024-10-21", start_date="2024-10-21")
    assert (refused.value.code, refused.value.rule) == ("no_switch", "T-14")


FILING_HELD = {"receipt_on": "2025-01-06", "start_date": "2025-01-01"}


@pytest.mark.parametrize("kept", [True, False, None])
def test_the_notification_of_a_switch_tells_the_ward_whether_the_care_manager_stays(
    kept: bool | None,
) -> None:
    """T-00, T-60: as the office reported it; nothing where it did not say."""
    switch = switched()
    switch = switch._replace(data={**switch.data, "same_care_manager": kept})
    at = centre(held(), switch, on=date(2025, 1, 6))
    assert at.when("FileHeldNotification", **FILING_HELD).events[0].data["same_care_manager"] is kept


def test_after_the_switch_it_is_filed_with_both_dates_at_the_project_group() -> None:
    at = centre(held(), switched(), on=date(2025, 1, 6))
    decision = at.when("FileHeldNotification", **FILING_HELD)
    data = decision.events[0].data
    assert data["desk"] == "elderly_project"
    assert (data["receipt_on"], data["start_date"]) == (date(2025, 1, 6), date(2025, 1, 1))
    assert (data["notification_id"], data["held_since"]) == (NOTIFICATION, DAY)
    assert decision.events[0].to == (WARD, OFFICE)
    assert decision.advice == []


def test_what_else_the_held_one_says_is_taken_over_and_not_written_again() -> None:
    """T-16D: only the two dates are entered; the person's fields come from the form that was signed."""
    kept = held()
    (event,) = (
        centre(kept, switched(), on=date(2025, 1, 6)).when("FileHeldNotification", **FILING_HELD).events
    )
    assert event.personal_from == kept.id
    assert not set(PERSON) & set(event.data)
    assert (event.data["blank"], event.data["signed_by_person"]) == ([], True)
    with pytest.raises(ValidationError):
        centre(kept, switched()).when("FileHeldNotification", **FILING_HELD, name="別人")


def test_the_ward_receives_the_held_form_whole() -> None:
    town = Town.of(CENTRE, OFFICE, WARD)
    for each in town.desks.values():
        each.given(*model(), opened(parties=PARTIES_WITHOUT_BILLING))
    town.desks[CENTRE].given(*signed_by_both(), held(), switched())
    town.advance(date(2025, 1, 6))
    town.act(CENTRE, "FileHeldNotification", CASE, **FILING_HELD)
    (filed,) = [each for each in town.desks[WARD].events if each.type == "NotificationFiled"]
    assert filed.personal == held().personal
    assert town.act(WARD, "AcceptNotification", CASE, notification_id=NOTIFICATION).events


def test_a_field_that_the_held_form_lacks_warns_when_it_is_made_and_keeps_the_ward_from_accepting() -> None:
    bare = {**PERSON, "insured_number": None}
    prepared = centre().when("PrepareNotification", **bare, signed_by_person=True)
    assert [each.rule for each in prepared.advice] == ["T-14"]
    assert prepared.events[0].data["blank"] == ["insured_number"]
    kept = made("NotificationPrepared", CENTRE, DAY, prepared.events[0].data)
    filing = centre(kept, switched(), on=date(2025, 1, 6)).when("FileHeldNotification", **FILING_HELD)
    assert filing.events[0].data["blank"] == ["insured_number"]
    assert [each.rule for each in filing.advice] == ["T-12"]


def test_a_returned_one_that_was_held_keeps_its_receipt_date_when_it_is_corrected() -> None:
    at = centre(
        held(),
        switched(),
        made("NotificationFiled", CENTRE, date(2025, 1, 6)),
        made("NotificationReturned", WARD, date(2025, 1, 7), filer=CENTRE),
        on=date(2025, 1, 8),
    )
    fields = {**PERSON, "start_date": "2025-01-01", "signed_by_person": True}
    (again,) = at.when("CorrectNotification", notification_id=NOTIFICATION, **fields).events
    assert again.data["receipt_on"] == date(2025, 1, 6)


def test_the_start_date_is_that_of_the_switch() -> None:
    at = centre(held(), switched(), on=date(2025, 1, 6))
    with pytest.raises(Refused) as refused:
        at.when("FileHeldNotification", **{**FILING_HELD, "start_date": "2025-01-06"})
    assert (refused.value.code, refused.value.rule) == ("start_date_differs", "T-16")


@pytest.mark.parametrize(("on", "late"), [(date(2025, 1, 31), False), (date(2025, 2, 1), True)])
def test_filed_after_the_last_day_of_the_start_s_month_it_warns_of_the_risk(on: date, late: bool) -> None:
    decision = centre(held(), switched(), on=on).when("FileHeldNotification", **FILING_HELD)
    assert [each.rule for each in decision.advice] == (["T-16"] if late else [])
    if late:
        assert "全額本人負担" in decision.advice[0].message


def test_a_held_notification_is_used_once() -> None:
    at = centre(held(), switched(), on=date(2025, 1, 6))
    at.given(
        made(
            "NotificationFiled",
            CENTRE,
            date(2025, 1, 6),
            at.when("FileHeldNotification", **FILING_HELD).events[0].data,
        )
    )
    with pytest.raises(Refused) as refused:
        at.when("FileHeldNotification", **FILING_HELD)
    assert (refused.value.code, refused.value.rule) == ("held_notification_missing", "T-14")


# --- from the second time on ---


def test_back_to_designated_the_office_files_unsigned_with_its_own_desk() -> None:
    back = {
        **FILING,
        "occasion": "to_preventive_support",
        "start_date": "2025-03-01",
        "signed_by_person": False,
    }
    first = (filed_by_office(), accepted())
    data = office(*first, on=date(2025, 3, 3)).when("FileNotification", **back).events[0].data
    assert (data["signed_by_person"], data["signature_needed"]) == (False, False)
    assert data["desk"] == "insurance_benefits"


BACK_UNSIGNED = {**FILING, "occasion": "to_preventive_support", "signed_by_person": False}


def test_the_next_needs_no_signature_also_while_the_signed_first_one_is_undecided() -> None:
    """T-17D: from the second on, whatever the desk has decided of the first by then."""
    decision = office(filed_by_office(), on=date(2025, 3, 3)).when("FileNotification", **BACK_UNSIGNED)
    assert decision.events[0].data["signature_needed"] is False


@pytest.mark.parametrize("answer", ["returned", "accepted unsigned", "returned though signed"])
def test_one_that_was_unsigned_or_came_back_excuses_nobody_from_the_signature(answer: str) -> None:
    """T-17D."""
    before = {
        "returned": [filed_by_office(signed_by_person=False), returned(reason_code="missing_signature")],
        "accepted unsigned": [filed_by_office(signed_by_person=False), accepted()],
        "returned though signed": [filed_by_office(), returned(reason_code="missing_field")],
    }[answer]
    with pytest.raises(Refused) as refused:
        office(*before, on=date(2025, 3, 3)).when("FileNotification", **BACK_UNSIGNED)
    assert (refused.value.code, refused.value.rule) == ("signature_missing", "T-17")


def test_at_a_later_switch_the_centre_s_notification_is_made_anew_and_unsigned() -> None:
    used = (
        made("NotificationFiled", CENTRE, date(2025, 1, 6)),
        made("NotificationAccepted", WARD, date(2025, 1, 7)),
    )
    again = {
        **PERSON,
        "type": "care_management_a",
        "occasion": "to_care_management_a",
        "start_date": "2025-06-01",
    }
    data = centre(held(), *used, on=date(2025, 6, 2)).when("FileNotification", **again).events[0].data
    assert data["signature_needed"] is False
    assert data["desk"] == "elderly_project"
    assert data["notification_id"] != NOTIFICATION


def test_a_centre_s_first_filing_of_its_own_needs_the_signature() -> None:
    first = {
        **PERSON,
        "type": "care_management_a",
        "occasion": "to_care_management_a",
        "start_date": "2025-06-01",
    }
    with pytest.raises(Refused) as refused:
        centre(on=date(2025, 6, 2)).when("FileNotification", **first)
    assert refused.value.rule == "T-17"


def test_without_a_simultaneous_contract_every_notification_is_signed() -> None:
    before = [filed_by_office(simultaneous_contract=False, simultaneous_mark=False), accepted()]
    at = desk(
        OFFICE, *model(), opened(), *signed_by_both(simultaneous=False), *before, today=date(2025, 3, 3)
    )
    back = {**FILING, "occasion": "to_preventive_support", "signed_by_person": False}
    with pytest.raises(Refused) as refused:
        at.when("FileNotification", **back)
    assert refused.value.rule == "T-17"


def test_a_centre_without_a_model_files_with_the_welfare_division() -> None:
    """T-12R."""
    plain = {**FILING, "type": "preventive_support"}
    at = desk(CENTRE, *model(), opened(), *signed_by_both(simultaneous=False))
    data = at.when("FileNotification", **plain).events[0].data
    assert (data["desk"], data["track"]) == ("elderly_welfare", "entrusted")
