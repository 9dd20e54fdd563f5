"""What a form would bring about, looked at before it is sent: the same decision, recorded nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.care.foresight import Owed, Sent, foreseen
from shared.console.entry import Entry, day_of
from shared.console.frame import account, node
from shared.node.errors import UnknownCase
from shared.node.service import Advice, CommandSpec
from shared.node.unrecordable import unreckonable_is_refused


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be recorded and told to whom, what of it begins and ends for every party, and what to mind.

    Without a case nothing is known of what begins and ends.
    """

    sent: Sequence[Sent]
    begins: Sequence[Owed]
    ends: Sequence[Owed]
    advice: Sequence[Advice]


def preview(spec: CommandSpec, entry: Entry, case_id: UUID | None) -> Preview:
    """What a command would bring about as its form stands.

    :raises Refused, InvalidFields, UnknownCase: as when it is given.
    """
    command = node().parse(
        spec.name,
        entry.raw,
        actor=account().name,
        command_id=entry.command_id,
        case_id=case_id,
        occurred_on=day_of(entry.day),
    )
    decided = node().decided(command)
    if case_id is None:
        me, decision = decided.situation.me, decided.decision
        sent = [Sent(me, each.type, tuple(to for to in each.to if to != me)) for each in decision.events]
        return Preview(sent, (), (), decision.advice)
    if not decided.situation.case.opened:
        raise UnknownCase("このケースの記録はまだありません。")
    with unreckonable_is_refused():
        found = foreseen(decided, node().replay(case_id).events)
    return Preview(found.sent, found.begins, found.ends, found.advice)
