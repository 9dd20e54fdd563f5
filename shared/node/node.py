"""A node: one agency's log, keys and rules, made from its configuration. One process can hold several."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from marshmallow import RAISE, ValidationError

from contracts.catalogue import CROSSING
from shared.care.case import Case, evolve_case, evolve_case_through
from shared.care.folds.register import evolve_agency
from shared.eventlog.access import AccessLog
from shared.eventlog.arriving import ArrivingFiles
from shared.eventlog.database import Connection, Database
from shared.eventlog.events import NODE_EVENTS
from shared.eventlog.files import FileStore
from shared.eventlog.log import EventLog, Record, Row, event_of
from shared.eventlog.model import DAMAGED, ERASED, UNREADABLE, Event, NewEvent, WrongExpectedVersion
from shared.eventlog.personal import PersonDamaged, PersonErased, PersonKeys
from shared.eventlog.rebuild import ensure_current
from shared.node.agency_keys import AgencyKeys
from shared.node.config import NodeConfig
from shared.node.errors import Conflict, InvalidFields, UnknownCase, UnknownCommand
from shared.node.first_row import check_first_row, write_first_row
from shared.node.input_errors import told
from shared.node.knowledge import Knowledge, Look
from shared.node.possible_days import impossible, impossible_act
from shared.node.recording import Cause, Recorder, canonical, personal_of, plain
from shared.node.results import CommandResult, result_of, told_of
from shared.node.service import Command, CommandSpec, Decided, Service, Situation
from shared.node.unrecordable import unreckonable_is_refused, unrecordable_is_refused
from shared.policy.dates import TOKYO

ATTEMPTS = 5
"""How often a command is decided again when the state moved on meanwhile."""

logger = logging.getLogger("renkei.node")


@dataclass(frozen=True, slots=True)
class Replay:
    """A case as this node knew it: its state and the events that make it, with personal fields where readable."""

    case: Case
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Reacted:
    """What a reaction appends, and the stream versions it was decided on."""

    records: tuple[Record, ...]
    expected: Mapping[str, int]


def _cause_of(command: Command) -> Cause:
    return Cause(command.id, command.id, command.actor, command.occurred_on)


def end_of_day(day: date) -> datetime:
    """The last moment of a date in Asia/Tokyo: what a date means where a moment is asked for."""
    return datetime.combine(day, time.max, TOKYO)


class Node:
    """The application core of an agency's node; console, API, messaging and command line all call this."""

    def __init__(self, config: NodeConfig, service: Service) -> None:
        self.config = config
        self.service = service
        self.database = Database(config.database)
        self.keys_database = Database(config.keys_database)
        self.agency_keys = AgencyKeys.load(config.key_file)
        self.keys = PersonKeys(self.keys_database, self.agency_keys.node_key)
        self.event_types = {**CROSSING, **NODE_EVENTS, **service.event_types}
        self.log = EventLog(self.database, config.agency, [view() for view in service.views])
        self.files = FileStore(self.database, self.keys)
        self.arriving = ArrivingFiles(self.database, self.keys)
        self.access = AccessLog(self.database)
        self.recorder = Recorder(config.agency, self.event_types, self.keys, self._own_event)
        self.knowledge = Knowledge(self.log, config.agency, service.role)

    # --- life ---

    def open(self, training_now: datetime | None = None) -> None:
        """Make the node ready: the log's first row, and every view current.

        ``training_now`` sets the clock of a new training log.

        :raises ConfigurationError: the log belongs to another agency, or is a training log under a production
            configuration, or the other way round.
        """
        write_first_row(self.log, self.recorder, self.config, self.service.role, training_now)
        self.check()
        ensure_current(self.log)

    def check(self) -> None:
        """Refuse to touch a log that is not this node's, without changing anything.

        :raises ConfigurationError: as :meth:`open`, or the log has not begun.
        """
        check_first_row(self.log, self.config)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()
        self.keys_database.close()

    def connect(self, *, autocommit: bool = False) -> Connection:
        """A database connection of its own, for LISTEN and advisory locks."""
        return self.database.connect(autocommit=autocommit)

    @property
    def agency(self) -> str:
        """The agency whose node this is."""
        return self.config.agency

    @property
    def training(self) -> bool:
        """Whether everything here is for training; the log's first row says so too."""
        return self.config.training

    def now(self) -> datetime:
        """The node's clock, in Asia/Tokyo."""
        return self.log.head().now.astimezone(TOKYO)

    def today(self) -> date:
        """The business date of the node's clock."""
        return self.now().date()

    def set_clock(self, moment: datetime) -> None:
        """Set the clock of a training log, forward only.

        :raises psycopg.Error: SQLSTATE RK003 (not in training) or RK004 (backward).
        """
        with self.database.connection() as connection:
            connection.execute("select set_training_clock(%s)", (moment,))

    # --- commands ---

    def parse(
        self,
        name: str,
        fields: Mapping[str, Any],
        *,
        actor: str,
        command_id: UUID | None = None,
        case_id: UUID | None = None,
        occurred_on: date | None = None,
        content: bytes | None = None,
    ) -> Command:
        """Check a command's fields against its schema.

        :raises UnknownCommand: this service has no such command.
        :raises InvalidFields: names each wrong, missing or unknown field.
        """
        spec = self.spec(name)
        today = self.today()
        if spec.needs_case and not spec.opens_case and case_id is None:
            raise InvalidFields({"case": ["ケースの番号を指定してください"]})
        if spec.opens_case and case_id is not None:
            raise InvalidFields({"case": ["新しいケースの番号はこのノードが付けます。指定しないでください"]})
        wrong_day = impossible_act(occurred_on, today) if occurred_on is not None else None
        if wrong_day is not None:
            raise InvalidFields({"occurred_on": [wrong_day]})
        schema = spec.schema(unknown=RAISE)
        try:
            loaded = schema.load(dict(fields))
        except ValidationError as problem:
            raise InvalidFields(told(problem.messages, schema)) from problem
        if wrong := impossible(loaded, schema, today):
            raise InvalidFields(wrong)
        return Command(command_id or uuid4(), name, case_id, loaded, actor, occurred_on or today, content)

    def handle(self, command: Command) -> CommandResult:
        """Decide a command and append its events, deliveries, views and result in one transaction.

        A repeated command id returns the first result. When somebody else wrote to the same stream meanwhile, the
        command is decided again on the new state, at most :data:`ATTEMPTS` times.

        :raises Refused: a rule forbids it; nothing was written.
        :raises Conflict: the state kept moving; nothing was written.
        """
        for _ in range(ATTEMPTS):
            try:
                with unrecordable_is_refused():
                    return self._decide_and_append(command)
            except (WrongExpectedVersion, psycopg.errors.UniqueViolation):
                continue
        raise Conflict("同じケースへの記録が続いています。少し待ってもう一度送ってください")

    def decided(self, command: Command) -> Decided:
        """What :meth:`handle` would bring about now, decided the same way; nothing is written.

        :raises Refused, UnknownCase: as :meth:`handle`.
        """
        look = self.knowledge.look(self._case_of(command))
        _, found = self._decide(look, command)
        if look.case_known:
            with unrecordable_is_refused():
                self.recorder.records(found.decision.events, _cause_of(command))
        return found

    def _case_of(self, command: Command) -> UUID | None:
        """The case of a command; that which it opens follows from its id."""
        opens = command.case_id is None and self.spec(command.name).opens_case
        return uuid5(command.id, "case") if opens else command.case_id

    def _decide(self, look: Look, command: Command) -> tuple[Look, Decided]:
        spec, case_id = self.spec(command.name), self._case_of(command)
        if spec.needs_case and not spec.opens_case and not look.case_known:
            raise UnknownCase(f"ケース {case_id} はこの事業所のログにありません")
        with unreckonable_is_refused():
            ready = spec.prepared(self, look.situation, replace(command, case_id=case_id))
            look = self._with_concerned(look, spec, ready)
            return look, Decided(look.situation, ready, spec.decided(look.situation, ready))

    def _decide_and_append(self, command: Command) -> CommandResult:
        case_id = self._case_of(command)
        look = self.knowledge.look(case_id, command.id)
        if look.earlier is not None:
            return result_of(command.id, look.earlier, self.asked(command, case_id))
        look, found = self._decide(look, command)
        decision = found.decision
        records = self.recorder.records(decision.events, _cause_of(command))
        asked = self.asked(command, case_id)
        if command.content is not None and case_id is not None:
            self.files.keep(case_id, command.content)
        events = self.log.append(records, look.expected, told_of(command, case_id, records, decision, asked))
        self.knowledge.learn(events)
        return CommandResult(
            command.id,
            case_id,
            tuple({"id": str(each.id), "type": each.type, "position": each.position} for each in events),
            tuple(decision.advice),
        )

    def _with_concerned(self, look: Look, spec: CommandSpec, command: Command) -> Look:
        """The look with the cases that a command concerns besides its own.

        :raises UnknownCase: one of them is not in this log.
        """
        if spec.concerns is None:
            return look
        cases, expected = {}, dict(look.expected)
        for case_id in spec.concerns(command.fields):
            other = self.knowledge.look(case_id)
            if not other.case_known:
                raise UnknownCase(f"ケース {case_id} はこの事業所のログにありません")
            cases[case_id] = other.situation.case
            expected |= other.expected
        return replace(look, situation=replace(look.situation, cases=cases), expected=expected)

    def spec(self, name: str) -> CommandSpec:
        """The command of that name.

        :raises UnknownCommand: this service has none.
        """
        spec = self.service.commands.get(name)
        if spec is None:
            raise UnknownCommand(f"{self.service.title}には「{name}」という操作はありません")
        return spec

    def asked(self, command: Command, case_id: UUID | None) -> str:
        """What was asked, as a fingerprint that can't be guessed; empty where the person's key can't be used any more.

        An id that comes again with something else asked is a mistake, not a repeat. Once the person was erased nobody
        can tell: what comes again under the id then has the first result, and nothing is written.
        """
        told = {"name": command.name, "case": command.case_id, "fields": command.fields}
        if command.content is not None:
            told["content"] = hashlib.sha256(command.content).hexdigest()
        try:
            return self.keys.fingerprint(case_id, canonical(plain(told)).encode())
        except (PersonErased, PersonDamaged):
            return ""

    def _own_event(self, event_id: UUID) -> Row | None:
        return self.log.event(event_id, self.agency)

    # --- state ---

    def situation(self, case_id: UUID | None = None) -> Situation:
        """What this agency knows now, of a case or without one."""
        return self.knowledge.look(case_id).situation

    # --- reactions ---

    def reactions_to(self, event: Event, already_recorded: bool = False) -> Reacted:
        """Decide what this service does about a partner's event, which is not yet (or ``already_recorded``) in the log.

        An exception of the reaction itself passes through; the caller keeps the event and parks the reaction.
        """
        look = self.knowledge.look(event.case_id)
        situation = look.situation
        reaction = self.service.reactions.get(event.type)
        if reaction is None:
            return Reacted((), look.expected)
        if not already_recorded:
            situation = _with(situation, event)
        cause = Cause(event.id, event.correlation or event.id, "system", situation.today)
        events = reaction.react(situation, event)
        undeclared = {each.type for each in events} - reaction.emits
        if undeclared:
            raise RuntimeError(f"the reaction to {event.type} emits undeclared {sorted(undeclared)}")
        return Reacted(tuple(self.recorder.records(events, cause)), look.expected)

    # --- replay ---

    def replay(self, case_id: UUID, as_of: date | None = None, known_at: datetime | None = None) -> Replay:
        """A case as it stood at the end of ``as_of``, as far as this node knew at the moment ``known_at``.

        :raises UnknownCase: this node knew nothing of it then.
        """
        rows = self.log.case(case_id, known_at)
        if as_of is not None:
            rows = [row for row in rows if row.occurred_on <= as_of]
        if not rows:
            raise UnknownCase(f"ケース {case_id} の記録はこの時点にはありません")
        events = tuple(self.with_personal(case_id, rows))
        return Replay(evolve_case_through(Case.empty(), events), events)

    def with_personal(self, case_id: UUID, rows: Sequence[Row]) -> list[Event]:
        """The events of one case with their personal fields.

        A field that can't be read is :data:`ERASED` when the person's key was destroyed here or the sender had erased
        it before it came, else :data:`DAMAGED`.
        """
        return self.with_persons(row for row in rows if row.case_id == case_id)

    def with_persons(self, rows: Iterable[Row]) -> list[Event]:
        """Like :meth:`with_personal`, for events of many cases: two looks at the key table, however many they are."""
        found = list(rows)
        sealed = [
            (row, row.case_id, row.personal) for row in found if row.case_id and row.personal is not None
        ]
        texts = self.keys.open_of_many([(case_id, row.id, personal) for row, case_id, personal in sealed])
        opened = {
            row.position: text for (row, _, _), text in zip(sealed, texts, strict=True) if text is not None
        }
        missing = {row.case_id for row in found if "_sd" in row.data and row.position not in opened}
        gone = self.keys.destroyed([each for each in missing if each]) if missing else set()
        return [
            event_of(row, self._personal(row, opened.get(row.position), row.case_id in gone)) for row in found
        ]

    def birth_date(self, case_id: UUID) -> date | None:
        """When the person of a case was born; None where it was never told, was erased or can't be read."""
        openings = self.with_personal(case_id, self.log.openings([case_id]))
        told = [(each.personal or {}).get("birth_date") for each in openings]
        readable = [each for each in told if each and each not in UNREADABLE]
        return date.fromisoformat(readable[-1]) if readable else None

    def _personal(self, row: Row, disclosures: Sequence[str] | None, erased: bool) -> dict[str, Any]:
        """The personal fields of a row; what can't be deciphered was ``erased``, or else damaged."""
        if "_sd" not in row.data:
            return {}
        gone = ERASED if erased else DAMAGED
        if disclosures is not None:
            personal = personal_of(row, disclosures)
            if personal:
                return personal
            gone = DAMAGED if personal is None else ERASED
        elif row.personal is None and row.origin is not None:
            gone = (
                ERASED  # it came without: its sender had erased them, or the person was erased here by then
            )
        kind = self.event_types.get(row.type)
        return dict.fromkeys(sorted(kind.personal_fields) if kind else ["*"], gone)

    def raise_epoch(self) -> int:
        """Begin a new numbering after this log was restored from a backup; returns the new epoch.

        Numbers of the old epoch may have been used after the backup was taken, so none of them is used again.
        """
        with self.log.write() as writing:
            head = writing.head
            rows = writing.connection.execute(
                "select partner, max(sequence) from deliveries where epoch = %s group by partner",
                (head.epoch,),
            ).fetchall()
            writing.connection.execute("select raise_epoch()")
            raised = NewEvent(
                "EpochRaised", {"epoch": head.epoch + 1, "last_known": dict(rows)}, stream="node"
            )
            cause_id = uuid4()
            day = head.now.astimezone(TOKYO).date()
            writing.append(self.recorder.records([raised], Cause(cause_id, cause_id, "system", day)))
        return head.epoch + 1

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Japanese title of every event type this node knows."""
        return {name: kind.title for name, kind in self.event_types.items()}


def _with(situation: Situation, event: Event) -> Situation:
    """The situation as it will be once ``event`` is in the log."""
    if event.case_id is None:
        return replace(situation, agency=evolve_agency(situation.agency, event))
    return replace(situation, case=evolve_case(situation.case, event))
