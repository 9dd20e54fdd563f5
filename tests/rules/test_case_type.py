"""Type, claimant and route of a month: T-04, T-61, A-Q15a, A-Q15b, A-Q35a, decision 23."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import SERVICE_KINDS
from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

BENEFITS = ["24", "25", "26", "2B", "62", "63", "64", "66", "67", "69", "74", "75"]
PROJECT = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"]


def facts(month: str, status: str, services: list[str], designated: bool = False) -> dict[str, Any]:
    return {"month": month, "status": status, "services": services, "designated": designated}


MONTHS = {
    "the month in which the equipment is returned is still the office's": (
        TOSHIMA,
        facts("2025-01", "support2", ["67", "A6"], True),
        ("preventive_support", "office", "federation"),
    ),
    "the first month without the benefit is A and the centre's": (
        TOSHIMA,
        facts("2025-02", "support2", ["A6"], True),
        ("care_management_a", "centre", "ward"),
    ),
    "one day of rental makes the whole month the office's again": (
        TOSHIMA,
        facts("2025-03", "support2", ["A6", "67"], True),
        ("preventive_support", "office", "federation"),
    ),
    "a benefit alone": (
        ADACHI,
        facts("2019-04", "support1", ["67"]),
        ("preventive_support", "centre", "federation"),
    ),
    "Adachi, day service only, goes through the ward": (
        ADACHI,
        facts("2019-04", "support1", ["A6"]),
        ("care_management_a", "centre", "ward"),
    ),
    "Adachi, with rental added, goes to the federation": (
        ADACHI,
        facts("2019-05", "support1", ["A6", "67"]),
        ("preventive_support", "centre", "federation"),
    ),
    "Adachi, medical advice (34) does not count": (
        ADACHI,
        facts("2019-06", "support1", ["A6", "34"]),
        ("care_management_a", "centre", "ward"),
    ),
    "a project-eligible person has A": (
        ADACHI,
        facts("2019-06", "project_eligible", ["A6", "general", "community_b"]),
        ("care_management_a", "centre", "ward"),
    ),
    "the project's first month in Adachi": (
        ADACHI,
        facts("2016-10", "support1", ["A6"]),
        ("care_management_a", "centre", "ward"),
    ),
    "an office's first possible month": (
        TOSHIMA,
        facts("2024-04", "support1", ["63"], True),
        ("preventive_support", "office", "federation"),
    ),
}


@pytest.mark.parametrize(("insurer", "asked", "expected"), MONTHS.values(), ids=MONTHS)
def test_type_of_a_month(insurer: str, asked: dict[str, Any], expected: tuple[str, str, str]) -> None:
    answer = evaluate("case-type", insurer, asked)
    assert (answer["type"], answer["claimant"], answer["claim_route"]) == expected
    assert {"T-61", "A-Q35a"} <= set(answer["rules"])


@pytest.mark.parametrize("service", BENEFITS)
def test_every_limit_managed_benefit_makes_it_preventive_support(service: str) -> None:
    assert evaluate("case-type", TOSHIMA, facts("2025-01", "support1", ["A6", service]))["type"] == (
        "preventive_support"
    )


@pytest.mark.parametrize("service", PROJECT)
def test_every_project_service_alone_makes_it_care_management_a(service: str) -> None:
    assert (
        evaluate("case-type", TOSHIMA, facts("2025-01", "support1", [service]))["type"] == "care_management_a"
    )


REFUSED = {
    "a project-eligible person can't have a benefit": (
        TOSHIMA,
        facts("2025-01", "project_eligible", ["A6", "67"]),
        "services",
    ),
    "nor one outside limit management": (
        TOSHIMA,
        facts("2025-01", "project_eligible", ["A6", "34"]),
        "services",
    ),
    "a project-eligible person is never designated": (
        TOSHIMA,
        facts("2025-01", "project_eligible", ["A6"], True),
        "designated",
    ),
    "no designation before 2024-04": (TOSHIMA, facts("2024-03", "support1", ["67"], True), "designated"),
    "a care level is no case of ours": (TOSHIMA, facts("2025-01", "care1", ["A6"]), "status"),
    "nor is a person found independent": (TOSHIMA, facts("2025-01", "none", ["A6"]), "status"),
    "no service, no plan": (TOSHIMA, facts("2025-01", "support1", []), "services"),
    "medical advice alone needs no plan of ours": (TOSHIMA, facts("2025-01", "support1", ["34"]), "services"),
    "nor does general prevention": (TOSHIMA, facts("2025-01", "support1", ["general"]), "services"),
    "an unknown service": (TOSHIMA, facts("2025-01", "support1", ["A9"]), "services.0"),
    "an AF code is none of the services": (ADACHI, facts("2019-04", "support1", ["AF"]), "services.0"),
    "a month before Adachi's project": (ADACHI, facts("2016-09", "support1", ["A6"]), "month"),
}


@pytest.mark.parametrize(("insurer", "asked", "field"), REFUSED.values(), ids=REFUSED)
def test_case_type_is_refused_naming_the_field(insurer: str, asked: dict[str, Any], field: str) -> None:
    assert refused("case-type", insurer, asked)["field"] == field


def test_toshimas_route_of_a_is_marked_as_assumed_and_adachis_is_not() -> None:
    routes = {
        insurer: next(
            each
            for each in evaluate("case-type", insurer, facts("2025-01", "support1", ["A6"]))["parameters"]
            if each["name"] == "claim.route.care_management_a"
        )
        for insurer in (TOSHIMA, ADACHI)
    }
    assert (routes[TOSHIMA]["assumed"], routes[ADACHI]["assumed"]) == (True, False)


@given(
    services=st.lists(st.sampled_from(sorted(SERVICE_KINDS)), min_size=1, max_size=6),
    designated=st.booleans(),
)
def test_the_office_claims_only_preventive_support(services: list[str], designated: bool) -> None:
    if not set(services) & {*BENEFITS, *PROJECT}:
        refused("case-type", TOSHIMA, facts("2025-01", "support2", services, designated))
        return
    answer = evaluate("case-type", TOSHIMA, facts("2025-01", "support2", services, designated))
    assert (answer["type"] == "preventive_support") is bool(set(services) & set(BENEFITS))
    assert (answer["claimant"] == "office") is (designated and answer["type"] == "preventive_support")
