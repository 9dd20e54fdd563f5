"""The billing desk's pages: the service months as a board."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template

from contracts.codes import TYPES
from shared.console.frame import MenuEntry, RolePages, console, node, record_view

blueprint = Blueprint("billing", __name__, template_folder="templates")

_MONTHS: Final = """
select service_month, case_id, reported_on, claim_id is not null, examination_month, claimant, type, units, yen,
    office_yen, centre_yen, split_assumed, slip_on, slip_units
from view_claim_months.months order by service_month desc, case_id
"""


@dataclass(frozen=True, slots=True)
class ClaimMonth:
    """One service month of a case: whether its performance is reported and its claim drafted; yen where drafted."""

    service_month: str
    case_id: UUID
    reported_on: date | None
    drafted: bool
    examination_month: str | None
    claimant: str | None
    type: str | None
    units: int | None
    yen: int | None
    office_yen: int | None
    centre_yen: int | None
    split_assumed: bool | None
    slip_on: date | None
    slip_units: int | None

    @property
    def type_title(self) -> str:
        """The type in Japanese."""
        return TYPES.get(self.type or "", "―")


@blueprint.get("/claims")
def claims() -> str:
    """Every service month, the latest first."""
    record_view(None, "請求")
    with node().database.connection() as connection:
        rows = [ClaimMonth(*row) for row in connection.execute(_MONTHS.encode()).fetchall()]
    return render_template(
        "billing/claims.html",
        months=[(month, list(found)) for month, found in groupby(rows, key=lambda each: each.service_month)],
        names=console().names.of({each.case_id for each in rows}),
    )


PAGES: Final = RolePages(blueprint, (MenuEntry("billing.claims", "請求"),))
