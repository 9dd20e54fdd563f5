"""From an event as decided to a record as appended: validated, concealed, sealed, numbered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.definition import ContractError, EventType
from contracts.disclosure import DisclosureMismatch, conceal, reveal
from contracts.envelope import body_size
from contracts.errors import MAX_BODY_BYTES, REFUSED
from contracts.json_schema import title_of
from contracts.json_text import read, written
from shared.eventlog.log import Record, Row
from shared.eventlog.model import NewEvent, case_stream
from shared.eventlog.personal import PersonKeys


@dataclass(frozen=True, slots=True)
class Cause:
    """What brings events about: a command or a received event. ``correlation`` is where the chain of causes began."""

    id: UUID
    correlation: UUID
    actor: str
    day: date


class TooLarge(ContractError):
    """An event that would be larger than a message may be. ``field`` is its longest field."""


_PLAIN: Final = frozenset((str, int, bool, float, type(None)))


def plain(value: Any) -> Any:
    """JSON-shaped form of event data: dates, moments, decimals and UUIDs become texts."""
    if type(value) in _PLAIN:  # nearly everything; to ask for a Mapping first costs ten times as much
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def canonical(data: Mapping[str, Any]) -> str:
    """The one JSON text in which a node stores event data."""
    return written(data)


class Recorder:
    """Makes the records of one agency. ``find`` reads an event of its log, for personal fields that are copied."""

    def __init__(
        self,
        agency: str,
        event_types: Mapping[str, EventType],
        keys: PersonKeys,
        find: Callable[[UUID], Row | None] = lambda event_id: None,
    ) -> None:
        self._agency = agency
        self._types = event_types
        self._keys = keys
        self._find = find

    def records(self, events: Sequence[NewEvent], cause: Cause) -> list[Record]:
        """The records of a decision. Ids follow from the cause, so a repeat can't make a second event.

        :raises ContractError: an event does not fit its own schema; nothing may be appended.
        :raises TooLarge: no partner would accept it; its recipient would refuse it after it stands in this log.
        :raises PersonErased: the person's key was destroyed.
        :raises PersonDamaged: the person's key, or what is to be copied, can't be read.
        """
        return [self._record(event, cause, index) for index, event in enumerate(events)]

    def _record(self, event: NewEvent, cause: Cause, index: int) -> Record:
        kind = self._types[event.type]
        event_id = uuid5(cause.id, f"{self._agency}/{index}")
        data = {**self._copied(event, kind), **plain(event.data)}
        kind.validate(data)
        if kind.speaks_for is not None and data[kind.speaks_for] != self._agency:
            raise ContractError("speaks_for_another", kind.speaks_for, REFUSED["speaks_for_another"])
        opened, disclosures = conceal(data, kind.personal_fields)
        if disclosures and event.case_id is None:
            raise ContractError(
                "personal_without_case", event.type, "個人情報はケースのイベントにだけ書けます"
            )
        text = canonical(opened)
        if kind.recipients:
            _check_size(kind, data, body_size(text, disclosures))
        return Record(
            stream=event.stream or stream_of(kind, event.case_id, data),
            id=event_id,
            type=kind.name,
            schema_version=kind.version,
            case_id=event.case_id,
            sender=self._agency,
            occurred_on=event.occurred_on or cause.day,
            actor=cause.actor,
            causation=cause.id,
            correlation=cause.correlation,
            data=text,
            personal=self._keys.seal(event.case_id, event_id, disclosures)
            if disclosures and event.case_id
            else None,
            to=tuple(each for each in dict.fromkeys(event.to) if each != self._agency),
        )

    def _copied(self, event: NewEvent, kind: EventType) -> dict[str, Any]:
        """The personal fields that an event takes over from an earlier one of its case."""
        if event.personal_from is None:
            return {}
        row = self._find(event.personal_from)
        if row is None or row.personal is None or row.case_id is None or row.case_id != event.case_id:
            raise LookupError(f"no event {event.personal_from} with personal fields in case {event.case_id}")
        opened = self._keys.open(row.case_id, row.id, row.personal)
        if opened is None:
            raise self._keys.unreadable(row.case_id)
        held = reveal(read(row.data), opened)
        return {name: value for name, value in held.items() if name in kind.personal_fields}


def _check_size(kind: EventType, data: Mapping[str, Any], size: int) -> None:
    """Whatever can be sent may be sent some day: the event that opens a case goes to whoever joins it later."""
    if size <= MAX_BODY_BYTES:
        return
    longest = max(data, key=lambda name: len(canonical({name: data[name]}).encode()))
    title = title_of(longest, kind.schema().fields[longest]) if longest in kind.schema().fields else longest
    too_many = (size - MAX_BODY_BYTES) * 9 // 16 // 3 + 1  # base64 twice; three bytes a Japanese character
    raise TooLarge(
        "too_large",
        longest,
        f"「{title}」が長すぎます。暗号化して送ると約{size // 1024} KiBになり、"
        f"1件の上限（{MAX_BODY_BYTES // 1024} KiB）を超えます。全角で約{too_many:,}字減らしてください",
    )


def stream_of(kind: EventType, case_id: UUID | None, data: Mapping[str, Any]) -> str:
    """The stream that an event of this type belongs to."""
    if kind.scope == "case":
        if case_id is None:
            raise ContractError("case_missing", kind.name, "ケースの番号がありません")
        return case_stream(case_id)
    if kind.scope == "directory":
        return f"directory:{data['insurer']}"
    return kind.scope


def personal_of(row: Row, disclosures: Sequence[str]) -> dict[str, Any] | None:
    """The personal fields of a row from its opened disclosures; ``None`` when they are not what was committed to."""
    try:
        return reveal(read(row.data), disclosures, erased=True)
    except DisclosureMismatch:
        return None
