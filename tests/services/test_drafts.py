"""An entrusted office shows its draft to the centre before the meeting (T-23R); what service offices hand in (T-29)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, PLAN, RENTAL
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.policy.obligations import due_text
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import DELIVERED, DRAFT, DRAFTED, MET, internal
from tests.care.test_usage import BOTH, PLANNED

ON = date(2024, 10, 17)
BY_CENTRE = signed_by_both(simultaneous=False)[1]
ENTRUSTED = made(
    "EntrustmentStarted", CENTRE, date(2024, 10, 8), starts_on="2024-10-08", type="preventive_support"
)
OPENED = made("CaseOpened", CENTRE, date(2024, 10, 7), procedure="principle")
MEETING: dict[str, Any] = {"attendees": ["person", "care_manager", "centre"], "summary": "週1回の通所を使う"}
SHOWN = made("DraftSubmitted", OFFICE, date(2024, 10, 16), submitted_on="2024-10-16")


def office(*events: Event, on: date = ON) -> Desk:
    return desk(OFFICE, *model(), OPENED, BY_CENTRE, ENTRUSTED, *events, today=on)


def designated(*events: Event, on: date = ON) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def centre(*events: Event, on: date = ON) -> Desk:
    return desk(CENTRE, *model(), OPENED, BY_CENTRE, ENTRUSTED, *events, today=on)


def checked(outcome: str, submission: int = 1, on: date = ON) -> Event:
    return made("DraftChecked", CENTRE, on, outcome=outcome, submission=submission, checked_on=on)


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


# --- the draft ---


def test_the_draft_goes_to_the_centre_on_the_consent_that_the_centre_s_contract_holds() -> None:
    """T-23R, T-11: the office has no contract with the person."""
    (event,) = office(DRAFTED).when("SubmitDraft", goals="公園まで歩く").events
    assert (event.to, event.data["submission"], event.data["corrects"]) == ((CENTRE,), 1, None)
    assert [each["service"] for each in event.data["services"]] == ["67", "A6"]


def test_without_a_draft_there_is_nothing_to_show() -> None:
    with pytest.raises(Refused) as refused:
        office().when("SubmitDraft")
    assert (refused.value.code, refused.value.rule) == ("draft_missing", "T-23")


def test_without_the_person_s_consent_no_draft_leaves_the_office() -> None:
    """T-11."""
    unconsented = made(
        "ContractSigned", CENTRE, date(2024, 10, 7), agency=CENTRE, consented_on=None, role="hokatsu"
    )
    at = desk(OFFICE, *model(), OPENED, unconsented, ENTRUSTED, DRAFTED, today=ON)
    with pytest.raises(Refused):
        at.when("SubmitDraft")


def test_in_the_designated_track_no_check_is_asked_for() -> None:
    """T-23N: 居宅管理."""
    assert rules(designated(DRAFTED).when("SubmitDraft")) == ["T-23"]
    assert rules(designated(DRAFTED).when("RecordMeeting", **MEETING)) == []


@pytest.mark.parametrize(
    ("events", "advice"),
    [
        ((), ["T-23"]),
        ((SHOWN,), ["T-23"]),
        ((SHOWN, checked("returned")), ["T-23"]),
        ((SHOWN, checked("confirmed")), []),
    ],
)
def test_a_meeting_before_the_centre_s_check_warns_and_is_recorded(
    events: tuple[Event, ...], advice: list[str]
) -> None:
    """T-23R, decision 28: the document recommends, so nothing is blocked."""
    decision = office(DRAFTED, *events).when("RecordMeeting", **MEETING)
    assert rules(decision) == advice
    assert [each.type for each in decision.events] == ["MeetingHeld"]


def test_the_centre_checks_the_draft_that_was_shown_last() -> None:
    """T-23R."""
    (event,) = centre(SHOWN).when("CheckDraft", outcome="returned", comment="目標を具体的に").events
    assert (event.to, event.data["plan_id"], event.data["submission"]) == ((OFFICE,), PLAN, 1)
    with pytest.raises(Refused) as refused:
        centre(SHOWN, checked("confirmed")).when("CheckDraft", outcome="confirmed")
    assert (refused.value.code, refused.value.rule) == ("draft_missing", "T-23")


def test_a_draft_that_was_returned_is_made_anew_under_the_same_number_and_shown_again() -> None:
    """T-23R."""
    at = office(DRAFTED, SHOWN, checked("returned"))
    again = at.when("DraftPlan", **DRAFT).events[0].data
    assert (again["plan_id"], again["plan_version"], again["track"]) == (PLAN, 1, "entrusted")
    (event,) = at.when("SubmitDraft").events
    assert (event.data["submission"], event.data["corrects"]) == (2, 1)


def rows(at: Desk, on: date = ON) -> dict[str, str]:
    return {each.row: each.state for each in at.obligations(CASE, on)}


def test_the_check_is_owed_before_the_meeting_and_answered_within_the_assumed_days() -> None:
    """T-23R."""
    drafted = internal("PlanDrafted", date(2024, 10, 16), track="entrusted")
    assert rows(office(drafted))["T-23R-show"] == "open"
    met = internal("MeetingHeld", ON, track="entrusted", held_on="2024-10-17")
    assert rows(office(drafted, met))["T-23R-show"] == "due"
    assert rows(office(drafted, met), date(2024, 10, 18))["T-23R-show"] == "overdue"
    assert rows(office(drafted, SHOWN, met), date(2024, 10, 18))["T-23R-show"] == "done"
    waiting = centre(SHOWN)
    for on, state in (
        (date(2024, 10, 18), "open"),
        (date(2024, 10, 21), "due"),
        (date(2024, 10, 22), "overdue"),
    ):
        assert rows(waiting, on)["T-23R-check"] == state
    assert rows(centre(SHOWN, checked("returned")))["T-23R-correct"] == "open"
    second = made("DraftSubmitted", OFFICE, ON, submission=2, corrects=1)
    again = centre(SHOWN, checked("returned"), second)
    assert rows(again)["T-23R-correct"] == "done"
    assert sorted(each.state for each in again.obligations(CASE, ON) if each.row == "T-23R-check") == [
        "done",
        "open",
    ]


def test_a_plan_that_leads_back_to_the_designated_track_is_the_office_s_own() -> None:
    """T-23N: entrusted ケアマネジメントA, a benefit from the next month, and the office has its own contract."""
    to_a = made("ModeSwitched", OFFICE, date(2024, 12, 27), simultaneous_contract=False)
    fields = {**DRAFT, "period_from": "2025-03-03", "period_to": "2025-03-31"}
    own = designated(to_a, on=date(2025, 2, 26)).when("DraftPlan", **fields).events[0].data
    assert own["track"] == "designated"
    within = made("ModeSwitched", OFFICE, date(2024, 12, 27), from_track="entrusted")
    stays = office(within, on=date(2025, 2, 26)).when("DraftPlan", **fields)
    assert stays.events[0].data["track"] == "entrusted"


def test_a_plan_says_what_its_first_month_becomes_while_there_is_time() -> None:
    """T-61."""
    only_day_care = {**DRAFT, "services": [each for each in DRAFT["services"] if each["service"] == "A6"]}
    told = [each for each in office().when("DraftPlan", **only_day_care).advice if each.rule == "T-61"]
    assert "令和6年10月1日から介護予防ケアマネジメントAになります（総合事業" in told[0].message
    assert not [each for each in office().when("DraftPlan", **DRAFT).advice if each.rule == "T-61"]


# --- copies for the centre ---


@pytest.mark.parametrize(("track", "owed"), [("entrusted", True), ("designated", False)])
def test_entrusted_a_revised_plan_goes_to_the_centre_too(track: str, owed: bool) -> None:
    """T-23R."""
    delivered = internal("PlanDelivered", date(2024, 10, 18), occasion="revision", track=track)
    assert ("T-23R-revision" in rows(office(delivered))) is owed


COPIES = {"basic_checklist": "T-20-copy", "assessment": "T-21-copy", "interest_checklist": "T-22-copy"}


def handed(kind: str, dated: str, **changes: Any) -> Event:
    return made(
        "DocumentHandedOver", OFFICE, date(2024, 10, 17), document=kind, dated=dated, month=None, **changes
    )


@pytest.mark.parametrize(("kind", "row"), COPIES.items())
def test_each_document_of_an_entrusted_assessment_goes_to_the_centre(kind: str, row: str) -> None:
    """T-20, T-21, T-22."""
    assessed = internal("AssessmentRecorded", date(2024, 10, 15), track="entrusted")
    assert rows(office(assessed))[row] == "open"
    assert rows(office(assessed, handed(kind, "2024-10-15")))[row] == "done"
    assert rows(office(assessed, handed(kind, "2024-04-15")))[row] == "open"
    assert row not in rows(office(internal("AssessmentRecorded", date(2024, 10, 15), track="designated")))


@pytest.mark.parametrize(
    ("occasion", "owed"), [("first", False), ("renewal", True), ("category_change", True), ("revision", True)]
)
def test_the_first_basic_information_is_the_centre_s_own(occasion: str, owed: bool) -> None:
    """T-19R: 初回は包括、その後は居宅."""
    assessed = internal("AssessmentRecorded", date(2024, 10, 15), track="entrusted", occasion=occasion)
    assert ("T-19R" in rows(office(assessed))) is owed
    if owed:
        assert rows(office(assessed, handed("basic_information", "2024-10-15")))["T-19R"] == "done"


def test_the_record_of_an_entrusted_meeting_goes_to_the_centre() -> None:
    """T-27R."""
    met = internal("MeetingHeld", ON, track="entrusted", held_on="2024-10-17")
    assert rows(office(DRAFTED, met))["T-27R"] == "open"
    assert rows(office(DRAFTED, met, handed("meeting_record", "2024-10-17")))["T-27R"] == "done"
    assert "T-27R" not in rows(designated(DRAFTED, MET))


def test_each_month_s_record_goes_to_the_centre_with_the_evaluation() -> None:
    """T-28R: one month handed over leaves the others owed."""
    on, months = date(2025, 3, 24), ("2025-01", "2025-02")
    kept = [internal("MonitoringRecorded", on, track="entrusted", month=each) for each in months]
    assert standing_of(kept, on) == [("open", None, "評価してから")] * 2
    evaluated = internal("EvaluationRecorded", on, track="entrusted")
    assert standing_of([*kept, evaluated], on) == [("open", date(2025, 3, 27), "令和7年3月27日")] * 2
    given = [
        made("DocumentHandedOver", OFFICE, on, document="monitoring", month=each, dated=on) for each in months
    ]
    states = [state for state, _, _ in standing_of([*kept, evaluated, given[0]], date(2025, 3, 28))]
    assert sorted(states) == ["done", "overdue"]
    assert [state for state, _, _ in standing_of([*kept, evaluated, *given], on)] == ["done", "done"]
    assert standing_of([internal("MonitoringRecorded", on, track="designated")], on) == []


def standing_of(events: Sequence[Event], on: date) -> list[tuple[str, date | None, str]]:
    found = [each for each in office(*events, on=on).obligations(today=on) if each.row == "T-28R"]
    return [(each.state, each.due, due_text(each)) for each in found]


# --- service offices ---

RECEIVED: dict[str, Any] = {"document": "individual_plan", "provider": DAY_SERVICE, "dated": "2024-10-25"}


def test_a_service_office_s_plan_is_received_and_entrusted_it_goes_on_to_the_centre() -> None:
    """T-29R."""
    on = date(2024, 10, 25)
    at = office(*PLANNED, *BOTH, on=on)
    decision = at.when("ReceiveProviderDocument", **RECEIVED)
    assert rules(decision) == ["T-29"]
    data = decision.events[0].data
    at.given(internal("ProviderDocumentReceived", on, **data))
    (owed,) = [each for each in at.obligations(CASE, on) if each.row == "T-29R"]
    assert (owed.debtor, owed.creditor, owed.due) == (OFFICE, CENTRE, date(2024, 10, 30))
    (copy,) = at.when(
        "HandOverDocuments", documents=[{"document": "individual_plan"}], handed_as="copy"
    ).events
    assert copy.data["plan_id"] == data["document_id"]
    at.given(made("DocumentHandedOver", OFFICE, on, copy.data))
    assert rows(at, on)["T-29R"] == "done"


def test_a_service_office_s_own_monitoring_stays_with_the_office() -> None:
    """T-29R: only the plan goes on."""
    decision = office(on=date(2024, 11, 5)).when(
        "ReceiveProviderDocument", **{**RECEIVED, "document": "provider_monitoring", "dated": "2024-10-31"}
    )
    assert rules(decision) == []
    at = office(
        internal(
            "ProviderDocumentReceived", date(2024, 11, 5), document="provider_monitoring", track="entrusted"
        )
    )
    assert "T-29R" not in rows(at)


def test_in_the_designated_track_the_office_keeps_what_it_receives() -> None:
    """T-29."""
    assert rules(designated(on=date(2024, 10, 25)).when("ReceiveProviderDocument", **RECEIVED)) == []


@pytest.mark.parametrize(("dated", "refused"), [("2024-10-25", False), ("2024-10-26", True)])
def test_a_document_is_not_received_before_its_date(dated: str, refused: bool) -> None:
    at = office(on=date(2024, 10, 25))
    if not refused:
        assert at.when("ReceiveProviderDocument", **{**RECEIVED, "dated": dated}).events
        return
    with pytest.raises(Refused) as problem:
        at.when("ReceiveProviderDocument", **{**RECEIVED, "dated": dated})
    assert (problem.value.code, problem.value.rule) == ("document_of_the_future", "T-29")


@pytest.mark.parametrize(
    ("reason", "issued", "advice"),
    [
        ("first", False, ["T-26"]),
        ("changed", False, ["T-26"]),
        ("monthly", False, []),
        ("first", True, []),
    ],
)
def test_a_provision_sheet_is_only_a_reminder_in_the_first_and_in_a_changed_month(
    reason: str, issued: bool, advice: list[str]
) -> None:
    """T-26R: a month without one is never an error."""
    sheet = [internal("ProvisionSheetIssued", date(2024, 10, 18))] if issued else []
    at = designated(*PLANNED, *sheet, on=date(2024, 10, 18))
    assert rules(at.when("IssueUseSheet", month="2024-10", reason=reason)) == advice
    assert not [each for each in at.obligations(CASE) if "T-26" in each.rules]


def test_a_provision_sheet_names_the_offices_of_the_plan() -> None:
    at = designated(*PLANNED, on=date(2024, 10, 18))
    assert rules(at.when("IssueProvisionSheet", month="2024-10", providers=[RENTAL])) == []
    assert rules(at.when("IssueProvisionSheet", month="2024-10", providers=[RENTAL, OFFICE])) == ["T-26"]
    with pytest.raises(Refused) as refused:
        designated().when("IssueProvisionSheet", month="2024-10", providers=[RENTAL])
    assert refused.value.code == "plan_missing"


def test_a_delivered_plan_that_is_no_draft_is_not_drafted_over() -> None:
    """A draft in preparation is replaced; a delivered plan's revision is its next version."""
    fields = {**DRAFT, "occasion": "revision"}
    data = designated(DRAFTED, MET, DELIVERED).when("DraftPlan", **fields).events[0].data
    assert (data["plan_id"], data["plan_version"]) == (PLAN, 2)
