"""Whom a claim is about: the personal fields that claim data need, deciphered for as long as a file is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from shared.eventlog.model import UNREADABLE
from shared.node.node import Node

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Person:
    """The person of a case; a field is None where it is missing, erased or can't be read."""

    name: str | None = None
    kana: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    insured_number: str | None = None

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
    """Case → its person, from the opening of the case."""
    found: dict[UUID, Person] = {}
    for begun in range(0, len(wanted), _PAGE):
        for row in node.log.openings(wanted[begun : begun + _PAGE]):
            assert row.case_id is not None
            (event,) = node.with_personal(row.case_id, [row])
            found[row.case_id] = person_of(event.personal or {})
    return {each: found.get(each, Person()) for each in wanted}


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
