"""Taking in a file of what service offices hand in: each line as if it were entered by hand, all or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4, uuid5

from shared.care.csv_file import FaultyFile, Problem
from shared.care.provider_file import CASE, INSURED_NUMBER, Line, read
from shared.care.state import Case
from shared.eventlog.model import UNREADABLE
from shared.node.errors import InvalidFields
from shared.node.node import Node
from shared.node.recording import canonical
from shared.node.results import CommandResult
from shared.node.service import Command
from shared.node.together import NotTogether, handle_together
from shared.policy.dates import Month, day_text

_LINES: Final = UUID("5b1c2f0e-3f7a-5d7e-9a43-2b7a6d1c9e10")
"""Namespace of the ids of commands that come from lines of files."""


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line of a file and what became of it; ``known``: it was there already, and nothing was recorded."""

    line: Line
    case_id: UUID
    known: bool
    advice: Sequence[tuple[str, str]]


def import_provider_file(
    node: Node, content: bytes, actor: str, received_on: date | None = None, *, try_only: bool = False
) -> list[TakenLine]:
    """Record what a file says; a file that was taken in before changes nothing (T-29, T-32).

    ``received_on`` is the day on which it was received, else today. With ``try_only`` it is only checked.

    :raises FaultyFile: names every problem; nothing was recorded.
    :raises InvalidFields: the day is still to come.
    """
    today = node.today()
    if received_on is not None and received_on > today:
        raise InvalidFields({"received_on": [f"受領日は今日（{day_text(today)}）以前の日付にしてください"]})
    lines, day = read(content), received_on or today
    cases = _cases_of(node, lines)
    commands = [_command(node, each, cases[each.number], actor, day) for each in lines]
    try:
        results = handle_together(node, commands, try_only=try_only)
    except NotTogether as refused:
        raise FaultyFile(
            [
                lines[place].problem(refusal.field, f"{refusal.message}。{refusal.todo or ''}")
                for place, refusal in refused.refusals.items()
            ]
        ) from refused
    return [_taken(line, result) for line, result in zip(lines, results, strict=True)]


def _taken(line: Line, result: CommandResult) -> TakenLine:
    assert result.case_id is not None, "a line is about a case"
    known = result.repeated or not result.events
    advice = [] if result.repeated else [(each.rule, each.message) for each in result.advice]
    return TakenLine(line, result.case_id, known, advice)


def _command(node: Node, line: Line, case_id: UUID, actor: str, day: date) -> Command:
    """The command that a line stands for.

    A document has the same id whenever it comes; what is known of a month's use the decision itself knows.
    """
    if line.command == "ReceiveProviderDocument":
        told = canonical({"command": line.command, "fields": dict(line.fields)}).encode()
        command_id = uuid5(_LINES, node.keys.fingerprint(case_id, told))
    else:
        command_id = uuid4()
    return node.parse(
        line.command, line.fields, actor=actor, command_id=command_id, case_id=case_id, occurred_on=day
    )


def _cases_of(node: Node, lines: Sequence[Line]) -> Mapping[int, UUID]:
    """The case that each line is about, by the number of the line."""
    known = _cases_by_insured_number(node)
    states: dict[UUID, Case] = {}
    found, problems = dict[int, UUID](), list[Problem]()
    for line in lines:
        of_person = known.get(line.insured_number, ())
        for each in of_person:
            states.setdefault(each, node.situation(each).case)
        wanted = [each for each in of_person if str(each).startswith(line.case)]
        fitting = [each for each in wanted if states[each].supported_on(_first_day(line))]
        chosen = wanted if len(wanted) == 1 else fitting
        if len(chosen) == 1:
            found[line.number] = chosen[0]
        else:
            problems.append(_not_one(line, of_person, wanted))
    if problems:
        raise FaultyFile(problems)
    return found


def _not_one(line: Line, of_person: Sequence[UUID], wanted: Sequence[UUID]) -> Problem:
    if not of_person:
        text = line.texts.get(INSURED_NUMBER, "")
        return Problem(line.number, INSURED_NUMBER, text, "この事業所にケースのある利用者の被保険者番号")
    numbers = "、".join(str(each)[:8] for each in of_person)
    expected = f"この利用者のケースの番号かその先頭を「{CASE}」の列に書きます: {numbers}"
    return Problem(line.number, CASE, line.texts.get(CASE, ""), expected)


def _first_day(line: Line) -> date:
    """A day of what a line tells of."""
    if "service_month" in line.fields:
        return Month.parse(line.fields["service_month"]).first
    return date.fromisoformat(line.fields["dated"])


def _cases_by_insured_number(node: Node) -> Mapping[str, Sequence[UUID]]:
    """The cases of each person whose data can be read, by the number on the card."""
    rows = node.log.openings()
    destroyed = node.keys.destroyed([row.case_id for row in rows if row.case_id])
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        if row.case_id is None or row.case_id in destroyed:
            continue
        (event,) = node.with_personal(row.case_id, [row])
        number = str((event.personal or {}).get("insured_number") or "")
        if number and number not in UNREADABLE and row.case_id not in found[number]:
            found[number].append(row.case_id)
    return found
