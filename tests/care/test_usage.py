"""Services as they are used, the type of a month that follows, monitoring, performance (T-25, T-28, T-32, T-61)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import CONSENTED, DELIVERED, DRAFTED, MET, internal

EQUIPMENT: dict[str, Any] = {"service": "67", "provider": RENTAL}
DAY_CARE: dict[str, Any] = {"service": "A6", "provider": DAY_SERVICE}
PLANNED = (DRAFTED, MET, CONSENTED, DELIVERED)


def started(service: dict[str, Any], on: date, first: bool = False) -> Event:
    return internal("ServiceStarted", on, **service, started_on=on, month=f"{on:%Y-%m}", first=first)


def ended(service: dict[str, Any], on: date) -> Event:
    return internal("ServiceEnded", on, **service, last_used_on=on)


BOTH = (started(EQUIPMENT, date(2024, 10, 21), first=True), started(DAY_CARE, date(2024, 10, 22)))


def office(*events: Event, on: date = date(2024, 10, 21)) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *events, today=on)


def rules(decision: Any) -> list[str]:
    return [each.rule for each in decision.advice]


# --- start ---


def test_no_service_starts_before_the_plan_is_delivered() -> None:
    with pytest.raises(Refused) as refused:
        office(DRAFTED, MET, CONSENTED).when("StartService", **EQUIPMENT, started_on="2024-10-21")
    assert (refused.value.code, refused.value.rule) == ("plan_missing", "T-23")


def test_no_service_starts_on_a_day_before_the_delivery() -> None:
    at = office(*PLANNED)
    with pytest.raises(Refused) as refused:
        at.when("StartService", **EQUIPMENT, started_on="2024-10-17")
    assert refused.value.code == "plan_missing"
    assert at.when("StartService", **EQUIPMENT, started_on="2024-10-18").events


def test_a_service_that_the_plan_does_not_hold_does_not_start() -> None:
    with pytest.raises(Refused) as refused:
        office(*PLANNED).when("StartService", service="63", provider=RENTAL, started_on="2024-10-21")
    assert (refused.value.code, refused.value.rule) == ("service_not_planned", "decision 24")


def test_a_service_runs_once() -> None:
    with pytest.raises(Refused) as refused:
        office(*PLANNED, *BOTH).when("StartService", **EQUIPMENT, started_on="2024-10-23")
    assert refused.value.code == "service_in_use"


def test_what_has_ended_starts_again_only_under_a_revised_plan() -> None:
    before = (*PLANNED, *BOTH, ended(EQUIPMENT, date(2024, 12, 27)))
    at = office(*before, on=date(2025, 3, 3))
    with pytest.raises(Refused) as refused:
        at.when("StartService", **EQUIPMENT, started_on="2025-03-03")
    assert refused.value.rule == "decision 24"
    version = {"plan_version": 2, "occasion": "revision"}
    at.given(
        internal("PlanDrafted", date(2025, 2, 26), **version, period_from="2025-03-03"),
        internal("PlanDelivered", date(2025, 3, 3), **version, delivered_on="2025-03-03"),
    )
    assert at.when("StartService", **EQUIPMENT, started_on="2025-03-03").events


def test_the_first_service_of_a_case_is_known_as_such() -> None:
    at = office(*PLANNED)
    first = at.when("StartService", **EQUIPMENT, started_on="2024-10-21").events[0].data
    assert (first["first"], first["leads_to"]) == (True, None)
    at.given(BOTH[0])
    second = at.when("StartService", **DAY_CARE, started_on="2024-10-22").events[0].data
    assert (second["first"], second["leads_to"]) == (False, None)


# --- the type that follows ---


def test_the_end_of_the_last_preventive_benefit_leads_to_care_management_a_from_the_next_month() -> None:
    decision = office(*PLANNED, *BOTH, on=date(2024, 12, 27)).when(
        "EndService", **EQUIPMENT, last_used_on="2024-12-27"
    )
    data = decision.events[0].data
    assert (data["leads_to"], data["leads_to_from"]) == ("care_management_a", date(2025, 1, 1))
    assert data["changed_month"] == "2025-01"
    assert rules(decision) == ["T-60"]


def test_a_benefit_used_on_one_day_of_january_makes_all_of_january_preventive_support() -> None:
    decision = office(*PLANNED, *BOTH, on=date(2025, 1, 6)).when(
        "EndService", **EQUIPMENT, last_used_on="2025-01-06"
    )
    assert decision.events[0].data["leads_to_from"] == date(2025, 2, 1)


def test_the_end_of_a_project_service_changes_no_type() -> None:
    decision = office(*PLANNED, *BOTH, on=date(2024, 12, 27)).when(
        "EndService", **DAY_CARE, last_used_on="2024-12-27"
    )
    assert decision.events[0].data["leads_to"] is None
    assert rules(decision) == []


def test_the_end_of_the_only_service_leads_nowhere() -> None:
    decision = office(*PLANNED, BOTH[0], on=date(2024, 12, 27)).when(
        "EndService", **EQUIPMENT, last_used_on="2024-12-27"
    )
    assert decision.events[0].data["leads_to"] is None
    assert decision.events[0].data["changed_month"] is None


def test_a_service_outside_limit_management_does_not_keep_preventive_support() -> None:
    guidance = started({"service": "34", "provider": RENTAL}, date(2024, 10, 22))
    at = office(*PLANNED, *BOTH, guidance, on=date(2024, 12, 27))
    decision = at.when("EndService", **EQUIPMENT, last_used_on="2024-12-27")
    assert decision.events[0].data["leads_to"] == "care_management_a"


def test_a_benefit_in_care_management_a_leads_back_for_the_whole_month() -> None:
    version = {"plan_version": 2, "occasion": "revision"}
    at = office(
        *PLANNED,
        *BOTH,
        ended(EQUIPMENT, date(2024, 12, 27)),
        made("ModeSwitched", OFFICE, date(2024, 12, 27)),
        internal("PlanDrafted", date(2025, 2, 26), **version, period_from="2025-03-03"),
        internal("PlanDelivered", date(2025, 3, 3), **version, delivered_on="2025-03-03"),
        on=date(2025, 3, 3),
    )
    decision = at.when("StartService", **EQUIPMENT, started_on="2025-03-03")
    assert decision.events[0].data["leads_to"] == "preventive_support"
    assert rules(decision) == ["T-61"]
    assert "令和7年3月1日" in decision.advice[0].message


@pytest.mark.parametrize("last", ["2024-10-20", "2024-09-30"])
def test_a_service_does_not_end_before_it_began(last: str) -> None:
    with pytest.raises(Refused) as refused:
        office(*PLANNED, *BOTH).when("EndService", **EQUIPMENT, last_used_on=last)
    assert (refused.value.code, refused.value.field) == ("service_not_in_use", "last_used_on")


def test_a_service_that_is_not_in_use_does_not_end() -> None:
    with pytest.raises(Refused) as refused:
        office(*PLANNED).when("EndService", **EQUIPMENT, last_used_on="2024-12-27")
    assert refused.value.code == "service_not_in_use"


# --- use sheet and monitoring ---


def test_a_use_sheet_follows_a_delivered_plan() -> None:
    with pytest.raises(Refused):
        office(DRAFTED).when("IssueUseSheet", month="2024-10", reason="first")
    at = office(*PLANNED)
    at.given(internal("UseSheetIssued", date(2024, 10, 18)))
    assert at.situation(CASE).case.use_sheets == ("2024-10",)


def test_a_month_s_monitoring_is_not_recorded_before_the_month() -> None:
    with pytest.raises(Refused) as refused:
        office().when("RecordMonitoring", month="2024-11", means="call", findings="変わりなし")
    assert (refused.value.code, refused.value.rule) == ("month_not_begun", "T-28")


def test_a_month_that_was_over_before_the_case_was_opened_has_no_record() -> None:
    """T-28: the case of the example is opened on 2024-10-07."""
    fields = {"means": "meet", "findings": "変わりなし"}
    with pytest.raises(Refused) as refused:
        office().when("RecordMonitoring", month="2024-09", **fields)
    assert (refused.value.code, refused.value.field) == ("month_before_case", "month")
    assert office().when("RecordMonitoring", month="2024-10", **fields).events


def test_a_second_record_of_a_month_warns() -> None:
    fields = {"month": "2024-11", "means": "meet", "findings": "変わりなし"}
    at = office(on=date(2024, 11, 25))
    assert rules(at.when("RecordMonitoring", **fields)) == []
    at.given(internal("MonitoringRecorded", date(2024, 11, 20)))
    assert rules(at.when("RecordMonitoring", **fields)) == ["T-28"]


# --- performance ---

JANUARY: dict[str, Any] = {"service_month": "2025-01", "services": [{**DAY_CARE, "units": 3621}]}
ENTRUSTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
IN_JANUARY = (*PLANNED, *BOTH, ended(EQUIPMENT, date(2024, 12, 27)))


def test_performance_goes_to_billing_and_while_entrusted_to_the_centre() -> None:
    own = office(*IN_JANUARY, on=date(2025, 2, 4)).when("ReportPerformance", **JANUARY)
    assert own.events[0].to == (BILLING,)
    entrusted = office(*IN_JANUARY, ENTRUSTED, on=date(2025, 2, 4)).when("ReportPerformance", **JANUARY)
    assert entrusted.events[0].to == (CENTRE, BILLING)


@pytest.mark.parametrize(("on", "advice"), [(date(2025, 2, 5), []), (date(2025, 2, 6), ["T-32"])])
def test_from_the_switch_on_the_centre_hears_of_its_month_though_it_has_not_recorded_the_entrustment(
    on: date, advice: list[str]
) -> None:
    """T-32R: whoever claims for the month can't wait for its own record."""
    at = office(*IN_JANUARY, made("ModeSwitched", OFFICE, date(2024, 12, 27)), on=on)
    decision = at.when("ReportPerformance", **JANUARY)
    assert decision.events[0].to == (CENTRE, BILLING)
    assert rules(decision) == advice
    december = {
        "service_month": "2024-12",
        "services": [{**DAY_CARE, "units": 3621}, {**EQUIPMENT, "units": 500}],
    }
    assert at.when("ReportPerformance", **december).events[0].to == (BILLING,)


