"""Erasing a person at one node: the key, and every copy of a message that this node keeps beside its log."""

from typing import Final
from uuid import UUID, uuid5

from shared.eventlog.database import Connection
from shared.eventlog.log import Writing
from shared.eventlog.model import NewEvent
from shared.exchange.parking import is_erased
from shared.node.errors import UnknownCase
from shared.node.node import Node
from shared.node.recording import Cause
from shared.policy.dates import TOKYO

_FORGET: Final = """
    with let_go as (
        delete from waiting where case_id = %(case_id)s returning partner, epoch, sequence
    ), emptied as (
        update parked set body = null where case_id = %(case_id)s and body is not null
        returning partner, epoch, sequence
    )
    -- What waited for a body that is gone will never be stored: its sender is told.
    update received set status = 'refused', code = 'person_erased', field = null, answered = false
      from (select * from let_go union select * from emptied) as gone
     where (received.partner, received.epoch, received.sequence) = (gone.partner, gone.epoch, gone.sequence)
       and status = 'waiting'
"""


def erase_person(node: Node, case_id: UUID, actor: str, reason: str = "retention_ended") -> bool:
    """Destroy the key of a case's person at this node, and record that it was done. Proofs still verify.

    What is held, waits or is parked of the case goes in the transaction that records the erasure, so nothing of it
    can be put aside between the two; a body that arrives later is not kept. When the node stops in between, erasing
    again completes it. Returns whether there was a key to destroy.

    :raises UnknownCase: this node knows no such case.
    """
    if not node.knowledge.look(case_id).case_known:
        raise UnknownCase(f"ケース {case_id} はこの事業所のログにありません")
    with node.log.write() as writing:
        _record(node, writing, case_id, actor, reason)
        _forget(writing.connection, case_id)
    return node.keys.destroy(case_id)


def _record(node: Node, writing: Writing, case_id: UUID, actor: str, reason: str) -> None:
    today = writing.head.now.astimezone(TOKYO).date()  # takes the head row
    if is_erased(writing.connection, case_id):
        return
    cause_id = uuid5(case_id, "person-erased")
    erased = NewEvent("PersonErased", {"reason": reason}, case_id=case_id)
    writing.append(node.recorder.records([erased], Cause(cause_id, cause_id, actor, today)))


def _forget(connection: Connection, case_id: UUID) -> None:
    connection.execute("delete from held where case_id = %s", (case_id,))
    connection.execute("delete from file_wanted where case_id = %s", (case_id,))
    connection.execute(_FORGET, {"case_id": case_id})
