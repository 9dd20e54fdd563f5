"""What arrived: unread for each person, told to open pages in numbers, never in names."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.events.sample import CENTRE
from shared.console.arrivals import Arrivals
from shared.console.sessions import IDLE
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Browser, event, take_in

SignIn = Callable[[str], Browser]


@pytest.fixture
def arrived(node: Node, case_id: UUID) -> UUID:
    """A case of which the centre told something."""
    take_in(node, CENTRE, event("CircumstanceChanged", case_id))
    return case_id


def unread(browser: Browser) -> bool:
    return '<span class="mark mark-own">未読</span>' in browser.get("/").text


def test_what_arrived_is_unread_for_each_person_until_that_person_opens_the_case(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    hanako, jiro = sign_in("care.manager"), sign_in("administrator")
    assert "未読 1件" in hanako.get("/").text
    timeline = hanako.get(f"/cases/{arrived}").text.partition('id="timeline"')[2]
    assert "未読" in timeline
    assert not unread(hanako)
    assert "未読" not in hanako.get(f"/cases/{arrived}").text
    assert unread(jiro)
    take_in(node, CENTRE, event("CircumstanceChanged", arrived))
    assert "未読 1件" in hanako.get("/").text
    assert "未読 2件" in jiro.get("/").text


def test_more_arrivals_than_the_case_s_page_shows_stay_unread_until_they_are_shown(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    take_in(node, CENTRE, *(event("CircumstanceChanged", arrived) for _ in range(24)))
    hanako, jiro = sign_in("care.manager"), sign_in("administrator")
    assert "未読 25件" in hanako.get("/").text
    first = hanako.get(f"/cases/{arrived}").text
    shown = set(re.findall(r"記録番号 (\d+)", first))
    assert len(shown) == 20
    assert "ほかに未読が 5件あります" in first
    left = {str(each.position) for each in Arrivals(node.database).unread("care.manager", 50)}
    hidden = {str(each.position) for each in Arrivals(node.database).latest(50)} - shown
    assert len(hidden) == 5
    assert hidden <= left
    assert len(left) < 25
    jiro.get(f"/cases/{arrived}/course")
    assert "未読 25件" not in jiro.get("/").text
    again = hanako.get(f"/cases/{arrived}").text
    assert hidden <= set(re.findall(r"記録番号 (\d+)", again))
    assert not unread(hanako)
    assert not unread(jiro)


def test_what_the_other_pages_of_a_course_hold_stays_unread(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    take_in(node, CENTRE, *(event("CircumstanceChanged", arrived) for _ in range(39)))
    browser = sign_in("care.manager")
    assert "ほかのページに未読が" in browser.get(f"/cases/{arrived}/course").text
    assert "未読 40件" in browser.get("/").text
    assert "ほかのページに未読が" in browser.get(f"/cases/{arrived}/course?order=oldest").text
    assert browser.get(f"/cases/{arrived}/course").text.count("未読</span>") < 30
    assert not unread(browser)


def test_one_arrival_or_all_are_marked_as_read_and_marking_twice_changes_nothing(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    browser, position = sign_in("care.manager"), node.log.head().position
    other = uuid4()
    take_in(node, CENTRE, event("CaseOpened", other))
    assert "未読 2件" in browser.get("/").text
    for _ in range(2):
        page = browser.send("/arrivals/seen", {"case": str(arrived), "position": str(position)})
        assert "未読 1件" in page.text
    page = browser.send("/arrivals/seen", {"position": str(node.log.head().position)})
    assert "未読" not in page.text
    assert unread(sign_in("administrator"))


def test_what_comes_while_a_page_is_read_is_not_marked_with_it(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    browser, position = sign_in("care.manager"), node.log.head().position
    browser.get("/")
    take_in(node, CENTRE, event("CircumstanceChanged", arrived))
    assert "未読 1件" in browser.send("/arrivals/seen", {"position": str(position)}).text


def test_who_is_new_does_not_begin_with_everything_unread(
    sign_in: SignIn, arrived: UUID, node: Node, app: object
) -> None:
    administrator = sign_in("administrator")
    administrator.send("/people", {"name": "jiro", "role": "care_manager", "display": "見本 じろう"})
    assert node.log.head().position > 0
    with psycopg.connect(node.config.owner_database or "") as connection:
        connection.execute("update accounts set must_change = false, password_hash = a.password_hash"
                           " from accounts a where accounts.name = 'jiro' and a.name = 'administrator'")  # fmt: skip
    assert not unread(sign_in("jiro"))


def test_an_open_page_is_told_how_much_arrived_and_nobodys_name(
    sign_in: SignIn, arrived: UUID, node: Node
) -> None:
    browser = sign_in("care.manager")
    first = browser.get("/arrivals.json").get_json()
    assert first == {"position": node.log.head().position, "arrived": 0, "here": 0}
    take_in(node, CENTRE, event("CircumstanceChanged", arrived))
    take_in(node, CENTRE, event("CaseOpened", uuid4()))
    answer = browser.get(f"/arrivals.json?since={first['position']}&case={arrived}")
    assert answer.get_json() == {"position": node.log.head().position, "arrived": 2, "here": 1}
    assert sample.NAME not in answer.text
    assert browser.get(f"/arrivals.json?since={'9' * 30}").get_json()["arrived"] == 0


def test_our_own_acts_are_no_arrivals(sign_in: SignIn, case_id: UUID, node: Node) -> None:
    browser = sign_in("care.manager")
    before = browser.get("/arrivals.json").get_json()["position"]
    fields = {"month": "2024-10", "findings": "歩行は安定"}
    node.handle(node.parse("RecordSample", fields, actor="care.manager", case_id=case_id))
    assert browser.get(f"/arrivals.json?since={before}").get_json()["arrived"] == 0
    assert not unread(browser)


def test_a_page_that_asks_by_itself_does_not_keep_its_session_alive(sign_in: SignIn, node: Node) -> None:
    browser = sign_in("care.manager")

    def pass_half_of_the_time() -> None:
        with psycopg.connect(node.config.owner_database or "") as connection:
            connection.execute("update sessions set last_used_at = last_used_at - %s", (IDLE / 2,))

    pass_half_of_the_time()
    assert browser.get("/arrivals.json").status_code == 200
    assert browser.get("/reading.json?text=20241001").status_code == 200
    pass_half_of_the_time()
    assert browser.get("/arrivals.json").status_code == 302
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("date", "20241001", "令和6年10月1日（火）"),
        ("date", "R6.10.1", "令和6年10月1日（火）"),
        ("date", "２０２４－１０－０１", "令和6年10月1日（火）"),
        ("month", "202410", "令和6年10月"),
        ("date", "きのう", "⚠ 「きのう」は日付として読めません"),
        ("month", "2024-13", "⚠ 2024年13月という月はありません"),
    ],
)
def test_a_date_is_said_back_as_it_is_understood(sign_in: SignIn, kind: str, text: str, said: str) -> None:
    answer = sign_in("care.manager").get("/reading.json", query_string={"kind": kind, "text": text})
    assert answer.get_json()["said"].startswith(said)


def test_every_page_has_the_script_and_a_place_where_arrivals_are_said(
    sign_in: SignIn, case_id: UUID
) -> None:
    browser = sign_in("care.manager")
    for address in ("/", "/cases", f"/cases/{case_id}", "/exchange", "/commands/OpenSample"):
        text = browser.get(address).text
        assert 'id="live" role="status"' in text, address
        assert "/static/console.js?v=" in text, address
        assert 'data-account="care.manager"' in text, address
    assert f'data-case="{case_id}"' in browser.get(f"/cases/{case_id}").text
    script = browser.get("/static/console.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["Content-Type"]
