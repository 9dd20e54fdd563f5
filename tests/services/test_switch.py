"""Switching between 介護予防支援 and ケアマネジメントA (T-15, T-60, T-61, T-66 to T-68, decision 24)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.policy.obligations import Obligation
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import internal
from tests.care.test_usage import BOTH, DAY_CARE, EQUIPMENT, PLANNED, ended, started

RETURNED = date(2024, 12, 27)
TO_A: dict[str, Any] = {
    "to_type": "care_management_a",
    "reason_code": "benefit_ended",
    "reason": "福祉用具を返却した",
    "progress_record": "12月27日 返却",
}
BACK: dict[str, Any] = {
    "to_type": "preventive_support",
    "reason_code": "benefit_started",
    "reason": "福祉用具を再開した",
}


def office(*events: Event, on: date = RETURNED, simultaneous: bool = True) -> Desk:
    signed = signed_by_both(simultaneous=simultaneous)
    return desk(OFFICE, *model(), opened(), *signed, *PLANNED, *BOTH, *events, today=on)


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


def switched(**changes: Any) -> Event:
    return made("ModeSwitched", OFFICE, RETURNED, **changes)


# --- to care management A ---


def test_the_switch_counts_from_the_first_month_without_a_preventive_benefit() -> None:
    decision = office(ended(EQUIPMENT, RETURNED)).when("SwitchMode", **TO_A)
    (event,) = decision.events
    assert event.to == (CENTRE,)
    assert event.data["effective_from"] == date(2025, 1, 1)
    assert (event.data["from_track"], event.data["to_track"]) == ("designated", "entrusted")
    assert event.data["simultaneous_contract"] is True
    assert event.data["first"] is True
    assert rules(decision) == []


@pytest.mark.parametrize(("kept", "warned"), [(True, False), (None, False), (False, True)])
def test_another_care_manager_after_the_switch_only_warns(kept: bool | None, warned: bool) -> None:
    """T-60: 「担当の継続をお願いします」."""
    decision = office(ended(EQUIPMENT, RETURNED)).when("SwitchMode", **TO_A, same_care_manager=kept)
    assert decision.events[0].data["same_care_manager"] is kept
    assert any("担当が変わります" in each.message for each in decision.advice) is warned


@pytest.mark.parametrize(
    ("last_used", "effective_from"),
    [
        (date(2024, 12, 1), date(2025, 1, 1)),
        (date(2024, 12, 31), date(2025, 1, 1)),
        (date(2025, 1, 6), date(2025, 2, 1)),
        (date(2025, 2, 28), date(2025, 3, 1)),
    ],
)
def test_one_day_of_use_makes_the_whole_month_preventive_support(
    last_used: date, effective_from: date
) -> None:
    decision = office(ended(EQUIPMENT, last_used), on=last_used).when("SwitchMode", **TO_A)
    assert decision.events[0].data["effective_from"] == effective_from


def owed_record(at: Desk, on: date = RETURNED) -> Obligation:
    (found,) = [each for each in at.obligations(today=on) if each.row == "T-15"]
    return found


@pytest.mark.parametrize("record", [None, ""])
def test_without_a_progress_record_the_report_goes_the_same_day_and_the_record_stays_owed(
    record: str | None,
) -> None:
    """T-15D, T-60, decision 28."""
    at = office(ended(EQUIPMENT, RETURNED))
    decision = at.when("SwitchMode", **{**TO_A, "progress_record": record})
    assert rules(decision) == ["T-15"]
    data = decision.events[0].data
    assert (data["progress_record_enclosed"], data["progress_record"]) == (False, None)
    at.given(made("ModeSwitched", OFFICE, RETURNED, data))
    assert [each.state for each in at.obligations() if each.row == "T-60"] == ["done"]
    assert (owed_record(at).open, owed_record(at).debtor, owed_record(at).creditor) == (True, OFFICE, CENTRE)

    later = date(2025, 1, 6)
    (sent,) = at.when("SubmitProgressRecord", later, progress_record="12月27日 返却").events
    assert (sent.to, sent.data["effective_from"]) == ((CENTRE,), date(2025, 1, 1))
    at.given(made("ProgressRecordSubmitted", OFFICE, later, sent.data))
    assert (owed_record(at, later).state, owed_record(at, later).done_on) == ("done", later)


def test_the_centre_too_sees_that_the_record_is_still_owed() -> None:
    at = desk(CENTRE, opened(), *signed_by_both(), switched(progress_record_enclosed=False), today=RETURNED)
    assert owed_record(at).open
    at.given(made("ProgressRecordSubmitted", OFFICE, RETURNED))
    assert not owed_record(at).open


def test_an_enclosed_record_is_not_owed_again() -> None:
    at = office(ended(EQUIPMENT, RETURNED))
    at.given(made("ModeSwitched", OFFICE, RETURNED, at.when("SwitchMode", **TO_A).events[0].data))
    assert owed_record(at).state == "done"


def test_there_is_no_record_of_a_switch_that_was_not_reported() -> None:
    with pytest.raises(Refused) as refused:
        office().when("SubmitProgressRecord", progress_record="12月27日 返却")
    assert (refused.value.code, refused.value.rule) == ("no_switch", "T-15")


def test_a_switch_to_a_where_no_service_is_left_says_so() -> None:
    """T-61: a month without services is of neither type."""
    nothing = office(ended(DAY_CARE, date(2024, 12, 20)), ended(EQUIPMENT, RETURNED))
    decision = nothing.when("SwitchMode", **TO_A)
    assert rules(decision) == ["T-61"]
    assert "令和7年1月に使う総合事業のサービスがありません" in decision.advice[0].message


def test_while_a_preventive_benefit_is_used_there_is_no_switch() -> None:
    with pytest.raises(Refused) as refused:
        office().when("SwitchMode", **TO_A)
    assert (refused.value.code, refused.value.rule) == ("benefit_in_use", "T-61")
    assert "福祉用具貸与" in refused.value.message


def test_without_any_benefit_used_the_day_of_the_switch_is_not_guessed() -> None:
    at = desk(OFFICE, *model(), opened(), *signed_by_both(), *PLANNED, BOTH[1], today=RETURNED)
    with pytest.raises(Refused) as refused:
        at.when("SwitchMode", **TO_A)
    assert refused.value.code == "benefit_never_used"


@pytest.mark.parametrize(("on", "advice"), [(RETURNED, []), (date(2024, 12, 28), ["T-60"])])
def test_the_centre_is_told_on_the_very_day(on: date, advice: list[str]) -> None:
    assert rules(office(ended(EQUIPMENT, RETURNED), on=on).when("SwitchMode", **TO_A)) == advice


def test_without_a_simultaneous_contract_a_new_contract_and_a_new_notification_are_due() -> None:
    at = office(ended(EQUIPMENT, RETURNED), simultaneous=False)
    decision = at.when("SwitchMode", **TO_A)
    assert decision.events[0].data["simultaneous_contract"] is False
    assert rules(decision) == ["T-66", "T-67"]
    at.given(made("ModeSwitched", OFFICE, RETURNED, decision.events[0].data))
    owed = {each.row for each in at.obligations() if each.open}
    assert {"T-66-contract-centre", "T-66-notification-centre"} <= owed
    assert "T-16" not in owed


def test_with_a_simultaneous_contract_none_is() -> None:
    at = office(ended(EQUIPMENT, RETURNED))
    at.given(made("ModeSwitched", OFFICE, RETURNED, at.when("SwitchMode", **TO_A).events[0].data))
    owed = {each.row for each in at.obligations() if each.open}
    assert not {each for each in owed if each.startswith("T-66")}


def test_a_case_is_not_switched_to_what_it_is() -> None:
    with pytest.raises(Refused) as refused:
        office().when("SwitchMode", **{**BACK})
    assert refused.value.code == "type_unchanged"


def test_before_any_contract_there_is_nothing_to_switch_from() -> None:
    with pytest.raises(Refused) as refused:
        desk(OFFICE, *model(), opened()).when("SwitchMode", **TO_A)
    assert refused.value.code == "mode_unknown"


def test_the_centre_is_responsible_from_the_day_of_the_switch() -> None:
    case = desk(CENTRE, opened(), *signed_by_both(), switched()).situation(CASE).case
    before, after = case.mode(date(2024, 12, 31)), case.mode(date(2025, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.provider, before.track) == (OFFICE, "designated")
    assert (after.provider, after.track, after.office) == (CENTRE, "entrusted", OFFICE)


# --- and back ---

REVISED = {"plan_version": 2, "occasion": "revision"}
AGAIN = (
    ended(EQUIPMENT, RETURNED),
    switched(),
    internal("PlanDrafted", date(2025, 2, 26), **REVISED, period_from="2025-03-03"),
    internal("MeetingHeld", date(2025, 3, 3), **REVISED, held_on="2025-03-03"),
    internal("PlanDelivered", date(2025, 3, 3), **REVISED, delivered_on="2025-03-03"),
)


def test_a_switch_back_counts_for_the_whole_month_in_which_a_benefit_starts() -> None:
    at = office(*AGAIN, started(EQUIPMENT, date(2025, 3, 3)), on=date(2025, 3, 3))
    decision = at.when("SwitchMode", **BACK)
    data = decision.events[0].data
    assert data["effective_from"] == date(2025, 3, 1)
    assert (data["to_track"], data["to_type"]) == ("designated", "preventive_support")
    assert data["progress_record"] is None
    assert rules(decision) == []


def test_a_benefit_that_starts_again_before_a_begins_leads_back_from_the_first_day_of_a() -> None:
    """T-61: returned and rented again in January; without a report February would be counted as A."""
    returned, again = date(2025, 1, 6), date(2025, 1, 20)
    revised = [
        internal("PlanDrafted", date(2025, 1, 16), plan_version=2, occasion="revision"),
        internal(
            "PlanDelivered", date(2025, 1, 17), plan_version=2, occasion="revision", delivered_on="2025-01-17"
        ),
    ]
    reported = switched(effective_from="2025-02-01", reported_on=returned)
    at = office(ended(EQUIPMENT, returned), reported, *revised, on=again)
    decision = at.when("StartService", **EQUIPMENT, started_on=again)
    assert decision.events[0].data["leads_to"] == "preventive_support"
    assert rules(decision) == ["T-61"]
    assert "令和7年2月1日から介護予防支援" in decision.advice[0].message
    at.given(started(EQUIPMENT, again))
    data = at.when("SwitchMode", **BACK).events[0].data
    assert (data["effective_from"], data["benefit_started_on"]) == (date(2025, 2, 1), date(2025, 2, 1))
    assert (data["never_began"], data["notification_needed"]) == (date(2025, 2, 1), False)
    at.given(made("NotificationFiled", CENTRE, date(2025, 1, 22), start_date="2025-02-01"))
    assert at.when("SwitchMode", **BACK).events[0].data["notification_needed"] is True
    other = office(
        ended(EQUIPMENT, returned), reported, *revised, ended(DAY_CARE, date(2025, 1, 8)), on=again
    )
    start = other.when("StartService", **DAY_CARE, started_on=again)
    assert start.events[0].data["leads_to"] is None  # a project service leaves February as reported


@pytest.mark.parametrize(
    ("again", "undone"),
    [
        (date(2025, 1, 31), date(2025, 2, 1)),
        (date(2025, 2, 1), date(2025, 2, 1)),
        (date(2025, 2, 28), date(2025, 2, 1)),
        (date(2025, 3, 1), None),
    ],
)
def test_a_benefit_in_what_was_to_be_the_first_month_of_a_undoes_the_switch(
    again: date, undone: date | None
) -> None:
    """T-61: February without a whole month of A was never A; from March on it was."""
    reported = switched(effective_from="2025-02-01", reported_on="2025-01-06")
    at = office(ended(EQUIPMENT, date(2025, 1, 6)), reported, started(EQUIPMENT, again), on=again)
    data = at.when("SwitchMode", **BACK).events[0].data
    assert data["never_began"] == undone
    assert data["contract_stays"] is (True if undone else None)
    assert data["notification_needed"] is (False if undone else None)


def test_there_is_no_switch_back_before_a_benefit_starts() -> None:
    with pytest.raises(Refused) as refused:
        office(*AGAIN, on=date(2025, 3, 3)).when("SwitchMode", **BACK)
    assert (refused.value.code, refused.value.rule) == ("benefit_not_started", "T-61")


def test_a_benefit_added_without_a_meeting_warns() -> None:
    without = [each for each in AGAIN if each.type != "MeetingHeld"]
    decision = office(*without, started(EQUIPMENT, date(2025, 3, 3)), on=date(2025, 3, 3)).when(
        "SwitchMode", **BACK
    )
    assert rules(decision) == ["decision 24"]


def test_the_second_switch_to_a_is_not_the_first() -> None:
    back = switched(
        from_type="care_management_a",
        to_type="preventive_support",
        from_track="entrusted",
        to_track="designated",
        effective_from="2025-03-01",
        reported_on="2025-03-03",
    )
    at = office(
        *AGAIN,
        started(EQUIPMENT, date(2025, 3, 3)),
        back,
        ended(EQUIPMENT, date(2025, 5, 30)),
        on=date(2025, 5, 30),
    )
    data = at.when("SwitchMode", **TO_A).events[0].data
    assert (data["first"], data["effective_from"]) == (False, date(2025, 6, 1))


def test_the_services_used_are_what_the_type_follows() -> None:
    at = office(ended(DAY_CARE, RETURNED))
    with pytest.raises(Refused) as refused:
        at.when("SwitchMode", **TO_A)
    assert refused.value.code == "benefit_in_use"


# --- within an entrustment, and without a simultaneous contract ---

ENTRUSTED = made(
    "EntrustmentStarted", CENTRE, date(2024, 10, 10), starts_on="2024-10-10", type="preventive_support"
)


def entrusted_office(*events: Event, on: date = RETURNED) -> Desk:
    """The centre has the contract, the office none: entrusted from the start."""
    by_centre = signed_by_both(simultaneous=False)[1]
    opening = made("CaseOpened", CENTRE, date(2024, 10, 7), procedure="principle")
    return desk(OFFICE, *model(), opening, by_centre, ENTRUSTED, *PLANNED, *BOTH, *events, today=on)


def test_an_entrusted_case_changes_its_type_and_stays_entrusted() -> None:
    """T-04, T-61: care management A and 介護予防支援 are both the centre's."""
    at = entrusted_office(ended(EQUIPMENT, RETURNED))
    decision = at.when("SwitchMode", **TO_A)
    data = decision.events[0].data
    assert (data["from_track"], data["to_track"], data["effective_from"]) == (
        "entrusted",
        "entrusted",
        date(2025, 1, 1),
    )
    assert rules(decision) == []
    case = at.given(made("ModeSwitched", OFFICE, RETURNED, data)).situation(CASE).case
    assert [(each.type, each.track, each.provider) for each in case.modes] == [
        ("preventive_support", "entrusted", CENTRE),
        ("care_management_a", "entrusted", CENTRE),
    ]


