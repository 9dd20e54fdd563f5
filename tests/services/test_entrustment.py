"""A centre entrusts a case; what ends the entrustment, and what comes back (T-06, T-31, T-35, decision 24)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import internal

SWITCHED = made("ModeSwitched", OFFICE, date(2024, 12, 27))
STARTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
BACK: dict[str, Any] = {
    "from_type": "care_management_a",
    "to_type": "preventive_support",
    "from_track": "entrusted",
    "to_track": "designated",
    "effective_from": "2025-03-01",
    "reported_on": "2025-03-03",
    "reason_code": "benefit_started",
    "progress_record": None,
}
RETURNED_TO_OFFICE = made("ModeSwitched", OFFICE, date(2025, 3, 3), **BACK)
START = {"starts_on": "2025-01-01", "type": "care_management_a"}


def centre(*events: Event, on: date = date(2025, 1, 6)) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


def office(*events: Event, on: date = date(2025, 3, 4)) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


# --- the contract between agencies ---


def test_an_entrustment_contract_goes_to_the_office_and_to_billing() -> None:
    decision = centre().when("SignEntrustmentContract", case_id=None, office=OFFICE, valid_from="2024-10-01")
    (event,) = decision.events
    assert (event.type, event.to) == ("EntrustmentContractSigned", (OFFICE, BILLING))


def test_it_is_made_with_a_listed_office() -> None:
    with pytest.raises(Refused) as refused:
        centre().when("SignEntrustmentContract", case_id=None, office=BILLING, valid_from="2024-10-01")
    assert refused.value.code == "agency_unknown"


def test_its_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refused) as refused:
        centre().when(
            "SignEntrustmentContract",
            case_id=None,
            office=OFFICE,
            valid_from="2025-04-01",
            valid_to="2025-03-31",
        )
    assert refused.value.code == "period_reversed"


# --- starting ---


def test_a_case_is_entrusted_from_the_day_of_the_switch() -> None:
    (event,) = centre(SWITCHED).when("StartEntrustment", **START).events
    assert event.to == (OFFICE, BILLING)
    assert event.data["contract_signed_on"] == date(2024, 9, 20)


@pytest.mark.parametrize(
    "contract",
    [
        {"signed_on": "2025-01-15", "valid_from": "2025-01-15"},
        {"signed_on": "2025-01-15", "valid_from": "2024-10-01"},
        {"signed_on": "2024-09-20", "valid_from": "2024-10-01", "valid_to": "2024-12-31"},
    ],
)
def test_without_an_entrustment_contract_in_force_nothing_is_entrusted(contract: dict[str, str]) -> None:
    """T-06R."""
    events = [each for each in model() if each.type != "EntrustmentContractSigned"]
    signed = made("EntrustmentContractSigned", CENTRE, date(2025, 1, 15), **contract)
    at = desk(CENTRE, *events, signed, opened(), *signed_by_both(), SWITCHED, today=date(2025, 1, 20))
    with pytest.raises(Refused) as refused:
        at.when("StartEntrustment", **START)
    assert (refused.value.code, refused.value.rule) == ("entrustment_contract_missing", "T-06")
    assert "委託契約未締結" in refused.value.message


def test_the_centre_entrusts_only_what_it_has_a_contract_for() -> None:
    """T-07R."""
    at = desk(CENTRE, *model(), opened(), signed_by_both()[2], SWITCHED, today=date(2025, 1, 6))
    with pytest.raises(Refused) as refused:
        at.when("StartEntrustment", **START)
    assert (refused.value.code, refused.value.rule) == ("contract_missing", "T-07")


@pytest.mark.parametrize(("status", "certified"), [("support2", True), ("project_eligible", False)])
def test_an_entrustment_says_whether_there_is_a_survey_to_hand_over(status: str, certified: bool) -> None:
    """T-18R."""
    period = (
        None
        if status == "project_eligible"
        else {
            "status": status,
            "valid_from": "2024-09-12",
            "valid_to": "2025-03-31",
        }
    )
    case = opened(procedure="principle", status=status, certification=period)
    (_, by_centre) = signed_by_both(simultaneous=False)
    at = desk(CENTRE, *model(), case, by_centre, today=date(2025, 1, 6))
    assert at.when("StartEntrustment", **START).events[0].data["certified"] is certified


def test_a_month_of_designated_care_is_not_entrusted() -> None:
    with pytest.raises(Refused) as refused:
        centre(SWITCHED).when("StartEntrustment", **{**START, "starts_on": "2024-12-01"})
    assert (refused.value.code, refused.value.rule) == ("still_designated", "T-04")


def test_a_case_is_entrusted_once_at_a_time() -> None:
    with pytest.raises(Refused) as refused:
        centre(SWITCHED, STARTED).when("StartEntrustment", **START)
    assert refused.value.code == "entrustment_open"


def test_a_type_that_differs_from_the_report_warns() -> None:
    decision = centre(SWITCHED).when("StartEntrustment", **{**START, "type": "preventive_support"})
    assert [each.rule for each in decision.advice] == ["T-61"]


def test_without_a_switch_an_entrustment_begins_the_mode() -> None:
    at = desk(CENTRE, *model(), opened(), signed_by_both()[3], STARTED)
    mode = at.situation(CASE).case.mode(date(2025, 1, 1))
    assert mode is not None
    assert (mode.track, mode.provider, mode.type) == ("entrusted", CENTRE, "care_management_a")


def test_switch_and_entrustment_make_one_mode_in_whatever_order_they_arrive() -> None:
    one = centre(SWITCHED, STARTED).situation(CASE).case.modes
    other = centre(STARTED, SWITCHED).situation(CASE).case.modes
    assert one == other
    assert len(one) == 2


# --- ending ---


def test_a_return_to_designated_mode_ends_the_entrustment_by_itself() -> None:
    at = centre(SWITCHED, STARTED, RETURNED_TO_OFFICE, on=date(2025, 3, 3))
    reaction = at.service.reactions["ModeSwitched"]
    (event,) = reaction.react(at.situation(CASE), RETURNED_TO_OFFICE)
    assert event.type == "EntrustmentEnded"
    assert (event.data["ended_on"], event.data["reason_code"]) == (
        date(2025, 2, 28),
        "returned_to_designated",
    )
    assert event.to == (OFFICE, BILLING)


def test_a_switch_to_entrusted_ends_nothing() -> None:
    at = centre(SWITCHED)
    assert list(at.service.reactions["ModeSwitched"].react(at.situation(CASE), SWITCHED)) == []


def test_a_return_ends_nothing_where_nothing_is_entrusted_any_more() -> None:
    over = made("EntrustmentEnded", CENTRE, date(2025, 2, 28))
    at = centre(SWITCHED, STARTED, over, RETURNED_TO_OFFICE)
    assert list(at.service.reactions["ModeSwitched"].react(at.situation(CASE), RETURNED_TO_OFFICE)) == []


def test_a_centre_ends_an_entrustment_itself() -> None:
    at = centre(SWITCHED, STARTED, on=date(2025, 6, 30))
    (event,) = at.when("EndEntrustment", ended_on="2025-06-30", reason_code="contract_ended").events
    assert event.data["office"] == OFFICE
    with pytest.raises(Refused) as refused:
        at.when("EndEntrustment", ended_on="2024-12-31", reason_code="contract_ended")
    assert refused.value.code == "ended_before_start"
    with pytest.raises(Refused) as refused:
        centre().when("EndEntrustment", ended_on="2025-06-30", reason_code="contract_ended")
    assert refused.value.code == "entrustment_missing"


def test_billing_learns_of_the_return_from_the_entrustment_s_end() -> None:
    ended = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
    case = desk(BILLING, opened(), signed_by_both()[2], STARTED, ended).situation(CASE).case
    tracks = [(each.effective_from, each.track, each.provider) for each in case.modes]
    assert tracks == [
        (date(2024, 10, 10), "designated", OFFICE),
        (date(2025, 1, 1), "entrusted", CENTRE),
        (date(2025, 3, 1), "designated", OFFICE),
    ]


# --- originals ---

DOCUMENTS = {"documents": ["monitoring", "progress_record"]}


def test_originals_given_back_while_the_entrustment_goes_on_arrive_with_a_warning() -> None:
    """T-31R, decision 28: the document asks to keep them until the end; it forbids nothing."""
    january = internal("MonitoringRecorded", date(2025, 1, 22), month="2025-01", recorded_on="2025-01-22")
    at = office(SWITCHED, STARTED, january)
    decision = at.when("ReturnOriginals", **DOCUMENTS)
    (event,) = decision.events
    assert (event.type, event.data["handed_as"], event.to) == ("DocumentHandedOver", "original", (CENTRE,))
    assert [each.rule for each in decision.advice] == ["T-31"]
    at.given(made(event.type, OFFICE, at.today, event.data))
    with pytest.raises(Refused) as refused:
        at.when("ReturnOriginals", **DOCUMENTS)
    assert refused.value.code == "document_missing"


def test_where_nothing_was_entrusted_there_is_nothing_to_return() -> None:
    with pytest.raises(Refused) as refused:
        office().when("ReturnOriginals", **DOCUMENTS)
    assert refused.value.rule == "T-31"


def test_at_the_end_the_originals_go_back_to_the_centre() -> None:
    ended = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
    event, listed = (
        office(SWITCHED, STARTED, RETURNED_TO_OFFICE, ended).when("ReturnOriginals", **DOCUMENTS).events
    )
    assert listed.type == "OriginalsListed"
    assert event.to == (CENTRE,)
    assert event.data["entrustment_ended_on"] == date(2025, 2, 28)


def test_the_switch_alone_ends_it_before_the_centre_s_word_arrives() -> None:
    event, _ = office(SWITCHED, STARTED, RETURNED_TO_OFFICE).when("ReturnOriginals", **DOCUMENTS).events
    assert event.data["entrustment_ended_on"] == date(2025, 2, 28)


# --- a switch that never took effect (T-61) ---

FEBRUARY = {"effective_from": "2025-02-01", "reported_on": "2025-01-06"}
REPORTED = made("ModeSwitched", OFFICE, date(2025, 1, 6), **FEBRUARY)
TO_BEGIN = made("EntrustmentStarted", CENTRE, date(2025, 1, 8), starts_on="2025-02-01")
UNDONE = made(
    "ModeSwitched",
    OFFICE,
    date(2025, 1, 27),
    **{**BACK, "effective_from": "2025-02-01", "reported_on": "2025-01-27", "never_began": "2025-02-01"},
)
NEVER = {"ended_on": "2025-01-31", "reason_code": "returned_to_designated", "never_began": True}
ENDED_BEFORE = made("EntrustmentEnded", CENTRE, date(2025, 1, 27), **NEVER)


def test_an_entrustment_that_was_to_begin_with_the_undone_month_ends_before_its_first_day() -> None:
    at = centre(REPORTED, TO_BEGIN, UNDONE, on=date(2025, 1, 27))
    (event,) = at.service.reactions["ModeSwitched"].react(at.situation(CASE), UNDONE)
    assert (event.data["ended_on"], event.data["never_began"]) == (date(2025, 1, 31), True)
    assert event.to == (OFFICE, BILLING)


def test_one_that_never_began_leaves_nothing_to_entrust_to_claim_or_to_return() -> None:
    known = (REPORTED, TO_BEGIN, UNDONE, ENDED_BEFORE)
    for at in (
        centre(*known),
        office(*known),
        desk(BILLING, opened(), signed_by_both()[2], TO_BEGIN, ENDED_BEFORE),
    ):
        case = at.situation(CASE).case
        assert [each.track for each in case.modes] in (["designated"], ["designated", "designated"])
        assert case.entrustment(date(2025, 2, 1), date(2025, 2, 28)) is None
    told = made("EntrustmentEnded", CENTRE, date(2025, 1, 27), **NEVER)._replace(received=True)
    at = office(*known)
    assert list(at.service.reactions["EntrustmentEnded"].react(at.situation(CASE), told)) == []


def test_the_same_days_can_be_entrusted_after_all() -> None:
    at = centre(REPORTED, TO_BEGIN, UNDONE, ENDED_BEFORE, REPORTED, on=date(2025, 1, 31))
    again = at.when("StartEntrustment", starts_on="2025-02-01", type="care_management_a")
    at.given(made("EntrustmentStarted", CENTRE, date(2025, 1, 31), again.events[0].data))
    assert at.situation(CASE).case.modes[-1].track == "entrusted"
    billing = desk(BILLING, opened(), signed_by_both()[2], TO_BEGIN, ENDED_BEFORE, at.events[-1])
    assert billing.situation(CASE).case.modes[-1].track == "entrusted"
