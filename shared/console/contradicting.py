"""Where we and a partner contradict each other (食い違い), for 今日の仕事 and a case's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.codes import DISCREPANCIES, DISCREPANCY_OUTCOMES
from shared.care.case import Case
from shared.eventlog.model import Event
from shared.node.node import Node

_OPEN: Final = """
select d.case_id, d.finder, d.about, d.event_id, d.code, d.found_on, e.type
from view_discrepancies.found d left join events e on e.id::text = d.event_id and e.sender = d.about
where d.outcome is null order by d.found_on, d.case_id
"""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One discrepancy. ``event`` is the title of what contradicts, ``outcome`` is empty until it is settled."""

    case_id: UUID | None
    event_id: str
    event: str
    about: str
    finder: str
    told: str
    found_on: date
    outcome: str = ""
    settled_on: date | None = None


def open_contradictions(node: Node) -> list[Contradiction]:
    """What is not settled in any case, the oldest first."""
    with node.database.connection() as connection:
        rows = connection.execute(_OPEN.encode()).fetchall()
    return [
        Contradiction(
            case_id,
            event_id,
            node.titles.get(kind or "", kind or ""),
            about,
            finder,
            DISCREPANCIES.get(code, code),
            found_on,
        )
        for case_id, finder, about, event_id, code, found_on, kind in rows
    ]


def contradictions_of(case: Case, events: Sequence[Event], titles: Mapping[str, str]) -> list[Contradiction]:
    """Those of one case, what is open first."""
    kinds = {(each.sender, str(each.id)): each.type for each in events}
    found = [
        Contradiction(
            case.id,
            each.event_id,
            titles.get(kind := kinds.get((each.about, each.event_id), ""), kind),
            each.about,
            each.finder,
            DISCREPANCIES.get(each.code, each.code),
            each.found_on,
            DISCREPANCY_OUTCOMES.get(each.outcome or "", each.outcome or ""),
            each.settled_on,
        )
        for each in case.discrepancies.values()
    ]
    return sorted(found, key=lambda each: (bool(each.outcome), each.found_on))
