"""A third ward is parameters only: it overrides some, inherits the rest, and borrows nothing from another ward."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.events.sample import CENTRE
from services.billing.project_corrections import form_of
from shared.care.agency import AgencyState, Enrolment
from shared.care.claim_parts import ProjectCorrection
from shared.policy import procedure
from shared.policy.errors import PolicyError
from shared.policy.evaluators import EVALUATORS
from shared.policy.parameters import Parameters, load

DAY = date(2025, 7, 1)
INSURER = """\
insurer: "131045"
name: 架空区
folder: kakuu
inherits: national
"""

STATED: dict[str, str] = {
    "unit_price.area": "area_1",
    "fee_split.centre_percent": "20",
    "notification.desk": "{entrusted: insurance, designated: community_care}",
    "notification.form": "{other: combined_request}",
    "notification.occasions": "[first, to_preventive_support]",
    "notification.rules": "{other: [T-12]}",
    "performance_report.day": "10",
    "claim.cut_off": '{day: 20, when_moved: "09:00"}',
    "claim.dispatch_dates": "[2025-05-15]",
    "proration.weekly_count_services": "[A6]",
    "proration.frequency_raised": "daily",
    "frequency.in_principle": "{services: [A6], most: {support1: 2}}",
    "frequency.every_week": "whole_weeks",
    "cards.colours": "{project_eligible: pink_card, certified: green_card}",
    "services.priced_by_visit": "true",
    "complaint.desks": "{project: [elderly_welfare], designated_office: [federation], any_service: [core_centre]}",
    "cards.issuing_desk": "insurance_benefits",
    "cards.reissue": "{green: {welfare_office: [[welfare_office, accept], [elderly_welfare, reissue]]}}",
    "model.programme": "kakuu_2024",
    "correction.project_service": (
        '{route: paper, form: project, code: "2002", to: insurance_benefits, address: 架空区一丁目,'
        " services: {A6: 通所サービス}}"
    ),
    "office.closure": '{first: "12-28", last: "01-04"}',
}


def entry(name: str, value: str) -> str:
    return f"""\
- name: {name}
  title: {name}の値
  unit: 値
  source: {{document: 架空区の要綱, passage: 第1条}}
  values:
    - {{from: 2024-04-01, value: {value}}}
