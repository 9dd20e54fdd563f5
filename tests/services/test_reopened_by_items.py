"""What a claim or a slip states of the person and the services changes visibly, at every stage (T-33, T-61, A-Q36)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, OFFICE, WARD
from services.billing.entries import slip_entry, support_entry
from services.billing.people import Person
from services.billing.worksheet import worksheet
from shared.care import requirements
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.policy.dates import Month, day_text
from tests.care.stage import CASE, Town, made
from tests.services.test_claims import DAY_CARE, RENTED, billing, used
from tests.services.test_requested_closing import REPORTED, _submit, close, late, rows, told, town
from tests.services.test_worksheet import with_papers

OCTOBER = Month(2024, 10)
FEWER = with_papers(used("2024-10", {**RENTED, "units": 300}, DAY_CARE))


def certified(status: str = "support1", **changes: Any) -> Event:
    """A level that arrives after the month, for the whole of it."""
    result = {"status": status, "valid_from": "2024-10-01", "valid_to": "2025-10-31", **changes}
    return made("CertificationResult", WARD, date(2024, 11, 6), occasion="category_change", **result)


def reached(stage: str) -> Town:
    """October of the office, closed as far as ``stage``."""
    at = town(REPORTED)
    close(at)
    if stage != "drafted":
        at.act(OFFICE, "ConfirmMonth", None, service_month="2024-10")
    if stage in ("submitted", "decided"):
        _submit(at)
    if stage == "decided":
        at.act(BILLING, "RecordDecision", CASE, service_month="2024-10", decided_on="2024-11-05")
    return at


def state(at: Town) -> str:
    return worksheet(at.desks[BILLING].situation(), OCTOBER).state


STAGES = pytest.mark.parametrize("stage", ["drafted", "confirmed", "submitted", "decided"])


@STAGES
def test_a_level_that_comes_after_the_claim_reopens_the_month_and_its_slip(stage: str) -> None:
    """T-33, T-61: the fee is the same, but status, limit and period on the files are not."""
    at = reached(stage)
    late(at, certified())
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert (reopened["stage"], reopened["as_claimed"]) == (stage, False)
    assert reopened["slip_id"] == told(at, OFFICE, "BenefitSlipPrepared")[0]["slip_id"]
    assert "状態区分は 要支援2、いまの記録では 要支援1" in reopened["text"]
    assert "限度額 5,032単位" in reopened["text"]
    assert (rows(at, "T-33-reopened"), rows(at, "T-33-slip-changed")) == (["open"], ["open"])
    sheet = told(at, OFFICE, "WorksheetStated")[-1]
    assert any("要支援1" in each["text"] for each in sheet["notes"])
    assert state(at) in ("reopened", "blocked")


def test_before_the_submission_the_late_level_holds_claim_and_slip_back_until_both_are_made_anew() -> None:
    at = reached("confirmed")
    late(at, certified())
    fields = {"claimant": OFFICE, "route": "federation", "examination_month": "2024-11"}
    for kind, code in (("slip", "slip_outdated"), ("claim", "claim_blocked")):
        line = {"case": CASE, "kind": kind, "service_month": "2024-10"}
        with pytest.raises(Refused) as refused:
            at.act(BILLING, "SubmitClaims", None, **fields, means="transmission", lines=[line])
        assert refused.value.code == code
    at.act(BILLING, "CloseMonth", None, service_month="2024-10", cases=[str(CASE)])
    slip, claim = told(at, OFFICE, "BenefitSlipPrepared")[-1], told(at, OFFICE, "ClaimDrafted")[-1]
    assert (slip["kind"], slip["status"], slip["limit"]) == ("1", "support1", 5032)
    assert (slip["limit_from"], slip["limit_to"]) == ("2024-10-01", "2025-10-31")
    assert (claim["status"], claim["certified_from"]) == ("support1", "2024-10-01")
    assert (rows(at, "T-33-reopened"), rows(at, "T-33-slip-changed")) == (["done"], ["done"])
    assert state(at) == "drafted"


def test_a_slip_that_the_late_level_puts_over_its_limit_is_never_written() -> None:
    """A-Q37: 6,500 units fitted 要支援2, and exceed 要支援1 by 1,468."""
    heavy = with_papers(used("2024-10", {**RENTED, "units": 6500 - DAY_CARE["units"]}, DAY_CARE))
    at = town(heavy)
    close(at)
    at.act(OFFICE, "ConfirmMonth", None, service_month="2024-10")
    late(at, certified())
    assert "1,468単位の超過" in told(at, OFFICE, "MonthReopened")[0]["text"]
    fields = {"claimant": OFFICE, "route": "federation", "examination_month": "2024-11"}
    line = {"case": CASE, "kind": "slip", "service_month": "2024-10"}
    for _ in ("as it was", "made anew"):
        with pytest.raises(Refused) as refused:
            at.act(BILLING, "SubmitClaims", None, **fields, means="transmission", lines=[line])
        at.act(BILLING, "PrepareBenefitSlip", CASE, service_month="2024-10")
    assert refused.value.code == "over_the_limit"


@STAGES
def test_other_units_alone_owe_a_slip_with_all_services_and_no_new_claim(stage: str) -> None:
    """T-33, A-Q36: after the submission a correction (修正), before it a new slip; the flat fee stays as it is."""
    at = reached(stage)
    late(at, FEWER)
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert (reopened["stage"], reopened["as_claimed"], reopened["cause"]) == (
        stage,
        True,
        "PerformanceReported",
    )
    assert (rows(at, "T-33-reopened"), rows(at, "T-33-slip-changed")) == ([], ["open"])
    sent = stage in ("submitted", "decided")
    assert state(at) == ("reopened" if sent else "blocked")
    at.act(BILLING, "CloseMonth", None, service_month="2024-10", cases=[str(CASE)])
    slip = told(at, OFFICE, "BenefitSlipPrepared")[-1]
    assert (slip["kind"], slip["units"], len(slip["rows"])) == ("2" if sent else "1", 3921, 2)
    assert len(told(at, OFFICE, "ClaimDrafted")) == 1
    assert rows(at, "T-33-slip-changed") == ["done"]
    assert "open" in rows(at, "T-33-submit-slip")
    if sent:
        assert state(at) == stage
        _submit(at)
        assert rows(at, "T-33-submit-slip") == ["done", "done"]


def test_units_that_are_again_as_on_the_slip_close_the_reopened_month() -> None:
    at = reached("submitted")
    late(at, FEWER)
    late(at, REPORTED)
    assert [each["slip_id"] is None for each in told(at, OFFICE, "MonthReopened")] == [False, True]
    assert rows(at, "T-33-slip-changed") == ["void"]
    assert state(at) == "submitted"


@pytest.mark.parametrize(
    ("event", "words", "slip"),
    [
        (with_papers(used("2024-10", RENTED, DAY_CARE), notified_on="2024-10-03"), "届出日", False),
        (certified("support2", valid_to="2025-09-30"), "認定有効期間の末日", True),
    ],
)
def test_each_date_that_a_claim_states_reopens_it(event: Event, words: str, slip: bool) -> None:
    """Items 13 to 15 of 8125; 13 and 14 of 8222."""
    at = reached("submitted")
    late(at, event)
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert words in reopened["text"]
    assert (reopened["as_claimed"], reopened["slip_id"] is not None) == (False, slip)


# --- a level that changes in the middle of a month ---


@pytest.mark.parametrize(
    ("level", "status", "first"), [("support1", "13", "2024-09"), ("support2", "13", "2024-10")]
)
def test_claim_slip_and_worksheet_state_the_heaviest_level_of_the_month_with_its_own_period(
    level: str, status: str, first: str
) -> None:
    """T-33: the level changes on the 15th; the limit, its period and the status of both files are one level's."""
    changed = certified(level, valid_from="2024-10-15")
    at = billing(changed, REPORTED)
    slip = at.when("PrepareBenefitSlip", service_month="2024-10").events[0]
    at.given(made("BenefitSlipPrepared", BILLING, date(2024, 11, 5), slip.data))
    situation = at.situation()
    person = Person(insured_number="0000012345", birth_date=date(1945, 4, 1), sex="female")
    of_slip = slip_entry(situation.case, "2024-10", person)
    sheet = worksheet(situation, OCTOBER)
    of_claim = support_entry(situation, sheet, person, requirements.parameters_of(situation))
    assert of_claim.certified_from is not None
    assert (of_slip.status, of_claim.status) == (status, status)
    assert str(of_slip.limit_from) == str(Month.of(of_claim.certified_from)) == first
    figures = {each.title: each for each in sheet.figures}
    assert figures["状態区分"].value == "要支援2"
    assert day_text(of_claim.certified_from) in figures["状態区分"].derivation
