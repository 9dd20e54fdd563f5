"""What the result of an application means for a provisional plan: support, care or neither (T-38, T-39)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, DAY_SERVICE, OFFICE, WARD
from shared.eventlog.model import Event
from tests.care.stage import CASE, desk, made, model, opened
from tests.care.test_notifications import filed_by_office
from tests.care.test_provisional import (
    APPLIED,
    BOTH,
    DAY_CARE,
    DRAFT,
    NEWCOMER,
    RENTED,
    agreed,
    announced,
    refusal,
    rules,
    settled,
    town,
)


def test_before_the_result_nothing_is_settled() -> None:
    assert refusal(agreed(town()), OFFICE, "SettleProvisionalPlan").code == "result_missing"


def test_on_support_the_person_s_wish_comes_first() -> None:
    """T-39."""
    where = announced(agreed(town()), "support1")
    problem = refusal(where, OFFICE, "SettleProvisionalPlan")
    assert (problem.code, problem.field) == ("wish_missing", "wish_confirmed_on")


@pytest.mark.parametrize(
    ("services", "entrusted", "kind", "track", "filer"),
    [
        ([RENTED, DAY_CARE], False, "preventive_support", "designated", OFFICE),
        ([DAY_CARE], False, "care_management_a", "entrusted", CENTRE),
        ([RENTED], True, "preventive_support", "entrusted", CENTRE),
        ([DAY_CARE], True, "care_management_a", "entrusted", CENTRE),
    ],
)
def test_on_support_the_type_says_who_files_and_who_claims(
    services: list[Any], entrusted: bool, kind: str, track: str, filer: str
) -> None:
    """T-39: 要支援1 on 2025-06-20, with 福祉用具 the office files, with A6 only the centre."""
    where = announced(agreed(town(entrusted), services=services), "support1")
    decision, found = settled(where)
    assert (found["type"], found["track"], found["filer"], found["claimant"]) == (kind, track, filer, filer)
    assert found["notification_needed"] is True
    assert found["entrustment_needed"] is (track == "entrusted" and not entrusted)
    assert decision.events[0].to == (CENTRE, BILLING)
    for agency in (OFFICE, CENTRE, BILLING):
        mode = where.desks[agency].situation().case.mode(date(2025, 6, 30))
        assert mode is not None
        assert (mode.type, mode.track) == (kind, track)
    owed = {each.row: each for each in where.desks[filer].obligations(today=date(2025, 6, 20))}
    assert (owed["T-39-file"].debtor, owed["T-39-file"].due) == (filer, date(2025, 6, 25))


def test_the_office_files_with_the_benefits_group_and_the_centre_its_held_notification_with_the_project_s() -> (
    None
):
    """T-39: 給付G, 総合事業G. Filed after the month's end it is not late: the result came so late."""
    where = announced(agreed(town()), "support1")
    settled(where)
    form = {"occasion": "first", "start_date": "2025-06-05", "signed_by_person": True}
    assert where.act(OFFICE, "FileNotification", CASE, **form).events[0].data["desk"] == "insurance_benefits"

    where = town()
    where.act(CENTRE, "PrepareNotification", CASE, signed_by_person=True)
    announced(agreed(where, services=[DAY_CARE]), "support1", date(2025, 7, 10))
    settled(where)
    filed = where.act(CENTRE, "FileHeldNotification", CASE, receipt_on="2025-07-10", start_date="2025-06-05")
    assert filed.events[0].data["desk"] == "elderly_project"
    assert rules(filed) == ["T-12"]  # blank fields only, nothing of T-16
    started = where.act(CENTRE, "StartEntrustment", CASE, starts_on="2025-06-05", type="care_management_a")
    assert rules(started) == []
    owed = {each.row: each.state for each in where.desks[CENTRE].obligations(today=date(2025, 7, 10))}
    assert (owed["T-39-file"], owed["T-39-entrust"]) == ("done", "done")


def test_what_was_used_counts_and_not_what_was_planned() -> None:
    """T-61: the type follows from the services."""
    where = agreed(town())
    where.advance(date(2025, 6, 6))
    where.act(OFFICE, "StartService", CASE, service="A6", provider=DAY_SERVICE, started_on="2025-06-05")
    assert settled(announced(where, "support2"))[1]["type"] == "care_management_a"


