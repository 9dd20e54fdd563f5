"""An agency's own papers on the console and in the API: listed, shown, and recorded under every person on them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg
from pypdf import PdfReader

from contracts.catalogue import CROSSING
from contracts.events.sample import PERSON
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.sessions import Sessions
from shared.eventlog.model import NewEvent
from tests.console.conftest import Api, Console, take_in


def test_a_statement_is_shown_with_its_persons_and_the_view_is_recorded_under_each_case(
    console_of: Callable[[str], Console],
) -> None:
    node, browser, case_id = console_of("billing")
    example = CROSSING["SettlementStated"].example
    lines = [{**each, "case": str(case_id)} for each in example["lines"]]
    take_in(node, node.agency, NewEvent("SettlementStated", {**example, "lines": lines}))
    listed = browser.get("/forms").text
    assert "事業所の様式" in browser.get("/").text or "事業所の様式" in listed
    address = listed.split('href="/forms/settlement')[1].split('"')[0].replace("&amp;", "&")
    assert 'href="/forms/settlement' + address.replace("&", "&amp;") in browser.get("/submissions").text
    shown = browser.get("/forms/settlement" + address)
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(shown.data)).pages)
    assert str(PERSON["name"]) in text
    assert "事業所の様式の印刷" in seen(node, case_id)
    assert browser.get(f"/forms/settlement?of={uuid4()}").status_code == 404
    assert browser.get("/forms/notification").status_code == 404
    account = Accounts(node.database).get("hanako")
    assert account is not None
    api = Api(create_app(node).test_client(), Sessions(node.database).open(account, "token"))
    told = api.get("/forms").json
    assert told is not None
    assert [each["form"] for each in told["forms"]] == ["settlement"]
    assert api.get("/forms/settlement").data == shown.data
    assert api.get("/forms/nothing").status_code == 404


def seen(node: Any, case_id: Any) -> list[str]:
    with psycopg.connect(node.config.owner_database or "") as connection:
        rows = connection.execute("select what from accesses where case_id = %s", (case_id,)).fetchall()
    return [what for (what,) in rows]
