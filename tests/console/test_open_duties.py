"""The page of the day remembers what is owed, and never shows anything else than the log says."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from threading import Event
from uuid import UUID, uuid4

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
    assert asked == [sorted([first, second]), [second]]


def test_the_duties_of_thousands_of_cases_are_worked_out_beside_whoever_asks(
    office: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6: long work shows progress and can be left."""
    monkeypatch.setattr(open_duties, "_SOON", 1)
    record(office, [*register(), *life_of_a_case(uuid4(), 12), *life_of_a_case(uuid4(), 12)])
    kept, begun, may_go_on, worked_out = OpenDuties(office), Event(), Event(), open_duties.duties_in

    def slowly(node: Node, ids: Sequence[UUID] | None, day: date) -> Iterator[Duty]:
        begun.set()
        may_go_on.wait(60)
        return worked_out(node, ids, day)

    monkeypatch.setattr(open_duties, "duties_in", slowly)
    assert not kept.ready()
    assert begun.wait(60)
    assert not kept.ready()
    assert kept.progress == (0, 2)
    may_go_on.set()
    assert by_case(kept.sides().own) == by_case(
        each for each in duty_rows(office) if each.what.open and each.what.debtor == office.agency
    )
    assert kept.ready()
    assert kept.progress is None


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
