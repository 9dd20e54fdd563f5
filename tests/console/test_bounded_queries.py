"""A page asks the database as many questions at a node with many cases as at one with few (issue 6)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from deploy.bench.case_events import life_at_the_ward, life_of_a_case, register
from deploy.bench.claim_month import claim_register, claimed_person
from deploy.bench.writing import record
from shared.node.node import Node
from tests.console.conftest import Browser, Console

EVERYWHERE = ("/", "/cases", "/cases?q=見本&order=kana", "/exchange")
OF_CARE = ("/own-claims", "/own-claims?month=2024-10", "/caseload")
PAGES = {
    "kyotaku": (*EVERYWHERE, *OF_CARE, "/months"),
    "hokatsu": (*EVERYWHERE, *OF_CARE),
    "ward": (
        *EVERYWHERE,
        "/desks",
        "/beneficiaries",
        "/certifications",
        "/register",
        "/evaluation",
        "/reviews",
        "/closing",
        "/closing/end",
    ),
    "billing": (*EVERYWHERE, "/claims", "/submissions"),
}
FEW, MORE = 2, 6


def add_cases(node: Node, count: int) -> None:
    for number in range(count):
        if node.service.name == "billing":
            record(node, claimed_person(number))
            continue
        case_id = uuid4()
        ward = node.service.name == "ward"
        life = life_at_the_ward(case_id, number) if ward else life_of_a_case(case_id, 40)
        record(node, [each for each in life if each.type in node.event_types])


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The questions that are asked inside; not whether a connection still works or a session goes on."""
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def counting(self: Any, query: Any, *values: Any, **options: Any) -> Any:
        text = (query.decode() if isinstance(query, bytes) else str(query)).strip()
        if text.startswith(("select", "with")):
            asked.append(text)
        return execute(self, query, *values, **options)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counting)
        yield asked


def questions(browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many a page asks when it is opened again."""
    assert browser.get(address).status_code == 200, address
    with counted(monkeypatch) as asked:
        browser.get(address)
    return len(asked)


@pytest.mark.parametrize("service", PAGES)
def test_a_page_asks_no_more_questions_where_there_are_more_cases(
    console_of: Callable[[str], Console], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, browser, _ = console_of(service)
    record(node, list(claim_register()) if service == "billing" else register())
    add_cases(node, FEW)
    few = {address: questions(browser, address, monkeypatch) for address in PAGES[service]}
    add_cases(node, MORE)
    many = {address: questions(browser, address, monkeypatch) for address in PAGES[service]}
    assert many == few
