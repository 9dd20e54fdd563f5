"""The limit of a month's benefits is shown when services are planned and when they were used (A-Q37)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import DAY_SERVICE, WARD
from services.billing.slips import managed_rows
from services.billing.worksheet import worksheet
from shared.care.limits import limit_of, managed_units, month_status, planned_month
from shared.care.parts import PlannedService
from shared.eventlog.model import Event
from shared.policy.dates import Month
from shared.policy.parameters import parameters
from tests.care.stage import Desk, made
from tests.care.test_planning import ASSESSED, CONSENTED, DELIVERED, DRAFT, MET, internal, office
from tests.care.test_received_use import RECEIVED, in_february, received
from tests.care.test_usage import EQUIPMENT
from tests.console.test_dossier import page
from tests.services.test_claims import DAY_CARE, RENTED, billing, used
from tests.services.test_worksheet import with_papers

LIMIT = 10531
"""要支援2 from 2019-10 on."""


def planned(*units: int | None, **changes: Any) -> dict[str, Any]:
    """The draft with these units of the equipment and the day service."""
    rows = [{**row, "units": number} for row, number in zip(DRAFT["services"], units, strict=True)]
    return {**DRAFT, "services": rows, **changes}


def told(decision: Any) -> list[str]:
    return [each.message for each in decision.advice if each.rule == "A-Q37"]


def drafted(at: Desk, plan: dict[str, Any]) -> list[str]:
    return told(at.when("DraftPlan", **plan))


# --- planning ---


@pytest.mark.parametrize(
    ("units", "excess"),
    [
        ((500, LIMIT - 500), None),
        ((500, LIMIT - 499), "1単位超え"),
        ((500, 12000), "1,969単位超え"),
        ((None, LIMIT), None),
    ],
)
def test_a_draft_over_the_limit_says_by_how_much_before_anybody_agrees_to_it(
    units: tuple[int | None, int], excess: str | None
) -> None:
    """A-Q37: what is over is the person's own expense; nothing is refused (decision 28)."""
    found = drafted(office(ASSESSED), planned(*units))
    assert [excess in each and "全額が本人の負担" in each for each in found if excess] == [True] * bool(
        excess
    )
    assert bool(found) is bool(excess)


def test_services_outside_limit_management_do_not_count() -> None:
    """A-Q37, T-33."""
    rows = [
        {**DRAFT["services"][0], "service": "34", "units": 20000},
        {**DRAFT["services"][1], "units": 3621},
    ]
    assert drafted(office(ASSESSED), {**DRAFT, "services": rows}) == []


def test_a_draft_without_units_says_nothing_of_the_limit() -> None:
    assert drafted(office(ASSESSED), DRAFT) == []


def test_the_first_month_that_exceeds_is_named() -> None:
    """A service that begins later in the period."""
    rows = [
        {**DRAFT["services"][0], "units": 8000},
        {**DRAFT["services"][1], "starts_on": "2024-12-03", "units": 3000},
    ]
    (text,) = drafted(office(ASSESSED), {**DRAFT, "services": rows})
    assert text.startswith("令和6年12月の計画単位数 11,000単位")


@pytest.mark.parametrize(("ends_on", "over"), [("2024-12-31", False), ("2025-01-01", True)])
def test_a_service_that_ended_before_the_month_does_not_count_in_it(ends_on: str, over: bool) -> None:
    rows = [
        {**DRAFT["services"][0], "units": 8000, "ends_on": ends_on},
        {**DRAFT["services"][1], "starts_on": "2025-01-07", "units": 3000},
    ]
    assert bool(drafted(office(ASSESSED), {**DRAFT, "services": rows})) is over


def test_the_heavier_state_of_a_month_sets_the_limit_of_a_plan() -> None:
    """T-33, A-Q37: from 要支援2 to 要支援1 on 2025-01-16."""
    lighter = made(
        "CertificationResult",
        WARD,
        date(2024, 10, 17),
        status="support1",
        valid_from="2025-01-16",
        valid_to="2026-01-31",
    )
    at = office(ASSESSED, lighter)
    (text,) = drafted(at, planned(500, 5000))
    assert text.startswith("令和7年2月の計画単位数 5,500単位が、区分支給限度基準額 5,032単位を 468単位超え")


