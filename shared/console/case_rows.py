"""The list of cases: a row each, with names that only this process knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row

from contracts.codes import STATUSES, SUPPORT_ENDS, TRACKS, TYPES
from shared.care.modes import ModeMark, timeline
from shared.console.remembered import touched_since
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
PLANNERS: Final = "planners"
"""The view of a service that records who plans a case."""
_PLANNERS: Final = """
select case_id, planner from view_planners.planners where %(wanted)s::uuid[] is null or case_id = any(%(wanted)s)
"""
NOTIFIED: Final = "notification_register"
"""The view of a service that learns of types by accepted notifications, and not of modes."""
_NOTIFIED: Final = """
select distinct on (case_id) case_id, type, track, start_date from view_notification_register.notifications
where accepted_on is not null and start_date is not null
  and (%(wanted)s::uuid[] is null or case_id = any(%(wanted)s)) order by case_id, start_date desc, accepted_at desc
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list. ``type`` and ``track`` hold from ``mode_from`` on, which may be a day to come.

    ``planner`` is the account name of whoever of this agency plans it; empty where that is not recorded.
    ``providers``: from which day on which agency is responsible, in order.
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
    by_notification: bool = False
    providers: Sequence[tuple[date, str]] = ()

    def provider(self, on: date) -> str | None:
        """The agency responsible on a day, which claims its fee; None before the case is run in any mode."""
        return next((agency for first, agency in reversed(self.providers) if first <= on), None)

    @property
    def status_title(self) -> str:
        """The status in Japanese; without one it may be 非該当 or not applied for, the list does not know which."""
        return "認定なし" if self.status == "none" else STATUSES.get(self.status or "", self.status or "未着")

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


class CaseRows:
    """The rows of a node's cases, remembered from one look to the next; their names are not among them.

    A row follows from the case's events alone, so only those are read again of which the log has learned something.
    """

    def __init__(self, of_node: Node) -> None:
        self._node = of_node
        self._guard = Lock()
        self._position = 0
        self._rows: dict[UUID, CaseRow] = {}
        self._sorted: Sequence[CaseRow] = ()

    def by_case(self) -> Mapping[UUID, CaseRow]:
        """All of them by case, as the log stands now."""
        self.all()
        with self._guard:
            return dict(self._rows)

    def all(self) -> Sequence[CaseRow]:
        """All of them as the log stands now, the latest touched first."""
        with self._guard:
            # The position comes first: what is committed meanwhile is only read once more.
            position = self._node.log.head().position
            if position > self._position:
                touched = touched_since(self._node, self._position) if self._position else None
                found = rows_of(self._node, _nameless, touched) if touched != [] else []
                who = planners_of(self._node, touched)
                self._rows.update(
                    (each.case_id, replace(each, planner=who.get(each.case_id, ""))) for each in found
                )
                self._sorted = sorted(
                    self._rows.values(), key=lambda each: (-each.last_on.toordinal(), each.case_id)
                )
                self._position = position
            return self._sorted


def planners_of(node: Node, wanted: Sequence[UUID] | None = None) -> dict[UUID, str]:
    """Case → the account name of whoever plans it, where this service records that."""
    if not any(view.NAME == PLANNERS for view in node.service.views):
        return {}
    with node.database.connection() as connection:
        rows = connection.execute(_PLANNERS.encode(), {"wanted": wanted}).fetchall()
    return dict(rows)


def _nameless(case_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    return dict.fromkeys(case_ids, "")


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
    notified = _notified(of_node, wanted)
    modes = {
        row["case_id"]: _mode(row, marks.get(row["case_id"], ())) or notified.get(row["case_id"], _NO_MODE)
        for row in rows
    }
    names = names_of([row["case_id"] for row in rows])
    return [CaseRow(name=names[row["case_id"]], **modes[row["case_id"]], **row) for row in rows]


_NO_MODE: Final[Mapping[str, Any]] = {"type": None, "track": None, "mode_from": None}


def _notified(node: Node, wanted: Sequence[UUID] | None) -> dict[UUID, Mapping[str, Any]]:
    """Case → type and track of its last accepted notification, where this service records that."""
    if not any(view.NAME == NOTIFIED for view in node.service.views):
        return {}
    with node.database.connection() as connection:
        rows = connection.execute(_NOTIFIED.encode(), {"wanted": wanted}).fetchall()
    return {
        case_id: {"type": kind, "track": track, "mode_from": first, "by_notification": True}
        for case_id, kind, track, first in rows
    }


def _mode(row: Mapping[str, Any], marks: Sequence[ModeMark]) -> Mapping[str, Any]:
    """The case's last known mode, as the case itself has it; nothing where none is known."""
    parties = {row["office"]: "kyotaku", row["centre"]: "hokatsu"}
    modes = timeline(marks, {agency: role for agency, role in parties.items() if agency})
    if not modes:
        return {}
    last = modes[-1]
    return {
        "type": last.type,
        "track": last.track,
        "mode_from": last.effective_from,
        "providers": tuple((each.effective_from, each.provider) for each in modes),
    }