def test_the_end_of_a_benefit_says_what_the_next_month_becomes_and_why() -> None:
    """T-61."""
    decision = entrusted_office().when("EndService", **EQUIPMENT, last_used_on=RETURNED)
    assert decision.events[0].data["track"] == "entrusted"
    (told,) = decision.advice
    assert told.rule == "T-61"
    assert "令和7年1月1日から介護予防ケアマネジメントAになります" in told.message
    assert "通所型サービス（独自）" in told.message


def test_with_a_contract_of_its_own_an_entrusted_office_goes_over_to_the_designated_track() -> None:
    own = signed_by_both(simultaneous=False)[0]
    again = [each for each in AGAIN if each.type not in ("ServiceEnded", "ModeSwitched")]
    within = switched(from_track="entrusted", simultaneous_contract=False)
    events = (ended(EQUIPMENT, RETURNED), within, *again, started(EQUIPMENT, date(2025, 3, 3)))
    stays = entrusted_office(*events, on=date(2025, 3, 3)).when("SwitchMode", **BACK).events[0].data
    assert (stays["to_track"], stays["benefit_started_on"]) == ("entrusted", date(2025, 3, 3))
    leaves = entrusted_office(own, *events, on=date(2025, 3, 3)).when("SwitchMode", **BACK).events[0].data
    assert leaves["to_track"] == "designated"


