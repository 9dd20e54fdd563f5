"""The ward's pages: what lies on which desk."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from contracts.codes import DESKS, OCCASIONS, TYPES
from shared.console.frame import MenuEntry, RolePages, console, node, record_view

blueprint = Blueprint("ward", __name__, template_folder="templates")

_QUEUE: Final = """
select notification_id, case_id, desk, filer, type, occasion, filed_on, revision, blank, decision, decided_on
from view_desk_queue.filings where %(decided)s or decision is null
order by decision is not null, filed_on, notification_id, revision
"""


@dataclass(frozen=True, slots=True)
class Filing:
    """One notification on a desk; ``blank`` counts its empty fields."""

    notification_id: str
    case_id: UUID
    desk: str
    filer: str
    type: str
    occasion: str
    filed_on: date
    revision: int
    blank: int
    decision: str | None
    decided_on: date | None

    @property
    def type_title(self) -> str:
        """The type in Japanese."""
        return TYPES.get(self.type, self.type)

    @property
    def occasion_title(self) -> str:
        """What made the notification due, in Japanese."""
        return OCCASIONS.get(self.occasion, self.occasion)


@blueprint.get("/desks")
def desks() -> str:
    """The filings of each desk: those that wait for a decision, with ``decided`` all of them."""
    decided = "decided" in request.args
    record_view(None, "窓口")
    with node().database.connection() as connection:
        rows = connection.execute(_QUEUE.encode(), {"decided": decided}).fetchall()
    filings = [Filing(*row) for row in rows]
    return render_template(
        "ward/desks.html",
        desks=[
            (title, [each for each in filings if each.desk == desk])
            for desk, title in DESKS.items()
            if any(each.desk == desk for each in filings)
        ],
        names=console().names.of({each.case_id for each in filings}),
        decided=decided,
    )


PAGES: Final = RolePages(blueprint, (MenuEntry("ward.desks", "窓口"),))
