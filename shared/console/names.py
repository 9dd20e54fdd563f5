"""Names of persons for lists and searches: in the web process's memory only, bounded, never in a view or a log."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.eventlog.log import COLUMNS, Row
from shared.eventlog.model import DAMAGED, ERASED, UNREADABLE, Event
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
    number: str
    position: int


class Names:
    """Case id → name, filled from the opening events of the log and continued from the last position seen.

    The first filling takes seconds where there are thousands of cases. Only a search waits for its end: a page that
    shows the names of some cases reads their openings itself until then.
    What was erased is forgotten: an erasure is seen in the log, and each name is checked against the table of keys
    before it leaves.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._guard = threading.Lock()
        self._position = 0
        self._filled = False
        self._names: OrderedDict[UUID, Name] = OrderedDict()
        self._of_number: dict[str, set[UUID]] = {}
        self._damaged: set[UUID] = set()

    def fill(self) -> None:
        """Read all that the log has told since the last time; others come in between."""
        more = True
        while more:
            with self._guard:
                more = self._read_page()

    def of(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The names of these cases; :data:`ERASED` where the person's key was destroyed, :data:`DAMAGED` where a name
        can't be read although nobody erased it."""
        wanted = list(case_ids)
        with self._guard:
            self._know(wanted)
            known = {each: self._names[each].name for each in wanted if each in self._names}
            known.update(dict.fromkeys(self._damaged.intersection(wanted), DAMAGED))
        erased = self._forget_destroyed(wanted)
        return {each: ERASED if each in erased else known.get(each, UNKNOWN) for each in wanted}

    def search(self, text: str) -> list[UUID]:
        """The cases whose person's name, kana or insured number contains ``text``, in any width or kana."""
        wanted = searchable(text)
        self.fill()
        with self._guard:
            found = [case_id for case_id, name in self._names.items() if wanted in name.searchable]
        erased = self._forget_destroyed(found)
        return [case_id for case_id in found if case_id not in erased]

    def kana(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """How the names of these cases are read, to sort by; empty where nobody can tell."""
        wanted = list(case_ids)
        with self._guard:
            self._know(wanted)
            return {each: self._names[each].kana if each in self._names else "" for each in wanted}

    def numbers(self, case_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The insured numbers of the persons of these cases; empty where nobody can tell."""
        wanted = list(case_ids)
        self.of(wanted)
        with self._guard:
            return {each: self._names[each].number if each in self._names else "" for each in wanted}

    def same_person(self, case_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
        """Case → the other ones of these cases whose person has the same insured number; only where there are any."""
        self.fill()
        asked = set(case_ids)
        with self._guard:
            self._know([each for each in asked if each not in self._names])
            several = [cases for cases in self._of_number.values() if len(cases) > 1]
            together = [found for cases in several if len(found := cases & asked) > 1]
        erased = self._forget_destroyed([each for cases in together for each in cases])
        known = [sorted(cases - erased) for cases in together]
        return {each: others for cases in known for each in cases if (others := _without(cases, each))}

    def _forget_destroyed(self, case_ids: list[UUID]) -> set[UUID]:
        erased = self._node.keys.destroyed(case_ids) if case_ids else set()
        if erased:
            with self._guard:
                for case_id in erased:
                    self._forget(case_id)
        return erased

    def _know(self, wanted: Sequence[UUID]) -> None:
        """Have the names of these cases as the log tells them now."""
        if self._filled:
            while self._read_page():
                pass
            wanted = [each for each in wanted if each not in self._names]
        # While the memory fills, a name in it may be of an earlier opening; later only what it has let go is missing.
        if wanted:
            self._take_all(self._node.log.openings(wanted))

    def _read_page(self) -> bool:
        """Take in a page of what the log tells behind the last position; whether there is more."""
        rows = self._page()
        self._take_all(rows)
        if rows:
            self._position = rows[-1].position
        self._filled = self._filled or len(rows) < _PAGE
        return len(rows) == _PAGE

    def _page(self) -> list[Row]:
        query = (
            f"select {COLUMNS} from events where position > %s and type = any(%s) order by position limit %s"  # noqa: S608
        )
        with self._node.database.connection() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(query.encode(), (self._position, _TYPES, _PAGE))
            return [Row._make(row) for row in cursor.fetchall()]

    def _take_all(self, rows: Sequence[Row]) -> None:
        for event in self._node.with_persons(rows):
            if event.case_id is not None:
                self._take(event.case_id, event)

    def _take(self, case_id: UUID, event: Event) -> None:
        known = self._names.get(case_id)
        if known is not None and known.position > event.position:
            return
        if event.type == "PersonErased":
            self._forget(case_id)
            return
        personal = event.personal or {}
        name, kana = str(personal.get("name") or UNKNOWN), str(personal.get("kana") or "")
        self._damaged.discard(case_id)
        if name == DAMAGED:
            self._damaged.add(case_id)  # not remembered as a name: it may be restored from a backup
        if name in UNREADABLE:
            return
        number = str(personal.get("insured_number") or "")
        self._forget(case_id)
        self._names[case_id] = Name(name, kana, searchable(f"{name} {kana} {number}"), number, event.position)
        if number:
            self._of_number.setdefault(number, set()).add(case_id)
        while len(self._names) > _MOST:
            self._forget(next(iter(self._names)))

    def _forget(self, case_id: UUID) -> None:
        gone = self._names.pop(case_id, None)
        if gone is not None and gone.number:
            of_person = self._of_number[gone.number]
            of_person.discard(case_id)
            if not of_person:
                del self._of_number[gone.number]


def _without(cases: Sequence[UUID], one: UUID) -> list[UUID]:
    return [each for each in cases if each != one]