CONTRACT: dict[str, Any] = {
    "contract": "preventive_support",
    "explained_on": "2025-03-03",
    "consented_on": "2025-03-03",
    "signed_by": "person",
}


def test_a_contract_after_a_reported_switch_is_the_one_that_the_switch_asked_for() -> None:
    """T-66."""
    back = switched(
        **{"from_type": "care_management_a", "to_type": "preventive_support", "from_track": "entrusted"},
        to_track="designated",
        effective_from="2025-03-01",
        simultaneous_contract=False,
    )
    on = date(2025, 3, 3)
    at = office(*AGAIN, started(EQUIPMENT, on), back, on=on, simultaneous=False)
    (signed,) = at.when("SignContract", **CONTRACT).events
    assert (signed.data["switch_from"], signed.data["role"]) == (date(2025, 3, 1), "kyotaku")
    at.given(made("ContractSigned", OFFICE, on, signed.data))
    (again,) = at.when("SignContract", **CONTRACT).events
    assert again.data["switch_from"] is None


def test_before_the_report_the_day_of_the_switch_is_entered_with_the_contract() -> None:
    """T-66."""
    at = office(*AGAIN, on=date(2025, 2, 28), simultaneous=False)
    fields = {**CONTRACT, "explained_on": "2025-02-28", "consented_on": "2025-02-28"}
    assert at.when("SignContract", **fields, switch_from="2025-03-01").events[0].data["switch_from"] == date(
        2025, 3, 1
    )


