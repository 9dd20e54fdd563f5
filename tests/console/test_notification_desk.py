"""The desk's page of one notification: what was filed, the check list, and the decision on the same page."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, WARD
from services.ward.pages import PAGES
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.node.node import Node
from tests.console.conftest import NAME, PASSWORD, Browser, Console, event, take_in

AddressOf = str


def page_of(case_id: UUID, notification: str = NOTIFICATION) -> AddressOf:
    return f"/cases/{case_id}/notifications/{notification}"


def hidden(text: str, decision: str) -> dict[str, str]:
    """What the form of a decision carries unseen."""
    form = text[text.index(f'id="{decision}"') :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")])
    return {name: value for name, value in found if name != "csrf"}


def decided(node: Node) -> list[tuple[Any, ...]]:
    with node.database.connection() as connection:
        return connection.execute(
            "select decision, reason_code from view_desk_queue.filings order by revision"
        ).fetchall()


def test_a_complete_notification_is_accepted_beside_its_check_list_and_the_queue_says_so(
    console_of: Callable[[str], Console],
) -> None:
    """T-12, T-13, T-16, T-17."""
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, held_since="2024-10-10"))
    text = browser.get(page_of(case_id)).text
    for shown in (
        NAME,
        "空欄はありません",
        "右上の「同時契約」（赤字）",
        "自署があります",
        "開始月の末日（令和7年1月31日）までに提出されています",
        "様式",
    ):
        assert shown in text
    assert text.count("受理できない") == 0
    answer = browser.post(page_of(case_id), {**hidden(text, "accept"), "_occurred_on": "令和6年10月7日"})
    assert answer.status_code == 302
    assert "記録しました：届出書を受理する" in browser.get(answer.headers["Location"]).text
    assert decided(node) == [("accepted", None)]
    after = browser.get(page_of(case_id)).text
    assert "この届出書は決まっています" in after
    assert 'id="accept"' not in after


def test_what_stops_the_acceptance_is_the_reason_that_the_return_begins_with(
    console_of: Callable[[str], Console],
) -> None:
    """T-13: a filing without the mark is returned, and the next filing shows what was asked for."""
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id, simultaneous_mark=False))
    text = browser.get(page_of(case_id)).text
    assert "右上に「同時契約」の記載がありません" in text
    assert '<option value="missing_mark" selected>' in text
    assert '<option value="mark" selected>' in text
    form = {
        **hidden(text, "return"),
        "reason_code": "missing_mark",
        "field": "mark",
        "reason": "赤字で書いてください",
    }
    first, again = browser.post(page_of(case_id), form), browser.post(page_of(case_id), form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert decided(node) == [("returned", "missing_mark")]
    take_in(node, CENTRE, event("NotificationFiled", case_id, revision=2, corrects=1))
    text = browser.get(page_of(case_id)).text
    for shown in ("2回目の提出", "これまでの経過", "赤字で書いてください", "届出書の差戻し"):
        assert shown in text


def test_an_incomplete_decision_is_shown_again_with_what_was_entered(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id))
    text = browser.get(page_of(case_id)).text
    form = {**hidden(text, "return"), "reason_code": "", "reason": "ここまで書きました"}
    answer = browser.post(page_of(case_id), form)
    assert answer.status_code == 400
    assert "ここまで書きました" in answer.text
    assert "入力を確認してください" in answer.text
    wrong_day = browser.post(page_of(case_id), {**hidden(text, "accept"), "_occurred_on": "いつか"})
    assert wrong_day.status_code == 400
    assert decided(node) == [(None, None)]


def test_who_may_not_decide_sees_no_button_and_is_refused(console_of: Callable[[str], Console]) -> None:
    node, _, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id))
    Accounts(node.database).add("kansa", "auditor", "見本 監査", PASSWORD)
    browser = Browser(create_app(node, role_pages=(PAGES,)).test_client())
    assert browser.sign_in("kansa").status_code == 302
    text = browser.get(page_of(case_id)).text
    assert "確かめること" in text
    assert "差し戻す" not in text
    form = {"decision": "AcceptNotification", "command_id": str(uuid4())}
    assert browser.post(page_of(case_id), form).status_code == 403
    assert browser.post(page_of(case_id), {"decision": "EndModel"}).status_code == 404
    assert decided(node) == [(None, None)]


def test_whoever_reads_a_notification_is_recorded_under_the_persons_case(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    take_in(node, CENTRE, event("NotificationFiled", case_id))
    browser.get(page_of(case_id))
    with node.database.connection() as connection:
        seen = connection.execute("select what from accesses where case_id = %s", (case_id,)).fetchall()
    assert ("届出書の審査",) in seen
    assert browser.get(page_of(case_id, str(uuid4()))).status_code == 404
    assert browser.get(page_of(uuid4())).status_code == 404


def test_a_long_queue_shows_fifty_on_a_page_and_what_waits_longest_first(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("ward")
    day = date(2024, 10, 7)
    for back in range(53):
        filed = {
            "notification_id": str(uuid4()),
            "filed_on": str(day - timedelta(days=back)),
            "start_date": "2024-09-01",
            "held_since": "2024-08-01",
        }
        take_in(node, CENTRE, event("NotificationFiled", case_id, **filed))
    take_in(node, OFFICE, event("RecordsRequested", case_id))
    every = browser.get("/desks").text
    assert "ほかの 43件を見る" in every
    first = browser.get("/desks?group=project").text
    assert "未決定 53件、いちばん古いもの 令和6年8月16日（52日前）" in first
    assert (first.count("確かめて決める"), first.count("2ページのうち 1")) == (50, 1)
    assert first.index("52日") < first.index("51日")
    assert "過ぎている" in first  # the end of September has passed
    assert browser.get("/desks?group=project&page=2").text.count("確かめて決める") == 3
    assert browser.get("/desks?group=project&page=99").text.count("確かめて決める") == 3
    take_in(node, WARD, event("RecordsProvided", case_id))
    assert "決めていないものはありません" in browser.get("/desks?group=benefits").text
