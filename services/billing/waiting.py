"""What waits to be submitted, for whom and where: read from the month view, before any file is made (T-33, A-Q36)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.billing.lines import SLIP_ROUTE
from shared.node.node import Node
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError, parameters

_CLAIMS: Final = (
    b"select case_id, service_month, claimant, insurer, type, units, yen, result = 'corrected'"
    b" from view_claim_months.months join view_obligations.cases using (case_id)"
    b" where claim_id is not null and confirmed_on is not null and blockers is null and service_month < %s"
    b" and (submitted_on is null or (back is not null and back <> claim_id))"
    b" and (%s::text is null or claimant = %s)"
    b" order by service_month, case_id"
)
"""Confirmed drafts that are with no examiner; the last column says whether the file takes an older one back (A-Q53)."""

_SLIPS: Final = (
    b"select case_id, service_month, slip_claimant, insurer, slip_units"
    b" from view_claim_months.months join view_obligations.cases using (case_id)"
    b" where slip_on is not null and slip_submitted_on is null and slip_returned_on is null"
    b" and slip_claimant is not null and service_month < %s and (%s::text is null or slip_claimant = %s)"
    b" order by service_month, case_id"
)


def line_key(case_id: UUID, kind: str, month: str) -> str:
    """A line of a submission as a form's checkbox names it."""
    return f"{case_id}|{kind}|{month}"


class WaitingLine(NamedTuple):
    """A line of a submission as the view foresees it: whose month, what kind, its units and yen."""

    case_id: UUID
    service_month: str
    kind: str
    units: int | None
    yen: int | None

    @property
    def key(self) -> str:
        """The line as a form's checkbox names it."""
        return line_key(self.case_id, self.kind, self.service_month)

    def is_late(self, examined: Month) -> bool:
        """Whether it comes later than in the month after its own (月遅れ)."""
        return Month.parse(self.service_month).plus(1) < examined


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission that can be made: a claimant, a route, at a ward the insurer, and its lines.

    ``ward`` is an insurer of its persons, by whose parameters its days are known.
    """

    claimant: str
    route: str
    insurer: str | None
    lines: tuple[WaitingLine, ...]
    ward: str | None

    @property
    def yen(self) -> int:
        """The sum of its claims."""
        return sum(each.yen or 0 for each in self.lines if each.kind == "claim")

    def number(self, kind: str) -> int:
        """How many lines of a kind."""
        return sum(each.kind == kind for each in self.lines)


def waiting(node: Node, examined: Month, claimant: str | None = None) -> list[Waiting]:
    """Every submission that this desk can make for an examination month, by claimant, or for one claimant alone; what
    is on no route is left out.

    A ward takes a file of its own persons, the federation one of everybody (A-Q33, A-Q36).
    """
    with node.database.connection() as connection:
        claims = connection.execute(_CLAIMS, (str(examined), claimant, claimant)).fetchall()
        slips = connection.execute(_SLIPS, (str(examined), claimant, claimant)).fetchall()
    found: dict[_Key, list[tuple[str, WaitingLine]]] = {}
    for key, ward, line in (*_of_claims(claims), *_of_slips(slips)):
        found.setdefault(key, []).append((ward, line))
    return [
        Waiting(*key, tuple(line for _, line in found[key]), min(ward for ward, _ in found[key]))
        for key in sorted(found, key=lambda key: (key[0], key[1], key[2] or ""))
    ]


_Key = tuple[str, str, str | None]
"""Claimant, route, and at a ward the insurer."""


def _of_claims(rows: list[Any]) -> Iterator[tuple[_Key, str, WaitingLine]]:
    for case_id, month, claimant, insurer, kind, units, yen, corrected in rows:
        route = _route(insurer, kind, month)
        if route is None:
            continue
        key = (claimant, route, insurer if route == "ward" else None)
        if corrected and route == "ward":
            yield key, insurer, WaitingLine(case_id, month, "cancellation", None, None)
        yield key, insurer, WaitingLine(case_id, month, "claim", units, yen)


def _of_slips(rows: list[Any]) -> Iterator[tuple[_Key, str, WaitingLine]]:
    for case_id, month, claimant, insurer, units in rows:
        yield (claimant, SLIP_ROUTE, None), insurer, WaitingLine(case_id, month, "slip", units, None)


@cache
def _route(insurer: str, kind: str, month: str) -> str | None:
    try:
        return str(parameters(insurer).value(f"claim.route.{kind}", Month.parse(month).first))
    except ParameterError:
        return None
