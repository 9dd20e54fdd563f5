"""The append-only log of one node: reading it, and the one transaction in which everything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from contracts.json_text import read, written
from shared.eventlog.database import Connection, Database, in_one_pipeline, in_one_transaction
from shared.eventlog.folding import fold_into
from shared.eventlog.model import Event, WrongExpectedVersion
from shared.eventlog.views import View

_WRONG_VERSION: Final = "RK001"
_APPEND: Final = "select at_position, at_version, at_time from append_events(%s, %s, %s)"


class Row(NamedTuple):
    """One row of the log as it is stored; ``data`` is JSON text with the open fields and the digests (``_sd``)."""

    position: int
    stream: str
    version: int
    id: UUID
    type: str
    schema_version: int
    case_id: UUID | None
    sender: str
    occurred_on: date
    recorded_at: datetime
    actor: str
    causation: UUID | None
    correlation: UUID | None
    data: str
    personal: bytes | None
    origin: str | None
    previous_hash: bytes
    hash: bytes


COLUMNS: Final = ", ".join(Row._fields)
_ROW: Final = partial(tuple.__new__, Row)
"""``Row._make`` without counting the values, of which ``COLUMNS`` selects as many as there are."""
_EVENT_COLUMNS: Final = ", ".join(Row._fields[: Row._fields.index("data") + 1]) + ", origin is not null"
"""All that a state is folded from. The rest of a row, ciphertext and signatures, is most of its bytes."""
REGISTER: Final = "(stream = 'agency' or starts_with(stream, 'directory:'))"
"""The condition of the partial index ``events_of_register``, to the letter."""


@dataclass(frozen=True, slots=True)
class Record:
    """An event ready to be appended: validated, concealed, sealed. ``to`` lists the agencies that shall receive it."""

    stream: str
    id: UUID
    type: str
    schema_version: int
    case_id: UUID | None
    sender: str
    occurred_on: date
    actor: str
    causation: UUID | None
    correlation: UUID | None
    data: str
    personal: bytes | None = None
    origin: str | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends. ``now`` is the node's clock, which never goes back."""

    position: int
    hash: bytes
    now: datetime
    epoch: int
    training: bool


@dataclass(frozen=True, slots=True)
class ReadSince:
    """What a decision needs, read in one round trip.

    ``done`` is the command that was asked for, if it was done before: ``result`` as it was given to ``append``, and the
    ``position`` of its last event.
    """

    head: Head
    register: list[Event]
    stream: list[Event]
    done: Mapping[str, Any] | None


def event_of(row: Row, personal: Mapping[str, Any] | None = None) -> Event:
    """The event that a row holds."""
    return Event(*row[:13], _open_data(row.data), row.origin is not None, personal)


def _open_data(text: str) -> dict[str, Any]:
    data: dict[str, Any] = read(text)
    return _opened(data)


def _opened(data: dict[str, Any]) -> dict[str, Any]:
    data.pop("_sd", None)
    data.pop("_sd_alg", None)
    return data


class Writing:
    """The transaction in which a node writes. It holds the head row from its first statement to its end."""

    def __init__(self, connection: Connection, views: Sequence[View]) -> None:
        self.connection = connection
        self._views = views

    @cached_property
    def head(self) -> Head:
        """Where the log ended when this transaction took the head row, which it does at the latest now."""
        return _head(self.connection, b"select * from lock_head()")

    def append(
        self,
        records: Sequence[Record],
        expected: Mapping[str, int] | None = None,
        command: Mapping[str, Any] | None = None,
    ) -> list[Event]:
        """Append in one round trip, queue the deliveries, fold the views. Returns the events with their positions.

        ``expected`` maps streams to the version that the decision was based on. ``command`` (``id``, ``name``,
        ``result``, all JSON-shaped) is kept as what brought the events about.

        :raises WrongExpectedVersion: a stream moved on; the transaction is to be abandoned and decided again.
        """
        if not records and command is None:
            return []
        try:
            placed = self._call_append(records, expected or {}, command)
        except psycopg.Error as problem:
            if problem.sqlstate == _WRONG_VERSION:
                raise WrongExpectedVersion(str(problem)) from problem
            raise
        events = [
            _placed(record, at, version, moment)
            for record, (at, version, moment) in zip(records, placed, strict=True)
        ]
        fold_into(self.connection, self._views, events)
        return events

    def _call_append(
        self, records: Sequence[Record], expected: Mapping[str, int], command: Mapping[str, Any] | None
    ) -> list[tuple[int, int, datetime]]:
        batch = [_sent(record) for record in records]
        told = [None if each is None else written(each) for each in (batch, expected, command)]
        return self.connection.execute(_APPEND, told, binary=True).fetchall()


