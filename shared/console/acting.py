"""Giving a command: the one way for people and for vendors' systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.console.accounts import Account
from shared.console.frame import account, node, offers
from shared.console.problems import NotAllowed
from shared.node.errors import UnknownCommand
from shared.node.results import CommandResult
from shared.node.service import CommandSpec


def may(who: Account, spec: CommandSpec) -> bool:
    """Whether an account may give a command. An auditor reads and never writes, whatever a command says."""
    return who.role in spec.roles and who.role != "auditor"


def allowed_commands(needs_case: bool) -> list[CommandSpec]:
    """The commands that the person who asks may give: those on a case, or those that need none yet."""
    return [
        spec
        for spec in node().service.commands.values()
        if may(account(), spec)
        and (spec.needs_case and not spec.opens_case) == needs_case
        and offers(spec.parameter)
    ]


def allowed_command(name: str) -> CommandSpec:
    """The command of that name.

    :raises UnknownCommand: this service has none.
    :raises NotAllowed: the account's role may not give it.
    """
    spec = node().service.commands.get(name)
    if spec is None:
        raise UnknownCommand(f"{node().service.title}には「{name}」という操作はありません。")
    if not may(account(), spec):
        raise NotAllowed("role_not_allowed", f"「{spec.title}」を行う権限がありません。")
    return spec


def give(
    name: str,
    fields: Mapping[str, Any],
    command_id: UUID,
    case_id: UUID | None,
    occurred_on: date | None,
    file: tuple[bytes | None, str | None] = (None, None),
) -> CommandResult:
    """Check the right, parse, decide and record; a repeated id returns the first result.

    ``file`` is content and name of one that came with the command; the name counts where the fields give none.

    :raises NotAllowed, UnknownCommand, InvalidFields, Refused, UnknownCase, Conflict: nothing was recorded.
    """
    content, file_name = file
    if allowed_command(name).takes_file and not fields.get("file_name"):
        fields = {**fields, "file_name": file_name}
    command = node().parse(
        name,
        fields,
        actor=account().name,
        command_id=command_id,
        case_id=case_id,
        occurred_on=occurred_on,
        content=content,
    )
    return node().handle(command)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command that was given before: its title, what was recorded, what to mind."""

    title: str
    events: Sequence[str]
    advice: Sequence[tuple[str, str]]


def recorded_before(command_id: UUID) -> bool:
    """Whether something was recorded under this key before: what its form foretold is no longer ahead."""
    with node().database.connection() as connection:
        found = connection.execute("select 1 from commands where id = %s", (command_id,)).fetchone()
    return found is not None


def outcome(command_id: str | None) -> Outcome | None:
    """The outcome of a recorded command, to be shown after the redirect; ``None`` when there is none."""
    try:
        wanted = UUID(command_id or "")
    except ValueError:
        return None
    with node().database.connection() as connection:
        row = connection.execute("select name, result from commands where id = %s", (wanted,)).fetchone()
    if row is None:
        return None
    name, result = row
    spec = node().service.commands.get(name)
    return Outcome(
        spec.title if spec else name,
        [node().titles.get(each["type"], each["type"]) for each in result["events"]],
        [(each["rule"], each["message"]) for each in result["advice"]],
    )
