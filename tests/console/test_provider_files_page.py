"""The page that takes in what service offices hand in, from a CSV (T-29, T-32)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from shared.care.process import CARE_COMMANDS
from shared.node.node import Node
from shared.policy.dates import TOKYO
from tests.console import sample
from tests.console.conftest import Browser, MakeNode
from tests.console.test_late_forms import end_sessions, sign_in_again

EXAMPLE = Path(__file__).parents[2] / "deploy" / "examples" / "provider_results.csv"
RECEIVING = ("ReceiveProviderPerformance", "ReceiveProviderDocument")
SERVICE = replace(
    sample.SERVICE, commands={**sample.SERVICE.commands, **{name: CARE_COMMANDS[name] for name in RECEIVING}}
)
SignIn = Callable[[str], Browser]


@pytest.fixture
def node(make_node: MakeNode) -> Node:
    return make_node(service=SERVICE)


def send(browser: Browser, content: bytes, **form: Any) -> TestResponse:
    browser.get("/provider-files")
    return browser.send("/provider-files", {"file": (BytesIO(content), "三月分.csv"), **form})


def test_a_file_is_checked_then_taken_in_and_taken_in_again_changes_nothing(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    node.set_clock(datetime(2025, 4, 4, 9, tzinfo=TOKYO))
    browser, content = sign_in("care.manager"), EXAMPLE.read_bytes()
    assert "事業所のファイル" in browser.get("/").text
    before = node.log.head().position
    assert "4行を取り込めます。まだ記録していません" in send(browser, content, check="1").text
    assert node.log.head().position == before
    page = send(browser, content, received_on="令和7年4月2日").text
    assert "4行を取り込みました" in page
    assert f"/cases/{case_id}" in page
    assert "0行を取り込みました（記録済みで変わらないもの 4行）" in send(browser, content).text
    assert node.log.head().position == before + 4


def test_every_fault_is_shown_and_nothing_is_taken_in(sign_in: SignIn, node: Node, case_id: UUID) -> None:
    node.set_clock(datetime(2025, 4, 4, 9, tzinfo=TOKYO))
    browser, before = sign_in("care.manager"), node.log.head().position
    faulty = EXAMPLE.read_text(encoding="utf-8").replace("3621", "<b>三千</b>").replace("R7.3.3", "R7.2.30")
    response = send(browser, faulty.encode("cp932"))
    assert response.status_code == 422
    assert "誤り 2件" in response.text
    assert "&lt;b&gt;三千&lt;/b&gt;" in response.text
    assert "R7.2.30" in response.text
    assert send(browser, b"").status_code == 422
    assert send(browser, EXAMPLE.read_bytes(), received_on="2025-04-05").status_code == 400
    assert send(browser, EXAMPLE.read_bytes(), received_on="あした").status_code == 400
    assert node.log.head().position == before


def test_a_file_sent_after_the_session_ended_is_chosen_again_beside_the_day_that_was_typed(
    sign_in: SignIn, node: Node, case_id: UUID
) -> None:
    browser = sign_in("care.manager")
    browser.get("/provider-files")
    end_sessions(node)
    form = {"file": (BytesIO(EXAMPLE.read_bytes()), "三月分.csv"), "received_on": "R6.10.3"}
    shown = sign_in_again(browser, browser.post("/provider-files", form), "care.manager").text
    assert 'value="R6.10.3"' in shown
    assert '<form method="post" action="/provider-files"' in shown


def test_an_auditor_takes_in_nothing(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("auditor")
    assert browser.get("/provider-files").status_code == 403
    assert browser.post("/provider-files").status_code == 403
