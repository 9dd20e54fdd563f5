"""The page of the day remembers what is owed, and never shows anything else than the log says."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.bench.case_events import life_of_a_case, register
from deploy.bench.writing import record
from services.kyotaku.definition import SERVICE
from shared.console import open_duties
from shared.console.duties import Duty, duty_rows
from shared.console.open_duties import OpenDuties
from shared.node.node import Node
from tests.console.conftest import START, MakeNode


@pytest.fixture
def office(make_node: MakeNode) -> Node:
    return make_node(service=SERVICE, agency="1371600014")


def by_case(duties: Iterable[Duty]) -> list[str]:
    return sorted(map(repr, duties))


def test_what_is_remembered_is_what_the_log_says_after_every_event_and_on_every_day(office: Node) -> None:
    kept = OpenDuties(office)
    assert list(kept.all()) == []
    record(office, register())
    lives = [life_of_a_case(uuid4(), 30) for _ in range(3)]
    for number, events in enumerate(zip(*lives, strict=True)):
        record(office, events[: 1 + number % 3])
        if number % 10 == 9:
            office.set_clock(START + timedelta(days=number))
        expected = [each for each in duty_rows(office) if each.what.open]
        assert by_case(kept.all()) == by_case(expected)
        assert [open_duties.urgency(each) for each in kept.all()] == [
            open_duties.urgency(each) for each in expected
        ]
    assert list(kept.all())


def test_what_concerns_this_agency_is_told_apart_and_counted_when_it_is_overdue(office: Node) -> None:
    record(office, [*register(), *life_of_a_case(uuid4(), 40)])
    office.set_clock(START + timedelta(days=400))
    kept = OpenDuties(office)
    for _ in range(2):
        sides, whole = kept.sides(), kept.all()
        assert list(sides.own) == [each for each in whole if each.what.debtor == office.agency]
        assert list(sides.owed) == [
            each for each in whole if office.agency == each.what.creditor != each.what.debtor
        ]
        overdue = [each for each in sides.own if each.what.state == "overdue"]
        assert sides.own_overdue == len(overdue) > 0
        assert list(sides.own[: len(overdue)]) == overdue


def test_only_cases_of_which_something_is_new_are_worked_out_again(
    office: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = uuid4(), uuid4()
    record(office, [*register(), *life_of_a_case(first, 12), *life_of_a_case(second, 12)])
    kept, asked = OpenDuties(office), list[object]()
    worked_out = open_duties.duties_in
    monkeypatch.setattr(
        open_duties, "duties_in", lambda node, ids, day: asked.append(ids) or worked_out(node, ids, day)
    )
    kept.all()
    kept.all()
    record(office, life_of_a_case(second, 13)[12:])
    kept.all()
    assert asked == [None, [second]]


def test_an_agency_with_too_many_duties_to_remember_still_sees_them_all(
    office: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_duties, "_MOST", 3)
    record(office, [*register(), *life_of_a_case(uuid4(), 20)])
    kept = OpenDuties(office)
    whole = [each for each in duty_rows(office) if each.what.open]
    assert len(whole) > 3
    assert [by_case(list(kept.all())) for _ in range(2)] == [by_case(whole)] * 2
    assert kept._of_case == {}
