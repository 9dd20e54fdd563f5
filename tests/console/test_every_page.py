"""Every page and every form of each service, for each role: no right means neither data nor button."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.frame import EVERYBODY, OVERSEERS
from shared.exchange.state import exchange_state
from shared.node.node import Node
from tests.console.conftest import (
    AGENCIES,
    CENTRE,
    NAME,
    OFFICE,
    PASSWORD,
    Browser,
    MakeNode,
    event,
    take_in,
)

SOMETHING = "6f1d7f0a-3f0e-4c39-8a8e-0c8f3a1f0b11"
OPEN = frozenset({"static", "healthz", "metrics_page", "signin.form", "signin.sign_in"})
ONLY = {
    "accesses.page": OVERSEERS,
    "comparing.agencies": OVERSEERS,
    "people.page": {"administrator"},
    "people.add": {"administrator"},
    "people.reset": {"administrator"},
    "people.remove": {"administrator"},
    "exchange.retry_parked": {"administrator"},
}
"""What must be closed to every other role, whatever the code says."""
EVERYBODYS = frozenset(
    {"today.page", "cases.page", "case.page", "exchange.page", "replay.page", "matrix.page"}
)
"""What everybody who works at a node may read."""
HARMLESS = frozenset({"signin.sign_out", "people.change_password", "arrivals.seen", "ledger.request_file"})
"""Forms that change nothing when they are sent twice, and so need no key."""


@dataclass
class House:
    """A service's console with one case, in which somebody of each role has an account."""

    node: Node
    app: Flask
    case_id: UUID

    def browser(self, role: str) -> Browser:
        browser = Browser(self.app.test_client())
        assert browser.sign_in(role.replace("_", ".")).status_code == 302
        return browser

    def rules(self, method: str) -> Iterator[Rule]:
        for rule in self.app.url_map.iter_rules():
            if method in (rule.methods or ()) and rule.endpoint not in OPEN and "/api/" not in rule.rule:
                yield rule

    def addresses(self, rule: Rule) -> list[tuple[str, frozenset[str]]]:
        """Each address of a route, a command's for each command, with the roles that may open it."""
        view = self.app.view_functions[rule.endpoint]
        roles = frozenset(getattr(view, "only_roles", EVERYBODY))
        if not rule.endpoint.startswith("command."):
            return [(self._address(rule, "basic-information"), roles)]
        on_case = "case_id" in rule.arguments
        return [
            (self._address(rule, spec.name), frozenset(spec.roles) - {"auditor"})
            for spec in self.node.service.commands.values()
            if on_case == (spec.needs_case and not spec.opens_case)
        ]

    def _address(self, rule: Rule, name: str) -> str:
        given: dict[str, Any] = {"name": name, "case_id": self.case_id, "case": self.case_id, "number": 1}
        values = {
            each: given.get(each, "2024-10" if each == "month" else SOMETHING) for each in rule.arguments
        }
        values |= {"digest": "0" * 64} if "digest" in rule.arguments else {}
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **values)


@pytest.fixture(params=sorted(AGENCIES))
def house(request: pytest.FixtureRequest, make_node: MakeNode) -> House:
    service = request.param
    definition = import_module(f"services.{service}.definition").SERVICE
    pages = import_module(f"services.{service}.pages").PAGES
    node, case_id = make_node(service=definition, agency=AGENCIES[service]), uuid4()
    take_in(node, CENTRE if service == "kyotaku" else OFFICE, event("CaseOpened", case_id))
    accounts = Accounts(node.database)
    for role in EVERYBODY:
        accounts.add(role.replace("_", "."), role, f"見本 {role}", PASSWORD)
    return House(node, create_app(node, role_pages=(pages,), exchange_state=exchange_state), case_id)


def refused(response: TestResponse) -> bool:
    return response.status_code == 403 and NAME not in response.text


