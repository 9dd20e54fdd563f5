"""Whom a claim is about: the personal fields that claim data need, deciphered for as long as a file is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from shared.eventlog.model import UNREADABLE
from shared.node.node import Node

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Person:
    """The person of a case; a field is None where it is missing, erased or can't be read.

    ``assistance`` are the numbers of public assistance (負担者番号, 受給者番号) by the event that tells them.
    """

    name: str | None = None
    kana: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    insured_number: str | None = None
    assistance: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Japanese names of the fields without which no claim can be written."""
        titles = {"birth_date": "生年月日", "sex": "性別", "insured_number": "被保険者番号"}
        return tuple(title for field, title in titles.items() if getattr(self, field) is None)


def case_ids(node: Node) -> list[UUID]:
    """Every case that this node knows."""
    with node.database.connection() as connection:
        rows = connection.execute("select distinct case_id from events where case_id is not null").fetchall()
    return sorted(case_id for (case_id,) in rows)


def people(node: Node, wanted: Sequence[UUID]) -> dict[UUID, Person]:
    """Case → its person, from the opening of the case and what the ward told of public assistance."""
    found: dict[UUID, Person] = {}
    for begun in range(0, len(wanted), _PAGE):
        for row in node.log.openings(wanted[begun : begun + _PAGE]):
            assert row.case_id is not None
            (event,) = node.with_personal(row.case_id, [row])
            found[row.case_id] = person_of(event.personal or {})
    for case_id, numbers in _assistance(node, wanted).items():
        found[case_id] = replace(found.get(case_id, Person()), assistance=numbers)
    return {each: found.get(each, Person()) for each in wanted}


def _assistance(node: Node, wanted: Sequence[UUID]) -> dict[UUID, dict[UUID, tuple[str, str]]]:
    """Case → event → the numbers of public assistance that it tells, as far as they can be read."""
    found: dict[UUID, dict[UUID, tuple[str, str]]] = {}
    for row in node.log.of_type("PublicAssistanceRecorded", wanted):
        assert row.case_id is not None
        (event,) = node.with_personal(row.case_id, [row])
        if (numbers := numbers_of(event.personal or {})) is not None:
            found.setdefault(row.case_id, {})[event.id] = numbers
    return found


def person_of(personal: Mapping[str, Any]) -> Person:
    """From the personal fields of a case's opening; what is erased or damaged is missing."""
    readable = {key: value for key, value in personal.items() if value and value not in UNREADABLE}
    born = readable.get("birth_date")
    return Person(
        readable.get("name"),
        readable.get("kana"),
        date.fromisoformat(born) if born else None,
        readable.get("sex"),
        readable.get("insured_number"),
    )


def numbers_of(personal: Mapping[str, Any]) -> tuple[str, str] | None:
    """公費負担者番号 and 公費受給者番号 of the event that tells them, None where one can't be read."""
    numbers = personal.get("payer_number"), personal.get("recipient_number")
    if not all(isinstance(each, str) and each not in UNREADABLE for each in numbers):
        return None
    return str(numbers[0]), str(numbers[1])
