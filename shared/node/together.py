"""Several commands in one transaction: all of them are recorded, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import psycopg

from shared.care.case import Case, evolve_case
from shared.eventlog.log import Writing
from shared.eventlog.model import Event, WrongExpectedVersion
from shared.node.errors import Conflict, Refused, UnknownCase
from shared.node.knowledge import Look
from shared.node.node import ATTEMPTS, Node
from shared.node.recording import Cause
from shared.node.results import CommandResult, result_of, told_of
from shared.node.service import Command
from shared.node.unrecordable import unrecordable_is_refused


class NotTogether(Exception):
    """Nothing was recorded; ``refusals`` says for the place of each refused command why."""

    def __init__(self, refusals: Mapping[int, Refused]) -> None:
        super().__init__(f"{len(refusals)} commands refused")
        self.refusals = refusals


class _OnlyTried(Exception):
    """Leaves the transaction without a trace."""


def handle_together(
    node: Node, commands: Sequence[Command], *, try_only: bool = False
) -> list[CommandResult]:
    """Decide commands about cases that are known, each on what the ones before it brought, and record them at once.

    A command that was recorded before has its first result. With ``try_only`` nothing is recorded at all.

    :raises NotTogether: some are refused; all commands were tried, so that it names every one.
    :raises UnknownCase: a command is about a case that this node does not know.
    :raises Conflict: the cases kept moving; nothing was written.
    """
    for _ in range(ATTEMPTS):
        try:
            return _once(node, commands, try_only)
        except (WrongExpectedVersion, psycopg.errors.UniqueViolation):
            continue
    raise Conflict("同じケースへの記録が続いています。少し待ってもう一度送ってください")


def _once(node: Node, commands: Sequence[Command], try_only: bool) -> list[CommandResult]:
    # What the decisions rest on is read before the transaction, whose first statement takes the head of the log.
    looks = [node.knowledge.look(each.case_id, each.id) for each in commands]
    batch, written = _Batch(node), list[Event]()
    try:
        with node.log.write() as writing:
            for place, (command, look) in enumerate(zip(commands, looks, strict=True)):
                batch.take(writing, place, command, look)
            if batch.refusals:
                raise NotTogether(batch.refusals)
            if try_only:
                raise _OnlyTried
            written = batch.written
    except _OnlyTried:
        pass
    node.knowledge.learn(written)
    return batch.results


class _Batch:
    """The commands of one transaction so far: their results, refusals, and the cases as they are after them."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._cases: dict[UUID, Case] = {}
        self.results: list[CommandResult] = []
        self.refusals: dict[int, Refused] = {}
        self.written: list[Event] = []

    def take(self, writing: Writing, place: int, command: Command, look: Look) -> None:
        """Record one command more, or note why it is refused."""
        case_id = command.case_id
        if case_id is None or not look.case_known:
            raise UnknownCase(f"ケース {case_id} はこの事業所のログにありません")
        try:
            with unrecordable_is_refused():
                self.results.append(self._recorded(writing, case_id, command, look))
        except Refused as refusal:
            self.refusals[place] = refusal

    def _recorded(self, writing: Writing, case_id: UUID, command: Command, look: Look) -> CommandResult:
        node, asked = self._node, self._node.asked(command, case_id)
        if look.earlier is not None:
            return result_of(command.id, look.earlier, asked)
        situation = replace(look.situation, case=self._cases.get(case_id, look.situation.case))
        decision = node.spec(command.name).decided(situation, command)
        cause = Cause(command.id, command.id, command.actor, command.occurred_on)
        records = node.recorder.records(decision.events, cause)
        expected = look.expected if case_id not in self._cases else None
        events = writing.append(records, expected, told_of(command, case_id, records, decision, asked))
        case = situation.case
        for event in events:
            case = evolve_case(case, event)
        self._cases[case_id] = case
        self.written.extend(events)
        return CommandResult(
            command.id,
            case_id,
            tuple({"id": str(each.id), "type": each.type, "position": each.position} for each in events),
            tuple(decision.advice),
        )