@pytest.mark.parametrize(("month", "limit", "excess"), [("2019-09", 5003, 97), ("2019-10", 5032, 68)])
def test_the_limit_of_a_project_eligible_person_changes_with_the_day(
    month: str, limit: int, excess: int
) -> None:
    """A-Q37: 5,100 units of V1."""
    known = office().situation()
    case = known.case.but(status="project_eligible", certifications=())
    rows = [PlannedService("A6", DAY_SERVICE, date(2019, 4, 1), None, None, 5100)]
    found = planned_month(case, Month.parse(month), rows, parameters(WARD))
    assert found is not None
    assert (found.found.limit, found.found.excess) == (limit, excess)


def test_a_use_sheet_of_a_month_over_the_limit_says_so_again() -> None:
    plan = planned(500, 11000)
    at = office(
        ASSESSED,
        internal("PlanDrafted", date(2024, 10, 16), services=plan["services"]),
        MET,
        CONSENTED,
        DELIVERED,
    )
    (text,) = told(at.when("IssueUseSheet", month="2024-11", reason="first"))
    assert "令和6年11月" in text
    assert "969単位超え" in text


def test_the_case_page_shows_plan_and_limit_of_this_month_and_the_next() -> None:
    plan = planned(500, 11000)
    events: tuple[Event, ...] = (internal("PlanDrafted", date(2024, 10, 16), services=plan["services"]),)
    found = dict(page(*events, on=date(2024, 10, 16)).standing)
    assert found["計画と限度額"].startswith("令和6年10月は計画 11,500単位、限度額 10,531単位（969単位の超過")
    assert "令和6年11月" not in found["計画と限度額"], "the next month is as this one"
    later = [plan["services"][0], {**plan["services"][1], "starts_on": "2024-11-05"}]
    coming = internal("PlanDrafted", date(2024, 10, 16), services=later)
    text = dict(page(coming, on=date(2024, 10, 16)).standing)["計画と限度額"]
    assert "令和6年10月は計画 500単位" in text
    assert "令和6年11月は計画 11,500単位" in text
    (row,) = page(*events, on=date(2024, 10, 16)).plans
    assert "通所型サービス（独自）（月11,000単位）" in row["services"]
    plain = internal("PlanDrafted", date(2024, 10, 16))
    assert "計画と限度額" not in dict(page(plain, on=date(2024, 10, 16)).standing)


# --- results ---


@pytest.mark.parametrize(("units", "over"), [(LIMIT, False), (LIMIT + 1, True)])
def test_results_over_the_limit_are_told_when_they_come_and_when_they_are_reported(
    units: int, over: bool
) -> None:
    """A-Q37, T-32."""
    found = told(in_february().when("ReceiveProviderPerformance", **{**RECEIVED, "units": units}))
    assert bool(found) is over
    at = in_february(received(units))
    reported = told(at.when("ReportPerformance", service_month="2025-01"))
    assert bool(reported) is over


def test_results_of_several_offices_are_added_and_a_corrected_one_counts_once() -> None:
    at = in_february(received(LIMIT - 100))
    assert told(at.when("ReceiveProviderPerformance", **{**RECEIVED, **EQUIPMENT, "units": 100})) == []
    assert told(at.when("ReceiveProviderPerformance", **{**RECEIVED, **EQUIPMENT, "units": 101})) != []
    assert told(at.when("ReceiveProviderPerformance", **{**RECEIVED, "units": LIMIT})) == []


# --- one implementation ---


def test_planning_and_billing_ask_the_same_question_of_the_same_month() -> None:
    """A-Q37: the excess that an office is told is the one that blocks the claim."""
    services = [{**RENTED, "units": 500}, {**DAY_CARE, "units": LIMIT}]
    at = billing(with_papers(used("2024-10", *services)))
    month, situation = Month(2024, 10), at.situation()
    rows = managed_units(
        [(each["service"], each["provider"], each["units"]) for each in services], month, parameters(WARD)
    )
    sheet = worksheet(situation, month)
    assert sheet.assessment is not None
    assert list(managed_rows(sheet.assessment.subject, parameters(WARD))) == list(rows)
    excess = limit_of(situation.case, month, sum(units for _, _, units in rows), parameters(WARD)).excess
    assert [f"{excess}単位超え" in each.text for each in sheet.blockers if each.rule == "A-Q37"] == [True]
    assert month_status(situation.case, month) == "support2"


def test_who_waits_for_a_result_has_no_limit_yet() -> None:
    case = office().situation().case.but(status="none", certifications=())
    assert month_status(case, Month(2024, 10)) == "none"