@pytest.mark.parametrize(("on", "late"), [(date(2025, 2, 5), False), (date(2025, 2, 6), True)])
def test_after_the_fifth_it_is_late_and_warns(on: date, late: bool) -> None:
    decision = office(*IN_JANUARY, ENTRUSTED, on=on).when("ReportPerformance", **JANUARY)
    assert rules(decision) == (["T-32"] if late else [])


def test_the_fifth_binds_only_while_the_centre_entrusts_the_case() -> None:
    assert rules(office(*IN_JANUARY, on=date(2025, 2, 20)).when("ReportPerformance", **JANUARY)) == []


def test_the_month_after_the_entrustment_s_end_goes_to_billing_only() -> None:
    over = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
    at = office(*IN_JANUARY, ENTRUSTED, over, on=date(2025, 4, 4))
    assert at.when("ReportPerformance", **{**JANUARY, "service_month": "2025-02"}).events[0].to == (
        CENTRE,
        BILLING,
    )
    assert at.when("ReportPerformance", **{**JANUARY, "service_month": "2025-03"}).events[0].to == (BILLING,)


def test_a_month_that_is_not_over_is_not_reported() -> None:
    with pytest.raises(Refused) as refused:
        office(*IN_JANUARY, on=date(2025, 1, 31)).when("ReportPerformance", **JANUARY)
    assert (refused.value.code, refused.value.rule) == ("month_not_over", "T-32")


