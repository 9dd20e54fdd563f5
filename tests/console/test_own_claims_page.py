"""A claimant's own claims on its own node: to confirm one by one or all at once, and what became of them (T-33)."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING
from tests.console.conftest import NAME, Console, event, take_in


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
    assert node.access.of_case(case_id)[0].what == "2024-09 の請求"
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
