"""Forms that need guidance say what is known, begin with it, and show what will happen before it is recorded."""

import re
from collections.abc import Callable
from uuid import uuid4

from contracts.events.sample import CENTRE, OFFICE, WARD
from tests.console.conftest import Console, event, take_in


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def chosen(page: str, name: str) -> str:
    select = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    found = re.search(r'<option value="([^"]*)" selected>', select)
    return found[1] if found else ""


def test_a_result_begins_with_the_application_that_waits_and_says_who_is_told(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    address = f"/cases/{case_id}/commands/AnnounceCertification"
    assert "結果を待っている申請はありません" in browser.get(address).text
    applied = event("CertificationApplied", case_id, occasion="new", applied_on="2024-10-01", agency=OFFICE)
    take_in(node, OFFICE, applied)
    page = browser.get(address).text
    assert "新規、令和6年10月1日申請" in page
    assert (chosen(page, "occasion"), value(page, "applied_on")) == ("new", "令和6年10月1日")
    assert value(page, "valid_from") == "令和6年10月1日"
    assert value(browser.get(f"{address}?status=none").text, "valid_from") == ""
    assert "結果が伝わる相手" in page
    assert "<dt>結果の期限</dt><dd>令和6年10月31日</dd>" in page


def test_looking_at_what_will_happen_records_nothing_and_recording_still_does(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    address = f"/cases/{case_id}/commands/AnnounceCertification"
    browser.get(address)
    form = {
        "command_id": str(uuid4()),
        "occasion": "new",
        "status": "support1",
        "applied_on": "R6.10.1",
        "valid_from": "20241001",
        "valid_to": "2025-03-31",
    }
    before = node.log.head().position
    looked = browser.post(address, {**form, "look": "yes"})
    assert looked.status_code == 200
    assert "まだ記録していません。記録すると、次のようになります" in looked.text
    assert "認定結果 → " in looked.text
    assert node.log.head().position == before
    wrong = browser.post(address, {**form, "valid_to": "2024-09-01", "look": "yes"})
    assert wrong.status_code == 422
    assert "認定有効期間の開始と終了を正しく入力してください" in wrong.text
    assert browser.post(address, form).status_code == 302
    assert node.log.head().position > before


def test_a_designation_begins_with_the_hearing_and_says_which_days_are_possible(
    console_of: Callable[[str], Console],
) -> None:
    """T-06N."""
    node, browser, case_id = console_of("ward")
    take_in(node, WARD, event("AgencyListed", case_id, agency=OFFICE, insurer=WARD, roles=["kyotaku"]))
    address = f"/commands/DesignateOffice?agency={OFFICE}"
    page = browser.get(address).text
    assert "まだ記録がありません。指定の前に" in page
    assert "新規の指定日" in page
    assert browser.get("/designations").text.count("/commands/DesignateOffice") == 1
    browser.get("/commands/RecordHearing")
    heard = browser.post("/commands/RecordHearing", {"command_id": str(uuid4()), "agency": OFFICE})
    assert heard.status_code == 302, heard.text
    page = browser.get(address).text
    assert value(page, "hearing_on") == "令和6年10月7日"
    assert chosen(page, "service") == "preventive_support"


def test_a_provisional_plan_begins_with_what_is_used_now_and_names_the_application(
    console_of: Callable[[str], Console],
) -> None:
    """T-36, T-38."""
    node, browser, case_id = console_of("kyotaku")
    take_in(node, CENTRE, event("CertificationApplied", case_id, agency=CENTRE, applied_on="2024-10-01"))
    page = browser.get(f"/cases/{case_id}/commands/DraftProvisionalPlan").text
    assert "令和6年10月1日申請" in page
    assert value(page, "period_from") == "令和6年10月7日"
    assert len(re.findall(r'name="sheets" value="[ABCD]" checked', page)) == 4


def test_what_is_to_be_settled_follows_from_the_result(console_of: Callable[[str], Console]) -> None:
    """T-39."""
    _, browser, case_id = console_of("kyotaku")
    page = browser.get(f"/cases/{case_id}/commands/SettleProvisionalPlan").text
    assert "まだ届いていません。届いてから確定します" in page
    assert "いまは記録できません" in page
    assert "結果を確定する暫定プランがありません" in page
    possible = browser.get(f"/cases/{case_id}/commands/SignContract").text
    assert "いまは記録できません" not in possible
