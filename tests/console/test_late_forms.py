"""What somebody typed survives the end of the session, for the same person alone."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from werkzeug.test import TestResponse

from shared.console.sessions import IDLE
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import PASSWORD, Browser

SignIn = Callable[[str], Browser]
Rows = Callable[..., list[tuple[Any, ...]]]
FINDINGS = "歩行は安定、\n食事も十分"


def end_sessions(node: Node) -> None:
    with psycopg.connect(node.config.owner_database or "") as connection:
        connection.execute("update sessions set last_used_at = last_used_at - %s", (IDLE,))


def send_late(browser: Browser, node: Node, case_id: UUID) -> tuple[TestResponse, str]:
    """Fill in a form, let the session end, send it; the answer and the command's id."""
    address = f"/cases/{case_id}/commands/RecordSample"
    command_id = re.findall(r'name="command_id" value="([^"]+)"', browser.get(address).text)[0]
    end_sessions(node)
    form = {"command_id": command_id, "month": "R6.10", "findings": FINDINGS, "_occurred_on": "20241003"}
    return browser.post(address, form), command_id


def sign_in_again(browser: Browser, answer: TestResponse, name: str) -> TestResponse:
    place = answer.headers["Location"]
    assert "入力した内容は残してあります" in browser.get(place).text
    form = {"name": name, "password": PASSWORD, "next": place.partition("next=")[2].replace("%2F", "/")}
    return browser.send("/signin", form)


def test_what_was_sent_too_late_comes_back_filled_in_and_is_recorded_once(
    sign_in: SignIn, node: Node, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    answer, command_id = send_late(browser, node, case_id)
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(0,)]
    shown = sign_in_again(browser, answer, "care.manager").text
    assert "まだ記録していません" in shown
    for kept in (FINDINGS, 'value="2024-10"', "令和6年10月3日", command_id):
        assert kept in shown
    hidden = dict(re.findall(r'<input type="hidden" name="(kept|command_id)" value="([^"]+)"', shown))
    form = {**hidden, "month": "2024-10", "findings": FINDINGS}
    address = f"/cases/{case_id}/commands/RecordSample"
    assert browser.post(address, form).status_code == 302
    assert browser.post(address, form).status_code == 302
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(1,)]
    assert rows("select count(*) from kept_input") == [(0,)]


def test_nobody_else_who_signs_in_there_sees_what_was_kept(
    sign_in: SignIn, node: Node, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    answer, _ = send_late(browser, node, case_id)
    other = sign_in_again(browser, answer, "administrator")
    assert other.status_code == 404
    assert "歩行は安定" not in other.text
    assert rows("select count(*) from kept_input") == [(0,)]


def test_the_same_person_in_another_browser_does_not_open_it(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    answer, _ = send_late(sign_in("care.manager"), node, case_id)
    place = answer.headers["Location"].partition("next=")[2].replace("%2F", "/")
    elsewhere = sign_in("care.manager").get(place)
    assert elsewhere.status_code == 404
    assert "歩行は安定" not in elsewhere.text


def test_the_database_alone_does_not_tell_what_was_kept(
    sign_in: SignIn, node: Node, case_id: UUID, rows: Rows
) -> None:
    send_late(sign_in("care.manager"), node, case_id)
    [(content,)] = rows("select content from kept_input")
    assert "歩行".encode() not in bytes(content)
    assert str(case_id).encode() not in bytes(content)


def test_signing_out_leaves_nothing(sign_in: SignIn, node: Node, case_id: UUID, rows: Rows) -> None:
    browser = sign_in("care.manager")
    answer, _ = send_late(browser, node, case_id)
    sign_in_again(browser, answer, "care.manager")
    browser.post("/signout")
    assert rows("select count(*) from kept_input") == [(0,)]


def test_a_form_of_the_session_before_is_shown_again_to_the_same_person(
    sign_in: SignIn, node: Node, case_id: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    address = f"/cases/{case_id}/commands/RecordSample"
    browser.get(address)
    stale = browser.csrf
    end_sessions(node)
    browser.sign_in("care.manager")
    form = {"csrf": stale, "command_id": str(uuid4()), "month": "2024-10", "findings": FINDINGS}
    shown = browser.send(address, form).text
    assert FINDINGS in shown
    assert "まだ記録していません" in shown
    assert rows("select count(*) from events where type = 'MonitoringRecorded'") == [(0,)]


def test_a_form_of_somebody_elses_session_is_refused(sign_in: SignIn, node: Node, case_id: UUID) -> None:
    browser = sign_in("care.manager")
    browser.get("/cases")
    stale = browser.csrf
    end_sessions(node)
    browser.sign_in("administrator")
    form = {"csrf": stale, "name": "見本", "status": "support1"}
    assert browser.post("/commands/OpenSample", form).status_code == 403


def test_a_file_is_chosen_again_and_the_rest_is_kept(sign_in: SignIn, node: Node, case_id: UUID) -> None:
    browser = sign_in("administrator")
    browser.get("/people")
    end_sessions(node)
    form = {"display": "見本 じろう", "name": "jiro", "file": (BytesIO(b"x"), "x.pdf")}
    shown = sign_in_again(browser, browser.post("/people", form), "administrator").text
    assert 'value="見本 じろう"' in shown
    assert 'value="jiro"' in shown


def test_passwords_are_never_kept(sign_in: SignIn, node: Node, rows: Rows) -> None:
    browser = sign_in("care.manager")
    browser.get("/password")
    end_sessions(node)
    form = {"present": PASSWORD, "new": PASSWORD, "again": PASSWORD}
    assert browser.post("/password", form).status_code == 403
    assert rows("select count(*) from kept_input") == [(0,)]


@pytest.mark.parametrize("address", ["/people/password", "/people/removal"])
def test_a_form_without_a_page_of_its_own_is_sent_again_by_a_button(
    sign_in: SignIn, node: Node, address: str
) -> None:
    browser = sign_in("administrator")
    browser.get("/people")
    end_sessions(node)
    shown = sign_in_again(browser, browser.post(address, {"name": "auditor"}), "administrator").text
    assert "もう一度送る" in shown
    assert f'action="{address}"' in shown
    assert sample.NAME not in shown
