"""The list of cases, with names that only this process knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row

from contracts.codes import STATUSES, SUPPORT_ENDS, TRACKS, TYPES
from shared.care.modes import ModeMark, timeline
from shared.console.frame import console, node
from shared.console.planners import planners
from shared.node.node import Node

_ALL: Final = """
select case_id, status, office, centre, certified_to, ended_on, end_reason, opened_on, last_type, last_on
from view_case_list.cases where %(wanted)s::uuid[] is null or case_id = any(%(wanted)s)
order by last_on desc, case_id
"""
_MARKS: Final = """
select case_id, kind, effective_from, type, track, office, centre
from view_case_list.marks
where not disputed and (%(wanted)s::uuid[] is null or case_id = any(%(wanted)s)) order by position
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list. ``type`` and ``track`` hold from ``mode_from`` on, which may be a day to come.

    ``planner`` is the account name of whoever of this agency plans it; empty where that is not recorded.
    """

    case_id: UUID
    name: str
    status: str | None
    type: str | None
    track: str | None
    mode_from: date | None
    office: str | None
    centre: str | None
    certified_to: date | None
    ended_on: date | None
    end_reason: str | None
    opened_on: date | None
    last_type: str
    last_on: date
    planner: str = ""

    @property
    def status_title(self) -> str:
        """The status in Japanese."""
        return STATUSES.get(self.status or "", self.status or "未着")

    @property
    def end_title(self) -> str:
        """Why the support ended, in Japanese; empty while it goes on."""
        return SUPPORT_ENDS.get(self.end_reason or "", self.end_reason or "")

    @property
    def mode_title(self) -> str:
        """Type and track in Japanese."""
        if self.type is None or self.track is None:
            return "未定"
        return f"{TYPES.get(self.type, self.type)}・{TRACKS.get(self.track, self.track)}"


def case_rows(wanted: str = "") -> list[CaseRow]:
    """The cases whose person's name, kana or number contains ``wanted``, the latest touched first; else all."""
    found = console().names.search(wanted) if wanted.strip() else None
    rows, who = rows_of(node(), console().names.of, found), planners()
    return [replace(row, planner=who[row.case_id]) if row.case_id in who else row for row in rows]


def rows_of(
    of_node: Node,
    names_of: Callable[[Iterable[UUID]], Mapping[UUID, str]],
    wanted: Sequence[UUID] | None = None,
) -> list[CaseRow]:
    """The rows of a node's cases, or of those that are wanted."""
    with of_node.database.connection() as connection:
        rows = connection.cursor(row_factory=dict_row).execute(_ALL.encode(), {"wanted": wanted}).fetchall()
        found = connection.execute(_MARKS.encode(), {"wanted": wanted}).fetchall()
    marks: dict[UUID, list[ModeMark]] = {}
    for case_id, *mark in found:
        marks.setdefault(case_id, []).append(ModeMark(*mark))
    names = names_of([row["case_id"] for row in rows])
    return [
        CaseRow(name=names[row["case_id"]], **_mode(row, marks.get(row["case_id"], ())), **row)
        for row in rows
    ]


def _mode(row: Mapping[str, Any], marks: Sequence[ModeMark]) -> Mapping[str, Any]:
    """The case's last known mode, as the case itself has it."""
    parties = {row["office"]: "kyotaku", row["centre"]: "hokatsu"}
    modes = timeline(marks, {agency: role for agency, role in parties.items() if agency})
    if not modes:
        return {"type": None, "track": None, "mode_from": None}
    return {"type": modes[-1].type, "track": modes[-1].track, "mode_from": modes[-1].effective_from}