def _sent(record: Record) -> dict[str, Any]:
    """A record as ``append_events`` takes it."""
    return {
        "stream": record.stream,
        "id": record.id,
        "type": record.type,
        "schema_version": record.schema_version,
        "case_id": record.case_id,
        "sender": record.sender,
        "occurred_on": record.occurred_on,
        "actor": record.actor,
        "causation": record.causation,
        "correlation": record.correlation,
        "data": record.data,
        "personal": None if record.personal is None else "\\x" + record.personal.hex(),
        "origin": record.origin,
        "partners": record.to,
    }


def _placed(record: Record, position: int, version: int, moment: datetime) -> Event:
    return Event(
        position,
        record.stream,
        version,
        record.id,
        record.type,
        record.schema_version,
        record.case_id,
        record.sender,
        record.occurred_on,
        moment,
        record.actor,
        record.causation,
        record.correlation,
        _open_data(record.data),
        record.origin is not None,
    )


class EventLog:
    """The log of one node. ``me`` is the node's own agency, ``views`` are folded by every write."""

    def __init__(self, database: Database, me: str, views: Sequence[View] = ()) -> None:
        self.database = database
        self.me = me
        self.views = tuple(views)

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One writing transaction: commits at a clean exit, else leaves nothing behind.

        Its first statement must take the head row: ``append`` does, and so does reading ``head``.
        """
        with self.database.connection() as connection, in_one_transaction(connection):
            yield Writing(connection, self.views)

    def append(
        self,
        records: Sequence[Record],
        expected: Mapping[str, int] | None = None,
        command: Mapping[str, Any] | None = None,
    ) -> list[Event]:
        """:meth:`Writing.append` and nothing else in one transaction, which costs no statement of its own.

        :raises WrongExpectedVersion: a stream moved on; nothing was written.
        """
        with self.database.connection() as connection, in_one_pipeline(connection):
            return Writing(connection, self.views).append(records, expected, command)

    def head(self) -> Head:
        """Where the log ends now, without waiting for a writer."""
        with self.database.connection() as connection:
            return _head(connection, _HEAD)

    def page(self, after: int, limit: int = 1000) -> list[Row]:
        """Up to ``limit`` rows behind position ``after``. A tailing reader that keeps the last position misses none."""
        return self._rows("position > %s order by position limit %s", (after, limit))

    def pages(self, after: int = 0, through: int | None = None, limit: int = 1000) -> Iterator[list[Row]]:
        """All rows behind ``after``, up to position ``through``, page by page in constant memory."""
        while rows := self.page(after, limit):
            if through is not None and rows[-1].position > through:
                rows = [row for row in rows if row.position <= through]
                if rows:
                    yield rows
                return
            yield rows
            after = rows[-1].position

    def stream(self, name: str, after_version: int = 0) -> list[Row]:
        """The rows of one stream, in order."""
        return self._rows("stream = %s and version > %s order by version", (name, after_version))

    def register(self, after: int, types: Iterable[str] | None = None) -> list[Row]:
        """The rows behind ``after`` that tell of agencies: the streams ``agency`` and ``directory:<insurer>``.

        With ``types`` only those of these types.
        """
        if types is None:
            return self._rows(f"{REGISTER} and position > %s order by position", (after,))
        wanted = f"{REGISTER} and position > %s and type = any(%s) order by position"
        return self._rows(wanted, (after, sorted(types)))

    def openings(self, case_ids: Sequence[UUID] | None = None) -> list[Row]:
        """The rows that open these cases, or all cases, by position; a case that was opened twice has two."""
        if case_ids is None:
            return self._rows("type = 'CaseOpened' order by position", ())
        return self._rows("case_id = any(%s) and type = 'CaseOpened' order by position", (list(case_ids),))

    def of_type(self, name: str, case_ids: Sequence[UUID]) -> list[Row]:
        """The rows of one type of these cases, by position."""
        return self._rows("case_id = any(%s) and type = %s order by position", (list(case_ids), name))

    def case(self, case_id: UUID, known_at: datetime | None = None) -> list[Row]:
        """Everything this node knows of a case, or knew at the moment ``known_at``: a prefix of the log."""
        if known_at is None:
            return self._rows("case_id = %s order by position", (case_id,))
        return self._rows("case_id = %s and recorded_at <= %s order by position", (case_id, known_at))

    def read_since(
        self, position: int, stream: str | None, version: int, command_id: UUID | None
    ) -> ReadSince:
        """The head, the register behind ``position``, a stream behind ``version``, a command with its result.

        One round trip tells whether there is anything; what is new is then read.
        """
        with self.database.connection() as connection:
            looked = connection.execute(_LOOK, (stream, command_id), binary=True).fetchone()
            *head, registered, reached, done = _only(looked)
            return ReadSince(
                Head(*head),
                _events(connection, _REGISTER_SINCE, (position,)) if registered > position else [],
                _events(connection, _STREAM_SINCE, (stream, version)) if reached > version else [],
                done,
            )

    def event(self, event_id: UUID, sender: str) -> Row | None:
        """The row of one event of an agency: an id is unique among the events of its sender."""
        return next(iter(self._rows("id = %s and sender = %s", (event_id, sender))), None)

    def at(self, position: int) -> Row | None:
        """The row at a position."""
        return next(iter(self._rows("position = %s", (position,))), None)

    def _rows(self, condition: str, parameters: Sequence[Any]) -> list[Row]:
        with self.database.connection() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(_select(condition), parameters)
            return list(map(_ROW, cursor.fetchall()))


_NOW: Final = "greatest(recorded_at, coalesce(training_now, clock_timestamp()))"
_HEAD_COLUMNS: Final = f"position, hash, {_NOW}, epoch, training_now is not null"
_HEAD: Final = f"select {_HEAD_COLUMNS} from head".encode()  # noqa: S608
_LOOK: Final = (
    f"select {_HEAD_COLUMNS}, coalesce((select max(position) from events where {REGISTER}), 0),"  # noqa: S608
    " coalesce((select max(version) from events where stream = %s), 0),"
    " (select to_json(commands) from commands where id = %s) from head"
).encode()
_REGISTER_SINCE: Final = (
    f"select {_EVENT_COLUMNS} from events where {REGISTER} and position > %s order by position"  # noqa: S608
).encode()
_STREAM_SINCE: Final = (
    f"select {_EVENT_COLUMNS} from events where stream = %s and version > %s order by version"  # noqa: S608
).encode()


def _events(connection: Connection, query: bytes, parameters: Sequence[Any]) -> list[Event]:
    """The events of a query for ``_EVENT_COLUMNS``. Their data are read as one text, which takes half of the time."""
    rows = connection.execute(query, parameters, binary=True).fetchall()
    data = read(f"[{','.join([row[_DATA] for row in rows])}]")
    return [
        _EVENT((*row[:_DATA], _opened(each), row[-1], None)) for row, each in zip(rows, data, strict=True)
    ]


_DATA: Final = Row._fields.index("data")
_EVENT: Final = partial(tuple.__new__, Event)


def _select(condition: str) -> bytes:
    """``condition`` is a literal of this module."""
    return f"select {COLUMNS} from events where {condition}".encode()  # noqa: S608


def _head(connection: Connection, query: bytes) -> Head:
    return Head(*_only(connection.execute(query).fetchone()))


def _only(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    assert row is not None
    return row
