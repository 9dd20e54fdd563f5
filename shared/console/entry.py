"""What a person has typed into the form of a command, and the day of the act: the same on every form and sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from shared.console.choices import agency_choices
from shared.console.forms import raw_fields
from shared.console.frame import node
from shared.console.once import key_or_new
from shared.console.problems import Problem, key_was_used, problem_for_people
from shared.node.errors import InvalidFields
from shared.node.service import CommandSpec
from shared.policy.dates import DateError, parse_date

DAY_FIELD: Final = "_occurred_on"


@dataclass(frozen=True)
class Entry:
    """What a person has written so far; ``spare`` empty lines are shown of a repeated group beyond the filled ones."""

    command_id: UUID
    day: str
    raw: Mapping[str, Any] = field(default_factory=dict)
    spare: Mapping[str, int] = field(default_factory=dict)


def sent_entry(spec: CommandSpec, form: MultiDict[str, str], case_id: UUID | None = None) -> Entry:
    """What was sent; a request for another line only shows it again, however often it comes.

    Agencies are known by the names that the form of this case offers.
    """
    more = form.get("more", "")
    known = agency_choices(node().situation(case_id))
    raw = raw_fields(spec.schema, form.to_dict(flat=False), agencies=known)
    return Entry(key_or_new(form.get("command_id")), form.get(DAY_FIELD, ""), raw, {more: 1} if more else {})


def shown_again_with(entry: Entry, error: Exception) -> tuple[Entry, Problem]:
    """What a form says when it was not recorded, and with what it is shown again: everything that was typed.

    A form that was recorded, gone back to and changed comes with a key of its own, so that it can be recorded too.
    """
    fresh = replace(entry, command_id=uuid4()) if key_was_used(error) else entry
    return fresh, problem_for_people(error)


def day_errors(errors: Mapping[str, Any]) -> list[str]:
    """What is wrong with the day of the act, among the messages by field."""
    return [str(each) for name in (DAY_FIELD, "occurred_on") for each in errors.get(name) or ()]


def day_of(text: str) -> date | None:
    """The day of the act that was typed; ``None`` for today.

    :raises InvalidFields: it is no date.
    """
    if not text.strip():
        return None
    try:
        return parse_date(text)
    except DateError as problem:
        raise InvalidFields({DAY_FIELD: [str(problem)]}) from problem
