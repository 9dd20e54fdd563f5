"""Personal fields that an event takes over from an earlier one: copied by the recorder, seen by no rule."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from marshmallow import Schema, fields

from contracts.disclosure import DIGESTS
from shared.eventlog.chain import verify_chain
from shared.eventlog.model import NewEvent
from shared.exchange.erasing import erase_person
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Command, CommandSpec, Decision, Situation
from tests.conftest import NodeMaker
from tests.node.test_node_it import NOTES, OFFICE, take


class CopyNoteSchema(Schema):
    of = fields.UUID(required=True)


def copy_note(situation: Situation, command: Command) -> Decision:
    copied = NewEvent("NoteTaken", {"number": 2}, case_id=command.case_id, personal_from=command.fields["of"])
    return Decision([copied])


COPYING = replace(
    NOTES,
    commands={
        **NOTES.commands,
        "CopyNote": CommandSpec("CopyNote", "写し", CopyNoteSchema, copy_note, frozenset({"care_manager"})),
    },
)


@pytest.fixture
def node(nodes: NodeMaker) -> Node:
    return nodes.make(COPYING, OFFICE)


def copy(node: Node, case_id: UUID, of: UUID) -> None:
    node.handle(node.parse("CopyNote", {"of": of}, actor="tantou", case_id=case_id))


def test_the_values_are_copied_and_committed_to_anew(node: Node) -> None:
    case_id = take(node)
    (first,) = node.log.case(case_id)
    copy(node, case_id, first.id)
    one, other = node.replay(case_id).events
    assert one.personal == other.personal == {"note": "散歩を始めた"}
    assert other.data == {"number": 2}
    rows = node.log.case(case_id)
    assert all(DIGESTS in row.data for row in rows)
    assert len({row.data.split(DIGESTS)[1] for row in rows}) == 2, (
        "new salts: who holds one learns nothing of the other"
    )
    assert list(verify_chain(node.log)) == []


def test_nothing_is_copied_from_another_person_s_case(node: Node) -> None:
    mine, other = take(node), take(node, note="別の人のこと")
    (of_other,) = node.log.case(other)
    for wrong in (of_other.id, uuid4()):
        with pytest.raises(LookupError):
            copy(node, mine, wrong)
    assert len(node.log.case(mine)) == 1


def test_after_the_person_was_erased_nothing_can_be_copied(node: Node) -> None:
    case_id = take(node)
    (first,) = node.log.case(case_id)
    erase_person(node, case_id, "kanri")
    with pytest.raises(Refused) as refused:
        copy(node, case_id, first.id)
    assert refused.value.code == "person_erased"