def test_each_page_opens_for_the_roles_that_may_and_is_closed_to_all_others(house: House) -> None:
    wrong = []
    for role in sorted(EVERYBODY):
        browser = house.browser(role)
        menu = set(re.findall(r'<li><a href="([^"]+)"', browser.get("/").text))
        for rule in house.rules("GET"):
            for address, roles in house.addresses(rule):
                if rule.endpoint == "command.form" and role in sorted(roles)[1:]:
                    continue  # the first role that may has opened it
                answer = browser.get(address)
                if rule.endpoint in ONLY:
                    assert roles == ONLY[rule.endpoint], rule.endpoint
                closed = answer.status_code == 403  # some pages ask for the right to a command themselves
                if (role not in roles and not closed) or (closed and not refused(answer)):
                    wrong.append((role, address, answer.status_code))
                if closed and (address in menu or rule.endpoint in EVERYBODYS):
                    wrong.append((role, address, "is closed"))
                if answer.status_code >= 500:
                    wrong.append((role, address, answer.status_code))
    assert wrong == []


def test_each_form_is_refused_to_the_roles_that_may_not_send_it_and_nothing_is_recorded(house: House) -> None:
    wrong, before = [], house.node.log.head().position
    for role in sorted(EVERYBODY):
        browser = house.browser(role)
        browser.get("/cases")
        for rule in house.rules("POST"):
            for address, roles in house.addresses(rule):
                if role in roles and not (role == "auditor" and rule.endpoint not in HARMLESS):
                    continue
                answer = browser.post(address)
                if answer.status_code not in (403, 404) or NAME in answer.text:
                    wrong.append((role, address, answer.status_code))
    assert wrong == []
    assert house.node.log.head().position == before


def test_no_page_of_a_case_offers_a_form_to_who_may_not_send_it(house: House) -> None:
    wrong = []
    for role in sorted(EVERYBODY):
        browser = house.browser(role)
        may = {
            spec.name
            for spec in house.node.service.commands.values()
            if role in spec.roles and role != "auditor"
        }
        for address in ("/", "/cases", f"/cases/{house.case_id}", f"/cases/{house.case_id}/documents"):
            offered = set(re.findall(r'/commands/(\w+)[?"]', browser.get(address).text))
            wrong += [(role, address, name) for name in offered - may]
    assert wrong == []


def test_every_form_that_records_brings_a_key_and_its_sessions_token(house: House) -> None:
    wrong, seen = [], 0
    for role in ("administrator", _worker(house)):
        browser = house.browser(role)
        for rule in house.rules("GET"):
            for address, roles in house.addresses(rule):
                answer = browser.get(address) if role in roles else None
                if answer is None or answer.status_code != 200 or answer.mimetype != "text/html":
                    continue
                for form in re.findall(r"<form method=\"post\".*?</form>", answer.text, re.DOTALL):
                    seen += 1
                    if f'name="csrf" value="{browser.csrf}"' not in form:
                        wrong.append((address, "no token"))
                    if not _keyed(form, house):
                        wrong.append((address, "no key"))
    assert wrong == []
    assert seen > 20


def _worker(house: House) -> str:
    counted = [role for spec in house.node.service.commands.values() for role in spec.roles]
    return max(sorted(EVERYBODY), key=counted.count)


def _keyed(form: str, house: House) -> bool:
    if 'name="command_id"' in form or 'name="form_key"' in form:
        return True
    action = re.search(r'action="([^"?]+)', form)
    routes = house.app.url_map.bind("localhost")
    return action is not None and routes.match(action[1], method="POST")[0] in HARMLESS


def test_a_session_that_ended_opens_no_page(house: House) -> None:
    browser = house.browser("administrator")
    secret = next(each for each in browser.client._cookies.values() if each.key.endswith("-session"))
    browser.post("/signout")
    browser.client.set_cookie(secret.key, secret.value)
    for rule in house.rules("GET"):
        for address, _ in house.addresses(rule):
            answer = browser.get(address)
            assert (answer.status_code, NAME in answer.text) == (302, False), address
            assert answer.headers["Location"].startswith("/signin"), address
