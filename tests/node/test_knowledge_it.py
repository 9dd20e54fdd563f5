"""What a node remembers of its cases."""

from collections import OrderedDict

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