# --- telling the centre of the person ---


@pytest.mark.parametrize(
    ("on", "advice"), [(date(2025, 6, 10), []), (date(2025, 6, 13), []), (date(2025, 6, 16), ["T-35"])]
)
def test_a_change_in_circumstances_is_told_promptly(on: date, advice: list[str]) -> None:
    """T-35D."""
    decision = office(on=on).when("ReportCircumstance", change="died", changed_on="2025-06-10")
    assert decision.events[0].to == (CENTRE,)
    assert [rule for rule in rules(decision) if rule != "T-33"] == advice  # T-33: services that still run


@pytest.mark.parametrize(("changed_on", "refused"), [("2024-12-27", False), ("2024-12-28", True)])
def test_a_death_is_recorded_when_it_has_happened(changed_on: str, refused: bool) -> None:
    """T-35D: a date in the future would end the support of a living person; a move may be known before."""
    if refused:
        with pytest.raises(Refused) as problem:
            office().when("ReportCircumstance", change="died", changed_on=changed_on)
        assert (problem.value.code, problem.value.field) == ("death_to_come", "changed_on")
    else:
        assert office().when("ReportCircumstance", change="died", changed_on=changed_on).events
    assert office().when("ReportCircumstance", change="moved_out", changed_on=changed_on).events
