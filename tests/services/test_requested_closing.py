"""A claimant closes its month on its own node, and its billing desk answers (T-32, T-33)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, RENTAL
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, Town, desk, model, opened, signed_by_both
from tests.services.test_claims import DAY_CARE, RENTED, used
from tests.services.test_worksheet import with_papers

NOVEMBER_5 = date(2024, 11, 5)
REPORTED = with_papers(used("2024-10", RENTED, DAY_CARE))
MORE_USED = with_papers(used("2024-10", {**RENTED, "units": 700}, DAY_CARE))


def town(*reported: Event, at_desk: tuple[Event, ...] | None = None) -> Town:
    """The office's case of October: what the office knows as reported, and the desk too, unless ``at_desk`` tells."""
    signed = [each for each in signed_by_both() if each.type == "ContractSigned"]
    known = [*model(), opened(), *signed]
    found = Town(
        {
            OFFICE: desk(OFFICE, *known, *reported, today=NOVEMBER_5),
            BILLING: desk(BILLING, *known, *(reported if at_desk is None else at_desk), today=NOVEMBER_5),
        }
    )
    return found


def close(at: Town, agency: str = OFFICE, month: str = "2024-10") -> Any:
    return at.act(agency, "RequestClosing", None, service_month=month)


def told(at: Town, agency: str, kind: str) -> list[dict[str, Any]]:
    return [dict(each.data) for each in at.desks[agency].events if each.type == kind]


def test_the_desk_drafts_what_was_asked_for_and_tells_what_it_follows_from() -> None:
    at = town(REPORTED)
    assert "1人" in close(at).advice[0].message
    (slip,), (claim,) = told(at, OFFICE, "BenefitSlipPrepared"), told(at, OFFICE, "ClaimDrafted")
    assert (slip["units"], claim["yen"]) == (4121, 8800)
    (sheet,) = told(at, OFFICE, "WorksheetStated")
    assert (sheet["outcome"], sheet["claim_id"], sheet["blockers"]) == ("drafted", claim["claim_id"], [])
    figures = {each["title"]: each["value"] for each in sheet["figures"]}
    assert (figures["単位数の合計"], figures["請求額"]) == ("772単位", "8,800円")
    at.act(OFFICE, "ConfirmMonth", None, service_month="2024-10", yen=8800)
    assert at.desks[BILLING].situation().case.claims["2024-10"].confirmed_on == NOVEMBER_5


def test_asked_again_the_same_is_not_said_twice() -> None:
    at = town(REPORTED)
    close(at)
    close(at)
    assert len(told(at, OFFICE, "ClaimDrafted")) == 1
    assert len(told(at, OFFICE, "WorksheetStated")) == 1


def test_what_blocks_is_told_with_what_to_do() -> None:
    """T-16, T-23: a report without the notification's day and the plan's delivery."""
    at = town(used("2024-10", RENTED, DAY_CARE))
    close(at)
    (sheet,) = told(at, OFFICE, "WorksheetStated")
    assert {each["rule"] for each in sheet["blockers"]} >= {"T-16", "T-23"}
    assert all(each["todo"] for each in sheet["blockers"])
    assert at.desks[OFFICE].situation().case.worksheets["2024-10"].blockers


def test_nothing_is_drafted_from_another_report_than_the_one_that_was_confirmed() -> None:
    """T-32: the claimant's report of another use is still on its way to the desk."""
    at = town(MORE_USED, at_desk=(REPORTED,))
    close(at)
    assert not told(at, OFFICE, "ClaimDrafted")
    (sheet,) = told(at, OFFICE, "WorksheetStated")
    assert sheet["outcome"] == "blocked"
    assert "確認された実績は4,321単位、届いている実績は4,121単位" in sheet["blockers"][0]["text"]


def test_a_request_that_came_before_the_report_is_answered_when_the_report_comes() -> None:
    """T-32: two agencies' messages arrive in any order."""
    at = town(REPORTED, at_desk=())
    close(at)
    assert not told(at, OFFICE, "ClaimDrafted")
    at._deliver(BILLING, REPORTED, None)
    (claim,) = told(at, OFFICE, "ClaimDrafted")
    assert claim["yen"] == 8800
    outcomes = [each["outcome"] for each in told(at, OFFICE, "WorksheetStated")]
    assert outcomes == ["blocked", "drafted"]


def refused(code: str, at: Town, agency: str = OFFICE, month: str = "2024-10") -> Refused:
    with pytest.raises(Refused) as problem:
        close(at, agency, month)
    assert problem.value.code == code
    assert problem.value.todo
    return problem.value


