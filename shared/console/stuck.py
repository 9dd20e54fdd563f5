"""What is stuck on its way, for the page 送受信: at a partner, or here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.errors import TEXTS
from shared.exchange import parking
from shared.node.node import Node

_LISTED: Final = 50

_STUCK_THERE: Final = """
select d.partner, e.type, e.case_id, e.recorded_at, r.status, r.code
from receipted r join deliveries d using (partner, epoch, sequence) join events e on e.position = d.position
where r.status <> 'stored' order by d.position desc limit %(limit)s
"""
_STUCK_HERE: Final = """
select null::bigint as number, 'waiting' as kind, partner, reason as code, since, case_id, '' as detail from waiting
union all
select id, kind, partner, code, parked_at, case_id, detail from parked where resolved_at is null
order by since desc limit %(limit)s
"""

KINDS: Final[Mapping[str, str]] = {"waiting": "待機", **parking.KINDS}
"""Kind of what is stuck here → its word."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """One message that needs time or a person; ``reason`` is in Japanese and names nobody.

    ``number`` is that of something parked, by which it can be tried again.
    """

    kind: str
    partner: str | None
    case_id: UUID | None
    since: datetime
    reason: str
    title: str = ""
    number: int | None = None


def stuck_there(node: Node) -> list[Stuck]:
    """What we sent and a partner holds back or refused, the latest first."""
    with node.database.connection() as connection:
        rows = connection.execute(_STUCK_THERE.encode(), {"limit": _LISTED}).fetchall()
    return [
        Stuck(status, partner, case_id, since, _text(code), node.titles.get(kind, kind))
        for partner, kind, case_id, since, status, code in rows
    ]


def stuck_here(node: Node) -> list[Stuck]:
    """What arrived and waits for something or for a person, the latest first."""
    with node.database.connection() as connection:
        rows = connection.execute(_STUCK_HERE.encode(), {"limit": _LISTED}).fetchall()
    return [
        Stuck(kind, partner, case_id, since, detail or _text(code), number=number)
        for number, kind, partner, code, since, case_id, detail in rows
    ]


def _text(code: str | None) -> str:
    return TEXTS.get(code or "", code or "")
