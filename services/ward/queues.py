"""What lies with a group of the ward office: oldest first, with its age and its deadline, fifty on a page (T-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.codes import DESKS, OCCASIONS, TYPES
from services.ward.checks import deadline_of
from services.ward.groups import Group
from shared.node.node import Node

PAGE: Final = 50
"""Things on one page of a group's queue."""

NOTIFICATION: Final = "notification"
THINGS: Final = {
    NOTIFICATION: "届出書",
    "records": "資料の閲覧申請",
    "risk_report": "リスク対応策の報告",
    "complaint": "苦情",
}
"""Kinds of what waits about a case."""

_WAITING: Final = """
select 'notification' as kind, notification_id as key, revision, case_id, filer as sender, filed_on as arrived_on, desk,
    type, occasion, start_date, held_since, blank, decision, decided_on
  from view_desk_queue.filings where desk = any(%(takes)s) and (%(decided)s or decision is null)
union all
select kind, key, 1, case_id, sender, arrived_on, desk, null, null, null, null, 0, decision, decided_on
  from view_desk_items.items
  where (case desk when '' then kind else desk end) = any(%(takes)s) and (%(decided)s or decision is null)
"""
_PAGE: Final = f"""
select * from ({_WAITING}) as waiting
 order by decision is not null, case when decision is null then arrived_on end, decided_on desc, kind, key, revision
 limit %(most)s offset %(after)s
"""  # noqa: S608 (constants of this module)
_COUNT: Final = f"""
select count(*) filter (where decision is null), count(*), min(arrived_on) filter (where decision is null)
  from ({_WAITING}) as waiting
"""  # noqa: S608 (constants of this module)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing on a desk: a notification, a viewing request, a risk report or a complaint.

    ``decision``: accepted, returned, provided or answered; None while it waits. ``blank`` counts a form's empty fields.
    """

    kind: str
    key: str
    revision: int
    case_id: UUID
    sender: str
    arrived_on: date
    desk: str
    type: str | None
    occasion: str | None
    start_date: date | None
    held_since: date | None
    blank: int
    decision: str | None
    decided_on: date | None

    @property
    def title(self) -> str:
        """What it is, in Japanese."""
        return THINGS.get(self.kind, self.kind)

    @property
    def detail(self) -> str:
        """Type, occasion and desk, as far as it has them, in Japanese."""
        words = (
            TYPES.get(self.type or "", ""),
            OCCASIONS.get(self.occasion or "", ""),
            DESKS.get(self.desk, ""),
        )
        return "・".join(each for each in words if each)

    @property
    def due(self) -> date | None:
        """The day by which what is filed had to be here, where a rule states one (T-16); None where none does."""
        return deadline_of(self.held_since, self.start_date)

    def age(self, today: date) -> int:
        """Calendar days since it arrived: until today, or until it was decided."""
        return ((self.decided_on or today) - self.arrived_on).days


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what lies with a group. ``undecided`` and ``all`` count beyond the page."""

    group: Group
    undecided: int
    all: int
    oldest: date | None
    shown: Sequence[Waiting]
    number: int
    of: int

    @property
    def left(self) -> int:
        """How many are not on this page."""
        return self.all - len(self.shown)


def queue(node: Node, group: Group, decided: bool, number: int = 1, most: int = PAGE) -> Queue:
    """The ``number``-th page of a group's queue, what waits longest first, then with ``decided`` the rest."""
    asked: dict[str, Any] = {"takes": sorted(group.takes), "decided": decided, "most": most}
    with node.database.connection() as connection:
        undecided, count, oldest = connection.execute(_COUNT.encode(), asked).fetchone() or (0, 0, None)
        of = max(1, -(-count // most))
        number = min(of, max(1, number))
        rows = connection.execute(_PAGE.encode(), {**asked, "after": (number - 1) * most}).fetchall()
    return Queue(group, undecided, count, oldest, [Waiting(*row) for row in rows], number, of)


def next_waiting(node: Node, group: Group, but: str) -> Waiting | None:
    """The notification that waits longest with a group, other than the one numbered ``but``."""
    found = queue(node, group, decided=False).shown
    return next((each for each in found if each.kind == NOTIFICATION and each.key != but), None)
