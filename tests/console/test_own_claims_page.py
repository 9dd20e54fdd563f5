"""A claimant's own claims on its own node: to confirm one by one or all at once, and what became of them (T-33)."""

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE
from shared.care.claim_stages import month_stage
from shared.console.claim_board import STAGES
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from tests.console.conftest import NAME, Console, event, take_in

MONTH = "2024-09"


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu"])
def test_a_claimant_sees_what_it_has_to_confirm_and_what_became_of_it(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, case_id = console_of(service)
    assert "この事業所の請求案はまだありません" in browser.get("/own-claims").text
    theirs = {"claimant": node.agency, "service_month": "2024-09"}
    take_in(node, BILLING, event("ClaimDrafted", case_id, **theirs))
    text = browser.get("/own-claims").text
    for shown in (NAME, "確認待ち", "8,458円", "確認待ちの 1件"):
        assert shown in text, shown
    link = re.search(r'href="([^"]*ConfirmMonth[^"]*)"', text)
    assert link is not None
    assert "月の請求をまとめて確認する" in browser.get(unescape(link[1])).text
    assert node.access.of_case(case_id)[0].what == "令和6年9月の請求"
    take_in(node, node.agency, event("ClaimConfirmed", case_id, **theirs))
    assert "確認済み（提出待ち）" in browser.get("/own-claims?month=2024-09").text
    line = {
        **CROSSING["ClaimSubmitted"].example["lines"][0],
        "case": str(case_id),
        "service_month": "2024-09",
    }
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line], claimant=node.agency))
    assert "提出済み" in browser.get("/own-claims").text
    take_in(node, BILLING, event("ClaimReturned", case_id, **theirs))
    assert "返戻" in browser.get("/own-claims").text
    assert browser.get("/own-claims?month=2020-01").status_code == 404


def stage_of(node: Node, case_id: UUID) -> str | None:
    """What the case itself says of the month, event by event; None where the month is not this agency's."""
    situation = node.situation(case_id)
    case = situation.case
    claim, performance = case.claims.get(MONTH), case.performances.get(MONTH)
    if claim is None and (performance is None or not performance.services):
        return None
    if (claim.claimant if claim else node.agency) != node.agency:
        return None
    return month_stage(case, MONTH, situation.agency.submissions)


def test_the_month_s_table_says_of_every_case_what_the_case_says(
    console_of: Callable[[str], Console],
) -> None:
    """T-33, A-Q54b: after each event, also those that contradict each other or are about an older draft."""
    node, browser, case_id = console_of("kyotaku")
    me, month = node.agency, {"service_month": MONTH}
    first, second = {**month, "claim_id": str(uuid4())}, {**month, "claim_id": str(uuid4())}
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], **first, "case": str(case_id)}
    stopped = {"rule": "T-16", "text": "届出書の届出がありません", "todo": "届出日を確かめてください"}
    course = [
        (me, "ContractSigned", {"agency": me, "signed_on": "2024-08-01"}),
        (me, "PerformanceReported", {**month, "services": [], "nothing_used": True}),
        (me, "PerformanceReported", month),
        (BILLING, "WorksheetStated", {**month, "claimant": me, "claim_id": None, "blockers": [stopped]}),
        (BILLING, "WorksheetStated", {**month, "claimant": me, "claim_id": None, "blockers": []}),
        (BILLING, "ClaimDrafted", {**first, "claimant": me}),
        (me, "ClaimConfirmed", {**first, "claimant": me, "yen": 1}),
        (me, "ClaimConfirmed", {**first, "claimant": me}),
        (BILLING, "ClaimDrafted", {**first, "claimant": me}),
        (me, "ClaimConfirmed", {**first, "claimant": me}),
        (BILLING, "ClaimSubmitted", {"lines": [line], "claimant": me}),
        (BILLING, "ClaimReturned", {**first, "claimant": me}),
        (BILLING, "ClaimDecided", {**first, "claimant": me}),
        (BILLING, "ClaimDrafted", {**second, "claimant": me}),
        (me, "ClaimConfirmed", {**second, "claimant": me}),
        (BILLING, "ClaimDecided", {**second, "claimant": me}),
        (BILLING, "CorrectionFiled", {**second, "claimant": me}),
        (BILLING, "ClaimDrafted", {**first, "claimant": CENTRE}),
    ]
    seen = []
    for sender, name, changes in course:
        case = None if name == "ClaimSubmitted" else case_id
        take_in(node, sender, NewEvent(name, {**CROSSING[name].example, **changes}, case_id=case))
        text = browser.get(f"/own-claims?month={MONTH}").text
        shown = re.search(r'data-label="段階"><span class="[^"]*">([^<]*)', text)
        expected = stage_of(node, case_id)
        assert (shown[1] if shown else None) == (STAGES[expected] if expected else None), name
        seen.append(expected)
    assert set(seen) == {None, *STAGES}


def test_who_was_reported_the_month_before_is_awaited_until_the_support_ended(
    console_of: Callable[[str], Console],
) -> None:
    """T-32."""
    node, browser, case_id = console_of("kyotaku")
    take_in(node, node.agency, event("ContractSigned", case_id, agency=node.agency, signed_on="2024-08-01"))
    take_in(node, node.agency, event("PerformanceReported", case_id, service_month="2024-08"))
    other = uuid4()
    take_in(node, CENTRE, event("CaseOpened", other))
    take_in(node, node.agency, event("PerformanceReported", other, service_month=MONTH))
    address = f"/own-claims?month={MONTH}"
    assert "実績報告がまだ届いていません" in browser.get(address).text
    take_in(node, node.agency, event("SupportEnded", case_id, agency=node.agency, ended_on="2024-08-31"))
    assert "実績報告がまだ届いていません" not in browser.get(address).text
