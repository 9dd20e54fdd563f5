"""The pages on which a billing clerk submits what was confirmed (T-33, A-Q33, A-Q36, A-Q53)."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.billing.submitting_pages import taken_until
from services.billing.waiting import Waiting
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from shared.policy.dates import Month
from tests.care.stage import ADACHI, CASE, Desk
from tests.console.conftest import Browser, Console, take_in
from tests.services.test_submission import FEBRUARY_7, NOVEMBER_8, january, october

OCTOBERS = [f"{CASE}|claim|2024-10", f"{CASE}|slip|2024-10"]


def at_desk(
    console_of: Callable[[str], Console], known: Desk, today: date, service: str = "billing"
) -> tuple[Node, Browser]:
    """A console of an agency, the billing desk's, that knows what a desk of the domain's tests knows."""
    node, browser, _ = console_of(service)
    for each in known.events:
        fields = {**each.data, **(each.personal or {})}
        take_in(node, each.sender, NewEvent(each.type, fields, case_id=each.case_id), on=each.occurred_on)
    node.set_clock(datetime.fromisoformat(f"{today.isoformat()}T10:00:00+09:00"))
    assert browser.sign_in("hanako").status_code == 302
    return node, browser


def ticked(page: str) -> list[str]:
    """The lines that the page has chosen."""
    boxes = re.findall(r'<input type="checkbox" name="line" value="([^"]+)"( checked)?>', page)
    return sorted(value for value, checked in boxes if checked)


def key_in(page: str) -> str:
    found = re.search(r'name="command_id" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def submitted(node: Node) -> int:
    return len(node.situation().agency.submissions.by_id)


def test_what_waits_is_found_looked_at_and_submitted_once_and_its_files_are_at_hand(
    console_of: Callable[[str], Console],
) -> None:
    node, browser = at_desk(console_of, october(), NOVEMBER_8)
    assert browser.get("/commands/SubmitClaims").headers["Location"] == "/submissions/new"
    offered = browser.get("/submissions/new").text
    assert "請求 1件　給付管理票 1件" in offered
    assert "8,800円" in offered
    assert "令和6年11月1日から令和6年11月10日まで" in offered
    link = re.search(rf'href="(/submissions/new/{OFFICE}/federation[^"]+)"', offered)
    assert link is not None
    address = html.unescape(link[1])
    page = browser.get(address).text
    assert ticked(page) == OCTOBERS
    form = {
        "command_id": key_in(page),
        "examination_month": "2024-11",
        "_occurred_on": "R6.11.8",
        "means": "transmission",
        "line": OCTOBERS,
    }
    looked = browser.post(address.split("?")[0], {**form, "look": "yes"}).text
    assert "作られるファイル" in looked
    assert "S202411.CSV" in looked
    assert "入れられないもの" not in looked
    assert submitted(node) == 0
    done = browser.send(address.split("?")[0], {**form, "record": "yes"})
    assert "記録しました：請求を提出する" in done.text
    browser.send(address.split("?")[0], {**form, "record": "yes"})
    assert submitted(node) == 1
    files = re.findall(r'href="(/submissions/[0-9a-f-]+/files/[^"]+)"', done.text)
    assert sorted(each.rsplit("/", 1)[1] for each in files) == ["K202411.CSV", "S202411.CSV"]
    assert all(browser.get(each).status_code == 200 for each in files)
    assert "提出できるものはありません" in browser.get("/submissions/new").text


def test_a_ward_s_medium_is_brought_at_a_moment_and_days_that_nobody_published_are_not_made_up(
    console_of: Callable[[str], Console],
) -> None:
    """A-S5, A-S12: what is brought names its moment, typed as people write it."""
    node, browser = at_desk(console_of, january(), FEBRUARY_7)
    address = f"/submissions/new/{CENTRE}/ward"
    page = browser.get(f"{address}?insurer={WARD}").text
    assert ticked(page) == [f"{CASE}|claim|2025-01"]
    assert "公表されていません。請求先に確かめてください" in page
    form = {
        "command_id": key_in(page),
        "examination_month": "2025-02",
        "insurer": WARD,
        "_occurred_on": "令和7年2月7日",
        "means": "brought",
        "contents": ["medium", "receipt_slip"],
        "line": [f"{CASE}|claim|2025-01"],
        "record": "yes",
    }
    without = browser.post(address, form)
    assert without.status_code == 422
    assert "持参した日時がありません" in without.text
    assert ticked(without.text) == form["line"]
    browser.send(address, {**form, "brought_at": "令和7年2月7日 午前10時"})
    (found,) = node.situation().agency.submissions.by_id.values()
    assert found.brought_at == datetime.fromisoformat("2025-02-07T10:00:00+09:00")


def test_nothing_chosen_and_what_can_t_go_in_are_said_and_nothing_is_recorded(
    console_of: Callable[[str], Console],
) -> None:
    node, browser = at_desk(console_of, october(), NOVEMBER_8)
    address = f"/submissions/new/{OFFICE}/federation"
    form = {
        "command_id": key_in(browser.get(address).text),
        "examination_month": "2024-11",
        "means": "transmission",
    }
    looked = browser.post(address, {**form, "look": "yes"})
    assert "一つ以上選んでください" in looked.text
    form["record"] = "yes"
    assert "一つ以上選んでください" in browser.post(address, form).text
    alone = browser.post(address, {**form, "line": [f"{CASE}|claim|2024-10"]})
    assert alone.status_code == 422
    assert "給付管理票" in alone.text.split('id="problem"')[1].split("</div>")[0]
    assert browser.post(address, {**form, "line": ["x|claim|2024-10"]}).status_code == 400
    assert browser.get("/submissions/new/9999999999/federation").status_code == 200
    assert browser.get(f"/submissions/new/{OFFICE}/elsewhere").status_code == 404
    assert browser.post(f"/submissions/new/{OFFICE}/elsewhere", form).status_code == 404
    garbled = {**form, "examination_month": "らいげつ", "line": OCTOBERS}
    assert browser.post(address, garbled).status_code == 400
    assert submitted(node) == 0


def test_an_unconfirmed_draft_does_not_wait_and_a_slip_may_go_alone(
    console_of: Callable[[str], Console],
) -> None:
    _, browser = at_desk(console_of, october(confirmed=False), NOVEMBER_8)
    assert ticked(browser.get(f"/submissions/new/{OFFICE}/federation").text) == [f"{CASE}|slip|2024-10"]


@pytest.mark.parametrize("month", ["きょう", "2024-13"])
def test_an_examination_month_that_can_t_be_read_is_said(
    console_of: Callable[[str], Console], month: str
) -> None:
    _, browser = at_desk(console_of, october(), NOVEMBER_8)
    assert 'id="month-wrong"' in browser.get(f"/submissions/new?examination_month={month}").text


@pytest.mark.parametrize(
    ("month", "days"),
    [
        (Month(2017, 11), "交換便の発送は平成29年11月7日まで、持参は平成29年11月9日 17:15まで"),
        (Month(2017, 12), "交換便の発送は平成29年12月8日まで、持参は平成29年12月11日 12:00まで"),
        (Month(2018, 6), "持参は平成30年6月11日 12:00まで"),
    ],
)
def test_a_ward_that_published_its_days_has_them_shown(month: Month, days: str) -> None:
    """A-S3, A-S5: where the 9th is closed, what is brought counts until noon of the next open day."""
    assert taken_until(Waiting(CENTRE, "ward", ADACHI, (), ADACHI), month) == days