@pytest.mark.parametrize("status", ["care1", "care5"])
def test_on_care_nothing_is_filed_or_claimed_and_the_support_ends_before_it_begins(status: str) -> None:
    """T-38, T-39: the case goes to 居宅介護支援."""
    where = announced(agreed(town()), status)
    decision = where.act(OFFICE, "SettleProvisionalPlan", CASE)
    found, ended = decision.events
    assert (found.data["result"], found.data["filer"], found.data["claimant"]) == ("care", None, None)
    assert (ended.type, ended.data["reason_code"], ended.data["ended_on"]) == (
        "SupportEnded", "to_care", date(2025, 6, 1),
    )  # fmt: skip
    assert rules(decision) == ["T-38"]
    rows = {each.row: each.state for each in where.desks[OFFICE].obligations(today=date(2025, 6, 20))}
    assert "T-39-file" not in rows
    assert rows["T-35-care"] == "done"
    assert where.desks[CENTRE].situation().case.support_end is not None


def test_on_none_the_support_ends_and_the_costs_are_named() -> None:
    where = announced(agreed(town()), "none")
    decision = where.act(OFFICE, "SettleProvisionalPlan", CASE)
    assert [each.data.get("reason_code") for each in decision.events] == [None, "not_eligible"]
    assert rules(decision) == ["A-Q17"]


def test_an_entrusted_case_that_goes_to_care_ends_its_entrustment() -> None:
    """T-35R."""
    where = announced(agreed(town(entrusted=True)), "care1")
    where.act(OFFICE, "SettleProvisionalPlan", CASE)
    (entrustment,) = where.desks[OFFICE].situation().case.entrustments
    assert entrustment.ended_on == APPLIED  # it never lasted longer than its first day


def test_a_renewal_that_came_late_goes_on_as_before_without_another_notification() -> None:
    """T-39: the current notification stays current."""
    signed = made("ContractSigned", OFFICE, date(2024, 10, 10))
    filed = filed_by_office(date(2024, 10, 15))
    asked = made("CertificationApplied", OFFICE, date(2025, 3, 20), applied_on="2025-03-20")
    at = desk(OFFICE, *model(), opened(), signed, filed, asked, today=date(2025, 4, 1))
    draft = {**DRAFT, "period_from": "2025-04-01", "services": [RENTED]}
    drafted, submitted = at.when("DraftProvisionalPlan", **draft).events
    for each in (drafted, submitted):
        at.given(made(each.type, OFFICE, date(2025, 4, 1), each.data, kinds=at.kinds))
    result = made(
        "CertificationResult", WARD, date(2025, 4, 10), applied_on="2025-03-20", decided_on="2025-04-10"
    )
    found = at.given(result).when("SettleProvisionalPlan", wish_confirmed_on="2025-04-10").events[0].data
    assert (found["filer"], found["notification_needed"], found["mode_changes"]) == (OFFICE, False, False)


def test_the_centre_s_own_case_stays_with_the_centre() -> None:
    own = {CENTRE: "hokatsu", WARD: "ward"}
    begun = made("CaseOpened", CENTRE, APPLIED, parties=own, **NEWCOMER)
    signed = made("ContractSigned", CENTRE, APPLIED, agency=CENTRE, contract=BOTH, provisional=True)
    asked = made(
        "CertificationApplied", CENTRE, APPLIED, agency=CENTRE, applied_on=APPLIED, valid_to_before=None
    )
    at = desk(CENTRE, *model(), begun, signed, asked, today=APPLIED)
    drafted, submitted = at.when("DraftProvisionalPlan", **{**DRAFT, "services": [DAY_CARE]}).events
    assert (submitted.data["track"], submitted.to) == ("direct", ())
    for each in (drafted, submitted):
        at.given(made(each.type, CENTRE, APPLIED, each.data, kinds=at.kinds))
    result: Event = made(
        "CertificationResult", WARD, date(2025, 6, 20), applied_on=APPLIED, decided_on="2025-06-20"
    )
    found = at.given(result).when("SettleProvisionalPlan", wish_confirmed_on="2025-06-20").events[0].data
    assert (found["track"], found["filer"], found["entrustment_needed"]) == ("direct", CENTRE, False)