def test_only_a_reported_month_of_ones_own_is_closed() -> None:
    refused("nothing_to_close", town())
    at = town(REPORTED)
    at.desks[CENTRE] = desk(CENTRE, *at.desks[OFFICE].events, today=NOVEMBER_5)
    refused("nothing_to_close", at, CENTRE)
    refused("nothing_to_close", at, OFFICE, "2024-11")


def test_without_a_mandate_there_is_nobody_to_ask() -> None:
    at = town(REPORTED)
    at.desks[OFFICE].events = [each for each in at.desks[OFFICE].events if each.type != "BillingEntrusted"]
    assert "請求事務を委任する" in (refused("billing_not_entrusted", at).todo or "")


def test_a_month_that_is_submitted_is_not_asked_for_again() -> None:
    at = town(REPORTED)
    close(at)
    at.act(OFFICE, "ConfirmMonth", None, service_month="2024-10")
    _submit(at)
    refused("nothing_to_close", at)


def _submit(at: Town, examined: str = "2024-11") -> None:
    fields = {
        "claimant": OFFICE,
        "route": "federation",
        "examination_month": examined,
        "means": "transmission",
    }
    at.act(BILLING, "SubmitClaims", None, **fields)


# --- facts that come later ---


def late(at: Town, event: Event) -> None:
    at.desks[OFFICE].events.append(event)
    at._deliver(BILLING, event, None)


UNSUITED = with_papers(used("2024-10", DAY_CARE))
"""A later report by which the month is the centre's: no preventive benefit was used (T-61)."""


def test_a_fact_that_comes_after_the_draft_reopens_the_month_and_changes_nothing_silently() -> None:
    """T-61."""
    at = town(REPORTED)
    close(at)
    late(at, UNSUITED)
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert (reopened["stage"], reopened["cause"], reopened["as_claimed"]) == (
        "drafted",
        "PerformanceReported",
        False,
    )
    assert at.desks[OFFICE].situation().case.claims["2024-10"].yen == 8800
    assert reopened["todo"]


def test_a_late_fact_after_the_submission_owes_a_correction_that_is_claimed_anew() -> None:
    """T-33, T-61: the claim stands as it is; taking it back and the new draft are owed, seen and done by people."""
    at = town(REPORTED)
    close(at)
    at.act(OFFICE, "ConfirmMonth", None, service_month="2024-10")
    _submit(at)
    late(at, UNSUITED)
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert (reopened["stage"], reopened["now"]) == ("submitted", None)
    assert "包括の請求ですが、居宅への委託の記録がありません" in reopened["text"]
    assert rows(at, "T-33-withdraw") == ["open"]
    late(at, with_papers(used("2024-10", RENTED, DAY_CARE)))
    assert [each["as_claimed"] for each in told(at, OFFICE, "MonthReopened")] == [False, True]
    assert rows(at, "T-33-withdraw") == ["void"]


def test_a_month_reported_late_takes_the_initial_addition_from_the_month_after_it() -> None:
    """T-33, A-Q34a: the later month was claimed as the first one; it is taken back and claimed anew."""
    november = with_papers(used("2024-11", RENTED, DAY_CARE))
    at = town(november)
    at.advance(date(2024, 12, 5))
    close(at, month="2024-11")
    at.act(OFFICE, "ConfirmMonth", None, service_month="2024-11", yen=8800)
    _submit(at, "2024-12")
    at.advance(date(2025, 1, 6))
    at.act(BILLING, "RecordDecision", CASE, service_month="2024-11", decided_on="2024-12-27")
    late(at, REPORTED)
    (reopened,) = told(at, OFFICE, "MonthReopened")
    assert (reopened["stage"], reopened["yen"], reopened["now"]["yen"]) == ("decided", 8800, 5380)
    assert rows(at, "T-33-reopened") == ["open"]
    assert at.desks[BILLING].situation().case.claims["2024-11"].yen == 8800
    at.act(BILLING, "FileCorrection", CASE, service_month="2024-11", reason="10月の実績が後から届いた")
    assert rows(at, "T-33-reopened") == ["open"]
    close(at, month="2024-11")
    assert [each["yen"] for each in told(at, OFFICE, "ClaimDrafted")] == [8800, 5380]
    assert rows(at, "T-33-reopened") == ["done"]


def rows(at: Town, row: str) -> list[str]:
    return [each.state for each in at.desks[BILLING].obligations(CASE) if each.row == row]


def test_a_report_that_changes_no_claim_reopens_nothing() -> None:
    at = town(REPORTED)
    close(at)
    late(at, with_papers(used("2024-10", RENTED, DAY_CARE), plan_delivered_on="2024-10-12"))
    late(at, with_papers(used("2024-11", {**RENTED, "provider": RENTAL}, DAY_CARE)))
    assert not told(at, OFFICE, "MonthReopened")
