"""Adachi's entrusted cases: the contract stays with the centre, the office does the work, its load is considered."""

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
