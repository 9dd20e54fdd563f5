"""A discrepancy is shown to a person: in today's work, on the case's page, with the way to settle it, until it is."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE
from shared.eventlog.model import NewEvent
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Browser, take_in

SignIn = Callable[[str], Browser]


@pytest.fixture
def event_id(node: Node, case_id: UUID) -> UUID:
    """The event of ours that the centre's node says contradicts what it knows."""
    mine = node.replay(case_id).events[0].id
    found = {
        "finder": CENTRE,
        "about": node.agency,
        "event_id": mine,
        "code": "contract_not_held",
        "found_on": date(2024, 10, 7),
    }
    take_in(node, CENTRE, NewEvent("DiscrepancyFound", found, case_id=case_id))
    return mine


def test_it_stands_in_today_s_work_and_on_the_case(sign_in: SignIn, case_id: UUID, event_id: UUID) -> None:
    browser = sign_in("care.manager")
    for page in ("/", f"/cases/{case_id}"):
        text = browser.get(page).text
        assert "包括に同時契約がありません" in text
        assert "ケースの開始" in text
        assert f"SettleDiscrepancy?event_id={event_id}" in text
    assert sample.NAME in browser.get("/").text


def test_when_it_is_settled_it_leaves_today_s_work_and_stays_on_the_case(
    sign_in: SignIn, node: Node, case_id: UUID, event_id: UUID
) -> None:
    settled = {
        "agency": CENTRE,
        "finder": CENTRE,
        "about": node.agency,
        "event_id": event_id,
        "outcome": "event_void",
        "settled_on": date(2024, 10, 8),
        "note": "電話で確かめた",
    }
    take_in(node, CENTRE, NewEvent("DiscrepancySettled", settled, case_id=case_id))
    browser = sign_in("care.manager")
    assert "包括に同時契約がありません" not in browser.get("/").text
    text = browser.get(f"/cases/{case_id}").text
    assert "届いた内容は誤りとして扱わない" in text
    assert f"event_id={event_id}" not in text


def test_without_any_nothing_is_said_of_them(sign_in: SignIn, case_id: UUID) -> None:
    browser = sign_in("care.manager")
    assert "食い違い" not in browser.get("/").text
    assert "食い違い" not in browser.get(f"/cases/{case_id}").text
    assert browser.get(f"/cases/{uuid4()}").status_code == 404
