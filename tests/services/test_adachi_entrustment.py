"""Adachi's entrusted cases: the contract stays with the centre, the office does the work, its load is considered."""

from datetime import date
from typing import Any

import pytest

from shared.node.errors import Refused
from tests.care.stage import ADACHI, ADACHI_CENTRE, BORDER_OFFICE, CASE, Town, made
from tests.care.test_provisional_costs import BOTH_TYPES, DAY
from tests.care.test_two_wards import town


def contracted() -> Town:
    where = town()
    parties = {ADACHI_CENTRE: "hokatsu", ADACHI: "ward", BORDER_OFFICE: "kyotaku"}
    known = made(
        "CaseOpened",
        ADACHI_CENTRE,
        DAY,
        insurer=ADACHI,
        parties=parties,
        opened_on=DAY,
        procedure="principle",
        status="project_eligible",
        certification=None,
    )
    for each in parties:
        where.desks[each].given(known)
    where.advance(DAY)
    where.act(ADACHI_CENTRE, "SignEntrustmentContract", office=BORDER_OFFICE, valid_from="2019-04-01")
    where.act(
        ADACHI_CENTRE, "SignContract", CASE, contract=BOTH_TYPES, consented_on=str(DAY), signed_by="person"
    )
    return where


ENTRUSTED: dict[str, Any] = {"starts_on": "2019-05-01", "type": "care_management_a"}


@pytest.mark.parametrize("contract", [BOTH_TYPES, "preventive_support"])
def test_the_office_is_no_party_of_the_contract(contract: str) -> None:
    """A-Q29."""
    where = contracted()
    where.act(ADACHI_CENTRE, "StartEntrustment", CASE, **ENTRUSTED)
    with pytest.raises(Refused):
        where.act(BORDER_OFFICE, "SignContract", CASE, contract=contract, signed_by="person")
    case = where.desks[BORDER_OFFICE].situation(CASE).case
    assert [(each.agency, each.contract) for each in case.contracts if each.agency == BORDER_OFFICE] == []
    assert (case.modes[-1].track, case.modes[-1].provider) == ("entrusted", ADACHI_CENTRE)


def test_the_centre_hears_who_goes_on_with_the_plans_of_its_contract_while_it_entrusts_them() -> None:
    """A-Q29, A-Q43."""
    where = contracted()
    where.act(ADACHI_CENTRE, "StartEntrustment", CASE, **ENTRUSTED)
    where.advance(date(2019, 6, 3))
    told = {"changed_on": "2019-06-03", "handover_sufficient": True, "note": "前任の退職"}
    decision = where.act(BORDER_OFFICE, "ChangePlanner", CASE, **told)
    assert [(each.type, tuple(each.to)) for each in decision.events] == [("PlannerChanged", (ADACHI_CENTRE,))]
    assert "PlannerChanged" in {each.type for each in where.desks[ADACHI_CENTRE].events}
    assert where.desks[ADACHI_CENTRE].situation(CASE).case.unread == {}


def test_plan_meeting_and_monitoring_are_the_office_s() -> None:
    """A-Q29."""
    where = contracted()
    where.act(ADACHI_CENTRE, "StartEntrustment", CASE, **ENTRUSTED)
    plan: dict[str, Any] = {
        "occasion": "first",
        "sheets": ["A"],
        "period_from": "2019-05-01",
        "period_to": "2019-10-31",
        "services": [{"service": "A6", "provider": "13A1600017", "starts_on": "2019-05-01", "ends_on": None}],
        "goals": "歩く",
    }
    where.act(BORDER_OFFICE, "DraftPlan", CASE, **plan)
    where.act(BORDER_OFFICE, "RecordMonitoring", CASE, month="2019-05", means="visit", findings="よい")
    with pytest.raises(Refused) as refused:
        where.act(ADACHI_CENTRE, "DraftPlan", CASE, **plan)
    assert refused.value.code == "not_carer"


@pytest.mark.parametrize(("caseload", "advice"), [(None, []), (34, []), (35, ["A-Q32"]), (36, ["A-Q32"])])
def test_a_full_care_manager_is_advised_of_and_never_refused(caseload: int | None, advice: list[str]) -> None:
    """A-Q32."""
    decision = contracted().act(ADACHI_CENTRE, "StartEntrustment", CASE, **ENTRUSTED, caseload=caseload)
    assert [each.rule for each in decision.advice] == advice


# --- months without use ---

