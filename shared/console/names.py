"""Names of persons for lists and searches: in the web process's memory only, bounded, never in a view or a log."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.eventlog.log import COLUMNS, Row
from shared.eventlog.model import DAMAGED, ERASED, UNREADABLE
from shared.node.node import Node
from shared.policy.full_width import searchable

UNKNOWN: Final = "（氏名なし）"
_MOST: Final = 50_000
_PAGE: Final = 500
_TYPES: Final = ["CaseOpened", "PersonErased"]


@dataclass(frozen=True, slots=True)
class Name:
    """Whom a case is about."""

    name: str
    kana: str
    searchable: str
    number: str = ""


class Names:
    """Case id → name, filled from the opening events of the log and continued from the last position seen.

    What was erased is forgotten: an erasure is seen in the log, and each name is checked against the table of keys
    before it leaves.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._guard = threading.Lock()
        self._position = 0
        self._names: OrderedDict[UUID, Name] = OrderedDict()
        self._damaged: set[UUID] = set()

    def of(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The names of these cases; :data:`ERASED` where the person's key was destroyed, :data:`DAMAGED` where a name
        can't be read although nobody erased it."""
        wanted = list(case_ids)
        with self._guard:
            self._refresh()
            self._take_all(self._openings([each for each in wanted if each not in self._names]))
            known = {each: self._names[each].name for each in wanted if each in self._names}
            known.update(dict.fromkeys(self._damaged.intersection(wanted), DAMAGED))
        erased = self._forget_destroyed(wanted)
        return {each: ERASED if each in erased else known.get(each, UNKNOWN) for each in wanted}

    def search(self, text: str) -> list[UUID]:
        """The cases whose person's name, kana or insured number contains ``text``, in any width or kana."""
        wanted = searchable(text)
        with self._guard:
            self._refresh()
            found = [case_id for case_id, name in self._names.items() if wanted in name.searchable]
        erased = self._forget_destroyed(found)
        return [case_id for case_id in found if case_id not in erased]

    def kana(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """How the names of these cases are read, to sort by; empty where nobody can tell."""
        wanted = list(case_ids)
        with self._guard:
            self._refresh()
            self._take_all(self._openings([each for each in wanted if each not in self._names]))
            return {each: self._names[each].kana if each in self._names else "" for each in wanted}

    def numbers(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The insured numbers of the persons of these cases; empty where nobody can tell."""
        wanted = list(case_ids)
        self.of(wanted)
        with self._guard:
            return {each: self._names[each].number if each in self._names else "" for each in wanted}

    def same_person(self, case_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
        """Case → the other ones of these cases whose person has the same insured number; only where there are any."""
        wanted = list(case_ids)
        self.of(wanted)
        with self._guard:
            numbers = {each: self._names[each].number for each in wanted if each in self._names}
        of_person: dict[str, list[UUID]] = {}
        for each, number in numbers.items():
            if number:
                of_person.setdefault(number, []).append(each)
        together = [cases for cases in of_person.values() if len(cases) > 1]
        return {each: [one for one in cases if one != each] for cases in together for each in cases}

    def _forget_destroyed(self, case_ids: list[UUID]) -> set[UUID]:
        erased = self._node.keys.destroyed(case_ids) if case_ids else set()
        if erased:
            with self._guard:
                for case_id in erased:
                    self._names.pop(case_id, None)
        return erased

    def _refresh(self) -> None:
        while rows := self._page():
            self._take_all(rows)
            self._position = rows[-1].position
            if len(rows) < _PAGE:
                return

    def _page(self) -> list[Row]:
        query = (
            f"select {COLUMNS} from events where position > %s and type = any(%s) order by position limit %s"  # noqa: S608
        )
        with self._node.database.connection() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(query.encode(), (self._position, _TYPES, _PAGE))
            return [Row._make(row) for row in cursor.fetchall()]

    def _openings(self, case_ids: list[UUID]) -> list[Row]:
        """Openings of cases that the bounded memory has let go."""
        return self._node.log.openings(case_ids) if case_ids else []

    def _take_all(self, rows: list[Row]) -> None:
        for row in rows:
            self._take(row)

    def _take(self, row: Row) -> None:
        if row.case_id is None:
            return
        if row.type == "PersonErased":
            self._names.pop(row.case_id, None)
            return
        (event,) = self._node.with_personal(row.case_id, [row])
        personal = event.personal or {}
        name, kana = str(personal.get("name") or UNKNOWN), str(personal.get("kana") or "")
        self._damaged.discard(row.case_id)
        if name == DAMAGED:
            self._damaged.add(row.case_id)  # not remembered as a name: it may be restored from a backup
        if name in UNREADABLE:
            return
        terms = (name, kana, str(personal.get("insured_number") or ""))
        self._names[row.case_id] = Name(name, kana, searchable(" ".join(terms)), terms[2])
        while len(self._names) > _MOST:
            self._names.popitem(last=False)
