"""The list of cases, with names that only this process knows."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.codes import STATUSES, TRACKS, TYPES
from shared.console.frame import console, node

_ALL: Final = """
select case_id, status, type, track, mode_from, office, centre, certified_to, opened_on, last_type, last_on
from view_case_list.cases where %(wanted)s::uuid[] is null or case_id = any(%(wanted)s)
order by last_on desc, case_id
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list. ``type`` and ``track`` hold from ``mode_from`` on, which may be a day to come."""

    case_id: UUID
    name: str
    status: str | None
    type: str | None
    track: str | None
    mode_from: date | None
    office: str | None
    centre: str | None
    certified_to: date | None
    opened_on: date | None
    last_type: str
    last_on: date

    @property
    def status_title(self) -> str:
        """The status in Japanese."""
        return STATUSES.get(self.status or "", self.status or "未着")

    @property
    def mode_title(self) -> str:
        """Type and track in Japanese."""
        if self.type is None or self.track is None:
            return "未定"
        return f"{TYPES.get(self.type, self.type)}・{TRACKS.get(self.track, self.track)}"


def case_rows(wanted: str = "") -> list[CaseRow]:
    """The cases whose person's name, kana or number contains ``wanted``, the latest touched first; else all."""
    found = console().names.search(wanted) if wanted.strip() else None
    with node().database.connection() as connection:
        rows = connection.execute(_ALL.encode(), {"wanted": found}).fetchall()
    names = console().names.of([row[0] for row in rows])
    return [CaseRow(row[0], names[row[0]], *row[1:]) for row in rows]
