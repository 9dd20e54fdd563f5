"""The ward's pages: what lies on which desk, and which plans are reviewed."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from contracts.codes import DESKS, OCCASIONS, TRACKS, TYPES
from services.ward.proposals import WINDOW_STATES, proposals
from services.ward.reading import accepted_notifications, designated_cases, model_cases, plan_reviews
from services.ward.register import current
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


@blueprint.get("/reviews")
def reviews() -> str:
    """Which office's plan is due for review, with its cases (T-54); and what became of each review (T-53)."""
    record_view(None, "計画の検証")
    candidates, asked = designated_cases(node()), plan_reviews(node())
    found = proposals(candidates, node().situation().agency, node().agency, node().today())
    return render_template(
        "ward/reviews.html",
        proposals=found,
        states=WINDOW_STATES,
        reviews=asked,
        names=console().names.of({*(each.case_id for each in candidates), *(each.case_id for each in asked)}),
    )


@blueprint.get("/closing")
def closing() -> str:
    """The closing list of the model: every agency and case in it, and which held forms are void (T-01)."""
    record_view(None, "モデル実施の終了の一覧")
    agency, cases, me = node().situation().agency, model_cases(node()), node().agency
    return render_template(
        "ward/closing.html",
        ended_on=agency.model_end(me, None),
        members=[
            (each, agency.model_end(me, each.agency)) for each in agency.enrolments if each.insurer == me
        ],
        cases=cases,
        registers=accepted_notifications(node()),
        current=current,
        names=console().names.of({each.case_id for each in cases}),
        reviews=sum(1 for each in agency.reviews.values() if each.held_on),
        types=TYPES,
        tracks=TRACKS,
    )


_MENU: Final = (
    MenuEntry("ward.desks", "窓口"),
    MenuEntry("ward.reviews", "計画の検証"),
    MenuEntry("ward.closing", "モデルの終了"),
)
PAGES: Final = RolePages(blueprint, _MENU)
