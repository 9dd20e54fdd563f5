"""Names in the web process's memory: what the log says last, for a page at once, for a search of everybody."""

from uuid import UUID, uuid4

import pytest

from contracts.events.sample import CENTRE
from services.kyotaku.definition import SERVICE
from shared.console import names as module
from shared.console.names import UNKNOWN, Names
from shared.eventlog.model import ERASED
from shared.node.node import Node
from tests.console.conftest import MakeNode, event, take_in


@pytest.fixture
def office(make_node: MakeNode) -> Node:
    return make_node(service=SERVICE, agency="1371600014")


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 1)


def opened(node: Node, name: str, number: str, case_id: UUID | None = None) -> UUID:
    case_id = case_id or uuid4()
    told = {"name": name, "kana": "ミホン ハナ", "insured_number": number}
    take_in(node, CENTRE, event("CaseOpened", case_id, **told))
    return case_id


@pytest.mark.usefixtures("one_at_a_time")
def test_a_page_has_its_names_before_everybody_s_are_read(office: Node) -> None:
    cases = [opened(office, f"見本 {number}", f"{number:010d}") for number in range(1, 5)]
    known = Names(office)
    nobody = uuid4()
    assert known.of([cases[3], nobody]) == {cases[3]: "見本 4", nobody: UNKNOWN}
    assert known._position == 0
    assert known.search("見本") == cases
    assert known.of(cases) == {case: f"見本 {number}" for number, case in enumerate(cases, 1)}


@pytest.mark.usefixtures("one_at_a_time")
@pytest.mark.parametrize("filled", [False, True])
def test_the_later_opening_counts_whenever_it_is_asked_for(office: Node, filled: bool) -> None:
    case_id = opened(office, "見本 はな", "0000000001")
    known = Names(office)
    if filled:
        known.fill()
    assert known.of([case_id]) == {case_id: "見本 はな"}
    opened(office, "試算 はな", "0000000002", case_id)
    assert known.of([case_id]) == {case_id: "試算 はな"}
    known.fill()
    assert known.of([case_id]) == {case_id: "試算 はな"}
    assert known.search("見本") == []
    assert known.numbers([case_id]) == {case_id: "0000000002"}


@pytest.mark.parametrize("filled", [False, True])
def test_who_was_erased_is_found_by_nothing(office: Node, filled: bool) -> None:
    first, second = (opened(office, "見本 はな", "0000000001") for _ in range(2))
    known = Names(office)
    if filled:
        assert known.same_person([first, second]) == {first: [second], second: [first]}
    office.keys.destroy(first)
    assert known.of([first, second]) == {first: ERASED, second: "見本 はな"}
    assert known.search("ミホン") == [second]
    assert known.search("0000000001") == [second]
    assert known.same_person([first, second]) == {}
    assert known.kana([first]) == {first: ""}


def test_only_the_cases_that_are_asked_for_are_compared(office: Node) -> None:
    first, second, third = (opened(office, "見本 はな", "0000000001") for _ in range(3))
    opened(office, "見本 はな", "0000000009")
    known = Names(office)
    assert known.same_person([first, second]) == {first: [second], second: [first]}
    assert known.same_person([first, second, third])[third] == sorted([first, second])
    assert known.same_person([first]) == {}


def test_the_memory_is_bounded_and_what_it_let_go_is_read_again(
    office: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    cases = [opened(office, f"見本 {number}", f"{number:010d}") for number in range(1, 5)]
    known = Names(office)
    known.fill()
    assert len(known._names) == len(known._of_number) == 2
    assert known.of([cases[0]]) == {cases[0]: "見本 1"}
