"""A case's page holds what is needed now; its tabs lead to the rest, each with what can be done there."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from tests.console.conftest import TODAY, Console, event, take_in

TABS = (
    ("", "概要"),
    ("/course", "経過"),
    ("/contracts", "契約・届出書"),
    ("/plans", "計画"),
    ("/services", "サービス・実績"),
    ("/money", "請求"),
    ("/documents", "書類台帳"),
    ("/matrix", "工程表"),
    ("/switch", "類型の変更"),
    ("/forms", "様式の印刷"),
    ("/replay", "履歴の再現"),
)


def steps_of(page: str) -> int:
    return page.count('<p class="when">')


@pytest.mark.parametrize("service", ["kyotaku", "hokatsu", "ward", "billing"])
def test_every_page_of_a_case_has_the_same_tabs_and_marks_its_own(
    console_of: Callable[[str], Console], service: str
) -> None:
    _, browser, case_id = console_of(service)
    for path, title in TABS:
        answer = browser.get(f"/cases/{case_id}{path}")
        assert answer.status_code == 200, path
        tabs = answer.text.partition('<nav class="tabs')[2].partition("</nav>")[0]
        found = re.findall(r'href="([^"]*)"( aria-current="page")?>([^<]*)<', tabs)
        assert [(where, name) for where, _, name in found] == [
            (f"/cases/{case_id}{each}", name) for each, name in TABS
        ]
        assert [name for _, here, name in found if here] == [title]


def test_the_page_shows_the_newest_steps_and_the_course_shows_all_of_them_page_by_page(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("kyotaku")
    for days in range(40):
        take_in(node, WARD, event("ModelEnrolled", case_id), on=TODAY - timedelta(days=days))
    while "ほかに未読が" in browser.get(f"/cases/{case_id}").text:
        pass
    page = browser.get(f"/cases/{case_id}").text
    assert steps_of(page) == 6
    assert "経過をすべて見る（41件）" in page
    days_shown = re.findall(r"実施 令和6年(\d+)月(\d+)日", page.partition('id="timeline"')[2])
    assert days_shown[0] == ("10", "7")
    first, second = (browser.get(f"/cases/{case_id}/course?page={each}").text for each in (1, 2))
    assert (steps_of(first), steps_of(second)) == (30, 11)
    oldest = browser.get(f"/cases/{case_id}/course?order=oldest").text
    assert "実施 令和6年8月29日" in oldest
    assert "実施 令和6年8月29日" not in first


def test_what_arrived_unread_stands_on_the_page_however_old_the_act_is(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("kyotaku")
    for days in range(10):
        take_in(node, WARD, event("ModelEnrolled", case_id), on=TODAY - timedelta(days=days))
    browser.get(f"/cases/{case_id}")
    take_in(node, CENTRE, event("SimultaneousContractDeclined", case_id), on=date(2024, 8, 1))
    page = browser.get(f"/cases/{case_id}").text
    timeline = page.partition('id="timeline"')[2]
    assert timeline.count(">未読<") == 1
    assert steps_of(page) == 7
    assert steps_of(browser.get(f"/cases/{case_id}").text) == 6


def test_contracts_and_notifications_stand_on_their_page_with_what_can_be_done_about_them(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    take_in(node, OFFICE, event("ContractSigned", case_id), event("NotificationFiled", case_id, filer=OFFICE))
    text = browser.get(f"/cases/{case_id}/contracts").text
    papers, _, actions = text.partition('id="commands"')
    assert "提出済み・回答待ち" in papers
    assert "契約日" in papers
    assert "契約を記録する" in actions
    assert "モニタリングを記録する" not in actions
    assert "同時契約を断る" in actions.partition("いまはできない操作")[2]
    assert "重要事項の説明" not in browser.get(f"/cases/{case_id}").text


def test_the_months_of_a_case_say_which_papers_are_there_and_what_was_used(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("hokatsu")
    assert "月ごとの記録は、この事業所にはまだありません" in browser.get(f"/cases/{case_id}/services").text
    reported = event("PerformanceReported", case_id)
    take_in(node, OFFICE, reported)
    text = browser.get(f"/cases/{case_id}/services").text.partition('id="months"')[2]
    for used in reported.data["services"]:
        assert f"{used['units']:,}単位" in text
    assert text.count("記録なし") == 3


def test_what_became_of_a_claim_is_said_in_a_word(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("kyotaku")
    take_in(node, BILLING, event("ClaimDrafted", case_id, claimant=node.agency))
    address = f"/cases/{case_id}/money"
    assert "確認待ち" in browser.get(address).text
    line = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(case_id)}
    line["claim_id"] = CROSSING["ClaimDrafted"].example["claim_id"]
    take_in(node, BILLING, event("ClaimSubmitted", None, lines=[line], claimant=node.agency))
    assert "提出済み・決定待ち" in browser.get(address).text
    take_in(node, BILLING, event("ClaimReturned", case_id, claimant=node.agency))
    text = browser.get(address).text
    assert "決定待ち" not in text
    assert '<span class="mark mark-bad">返戻</span>' in text


def test_an_entrusted_office_hears_of_its_claim_by_the_settlement_statement(
    console_of: Callable[[str], Console],
) -> None:
    """A-Q35c: nobody tells it what its centre confirmed, submitted and was told."""
    node, browser, case_id = console_of("kyotaku")
    claim_id = CROSSING["ClaimDrafted"].example["claim_id"]
    take_in(node, BILLING, event("ClaimDrafted", case_id, claimant=CENTRE))
    address = f"/cases/{case_id}/money"
    text = browser.get(address).text
    assert "請求する事業所が請求（結果は精算書で届きます）" in text
    assert "確認待ち" not in text
    line = {**CROSSING["SettlementStated"].example["lines"][0], "case": str(case_id), "claim_id": claim_id}
    for kind, shown in (("claim", "決定・精算書あり"), ("cancellation", "精算書で取消し")):
        lines, number = [{**line, "kind": kind}], str(uuid4())
        told = event("SettlementStated", None, statement_id=number, office=node.agency, lines=lines)
        take_in(node, BILLING, told)
        assert shown in browser.get(address).text


def test_a_claim_leads_to_its_worksheet_where_one_is_kept(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("billing")
    drafted = event("ClaimDrafted", case_id)
    take_in(node, BILLING, drafted)
    sheet = f"/claims/{drafted.data['service_month']}/{case_id}"
    assert f'href="{sheet}"' in browser.get(f"/cases/{case_id}/money").text
    assert browser.get(sheet).status_code == 200
    node, browser, case_id = console_of("kyotaku")
    take_in(node, BILLING, event("ClaimDrafted", case_id))
    assert "根拠" not in browser.get(f"/cases/{case_id}/money").text


def test_who_plans_the_case_stands_in_its_header_once_it_is_decided(
    console_of: Callable[[str], Console],
) -> None:
    _, browser, case_id = console_of("kyotaku")
    assert "<dt>計画の担当者</dt>" not in browser.get(f"/cases/{case_id}").text
    form = browser.get(f"/cases/{case_id}/commands/AssignPlanner").text
    key = re.search(r'name="command_id" value="([^"]*)"', form)
    assert key is not None
    browser.post(f"/cases/{case_id}/commands/AssignPlanner", {"command_id": key[1], "planner": "hanako"})
    page = browser.get(f"/cases/{case_id}").text
    assert "<dt>計画の担当者</dt><dd>見本 花子（介護支援専門員）</dd>" in page
