"""A plan review from the ward's request to the result at the office (T-50 to T-55)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE, REVIEW, WARD
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.events import WARD_EVENTS
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.service import Decision
from tests.care.stage import CASE, Desk, Town, desk, made, model, opened, signed_by_both
from tests.care.test_notifications import accepted, filed_by_office
from tests.care.test_planning import ASSESSED, DELIVERED, DRAFTED, MET

ON = date(2025, 9, 1)
REQUESTED = made("ReviewRequested", WARD, ON)
SUBMITTED = made("ReviewDocumentsSubmitted", OFFICE, date(2025, 9, 12))
HELD = made("ReviewMeetingHeld", CENTRE, date(2025, 10, 15), kinds=CENTRE_EVENTS)
CONCLUDED = made("ReviewConcluded", CENTRE, date(2025, 10, 17))
DESIGNATED_NOW = (filed_by_office(), accepted())


def ward(*events: Event, on: date = ON) -> Desk:
    return desk(WARD, *model(), opened(), *events, today=on)


def office(*events: Event, on: date = date(2025, 9, 12)) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def centre(*events: Event, on: date = date(2025, 10, 15)) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


def requested(*events: Event, on: date = ON) -> Decision:
    return ward(*events, on=on).when("RequestReview", occasion="renewal", submit_by="2025-09-30")


def advice(decision: Decision) -> list[str]:
    return [each.rule for each in decision.advice]


# --- the ward ---


def test_the_ward_designates_a_case_and_office_and_centre_learn_of_it() -> None:
    """T-51, T-54."""
    decision = requested(*DESIGNATED_NOW)
    asked, noted = decision.events
    assert (asked.type, asked.to) == ("ReviewRequested", (OFFICE, CENTRE))
    assert (noted.type, noted.case_id, noted.to) == ("ReviewPlanned", None, ())
    assert noted.data["review_id"] == asked.data["review_id"]
    assert advice(decision) == []


def test_a_case_that_no_office_has_by_its_own_designation_warns() -> None:
    entrusted = made("NotificationFiled", CENTRE, date(2025, 1, 6))
    taken = made("NotificationAccepted", WARD, date(2025, 1, 7))
    assert advice(requested()) == ["T-51"]
    assert advice(requested(*DESIGNATED_NOW, entrusted, taken)) == ["T-51"]


def test_a_second_review_of_the_same_case_is_refused_while_one_is_under_way() -> None:
    with pytest.raises(Refused) as refused:
        requested(*DESIGNATED_NOW, REQUESTED)
    assert (refused.value.code, refused.value.rule) == ("review_under_way", "T-54")
    assert requested(*DESIGNATED_NOW, REQUESTED, CONCLUDED).events


def test_a_second_case_of_an_office_warns_while_one_is_under_way() -> None:
    planned = made("ReviewPlanned", WARD, ON, kinds=WARD_EVENTS)
    assert advice(requested(*DESIGNATED_NOW, planned)) == ["T-54"]


@pytest.mark.parametrize(
    ("on", "rules"), [(date(2026, 9, 30), ["T-54"]), (date(2026, 10, 1), []), (date(2028, 1, 4), [])]
)
def test_before_a_year_is_over_another_review_of_the_office_warns_and_never_blocks(
    on: date, rules: list[str]
) -> None:
    counted = made("ReviewCounted", WARD, date(2025, 10, 15), kinds=WARD_EVENTS)
    decision = requested(*DESIGNATED_NOW, counted, on=on)
    assert advice(decision) == rules
    assert decision.events


def test_a_ward_whose_procedure_knows_no_reviews_asks_for_none() -> None:
    elsewhere = opened(insurer="131219")
    with pytest.raises(Refused) as refused:
        desk(WARD, *model(), elsewhere, today=ON).when("RequestReview", occasion="renewal")
    assert refused.value.code == "not_published"


# --- the office ---


def test_an_office_hands_in_what_the_case_holds_and_names_the_rest() -> None:
    """T-51, T-55."""
    decision = office(ASSESSED, DRAFTED, MET, DELIVERED, REQUESTED).when("SubmitReviewDocuments")
    (event,) = decision.events
    assert (event.type, event.to) == ("ReviewDocumentsSubmitted", (CENTRE,))
    assert event.data["review_id"] == REVIEW
    assert event.data["missing"] == ["monitoring", "evaluation"]
    assert len(event.data["documents"]) == 7
    (told,) = decision.advice
    assert told.rule == "T-51"
    assert "モニタリングの記録、評価表（F表）" in told.message


def test_a_case_that_the_office_chose_itself_is_refused() -> None:
    """T-54: 対象ケースは区が指定."""
    with pytest.raises(Refused) as refused:
        office(ASSESSED).when("SubmitReviewDocuments")
    assert (refused.value.code, refused.value.rule) == ("review_not_requested", "T-54")
    with pytest.raises(Refused):
        office(ASSESSED, REQUESTED, CONCLUDED).when("SubmitReviewDocuments")


def test_without_the_person_s_consent_no_document_is_handed_on() -> None:
    unasked = made("ContractSigned", OFFICE, date(2024, 10, 10), consented_on=None)
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened(), unasked, REQUESTED, today=ON).when("SubmitReviewDocuments")
    assert refused.value.rule == "T-11"


# --- the centre ---


def test_the_meeting_is_recorded_at_the_centre_and_the_result_goes_to_office_and_ward() -> None:
    """T-53."""
    (met,) = (
        centre(REQUESTED, SUBMITTED).when("RecordReviewMeeting", discussion="外出の機会を話し合った").events
    )
    assert (met.type, met.to, met.data["held_on"]) == ("ReviewMeetingHeld", (), date(2025, 10, 15))
    (told,) = (
        centre(REQUESTED, SUBMITTED, HELD, on=date(2025, 10, 17))
        .when("ProvideReviewResult", result="よい計画でした")
        .events
    )
    assert (told.type, told.to) == ("ReviewConcluded", (OFFICE, WARD))
    assert (told.data["held_on"], told.data["concluded_on"]) == (date(2025, 10, 15), date(2025, 10, 17))


def test_a_meeting_without_the_documents_warns() -> None:
    decision = centre(REQUESTED).when("RecordReviewMeeting", discussion="書類は当日見た")
    assert advice(decision) == ["T-51"]


def test_there_is_no_result_before_the_meeting() -> None:
    with pytest.raises(Refused) as refused:
        centre(REQUESTED, SUBMITTED).when("ProvideReviewResult", result="よい計画でした")
    assert (refused.value.code, refused.value.rule) == ("review_meeting_missing", "T-53")


@pytest.mark.parametrize(
    ("command", "fields"),
    [("RecordReviewMeeting", {"discussion": "話"}), ("ProvideReviewResult", {"result": "よい"})],
)
def test_a_centre_reviews_only_what_the_ward_designated(command: str, fields: dict[str, Any]) -> None:
    for events in ((), (REQUESTED, HELD, CONCLUDED)):
        with pytest.raises(Refused) as refused:
            centre(*events).when(command, **fields)
        assert refused.value.rule == "T-54"


# --- all three ---


def test_a_result_that_arrives_at_the_ward_counts_as_the_review_of_its_office() -> None:
    town = Town.of(OFFICE, CENTRE, WARD)
    for each in town.desks.values():
        each.given(*model(), opened(), *(signed_by_both() if each.me != WARD else DESIGNATED_NOW))
    town.desks[OFFICE].given(ASSESSED, DRAFTED, MET, DELIVERED)
    town.advance(ON)
    town.act(WARD, "RequestReview", CASE, occasion="renewal")
    town.act(OFFICE, "SubmitReviewDocuments", CASE)
    town.advance(date(2025, 10, 15))
    town.act(CENTRE, "RecordReviewMeeting", CASE, discussion="話し合った")
    town.act(CENTRE, "ProvideReviewResult", CASE, result="次の計画で通いの場を考える")
    agency = town.desks[WARD].situation().agency
    assert agency.last_review(OFFICE) == date(2025, 10, 15)
    assert agency.reviews_under_way(OFFICE) == 0
    for me in (OFFICE, CENTRE, WARD):
        (review,) = town.desks[me].situation(CASE).case.reviews.values()
        assert review.concluded_on == date(2025, 10, 15), me
    assert [each.row for each in town.desks[OFFICE].obligations(CASE) if each.row in ("T-51", "T-53")] == [
        "T-51",
        "T-53",
    ]
    assert not [
        each for each in town.desks[OFFICE].obligations(CASE) if each.row in ("T-51", "T-53") and each.open
    ]
