"""What a command brought about: as it is answered, and as the log keeps it for the same command sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.eventlog.log import Record
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command brought about; the same again when the command is repeated."""

    command_id: UUID
    case_id: UUID | None
    events: tuple[Mapping[str, Any], ...]
    advice: tuple[Advice, ...]
    repeated: bool = False


def result_of(command_id: UUID, done: Mapping[str, Any], asked: str) -> CommandResult:
    """The result of a command that was done before, as the log keeps it.

    :raises Refused: something else was ``asked`` under the id then.
    """
    stored = done["result"]
    if asked and stored["asked"] and stored["asked"] != asked:
        raise Refused(
            "command_id_reused",
            "この操作番号は、別の内容の操作で既に使われています",
            field="id",
            todo="新しい操作には新しい番号（UUID）を付けてください",
        )
    first = done["position"] - len(stored["events"]) + 1
    return CommandResult(
        command_id,
        UUID(stored["case"]) if stored["case"] else None,
        tuple({**each, "position": first + index} for index, each in enumerate(stored["events"])),
        tuple(Advice(each["rule"], each["message"]) for each in stored["advice"]),
        repeated=True,
    )


def told_of(
    command: Command, case_id: UUID | None, records: Sequence[Record], decision: Decision, asked: str
) -> Mapping[str, Any]:
    """The command with its result, as the log keeps it; the events' positions follow from that of the last one."""
    return {
        "id": str(command.id),
        "name": command.name,
        "result": {
            "asked": asked,
            "case": str(case_id) if case_id else None,
            "events": [{"id": str(each.id), "type": each.type} for each in records],
            "advice": [{"rule": each.rule, "message": each.message} for each in decision.advice],
        },
    }