SERVICE: dict[str, Any] = {"service": "A6", "provider": "13A1600017"}
UNUSED = {"A-Q21a-entrusted", "A-Q38b-confirm-entrusted", "A-Q38b-plan-entrusted", "A-Q38b-meeting-entrusted"}


def in_use() -> Town:
    """A day service of an entrusted case, used since 2019-05-07."""
    where = contracted()
    where.act(ADACHI_CENTRE, "StartEntrustment", CASE, **ENTRUSTED)
    plan: dict[str, Any] = {
        "occasion": "first",
        "sheets": ["A", "B", "C", "D"],
        "period_from": "2019-05-07",
        "period_to": "2021-03-31",
        "services": [{**SERVICE, "starts_on": "2019-05-07", "ends_on": None}],
        "goals": "歩く",
    }
    where.act(BORDER_OFFICE, "DraftPlan", CASE, **plan)
    where.act(BORDER_OFFICE, "RecordPlanConsent", CASE, signed_by="person")
    where.act(BORDER_OFFICE, "DeliverPlan", CASE, sheets=["A", "B", "C", "D"])
    where.act(BORDER_OFFICE, "StartService", CASE, **SERVICE, started_on="2019-05-07")
    return where


def stopped(last_used_on: str = "2019-09-30") -> Town:
    where = in_use()
    where.advance(date.fromisoformat(last_used_on))
    where.act(BORDER_OFFICE, "EndService", CASE, **SERVICE, last_used_on=last_used_on)
    return where


def unused(where: Town, agency: str) -> dict[str, tuple[str, str]]:
    """Row → its debtor and state, of what six months without use ask for."""
    duties = where.desks[agency].obligations(CASE)
    return {each.row: (each.debtor, each.state) for each in duties if each.row in UNUSED}


def test_the_office_tells_the_centre_of_the_last_day_of_use_at_once() -> None:
    """A-Q21a, A-Q38b."""
    where = stopped()
    (told,) = [each for each in where.desks[ADACHI_CENTRE].events if each.type == "ProjectUseReported"]
    assert (told.data["use"], told.data["changed_on"], told.data["checklist_again_from"]) == (
        "ended",
        "2019-09-30",
        "2020-04-01",
    )


@pytest.mark.parametrize(("on", "owed"), [(date(2020, 3, 31), False), (date(2020, 4, 1), True)])
def test_after_more_than_six_months_checklist_and_word_are_the_centre_s_plan_and_meeting_the_office_s(
    on: date, owed: bool
) -> None:
    """A-Q7, A-Q21a, A-Q29, A-Q38b, decision 17."""
    where = stopped()
    where.advance(on)
    centre = {"A-Q21a-entrusted", "A-Q38b-confirm-entrusted"}
    expected = {ADACHI_CENTRE: centre, BORDER_OFFICE: UNUSED - centre} if owed else {}
    for agency in (ADACHI_CENTRE, BORDER_OFFICE):
        found = unused(where, agency)
        assert set(found) == expected.get(agency, set())
        assert {debtor for debtor, _ in found.values()} <= {agency}


def test_what_is_used_again_in_time_owes_neither_of_them_anything() -> None:
    """A-Q38b."""
    where = stopped()
    where.advance(date(2020, 2, 3))
    plan = {"occasion": "revision", "sheets": ["A", "B", "C", "D"], "goals": "歩く"}
    period = {"period_from": "2020-02-03", "period_to": "2021-03-31"}
    services = [{**SERVICE, "starts_on": "2020-02-03", "ends_on": None}]
    where.act(BORDER_OFFICE, "DraftPlan", CASE, **plan, **period, services=services)
    where.act(BORDER_OFFICE, "RecordPlanConsent", CASE, signed_by="person")
    where.act(BORDER_OFFICE, "DeliverPlan", CASE, sheets=["A", "B", "C", "D"])
    where.act(BORDER_OFFICE, "StartService", CASE, **SERVICE, started_on="2020-02-03")
    where.advance(date(2020, 4, 1))
    for agency in (ADACHI_CENTRE, BORDER_OFFICE):
        assert {state for _, state in unused(where, agency).values()} <= {"done"}
    told = [
        each.data["use"] for each in where.desks[ADACHI_CENTRE].events if each.type == "ProjectUseReported"
    ]
    assert told == ["ended", "resumed"]


def test_a_service_that_begins_for_the_first_time_is_no_news_of_that_kind() -> None:
    """A-Q21a."""
    assert not [each for each in in_use().desks[ADACHI_CENTRE].events if each.type == "ProjectUseReported"]
