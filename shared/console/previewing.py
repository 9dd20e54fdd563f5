"""What a form would bring about, looked at before it is sent: the same decision, recorded nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.care.foresight import Owed, Sent, foresee
from shared.console.entry import Entry, day_of
from shared.console.frame import account, node
from shared.node.errors import UnknownCase
from shared.node.service import Advice, CommandSpec


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
    situation = node().situation(case_id)
    if case_id is None:
        decision = spec.decided(situation, command)
        sent = [Sent(situation.me, each.type, tuple(each.to)) for each in decision.events]
        return Preview(sent, (), (), decision.advice)
    if not situation.case.opened:
        raise UnknownCase("このケースの記録はまだありません。")
    found = foresee(situation, node().replay(case_id).events, spec, command)
    return Preview(found.sent, found.begins, found.ends, found.advice)
