"""Entering on a sheet that looks like the paper: its controls by name, what is wrong, what differs from before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.console.acting import allowed_command
from shared.console.choices import with_known_choices
from shared.console.entry import Entry, day_of
from shared.console.forms import Control, controls
from shared.console.frame import node
from shared.console.problems import Problem
from shared.node.service import CommandSpec, Decision, Situation


def dry_run(spec: CommandSpec, entry: Entry, situation: Situation) -> Decision:
    """What the command would decide on a sheet, recording nothing.

    :raises NotAllowed, InvalidFields, Refused: as when it is given.
    """
    allowed_command(spec.name)
    command = node().parse(
        spec.name,
        entry.raw,
        actor="",
        command_id=entry.command_id,
        case_id=situation.case.id,
        occurred_on=day_of(entry.day),
    )
    return node().decided(command).decision


@dataclass(frozen=True)
class Sheet:
    """The controls of a sheet by name, its rows, what is wrong, and what differs from the sheet it was copied from."""

    by: Mapping[str, Control]
    wrong: Sequence[tuple[str, str, str]]
    before: Mapping[str, str]
    compared: bool = False

    def rows(self, name: str) -> Sequence[Mapping[str, Control]]:
        """The lines of a repeated group, each by the last part of its controls' names."""
        return [{each.name.rsplit(".", 1)[-1]: each for each in row} for row in self.by[name].rows]

    def was(self, control: Control) -> str | None:
        """What stood here before, where it was something else; ``None`` where nothing is compared or it is the same."""
        if not self.compared or control.kind in ("rows", "group"):
            return None
        before = self.before.get(control.name, "")
        return None if before == in_words(control) else before

    @property
    def changed(self) -> Sequence[tuple[str, str, str]]:
        """Title, before and now of everything that differs, in the order of the sheet."""
        titles = titled(list(self.by.values()))
        found = [
            (titles[name], was, in_words(control))
            for name, control in self.by.items()
            if (was := self.was(control)) is not None
        ]
        gone = [
            (_title_of(name, titles), was, "") for name, was in self.before.items() if name not in self.by
        ]
        return [*found, *gone] if self.compared else []


def sheet(
    spec: CommandSpec,
    entry: Entry,
    situation: Situation,
    problem: Problem | None = None,
    before: Mapping[str, Any] | None = None,
) -> Sheet:
    """The sheet of a command as a page shows it. ``before`` are the raw fields of the one that it was copied from."""
    shown = with_known_choices(
        controls(spec.schema, entry.raw, problem.by_field() if problem else None, entry.spare), situation
    )
    by = {each.name: each for each in flat(shown)}
    titles = titled([*by.values()])
    wrong = [(each.id, titles[each.name], "　".join(each.errors)) for each in by.values() if each.errors]
    old = flat(controls(spec.schema, before, None, {})) if before is not None else ()
    texts = {each.name: text for each in old if (text := in_words(each))}
    return Sheet(by, wrong, texts, before is not None)


def flat(shown: Sequence[Control]) -> Iterator[Control]:
    """Every control, a group before its members."""
    for each in shown:
        yield each
        for row in each.rows:
            yield from flat(row)


def titled(every: Sequence[Control]) -> dict[str, str]:
    """Name → the title of a control with those of the groups around it, and the number of its line."""
    own = {each.name: each for each in every}
    found: dict[str, str] = {}
    for name in own:
        parts = name.split(".")
        said: list[str] = []
        for end in range(1, len(parts) + 1):
            part = parts[end - 1]
            group = own.get(".".join(parts[:end]))
            if part.isdigit():
                said.append(f"{int(part) + 1}件目")
            elif group is not None and not (end == 1 and len(parts) > 1 and group.kind == "group"):
                said.append(group.title)
        found[name] = " ".join(said)
    return found


def _title_of(name: str, titles: Mapping[str, str]) -> str:
    """The title of a line that is there no more."""
    group, number, last = ("", "", *name.rsplit(".", 2))[-3:]
    first = titles.get(f"{group}.0.{last}", titles.get(group, name))
    return first.replace("1件目", f"{int(number) + 1}件目") if number.isdigit() else first


def in_words(control: Control) -> str:
    """What stands in a control, as a person reads it."""
    if control.kind in ("rows", "group"):
        return ""
    options: dict[str, str] = dict(control.options)
    if isinstance(control.value, list):
        return "、".join(options.get(str(each), str(each)) for each in control.value)
    text = str(control.value or "")
    return control.reading or options.get(text, text)
