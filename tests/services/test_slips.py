"""The benefit slip of a month: who sends it, what stands on it (T-33R, T-33N, A-Q37)."""

from datetime import date
from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, RENTAL, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Desk, made
from tests.services.test_claims import (
    CASE_SO_FAR,
    DAY_CARE,
    GUIDANCE,
    JANUARY,
    OCTOBER,
    OWN,
    RENTED,
    STARTED,
    billing,
    used,
)


def slip(at: Desk, month: str, **fields: Any) -> dict[str, Any]:
    return dict(at.when("PrepareBenefitSlip", service_month=month, **fields).events[0].data)


def test_an_entrusted_month_is_the_centre_s_and_names_the_office_and_its_care_manager() -> None:
    """T-33R: items 26 and 27."""
    at = billing(*CASE_SO_FAR)
    decision = at.when("PrepareBenefitSlip", service_month="2025-01", entrusted_care_manager="13000002")
    data = decision.events[0].data
    assert (data["claimant"], data["planner"]) == (CENTRE, "3")
    assert (data["entrusted_office"], data["entrusted_care_manager"]) == (OFFICE, "13000002")
    assert decision.events[0].to == (CENTRE, OFFICE)
    assert (data["rows"], data["units"]) == (
        [{"service": "A6", "provider": DAY_SERVICE, "units": 3621}],
        3621,
    )
    assert list(decision.advice) == []


def test_a_designated_month_is_the_office_s_and_names_nobody_else() -> None:
    """T-33N: item 16 is 3, items 26 and 27 are empty."""
    decision = billing(*CASE_SO_FAR).when("PrepareBenefitSlip", service_month="2024-12")
    data = decision.events[0].data
    assert (data["claimant"], data["planner"]) == (OFFICE, "3")
    assert (data["entrusted_office"], data["entrusted_care_manager"]) == (None, None)
    assert decision.events[0].to == (OFFICE,)
    assert (data["units"], data["limit"], data["status"]) == (4121, 10531, "support2")


def test_a_centre_s_own_month_names_nobody_else() -> None:
    own = used("2024-10", RENTED, DAY_CARE, office=CENTRE)
    at = Desk(BILLING, billing().service, [*billing().events[:-3], OWN, own], date(2024, 11, 5))
    assert (slip(at, "2024-10")["claimant"], slip(at, "2024-10")["entrusted_office"]) == (CENTRE, None)


def test_a_care_manager_to_whom_nothing_is_entrusted_is_not_named() -> None:
    with pytest.raises(Refused) as refused:
        slip(billing(*CASE_SO_FAR), "2024-12", entrusted_care_manager="13000002")
    assert (refused.value.code, refused.value.rule) == ("not_entrusted", "T-33")


def test_without_the_care_manager_s_number_an_entrusted_slip_warns() -> None:
    """T-33R."""
    decision = billing(*CASE_SO_FAR).when("PrepareBenefitSlip", service_month="2025-01")
    assert [each.rule for each in decision.advice] == ["T-33"]


def test_what_is_outside_the_limit_does_not_stand_on_it() -> None:
    at = billing(STARTED, used("2025-01", DAY_CARE, GUIDANCE))
    assert [each["service"] for each in slip(at, "2025-01")["rows"]] == ["A6"]


def test_rows_of_one_kind_and_provider_are_one_row() -> None:
    twice = used("2024-10", RENTED, {**RENTED, "units": 100}, DAY_CARE)
    assert slip(billing(twice), "2024-10")["rows"] == [
        {"service": "67", "provider": RENTAL, "units": 600},
        {"service": "A6", "provider": DAY_SERVICE, "units": 3621},
    ]


@pytest.mark.parametrize(("units", "advice"), [(6910, []), (6911, ["A-Q37"])])
def test_what_exceeds_the_limit_warns(units: int, advice: list[str]) -> None:
    """A-Q37: 3,621 and 6,910 units are just the 10,531 of 要支援2."""
    month = used("2024-10", {**RENTED, "units": units}, DAY_CARE)
    decision = billing(month).when("PrepareBenefitSlip", service_month="2024-10")
    assert [each.rule for each in decision.advice] == advice


@pytest.mark.parametrize(("level", "limit"), [("support1", 10531), ("support2", 10531)])
def test_the_heavier_state_of_the_month_sets_its_limit(level: str, limit: int) -> None:
    changed = made(
        "CertificationResult",
        WARD,
        date(2024, 10, 15),
        occasion="category_change",
        status=level,
        valid_from="2024-10-15",
        valid_to="2025-10-31",
    )
    assert slip(billing(changed, OCTOBER), "2024-10")["limit"] == limit


def test_a_second_slip_of_a_month_corrects_the_first_once_that_was_submitted() -> None:
    """A correction overwrites what the federation has: one that it never got is still new."""
    at = billing(OCTOBER)
    first = slip(at, "2024-10")
    at.given(made("BenefitSlipPrepared", BILLING, date(2024, 11, 5), first))
    assert (first["kind"], slip(at, "2024-10")["kind"]) == ("1", "1")
    line = {
        **CROSSING["ClaimSubmitted"].example["lines"][0],
        "case": str(CASE),
        "kind": "slip",
        "claim_id": first["slip_id"],
        "service_month": "2024-10",
    }
    at.given(made("ClaimSubmitted", BILLING, date(2024, 11, 8), route="federation", lines=[line]))
    assert slip(at, "2024-10")["kind"] == "2"


def test_without_a_performance_report_there_is_no_slip() -> None:
    with pytest.raises(Refused) as refused:
        slip(billing(), "2024-10")
    assert (refused.value.code, refused.value.rule) == ("performance_missing", "T-32")


def states(at: Desk) -> list[str]:
    return [each.state for each in at.obligations(CASE, date(2025, 2, 10)) if each.row == "T-33-slip"]


def test_each_reported_month_owes_its_slip() -> None:
    """T-33R, T-33N."""
    at = billing(STARTED, JANUARY)
    assert states(at) == ["due"]
    prepared: Event = made("BenefitSlipPrepared", BILLING, date(2025, 2, 6), service_month="2025-01")
    assert states(at.given(prepared)) == ["done"]
