"""Official forms on the console and in the API: listed, shown, kept in the ledger with their hash, and who saw them."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pypdf import PdfReader

from contracts.events.sample import PERSON
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.sessions import Sessions
from shared.exchange.erasing import erase_person
from shared.node.node import Node
from tests.console.conftest import PASSWORD, Api, Browser, Console, event, take_in

Filed = tuple[Node, Browser, UUID]


@pytest.fixture
def filed(console_of: Callable[[str], Console]) -> Filed:
    """An office's console, and a case in which the office has filed its notification."""
    node, browser, case_id = console_of("kyotaku")
    take_in(
        node,
        node.agency,
        event("NotificationFiled", case_id, filer=node.agency, track="designated", occasion="first"),
    )
    return node, browser, case_id


def owner(node: Node, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(node.config.owner_database or "") as connection:
        return connection.execute(query.encode()).fetchall()


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def link_to(page: str, form: str) -> str:
    """The address of the last printout of a form on the page."""
    found = [each.split('"')[0].replace("&amp;", "&") for each in page.split('href="')[1:]]
    return [each for each in found if f"/forms/{form}?" in each][-1]


def test_a_person_finds_the_case_s_forms_and_sees_one_as_pdf(filed: Filed) -> None:
    node, browser, case_id = filed
    assert f"/cases/{case_id}/forms" in browser.get(f"/cases/{case_id}").text
    address = link_to(browser.get(f"/cases/{case_id}/forms").text, "notification")
    shown = browser.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert shown.headers["Content-Disposition"] == 'inline; filename="notification.pdf"'
    assert shown.headers["Cache-Control"] == "no-store"
    text = text_of(shown.data)
    assert str(PERSON["name"]) in text
    assert "研修用（提出できません）" in text
    assert str(PERSON["insured_number"]) not in address
    assert [what for (what,) in owner(node, "select what from accesses order by position")][-3:] == [
        "ケース",
        "様式の一覧",
        "様式の印刷",
    ]


def test_a_form_is_kept_in_the_ledger_with_its_hash_once_however_often_it_is_sent(filed: Filed) -> None:
    node, browser, case_id = filed
    page = browser.get(f"/cases/{case_id}/forms").text
    address = "/cases/" + page.split('method="post" action="/cases/')[1].split('"')[0].replace("&amp;", "&")
    content = browser.get(address).data
    command = {"command_id": page.split('name="command_id" value="')[1].split('"')[0]}
    assert browser.post(address, command).status_code == 302
    assert browser.post(address, command).status_code == 302
    again = browser.post(address, {"command_id": str(uuid4())})
    assert (again.status_code, "すでに添付されています" in again.text) == (422, True)
    [(attached,)] = owner(node, "select data from events where type = 'DocumentAttached'")
    assert sha256(content).hexdigest() in attached
    assert str(PERSON["name"]) not in attached
    assert node.files.content(case_id, sha256(content).digest()) == content


def test_an_auditor_sees_a_form_and_can_t_keep_it(filed: Filed) -> None:
    node, _, case_id = filed
    Accounts(node.database).add("audit", "auditor", "見本 監査", PASSWORD)
    browser = Browser(create_app(node).test_client())
    browser.sign_in("audit")
    page = browser.get(f"/cases/{case_id}/forms").text
    address = link_to(page, "notification")
    assert "台帳に残す</" not in page
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"command_id": str(uuid4())}).status_code == 403
    assert owner(node, "select 1 from events where type = 'DocumentAttached'") == []


def test_what_a_case_has_no_form_for_is_not_found(filed: Filed) -> None:
    _, browser, case_id = filed
    assert browser.get(f"/cases/{case_id}/forms/nothing").status_code == 404
    assert browser.get(f"/cases/{case_id}/forms/notification?of={uuid4()}").status_code == 404
    assert browser.get(f"/cases/{uuid4()}/forms").status_code == 404
    assert browser.get(f"/cases/{uuid4()}/forms/notification").status_code == 404
    assert browser.post(f"/cases/{case_id}/forms/timeline?of=all", {}).status_code == 404


def test_after_erasure_no_form_is_made(filed: Filed) -> None:
    node, browser, case_id = filed
    erase_person(node, case_id, "tester")
    shown = browser.get(f"/cases/{case_id}/forms/notification")
    assert shown.status_code == 422
    assert "消去されています" in shown.text
    listed = browser.get(f"/cases/{case_id}/forms").text
    assert "様式を印刷（PDF）" not in listed
    assert "様式は作れません" in listed
    account = Accounts(node.database).get("hanako")
    assert account is not None
    api = Api(create_app(node).test_client(), Sessions(node.database).open(account, "token"))
    assert api.get(f"/cases/{case_id}/forms").status_code == 422


def test_the_api_lists_forms_and_gives_the_same_pdf(filed: Filed) -> None:
    node, browser, case_id = filed
    account = Accounts(node.database).get("hanako")
    assert account is not None
    api = Api(create_app(node).test_client(), Sessions(node.database).open(account, "token"))
    listed = api.get(f"/cases/{case_id}/forms").json
    assert listed is not None
    assert [each["in_ledger"] for each in listed["forms"] if each["form"] == "notification"] == [True]
    assert [each["in_ledger"] for each in listed["forms"] if each["form"] == "timeline"] == [False]
    of = listed["forms"][0]["of"]
    shown = api.get(f"/cases/{case_id}/forms/notification?of={of}")
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert shown.data == browser.get(f"/cases/{case_id}/forms/notification?of={of}").data
    assert api.get(f"/cases/{case_id}/forms/nothing").status_code == 404
    described = api.get("/openapi.json").json
    assert described is not None
    assert "/cases/{id}/forms/{name}" in described["paths"]
