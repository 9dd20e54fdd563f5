"""Applying, ending and resuming: who is told, what is refused afterwards, what the centre's node does by itself."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Desk, Town, desk, made, model, opened, signed_by_both
from tests.care.test_usage import BOTH, PLANNED
from tests.rules.owing import ENTRUSTED, SWITCHED

DIED = date(2025, 6, 10)


def office(*events: Event, on: date = DIED) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *PLANNED, *events, today=on)


def centre(*events: Event, on: date = DIED) -> Desk:
    return desk(CENTRE, *model(), opened(), *signed_by_both(), *events, today=on)


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


def over(reason: str = "died", on: date = DIED, sender: str = OFFICE) -> Event:
    return made("SupportEnded", sender, on, agency=sender, reason_code=reason, ended_on=on, reported_on=on)


# --- applications ---


@pytest.mark.parametrize(("at", "told"), [(office, (CENTRE, WARD)), (centre, (OFFICE, WARD))])
def test_an_application_is_told_to_the_other_party_and_the_ward(at: Any, told: tuple[str, ...]) -> None:
    (event,) = (
        at(on=date(2025, 2, 10)).when("RecordApplication", occasion="renewal", applied_on="2025-02-10").events
    )
    assert event.to == told
    assert event.data["valid_to_before"] == date(2025, 3, 31)


@pytest.mark.parametrize(
    ("on", "advice"),
    [
        ("2025-01-29", ["A-Q41"]),
        ("2025-01-30", []),
        ("2025-03-31", []),
        ("2025-04-01", ["A-Q41"]),
    ],
)
def test_a_renewal_outside_its_window_is_kept_with_a_warning(on: str, advice: list[str]) -> None:
    """A-Q41."""
    at = office(on=date.fromisoformat(on))
    assert rules(at.when("RecordApplication", occasion="renewal", applied_on=on)) == advice


def test_an_application_of_a_later_day_and_the_same_one_again_are_refused() -> None:
    asked = made("CertificationApplied", OFFICE, date(2025, 2, 10))
    for applied_on, code in (("2025-02-11", "applied_later"), ("2025-02-10", "application_known")):
        with pytest.raises(Refused) as refused:
            office(asked, on=date(2025, 2, 10)).when(
                "RecordApplication", occasion="renewal", applied_on=applied_on
            )
        assert refused.value.code == code
    again = office(asked, on=date(2025, 2, 12)).when(
        "RecordApplication", occasion="category_change", applied_on="2025-02-12"
    )
    assert rules(again) == ["A-Q41"]


def test_the_result_says_what_it_follows_and_whether_the_person_is_in_another_state() -> None:
    ward = desk(WARD, opened(), today=date(2025, 3, 21))
    fields = {
        "occasion": "renewal",
        "applied_on": "2025-02-10",
        "valid_from": "2025-04-01",
        "valid_to": "2026-03-31",
    }
    same = ward.when("AnnounceCertification", **fields, status="support2").events[0].data
    assert (same["valid_to_before"], same["changed"]) == (date(2025, 3, 31), False)
    other = ward.when("AnnounceCertification", **fields, status="support1").events[0].data
    assert other["changed"] is True
    fields_of_card = {**fields, "valid_to": "2025-03-31", "valid_from": "2024-09-12"}
    kept = ward.when("AnnounceCertification", **fields_of_card, status="support2")
    assert kept.events[0].data["valid_to_before"] is None
    unknown = desk(WARD, opened(certification=None), today=date(2025, 3, 21))
    first = unknown.when("AnnounceCertification", **fields, status="support2").events[0].data
    assert (first["valid_to_before"], first["changed"]) == (None, None)


# --- what ends the support ---


@pytest.mark.parametrize(
    ("change", "last_day"),
    [("died", date(2025, 6, 10)), ("admitted", date(2025, 6, 10)), ("moved_out", date(2025, 6, 9))],
)
def test_a_death_an_admission_and_a_move_out_are_told_and_end_the_support(
    change: str, last_day: date
) -> None:
    """T-35D: the centre is told when it is recorded; billing learns that no later month comes."""
    told, ended = office().when("ReportCircumstance", change=change, changed_on="2025-06-10").events
    assert (told.type, told.to) == ("CircumstanceChanged", (CENTRE,))
    assert (ended.type, ended.to) == ("SupportEnded", (CENTRE, BILLING))
    assert (ended.data["reason_code"], ended.data["ended_on"]) == (change, last_day)


@pytest.mark.parametrize("change", ["moved_within", "category_change"])
def test_a_move_within_the_ward_and_a_change_of_level_end_nothing(change: str) -> None:
    events = office().when("ReportCircumstance", change=change, changed_on="2025-06-10").events
    assert [each.type for each in events] == ["CircumstanceChanged"]


def test_a_death_that_is_reported_again_does_not_end_the_support_twice() -> None:
    events = office(over()).when("ReportCircumstance", change="died", changed_on="2025-06-10").events
    assert [each.type for each in events] == ["CircumstanceChanged"]


def test_services_that_still_run_are_named() -> None:
    decision = office(*BOTH).when("ReportCircumstance", change="died", changed_on="2025-06-10")
    assert rules(decision) == ["T-33"]
    assert "介護予防福祉用具貸与" in decision.advice[0].message


def test_a_hand_over_to_care_before_the_result_warns() -> None:
    fields = {"reason_code": "to_care", "ended_on": "2025-06-04", "note": "同じ事業所の居宅介護支援へ"}
    assert rules(office().when("EndSupport", **fields)) == ["T-35"]
    care = made("CertificationResult", WARD, DIED, status="care1", valid_from="2025-06-05")
    assert rules(office(care).when("EndSupport", **fields)) == []


def test_the_centre_ends_what_it_entrusts_and_not_what_the_office_does_by_its_own_designation() -> None:
    fields = {"reason_code": "died", "ended_on": "2025-06-10"}
    with pytest.raises(Refused) as refused:
        centre().when("EndSupport", **fields)
    assert refused.value.code == "not_responsible"
    ended, entrustment = centre(SWITCHED, ENTRUSTED).when("EndSupport", **fields).events
    assert (ended.type, ended.to) == ("SupportEnded", (OFFICE, BILLING))
    assert (entrustment.type, entrustment.data["reason_code"]) == ("EntrustmentEnded", "case_closed")


def test_a_support_ends_once() -> None:
    with pytest.raises(Refused) as refused:
        office(over()).when("EndSupport", reason_code="wish", ended_on="2025-06-10")
    assert refused.value.code == "support_over"


def test_the_end_at_the_office_ends_the_entrustment_at_the_centre_by_itself() -> None:
    """T-31R, T-35R: the originals then come back."""
    town = Town.of(OFFICE, CENTRE, BILLING)
    for each in town.desks.values():
        each.given(*model(), opened(), *signed_by_both(), SWITCHED, ENTRUSTED)
    town.advance(DIED)
    town.act(OFFICE, "ReportCircumstance", CASE, change="died", changed_on="2025-06-10")
    for agency in (OFFICE, CENTRE, BILLING):
        (entrustment,) = town.desks[agency].situation().case.entrustments
        assert entrustment.ended_on == DIED
    owed = {each.row: each for each in town.desks[CENTRE].obligations(today=DIED)}
    assert owed["T-35"].debtor == OFFICE
    assert owed["T-35-circumstance"].state == "done"


# --- afterwards ---


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("RecordAssessment", {"occasion": "renewal", "documents": ["assessment"], "findings": "歩行"}),
        ("IssueUseSheet", {"month": "2025-06", "reason": "monthly"}),
        ("RequestRecords", {"records": ["doctor_opinion"]}),
        ("SwitchMode", {"to_type": "care_management_a", "reason_code": "benefit_ended", "reason": "返却"}),
        ("RecordApplication", {"occasion": "renewal", "applied_on": "2025-06-11"}),
    ],
)
def test_nothing_new_begins_after_the_last_day_and_the_refusal_says_why(
    command: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        office(over(), on=date(2025, 6, 11)).when(command, **fields)
    assert (refused.value.code, refused.value.rule) == ("support_over", "T-35")
    assert "死亡" in refused.value.message
    assert "令和7年6月10日" in refused.value.message


def test_what_was_done_on_the_last_day_is_still_recorded() -> None:
    fields = {"occasion": "revision", "documents": ["assessment"], "findings": "歩行"}
    assert office(over(), on=DIED).when("RecordAssessment", DIED, **fields).events


@pytest.mark.parametrize(
    ("command", "fields", "field"),
    [
        ("RecordMonitoring", {"month": "2025-07", "means": "call", "findings": "x"}, "month"),
        ("ReportPerformance", {"service_month": "2025-07", "services": []}, "service_month"),
        ("EndService", {"service": "67", "provider": "1371600022", "last_used_on": "2025-06-11"}, "last_used_on"),
    ],
)  # fmt: skip
def test_months_and_days_beyond_the_end_are_refused_beside_their_field(
    command: str, fields: dict[str, Any], field: str
) -> None:
    if command == "ReportPerformance":
        fields = {**fields, "services": [{"service": "67", "provider": "1371600022", "units": 300}]}
    with pytest.raises(Refused) as refused:
        office(*BOTH, over(), on=date(2025, 8, 4)).when(command, **fields)
    assert (refused.value.code, refused.value.field) == ("beyond_support", field)


def test_the_papers_of_the_last_month_are_brought_in_order() -> None:
    at = office(*BOTH, over(), on=date(2025, 7, 4))
    services = [{"service": "67", "provider": "1371600022", "units": 300}]
    assert at.when("ReportPerformance", service_month="2025-06", services=services).events
    assert at.when("EndService", service="67", provider="1371600022", last_used_on="2025-06-10").events


# --- going on ---


@pytest.mark.parametrize(
    ("reason", "on", "allowed"),
    [
        ("discharged", "2025-06-10", False),
        ("discharged", "2025-06-11", True),
        ("mistaken", "2025-06-10", True),
    ],
)
def test_the_support_goes_on_after_its_last_day_or_if_the_end_was_a_mistake(
    reason: str, on: str, allowed: bool
) -> None:
    at = office(over("admitted"), on=date(2025, 9, 1))
    if not allowed:
        with pytest.raises(Refused) as refused:
            at.when("ResumeSupport", reason_code=reason, resumed_on=on)
        assert refused.value.code == "resumed_before_end"
        return
    (event,) = at.when("ResumeSupport", reason_code=reason, resumed_on=on).events
    assert event.to == (CENTRE, BILLING)
    again = office(over("admitted"), made("SupportResumed", OFFICE, date(2025, 9, 1)), on=date(2025, 9, 2))
    assert again.when("IssueUseSheet", month="2025-09", reason="changed").events


def test_a_support_that_goes_on_is_not_resumed() -> None:
    with pytest.raises(Refused) as refused:
        office().when("ResumeSupport", reason_code="other", resumed_on="2025-06-10")
    assert refused.value.code == "support_goes_on"


def test_a_resumption_after_an_entrustment_that_ended_asks_for_a_new_one() -> None:
    ended = made("EntrustmentEnded", CENTRE, DIED, ended_on=DIED, reason_code="case_closed")
    at = office(SWITCHED, ENTRUSTED, over("admitted"), ended, on=date(2025, 9, 1))
    assert rules(at.when("ResumeSupport", reason_code="discharged", resumed_on="2025-09-01")) == ["T-06"]
