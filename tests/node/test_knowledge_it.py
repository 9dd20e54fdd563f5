"""What a node remembers of its cases."""

from collections import OrderedDict

import pytest

from shared.node.knowledge import Knowledge
from tests.conftest import NodeMaker
from tests.node.test_node_it import NOTES, OFFICE


def test_forgetting_waits_for_whoever_is_remembering(nodes: NodeMaker) -> None:
    """The web process's threads share one memory: what is cleared under another's hands is a KeyError there."""
    node = nodes.make(NOTES, OFFICE)
    remembered = [node.handle(node.parse("TakeNote", {"number": 1}, actor="tantou")).case_id]
    knowledge: Knowledge = node.knowledge
    locked: list[bool] = []

    class Watched(OrderedDict[object, object]):
        def clear(self) -> None:
            locked.append(knowledge._lock.locked())
            super().clear()

    knowledge._cases = Watched(knowledge._cases)  # type: ignore[assignment]
    knowledge.forget()
    assert locked == [True]
    assert knowledge.look(remembered[0]).case_known


def test_what_is_remembered_is_bounded_by_the_events_that_it_is_folded_from(
    nodes: NodeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One long case weighs as much as many short ones; the case used last stays, however long it is."""
    monkeypatch.setattr("shared.node.knowledge._REMEMBERED", 3)
    node = nodes.make(NOTES, OFFICE)
    cases = [node.handle(node.parse("TakeNote", {"number": 1}, actor="tantou")).case_id for _ in range(4)]
    knowledge: Knowledge = node.knowledge
    assert list(knowledge._cases) == cases[1:]
    for number in range(4):
        node.handle(node.parse("AddNote", {"number": number}, actor="tantou", case_id=cases[2]))
    assert list(knowledge._cases) == [cases[2]]
    assert knowledge._weight == 5
    assert all(knowledge.look(case_id).case_known for case_id in cases)
    knowledge.forget()
    assert knowledge._weight == 0
