"""The care process: assessment, draft, meeting, consent, delivery, minor change, evaluation (T-19 to T-30, T-68)."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.care.events import CARE_EVENTS
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both

DRAFT: dict[str, Any] = {
    "occasion": "first",
    "sheets": ["A", "B", "C", "D"],
    "period_from": "2024-10-21",
    "period_to": "2025-03-31",
    "services": [
        {"service": "67", "provider": RENTAL, "starts_on": "2024-10-21", "ends_on": None},
        {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2024-10-22", "ends_on": None},
    ],
    "goals": "公園まで歩く",
}
EVERY_DOCUMENT = ["basic_information", "basic_checklist", "assessment", "interest_checklist"]


def internal(name: str, on: date, **changes: Any) -> Event:
    return made(name, OFFICE, on, kinds=CARE_EVENTS, **changes)


ASSESSED = internal("AssessmentRecorded", date(2024, 10, 15))
DRAFTED = internal("PlanDrafted", date(2024, 10, 16))
MET = internal("MeetingHeld", date(2024, 10, 17))
CONSENTED = internal("PlanConsented", date(2024, 10, 18))
DELIVERED = internal("PlanDelivered", date(2024, 10, 18))


def office(*events: Event, on: date = date(2024, 10, 18)) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


# --- assessment and draft ---


def test_an_assessment_says_which_documents_it_made() -> None:
    whole = office().when(
        "RecordAssessment", occasion="first", documents=EVERY_DOCUMENT, findings="歩行に不安"
    )
    assert rules(whole) == []
    part = office().when(
        "RecordAssessment", occasion="first", documents=["assessment"], findings="歩行に不安"
    )
    assert rules(part) == ["T-19"]
    assert "基本チェックリスト" in part.advice[0].message


def test_a_plan_without_an_assessment_warns() -> None:
    assert rules(office().when("DraftPlan", **DRAFT)) == ["T-19"]
    assert rules(office(ASSESSED).when("DraftPlan", **DRAFT)) == []


def test_the_next_plan_wants_an_assessment_newer_than_the_present_plan() -> None:
    """T-19N."""
    before = (ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED)
    renewal = {**DRAFT, "occasion": "renewal", "period_from": "2025-04-01", "period_to": "2026-03-31"}
    on = date(2025, 3, 24)
    result = made("CertificationResult", WARD, date(2025, 3, 21))
    assert rules(office(*before, result, on=on).when("DraftPlan", **renewal)) == ["T-19"]
    again = internal("AssessmentRecorded", on, assessed_on="2025-03-24")
    assert rules(office(*before, result, again, on=on).when("DraftPlan", **renewal)) == []


@pytest.mark.parametrize(
    ("left_out", "rule"),
    [
        ("basic_information", "T-19"),
        ("basic_checklist", "T-20"),
        ("assessment", "T-21"),
        ("interest_checklist", "T-22"),
    ],
)
def test_each_document_of_the_assessment_is_made_anew_for_the_next_plan(left_out: str, rule: str) -> None:
    """T-19, T-20, T-21, T-22: that of the plan before does not do."""
    on = date(2025, 3, 24)
    part = [each for each in EVERY_DOCUMENT if each != left_out]
    again = internal("AssessmentRecorded", on, assessed_on="2025-03-24", documents=part)
    result = made("CertificationResult", WARD, date(2025, 3, 21))
    at = office(ASSESSED, DRAFTED, MET, CONSENTED, DELIVERED, result, again, on=on)
    renewal = {**DRAFT, "occasion": "renewal", "period_from": "2025-04-01", "period_to": "2026-03-31"}
    assert rules(at.when("DraftPlan", **renewal)) == [rule]


def test_after_a_transfer_the_office_assesses_and_submits_as_for_any_plan_of_its_own() -> None:
    """T-19M, T-23M: the centre's assessment and plan were the centre's."""
    opening = made("CaseOpened", CENTRE, date(2024, 9, 24), procedure="principle")
    joined = made("OfficeAssigned", CENTRE, date(2024, 10, 7), taken_over_on="2024-10-15")
    at = desk(OFFICE, *model(), opening, joined, signed_by_both()[2], today=date(2024, 10, 16))
    assert rules(at.when("DraftPlan", **DRAFT)) == ["T-19"]
    at.given(ASSESSED, DRAFTED, MET, CONSENTED)
    delivered = at.when("DeliverPlan", date(2024, 10, 18), sheets=["A", "B", "C", "D"]).events[0]
    assert delivered.data["track"] == "designated"
    at.given(internal("PlanDelivered", date(2024, 10, 18), track="designated"))
    (copy,) = [each for each in at.obligations(today=date(2024, 10, 18)) if each.row == "T-23"]
    assert (copy.debtor, copy.creditor, copy.due) == (OFFICE, CENTRE, date(2024, 10, 23))


def test_a_period_beyond_the_certification_warns() -> None:
    decision = office(ASSESSED).when("DraftPlan", **{**DRAFT, "period_to": "2025-04-30"})
    assert rules(decision) == ["T-23"]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        office(ASSESSED).when("DraftPlan", **{**DRAFT, "period_to": "2024-10-20"})
    assert refused.value.code == "period_reversed"


def test_a_new_plan_has_its_own_number_and_a_revision_is_the_next_version_of_the_same() -> None:
    fresh = office(ASSESSED).when("DraftPlan", **DRAFT).events[0].data
    assert fresh["plan_version"] == 1
    revised = office(ASSESSED, DRAFTED, CONSENTED, DELIVERED).when(
        "DraftPlan", **{**DRAFT, "occasion": "revision"}
    )
    assert revised.events[0].data["plan_id"] == DRAFTED.data["plan_id"]
    assert revised.events[0].data["plan_version"] == 2


def test_there_is_nothing_to_revise_before_a_plan_is_delivered() -> None:
    with pytest.raises(Refused) as refused:
        office(ASSESSED).when("DraftPlan", **{**DRAFT, "occasion": "revision"})
    assert refused.value.code == "plan_missing"


def test_a_new_draft_replaces_one_that_was_never_delivered() -> None:
    again = internal("PlanDrafted", date(2024, 10, 17), plan_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1c01")
    case = office(DRAFTED, again).situation(CASE).case
    assert [each.id for each in case.plans] == ["7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1c01"]


# --- meeting, consent, delivery ---


def test_a_meeting_is_about_a_draft() -> None:
    fields = {"attendees": ["person"], "summary": "合意"}
    with pytest.raises(Refused) as refused:
        office().when("RecordMeeting", **fields)
    assert refused.value.code == "draft_missing"
    assert (
        office(DRAFTED).when("RecordMeeting", **fields).events[0].data["plan_id"] == DRAFTED.data["plan_id"]
    )


def test_consent_without_a_meeting_warns() -> None:
    """T-27N."""
    assert rules(office(DRAFTED).when("RecordPlanConsent", signed_by="person")) == ["T-27"]
    assert rules(office(DRAFTED, MET).when("RecordPlanConsent", signed_by="person")) == []


def test_a_plan_is_not_delivered_without_the_person_s_consent() -> None:
    with pytest.raises(Refused) as refused:
        office(DRAFTED, MET).when("DeliverPlan", sheets=["A", "B", "C", "D"])
    assert (refused.value.code, refused.value.rule) == ("plan_not_consented", "T-23")


def test_a_plan_without_sheet_d_is_incomplete() -> None:
    at = office(DRAFTED, MET, CONSENTED)
    assert rules(at.when("DeliverPlan", sheets=["A", "B", "C", "D"])) == []
    decision = at.when("DeliverPlan", sheets=["A", "B", "C"])
    assert rules(decision) == ["T-24"]
    assert "D表" in decision.advice[0].message


def test_what_is_delivered_is_no_longer_in_preparation() -> None:
    case = office(DRAFTED, MET, CONSENTED, DELIVERED).situation(CASE).case
    assert case.plan_in_preparation is None
    plan = case.plan_in_force(date(2024, 10, 21))
    assert plan is not None
    assert case.plan_in_force(date(2024, 10, 17)) is None
    assert case.plan_in_force(date(2025, 4, 1)) is None


# --- the copy for the centre ---


def test_the_copy_of_a_delivered_plan_goes_to_the_centre() -> None:
    decision = office(DRAFTED, MET, CONSENTED, DELIVERED).when("SubmitPlan", goals="公園まで歩く")
    (event,) = decision.events
    assert (event.type, event.to) == ("PlanSubmitted", (CENTRE,))
    assert event.data["services"][0]["service"] == "67"
    assert rules(decision) == []


def test_without_a_delivered_plan_there_is_nothing_to_submit() -> None:
    with pytest.raises(Refused) as refused:
        office(DRAFTED, MET, CONSENTED).when("SubmitPlan")
    assert (refused.value.code, refused.value.rule) == ("plan_missing", "T-23")


def test_without_consent_to_share_no_plan_leaves_the_office() -> None:
    signed = [
        each
        if each.sender != OFFICE or each.type != "ContractSigned"
        else made("ContractSigned", OFFICE, date(2024, 10, 10), consented_on=None)
        for each in signed_by_both()
    ]
    at = desk(OFFICE, *model(), opened(), *signed, DRAFTED, MET, CONSENTED, DELIVERED)
    with pytest.raises(Refused) as refused:
        at.when("SubmitPlan")
    assert (refused.value.code, refused.value.rule, refused.value.field) == (
        "consent_missing",
        "T-11",
        "consented_on",
    )


def test_without_a_recorded_meeting_the_copy_goes_with_a_warning_and_is_owed_again() -> None:
    """T-27N, decision 28."""
    at = office(DRAFTED, CONSENTED, DELIVERED)
    early = at.when("SubmitPlan", goals="公園まで歩く", notes="外出を増やす")
    assert rules(early) == ["T-27"]
    assert early.events[0].data["meeting_on"] is None
    at.given(made("PlanSubmitted", OFFICE, date(2024, 10, 18), early.events[0].data))
    (owed,) = [each for each in at.obligations() if each.row == "T-27-copy"]
    assert (owed.debtor, owed.creditor, owed.open) == (OFFICE, CENTRE, True)

    met = at.when("RecordMeeting", date(2024, 10, 21), attendees=["person"], summary="合意")
    at.given(made("MeetingHeld", OFFICE, date(2024, 10, 21), met.events[0].data, kinds=CARE_EVENTS))
    again = at.when("SubmitPlan", date(2024, 10, 21), goals="公園まで歩く", notes="外出を増やす")
    assert rules(again) == []
    at.given(made("PlanSubmitted", OFFICE, date(2024, 10, 21), again.events[0].data))
    (owed,) = [each for each in at.obligations(today=date(2024, 10, 21)) if each.row == "T-27-copy"]
    assert owed.state == "done"


def test_the_centre_learns_of_a_later_meeting_from_the_later_copy() -> None:
    early = made("PlanSubmitted", OFFICE, date(2024, 10, 18), meeting_on=None)
    later = made("PlanSubmitted", OFFICE, date(2024, 10, 21), meeting_on="2024-10-21")
    case = desk(CENTRE, opened(), early, later).situation(CASE).case
    (plan,) = case.plans
    assert plan.meeting_on == date(2024, 10, 21)


def test_a_plan_with_its_meeting_is_not_met_about_again_after_delivery() -> None:
    with pytest.raises(Refused) as refused:
        office(DRAFTED, MET, CONSENTED, DELIVERED).when("RecordMeeting", attendees=["person"], summary="合意")
    assert refused.value.code == "draft_missing"


def test_an_incomplete_set_warns_again_when_it_is_submitted() -> None:
    short = internal("PlanDelivered", date(2024, 10, 18), sheets=["A", "B", "C"])
    assert rules(office(DRAFTED, MET, CONSENTED, short).when("SubmitPlan")) == ["T-24"]


def test_the_centre_knows_the_plan_from_its_copy() -> None:
    case = desk(CENTRE, opened(), made("PlanSubmitted", OFFICE, date(2024, 10, 18))).situation(CASE).case
    plan = case.delivered_plan
    assert plan is not None
    assert (plan.submitted_on, len(plan.services)) == (date(2024, 10, 18), 2)


# --- minor change and evaluation ---


def test_a_minor_change_keeps_number_and_version_and_needs_no_meeting() -> None:
    at = office(DRAFTED, MET, CONSENTED, DELIVERED, on=date(2025, 1, 6))
    (event,) = at.when("ContinuePlan", change="mode", changed_on="2025-01-01", note="再委託に変更").events
    assert (event.data["plan_id"], event.data["plan_version"]) == (DRAFTED.data["plan_id"], 1)
    at.given(internal("PlanContinued", date(2025, 1, 6)))
    plan = at.situation(CASE).case.delivered_plan
    assert plan is not None
    assert plan.continued_on == (date(2025, 1, 1),)


def test_only_a_delivered_plan_can_be_continued_or_evaluated() -> None:
    for command, fields in (
        ("ContinuePlan", {"change": "schedule", "changed_on": "2025-01-01", "note": "曜日の変更"}),
        ("EvaluatePlan", {"outcome": "continue", "comment": "達成"}),
    ):
        with pytest.raises(Refused) as refused:
            office(DRAFTED).when(command, **fields)
        assert refused.value.code == "plan_missing"


def test_an_evaluation_is_kept_with_its_plan() -> None:
    """T-30N."""
    at = office(DRAFTED, MET, CONSENTED, DELIVERED, on=date(2025, 3, 24))
    at.given(
        made(
            "EvaluationRecorded",
            OFFICE,
            date(2025, 3, 24),
            at.when("EvaluatePlan", outcome="continue", comment="達成").events[0].data,
            kinds=CARE_EVENTS,
        )
    )
    plan = at.situation(CASE).case.delivered_plan
    assert plan is not None
    assert plan.evaluated_on == date(2025, 3, 24)


def following(period_from: str) -> list[Event]:
    other = {"plan_id": str(uuid4()), "plan_version": 1, "occasion": "renewal"}
    period = {"period_from": period_from, "period_to": "2025-09-30"}
    on = date(2025, 3, 24)
    return [
        internal("PlanDrafted", on, **other, **period, drafted_on=on),
        internal("PlanDelivered", on, **other, **period, delivered_on=on),
    ]


EVALUATED_WHICH = {
    # how the plan that ends on 2025-03-31 stands, the day → whether its evaluation or that of the next one is made
    "the next one delivered and not begun": ((), date(2025, 3, 31), True),
    "the next one begun": ((), date(2025, 4, 1), True),
    "evaluated already": ((internal("EvaluationRecorded", date(2025, 3, 24)),), date(2025, 4, 1), False),
}


@pytest.mark.parametrize(("more", "on", "the_old"), EVALUATED_WHICH.values(), ids=EVALUATED_WHICH)
def test_the_plan_that_ends_is_evaluated_before_the_next(
    more: tuple[Event, ...], on: date, the_old: bool
) -> None:
    """T-30N."""
    at = office(DRAFTED, MET, CONSENTED, DELIVERED, *more, *following("2025-04-01"), on=on)
    (event,) = at.when("EvaluatePlan", outcome="continue", comment="達成").events
    assert (event.data["plan_id"] == DRAFTED.data["plan_id"]) is the_old


def test_a_new_version_says_which_one_it_replaces() -> None:
    """T-30N: the version that it replaces owes no evaluation of its own."""
    first = office(DRAFTED, MET, CONSENTED).when("DeliverPlan", sheets=["A", "B", "C", "D"]).events[0]
    assert first.data["replaces_version"] is None
    version = {"plan_version": 2, "occasion": "revision"}
    revised = [internal(each, date(2024, 12, 2), **version) for each in ("PlanDrafted", "MeetingHeld")]
    consent = internal("PlanConsented", date(2024, 12, 2), plan_version=2)
    at = office(DRAFTED, MET, CONSENTED, DELIVERED, *revised, consent, on=date(2024, 12, 2))
    assert at.when("DeliverPlan", sheets=["A", "B", "C", "D"]).events[0].data["replaces_version"] == 1


@pytest.mark.parametrize(
    ("month", "ends"),
    [("2024-10", "2025-03-31"), ("2025-03", "2025-03-31"), ("2025-04", "2025-09-30"), ("2025-10", None)],
)
def test_a_month_s_monitoring_says_when_its_plan_ends(month: str, ends: str | None) -> None:
    """T-28R."""
    on = date(2025, 11, 4)
    at = office(DRAFTED, MET, CONSENTED, DELIVERED, *following("2025-04-01"), on=on)
    (event,) = at.when("RecordMonitoring", month=month, means="meet", findings="変わりない").events
    found = event.data["plan_to"]
    assert (found.isoformat() if found else None) == ends


# --- who does it ---


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("RecordAssessment", {"occasion": "first", "documents": EVERY_DOCUMENT, "findings": "x"}),
        ("DraftPlan", DRAFT),
        ("RecordMonitoring", {"month": "2024-10", "means": "visit", "findings": "x"}),
    ],
)
def test_a_centre_does_not_do_the_care_of_a_case_that_an_office_does(
    command: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        desk(CENTRE, *model(), opened()).when(command, **fields)
    assert refused.value.code == "not_carer"


def test_a_centre_does_the_care_of_its_own_cases() -> None:
    own = made("CaseOpened", CENTRE, date(2024, 10, 7), parties={CENTRE: "hokatsu", WARD: "ward"})
    decision = desk(CENTRE, *model(), own).when("DraftPlan", **DRAFT)
    assert decision.events[0].type == "PlanDrafted"
