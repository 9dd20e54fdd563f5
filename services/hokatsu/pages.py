"""The centre's pages: notifications on its shelf, and the cases it entrusts."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from contracts.codes import ORIGINALS
from services.hokatsu.capacity import capacities
from shared.console.frame import MenuEntry, RolePages, names_shown, node, record_view
from shared.console.paging import paged
from shared.console.wareki import wareki, wareki_month

blueprint = Blueprint("hokatsu", __name__, template_folder="templates")

_HELD: Final = """
select h.case_id, c.insurer, c.office, h.prepared_on, h.voided_on
from view_held_notifications.held h left join view_case_list.cases c using (case_id)
where h.filed_on is null order by h.voided_on is not null, h.prepared_on, h.case_id
"""
_ENTRUSTED: Final = """
select case_id, office, starts_on, ended_on, originals_returned_on, originals_out, papers_out
from view_entrusted_cases.entrustments
order by ended_on is not null, office, starts_on, case_id
"""
BANDS: Final = ((90, "90日まで"), (180, "91日から180日"), (365, "181日から1年"), (None, "1年をこえる"))
"""Ages of what is held: the last day of each band, and its name."""


@dataclass(frozen=True, slots=True)
class Held:
    """One notification that waits on the shelf for a change of type."""

    case_id: UUID
    insurer: str | None
    office: str | None
    prepared_on: date
    voided_on: date | None


@dataclass(frozen=True, slots=True)
class Entrusted:
    """One period in which a case is entrusted to an office."""

    case_id: UUID
    office: str
    starts_on: date
    ended_on: date | None
    originals_returned_on: date | None
    still_out: str
    papers_out: str

    @property
    def papers(self) -> list[str]:
        """The originals that the office listed as still with it, one by one, in Japanese (T-35R)."""
        return [_paper(each) for each in json.loads(self.papers_out)]

    def runs(self, today: date) -> bool:
        """Whether the entrustment is not over; its last day may be known already."""
        return self.ended_on is None or self.ended_on >= today

    def out(self, today: date) -> bool:
        """Whether the period is over and the originals are still with the office (T-35).

        To the last day the office keeps them (T-31): what is not handed in yet stays there until the entrustment ends.
        """
        return not self.runs(today) and self.originals_returned_on is None

    @property
    def missing(self) -> str:
        """The kinds that did not come back with the others, in Japanese."""
        return "、".join(ORIGINALS.get(kind, kind) for kind in self.still_out.split())


def _paper(each: Mapping[str, Any]) -> str:
    title = ORIGINALS.get(each["document"], each["document"])
    of = f"{wareki_month(each['month'])}分" if each["month"] else wareki(date.fromisoformat(each["dated"]))
    return f"{title}（{of}）"


@blueprint.get("/shelf")
def shelf() -> str:
    """Held notifications by age, what each office takes and has, entrusted cases, originals that are still out."""
    what = "保管・委託"
    record_view(None, what)
    held, entrusted = [Held(*row) for row in _rows(_HELD)], [Entrusted(*row) for row in _rows(_ENTRUSTED)]
    today, agency = node().today(), node().situation().agency
    held_page = paged(held, request.args.get("held", ""))
    entrusted_page = paged(entrusted, request.args.get("entrusted", ""))
    out = paged([each for each in entrusted if each.out(today)], request.args.get("out", ""))
    shown = {
        *(each.case_id for each in held_page.rows),
        *(each.case_id for each in (*entrusted_page.rows, *out.rows)),
    }
    return render_template(
        "hokatsu/shelf.html",
        held=held_page,
        ages=ages([each.prepared_on for each in held if not each.voided_on], today),
        entrusted=entrusted_page,
        over=[each.case_id for each in held_page.rows if not each.voided_on and _model_over(each)],
        out=out,
        out_by_office=_out_by_office(out.rows, today),
        out_counts=_out_counts(entrusted, today),
        capacities=capacities(agency, node().agency, _running(entrusted, today), today),
        names=names_shown(shown, what),
        address=lambda name: lambda number: url_for("hokatsu.shelf", **{name: number}),
        today_is=today,
    )


def ages(prepared: Iterable[date], today: date) -> list[tuple[str, int]]:
    """How many are how old, in the bands of :data:`BANDS`."""
    counted = [0] * len(BANDS)
    for day in prepared:
        age = (today - day).days
        counted[next(place for place, (last, _) in enumerate(BANDS) if last is None or age <= last)] += 1
    return [(title, counted[place]) for place, (_, title) in enumerate(BANDS)]


def _running(entrusted: Iterable[Entrusted], today: date) -> Mapping[str, int]:
    """Office → how many of our cases it has under an entrustment that is not over."""
    return Counter(each.office for each in entrusted if each.runs(today))


def _out_counts(entrusted: Iterable[Entrusted], today: date) -> Mapping[str, int]:
    return Counter(each.office for each in entrusted if each.out(today))


def _model_over(held: Held) -> bool:
    """Whether the model has ended for us or for the case's office, so that the form can only be void (T-01)."""
    agency, today = node().situation().agency, node().today()
    return any(
        agency.model_over(held.insurer or "", each, today) for each in (node().agency, held.office) if each
    )


def _out_by_office(entrusted: Sequence[Entrusted], today: date) -> Mapping[str, list[Entrusted]]:
    """Office → the entrustments that are over and whose originals it still has."""
    found: dict[str, list[Entrusted]] = {}
    for each in entrusted:
        if each.out(today):
            found.setdefault(each.office, []).append(each)
    return found


def _rows(query: str) -> Sequence[tuple[Any, ...]]:
    with node().database.connection() as connection:
        return connection.execute(query.encode()).fetchall()


PAGES: Final = RolePages(blueprint, (MenuEntry("hokatsu.shelf", "保管・委託"),))
