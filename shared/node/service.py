"""What a service is made of: commands and how they are decided, reactions to partners' events, views."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema

from contracts.definition import EventType
from shared.care.agency import AgencyState
from shared.care.case import Case
from shared.eventlog.model import Event, NewEvent
from shared.eventlog.views import View
from shared.node.errors import Refused
from shared.policy.citing import cited_for


@dataclass(frozen=True, slots=True)
class Command:
    """What a person or a vendor's system asks for; ``fields`` are loaded by the command's schema.

    ``content`` is of the file that came with it, for a command that takes one.
    """

    id: UUID
    name: str
    case_id: UUID | None
    fields: Mapping[str, Any]
    actor: str
    occurred_on: date
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Situation:
    """What an agency knows at the moment of a decision. ``today`` is the business date of the node's clock.

    ``cases`` are those that a command without a case of its own concerns (:attr:`CommandSpec.concerns`).
    """

    me: str
    role: str
    today: date
    agency: AgencyState
    case: Case
    cases: Mapping[UUID, Case] = field(default_factory=dict)

    def at(self, case_id: UUID) -> "Situation":
        """The same moment with one of :attr:`cases` as the case."""
        return replace(self, case=self.cases[case_id], cases={})


@dataclass(frozen=True, slots=True)
class Advice:
    """A warning: it is shown and recorded with the result, and never blocks. ``rule`` is a rule id."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command brings about."""

    events: Sequence[NewEvent]
    advice: Sequence[Advice] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, the situation that it was made in, and the command with what the node filled in."""

    situation: Situation
    command: Command
    decision: Decision


@dataclass(frozen=True)
class CommandSpec:
    """One command of a service. ``roles`` are the account roles that may give it.

    With ``takes_file`` a file comes with it, whose content is kept under the person's key. ``concerns`` tells of its
    fields which cases it is decided on; they must be known here, and none may move on meanwhile. ``prepare`` fills in
    at the edge, from the node, what people need not type. ``parameter`` is one without which there is nothing to
    decide: a ward that does not publish it is not offered the command.
    """

    name: str
    title: str
    schema: type[Schema]
    decide: Callable[[Situation, Command], Decision]
    roles: frozenset[str]
    opens_case: bool = False
    needs_case: bool = True
    takes_file: bool = False
    concerns: Callable[[Mapping[str, Any]], Iterable[UUID]] | None = None
    prepare: Callable[[Any, Command], Command] | None = None
    parameter: str | None = None

    def decided(self, situation: Situation, command: Command) -> Decision:
        """What the command brings about, with advice and refusals that name the rules of the case's own ward.

        :raises Refused: a rule forbids it.
        """
        with _named_by(situation, command):
            decision = self.decide(situation, command)
        if not decision.advice:
            return decision
        insurers = _insurers(situation, command)
        advice = [Advice(cited_for(each.rule, insurers), each.message) for each in decision.advice]
        return Decision(decision.events, advice)

    def prepared(self, node: Any, situation: Situation, command: Command) -> Command:
        """The command with what ``node`` fills in.

        :raises Refused: there is nothing to fill in; it names the rules as :meth:`decided` does.
        """
        if self.prepare is None:
            return command
        with _named_by(situation, command):
            return self.prepare(node, command)


@contextmanager
def _named_by(situation: Situation, command: Command) -> Iterator[None]:
    """Within it a refusal names the rules of the case's own ward."""
    try:
        yield
    except Refused as refusal:
        if refusal.rule is not None:
            refusal.rule = cited_for(refusal.rule, _insurers(situation, command))
        raise


def _insurers(situation: Situation, command: Command) -> Collection[str]:
    """Whose rules a decision goes by: those of its case or cases, of the ward itself, of the case that it opens.

    A matter of an agency is one of the wards that list it.
    """
    if situation.case.insurer:
        return (situation.case.insurer,)
    if situation.cases:
        return frozenset(each.insurer for each in situation.cases.values())
    if situation.role == "ward":
        return (situation.me,)
    named = command.fields.get("insurer")
    if isinstance(named, str):
        return (named,)
    return frozenset(insurer for insurer, agency in situation.agency.listings if agency == situation.me)


@dataclass(frozen=True)
class Reaction:
    """What a service does when a partner's event arrives. ``emits`` declares every type it may return."""

    react: Callable[[Situation, Event], Sequence[NewEvent]]
    emits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Service:
    """One of the four services, as pure parts that a node composes with its log."""

    name: str
    role: str
    title: str
    commands: Mapping[str, CommandSpec]
    reactions: Mapping[str, Reaction] = field(default_factory=dict)
    views: tuple[type[View], ...] = ()
    event_types: Mapping[str, EventType] = field(default_factory=dict)
