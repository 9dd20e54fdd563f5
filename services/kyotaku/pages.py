"""The office's pages: which months of which case are monitored and reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from shared.console.frame import MenuEntry, RolePages, console, names_shown, node, record_view
from shared.console.paging import paged
from shared.policy.dates import Month

blueprint = Blueprint("kyotaku", __name__, template_folder="templates")

MONTHS_SHOWN: Final = 6

_MONTHS: Final = """
select case_id, month, monitored_on, reported_on
from view_monthly_records.months where case_id = any(%(cases)s) and month >= %(first)s
"""


@dataclass(frozen=True, slots=True)
class MonthDone:
    """What was done for one month of a case."""

    monitored_on: date | None
    reported_on: date | None


@blueprint.get("/months")
def months() -> str:
    """A row a case, a column a month, the present one last; the cases in the order of the list of cases."""
    what = "月ごとの記録"
    record_view(None, what)
    present = Month.of(node().today())
    shown = [str(present.plus(-back)) for back in reversed(range(MONTHS_SHOWN))]
    cut = paged([each.case_id for each in console().case_rows.all()], request.args.get("page", ""))
    return render_template(
        "kyotaku/months.html",
        months=shown,
        page=cut,
        page_address=lambda number: url_for("kyotaku.months", page=number),
        done=_done(cut.rows, shown[0]),
        names=names_shown(cut.rows, what),
    )


def _done(cases: Sequence[UUID], first: str) -> Mapping[UUID, Mapping[str, MonthDone]]:
    with node().database.connection() as connection:
        rows: Sequence[tuple[UUID, str, date | None, date | None]] = connection.execute(
            _MONTHS.encode(), {"cases": list(cases), "first": first}
        ).fetchall()
    found: dict[UUID, dict[str, MonthDone]] = {each: {} for each in cases}
    for case_id, month, monitored_on, reported_on in rows:
        found[case_id][month] = MonthDone(monitored_on, reported_on)
    return found


PAGES: Final = RolePages(blueprint, (MenuEntry("kyotaku.months", "月ごとの記録"),))
