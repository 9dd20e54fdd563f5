"""Whoever's name stands on a page has a row in the access log (issue 6): pages of one person, and lists of many."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

import pytest
from flask import Flask

from contracts.events.sample import CENTRE, OFFICE
from deploy.bench.case_events import life_at_the_ward, life_of_a_case, register
from deploy.bench.claim_month import claim_register, claimed_person
from deploy.bench.writing import record
from shared.console.paging import PAGE
from shared.eventlog.access import Wanted
from shared.node.node import Node
from tests.console.conftest import NAME, Console, event, take_in

PERSONS: Final = tuple(f"試験 {each}" for each in ("いろは", "にほへ", "とちり", "ぬるを"))
ASKED: Final = {
    "kyotaku": ("/cases?q=試験", "/cases?order=kana", "/own-claims?month=2024-10"),
    "hokatsu": ("/cases?q=試験", "/own-claims?month=2024-10"),
    "ward": (
        "/cases?q=試験",
        "/desks?decided=1",
        "/desks?group=insurance_benefits",
        "/beneficiaries?q=試験",
        "/beneficiaries?csv=1",
        "/register?q=試験",
        "/register?csv=1",
        "/cards?state=issued",
    ),
    "billing": ("/cases?q=試験", "/claims?month=2024-10"),
}
"""Addresses of lists beyond those without a question."""
NAMED: Final = {
    "kyotaku": ("/", "/api/v1/cases", "/cases", "/months", "/own-claims?month=2024-10"),
    "hokatsu": ("/", "/api/v1/cases", "/cases", "/own-claims", "/shelf"),
    "ward": (
        "/",
        "/api/v1/cases",
        "/beneficiaries",
        "/cases",
        "/certifications",
        "/closing",
        "/closing/end",
        "/desks",
        "/register",
        "/reviews",
    ),
    "billing": ("/", "/api/v1/cases", "/cases", "/claims"),
}
"""Lists that are here for the persons on them: one that names nobody would prove nothing."""


def people_at(node: Node, known: UUID) -> Mapping[UUID, str]:
    """Fills a node with persons of different names: case → name."""
    record(node, list(claim_register()) if node.service.name == "billing" else register())
    found = {known: NAME}
    for number, name in enumerate(PERSONS):
        case_id = uuid4()
        if node.service.name == "billing":
            life = claimed_person(number)
            case_id = life[0].case_id or case_id
        elif node.service.name == "ward":
            life = life_at_the_ward(case_id, number * 5)
        else:
            life = life_of_a_case(case_id, 60)
        told = [each for each in life if each.type in node.event_types]
        record(node, [replace(told[0], data={**told[0].data, "name": name}), *told[1:]])
        found[case_id] = name
    return found


def lists_of(app: Flask, service: str) -> list[str]:
    """The addresses of every page that is of no single case."""
    own = [
        each.rule
        for each in app.url_map.iter_rules()
        if "GET" in (each.methods or ()) and not each.arguments and each.endpoint != "metrics_page"
    ]
    return [*own, *ASKED[service]]


@pytest.mark.parametrize("service", ASKED)
def test_whoever_s_name_stands_on_a_list_has_a_row_for_it_in_the_access_log(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, known = console_of(service)
    people = people_at(node, known)
    named, unrecorded = set(), []
    for address in lists_of(browser.client.application, service):
        before = node.access.end()
        text = browser.get(address).text
        recorded = {
            each.case_id for each in node.access.find(Wanted(actor="hanako"), 1000) if each.position > before
        }
        shown = {case_id for case_id, name in people.items() if name in text}
        named.update({address} if shown else ())
        unrecorded += [(address, people[each]) for each in shown - recorded]
    assert unrecorded == []
    assert set(NAMED[service]) <= named
    assert not list(node.access.verify())


def test_only_the_rows_of_the_page_that_is_shown_are_recorded(console_of: Callable[[str], Console]) -> None:
    node, browser, _ = console_of("kyotaku")
    for _ in range(PAGE):
        take_in(node, CENTRE, event("CaseOpened", uuid4()))
    for address, rows in (("/cases", PAGE), ("/cases?page=2", 1), ("/months", PAGE), ("/months?page=2", 1)):
        before = node.access.end()
        browser.get(address)
        assert node.access.end() - before == 1 + rows, address


def test_whoever_is_offered_as_a_case_before_is_seen(console_of: Callable[[str], Console]) -> None:
    node, browser, case_id = console_of("hokatsu")
    ended = event("SupportEnded", case_id, agency=OFFICE, reason_code="moved_within", ended_on="2024-10-06")
    take_in(node, OFFICE, ended)
    assert NAME in browser.get("/commands/OpenCase").text
    assert node.access.of_case(case_id)[0].what.startswith("操作")