"""


@pytest.fixture
def ward(tmp_path: Path) -> Parameters:
    folder = tmp_path / "kakuu"
    folder.mkdir()
    (folder / "insurer.yaml").write_text(INSURER, encoding="utf-8")
    text = "".join(entry(name, value) for name, value in STATED.items())
    (folder / "stated.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def use(status: str, per_week: int) -> dict[str, Any]:
    return {"status": status, "per_week": per_week}


FIRST = {
    "date": "2025-05-12",
    "status": "support1",
    "type": "preventive_support",
    "track": "designated",
    "occasion": "first",
    "simultaneous_contract": False,
    "model_centre": False,
    "start_date": "2025-05-12",
}
CHANGE = {
    "month": "2025-05",
    "service": "A6",
    "occasion": "category_change",
    "on": "2025-05-16",
    "from": use("support1", 1),
    "to": use("support2", 1),
}
ANSWERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "its own split of the national fee": (
        "fee",
        {
            "month": "2025-01",
            "type": "preventive_support",
            "provider": "centre",
            "entrusted": True,
            "initial": False,
            "linkage": False,
        },
        {"units": 442, "split": {"office": 4031, "centre": 1007}},
    ),
    "the national limit": (
        "benefit-limit",
        {"month": "2025-01", "status": "support1", "planned_units": 5100},
        {"limit": 5032, "excess": 68},
    ),
    "its own year's end": ("calendar", {"date": "2026-12-28"}, {"open": False, "next_open": "2027-01-05"}),
    "its own day of the month": (
        "deadline",
        {"kind": "performance_report", "month": "2025-05"},
        {"due": "2025-05-10", "warn_from": "2025-05-09"},
    ),
    "its own cut-off, at the national closing time": (
        "deadline",
        {"kind": "care_management_claim", "month": "2025-05", "sent_on": "2025-05-15"},
        {"due": "2025-05-20T17:15", "dispatch_by": "2025-05-15", "counted": True},
    ),
    "moved to the hour that it states": (
        "deadline",
        {"kind": "care_management_claim", "month": "2025-07"},
        {"due": "2025-07-22T09:00", "dispatch_by": None, "not_published": ["dispatch_by"]},
    ),
    "its own services by weekly count": ("proration", CHANGE, {"method": "whole_month", "days": 31}),
    "the national notice for the others": (
        "proration",
        {**CHANGE, "service": "A7"},
        {"method": "daily", "days": 31},
    ),
    "the national short stay": (
        "proration",
        {
            "month": "2025-08",
            "service": "A6",
            "occasion": "short_stay",
            "short_stay": ["2025-08-03", "2025-08-09"],
        },
        {"method": "daily", "days": 24},
    ),
    "its own usual frequency": (
        "frequency",
        {"month": "2025-05", "status": "support1", "service": "A6", "per_week": 2},
        {"warnings": []},
    ),
    "its own price by visits (decision 15)": (
        "project-service",
        {"month": "2024-04", "service": "A6", "units": 400, "basis": "visit", "attended": 4},
        {"units": 1600},
    ),
    "its own desk for the card of who applies": (
        "card",
        {"event": "applied_for_certification", "holding": "none", "at": None},
        {"steps": [{"by": "insurance_benefits", "action": "issue"}]},
    ),
    "its own way to a card that was lost": (
        "card",
        {"event": "lost", "holding": "green", "at": "welfare_office"},
        {
            "steps": [
                {"by": "welfare_office", "action": "accept"},
                {"by": "elderly_welfare", "action": "reissue"},
            ]
        },
    ),
    "its own desks for complaints": ("complaint", {"about": "project"}, {"to": ["elderly_welfare"]}),
    "its own code for corrections": (
        "correction",
        {"what": "project_service", "claim_state": "decided", "form": "project"},
        {"accepted": True, "code": "2002", "to": "insurance_benefits"},
    ),
    "the law on designation": (
        "office-designation",
        {
            "service": "A6",
            "office_designated_by": ["131045"],
            "person": {"insurer": "131045", "address_exception": False, "resident_of": "131045"},
        },
        {"allowed": True, "needed_from": "131045"},
    ),
}


@pytest.mark.parametrize(("name", "facts", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_a_third_ward_overrides_some_and_inherits_the_rest(
    ward: Parameters, name: str, facts: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = EVALUATORS[name].evaluate(facts, ward)
    assert {key: answer[key] for key in expected} == expected


def test_its_notifications_go_by_its_own_desks_and_occasions(ward: Parameters) -> None:
    (filing,) = EVALUATORS["notification"].evaluate(FIRST, ward)["filings"]
    assert (filing["by"], filing["to"], filing["stamp"]) == ("office", "community_care", None)
    added = EVALUATORS["notification"].evaluate({**FIRST, "occasion": "add_preventive_benefit"}, ward)
    assert (added["filings"], added["risk_report"]) == ([], False)


UNSTATED: dict[str, tuple[str, dict[str, Any], str]] = {
    "whether it prices by visits before the value's first day (decision 15)": (
        "project-service",
        {"month": "2024-03", "service": "A6", "units": 400, "basis": "visit", "attended": 4},
        "month",
    ),
    "how a move is prorated": (
        "proration",
        {"month": "2025-05", "service": "A6", "occasion": "moved_out", "on": "2025-05-16"},
        "month",
    ),
    "how the plan fee is corrected": (
        "correction",
        {"what": "care_management_fee", "claim_state": "decided", "form": None},
        "insurer",
    ),
    "when a held notification is due": (
        "deadline",
        {"kind": "held_notification", "start_date": "2025-05-01"},
        "start_date",
    ),
}


@pytest.mark.parametrize(("name", "facts", "field"), UNSTATED.values(), ids=UNSTATED)
def test_what_it_has_not_stated_is_not_borrowed(
    ward: Parameters, name: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        EVALUATORS[name].evaluate(facts, ward)
    assert (caught.value.code, caught.value.field) == ("not_published", field)
    assert "架空区" in caught.value.message


def test_who_reissues_a_lost_card_is_not_borrowed_either(ward: Parameters) -> None:
    """A-Q23."""
    asked = {"event": "lost", "holding": "green", "at": "welfare_office"}
    silent = replace(ward, own={name: each for name, each in ward.own.items() if name != "cards.reissue"})
    with pytest.raises(PolicyError, match="架空区"):
        EVALUATORS["card"].evaluate(asked, silent)


def test_a_simultaneous_contract_needs_a_model(ward: Parameters) -> None:
    without = replace(ward, own={name: each for name, each in ward.own.items() if name != "model.programme"})
    with pytest.raises(PolicyError) as caught:
        EVALUATORS["notification"].evaluate({**FIRST, "simultaneous_contract": True}, without)
    assert caught.value.field == "simultaneous_contract"


def test_its_paper_to_take_back_a_claim_has_its_own_codes_names_and_address(ward: Parameters) -> None:
    """A-Q54a, A-Q54d: nothing of another ward's form stands on it."""
    applied = ProjectCorrection("1", "2025-05", "A6", "1310400017", DAY, DAY, "2042")
    form = form_of(applied, ward)
    assert (form.address, form.form, form.reason, form.service) == (
        "架空区一丁目",
        "20",
        "42",
        "通所サービス",
    )


def test_its_own_model_is_the_procedure_of_its_cases(
    ward: Parameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-01: which model a ward runs is its parameter; an enrolment in another ward's model counts nowhere."""
    monkeypatch.setattr(procedure, "parameters", lambda _: ward)
    day = date(2024, 10, 1)

    def enrolled(model: str) -> bool:
        listed = AgencyState(enrolments=(Enrolment("131045", CENTRE, model, day),))
        return listed.enrolled(CENTRE, "131045", day)

    assert procedure.model_on("131045", day) == "kakuu_2024"
    assert enrolled("kakuu_2024")
    assert not enrolled("toshima_2024")