def test_performance_that_differs_from_what_was_used_warns() -> None:
    rows = [{**DAY_CARE, "units": 3621}, {**EQUIPMENT, "units": 500}]
    decision = office(*IN_JANUARY, on=date(2025, 2, 4)).when(
        "ReportPerformance", service_month="2025-01", services=rows
    )
    assert rules(decision) == ["T-61"]
    december = {"service_month": "2024-12", "services": [{**DAY_CARE, "units": 3621}]}
    decision = office(*IN_JANUARY, on=date(2025, 1, 6)).when("ReportPerformance", **december)
    assert "福祉用具貸与が実績にありません" in decision.advice[0].message


def test_a_centre_reports_the_performance_of_its_own_cases_to_billing() -> None:
    own = made(
        "CaseOpened", CENTRE, date(2024, 10, 7), parties={CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    )
    decision = desk(CENTRE, *model(), own, today=date(2025, 2, 4)).when("ReportPerformance", **JANUARY)
    assert decision.events[0].to == (BILLING,)
    assert decision.events[0].data["office"] == CENTRE


def test_the_contract_names_a_service_of_the_project_as_the_ward_says() -> None:
    """A-Q55: of a service of the project; Toshima says nothing of it."""
    for insurer, named in (("131219", True), (WARD, False)):
        case = opened(insurer=insurer, parties={OFFICE: "kyotaku", CENTRE: "hokatsu", insurer: "ward"})
        at = desk(OFFICE, *model(), case, *signed_by_both(), *PLANNED, today=date(2024, 10, 28))
        told = at.when("StartService", **DAY_CARE, started_on="2024-10-21").advice
        assert ("A-Q55" in [each.rule for each in told]) is named
        assert any("「第1号通所事業」" in each.message for each in told) is named
        assert "A-Q55" not in rules(at.when("StartService", **EQUIPMENT, started_on="2024-10-21"))
