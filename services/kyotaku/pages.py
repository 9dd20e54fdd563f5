"""The office's pages: which months of which case are monitored and reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template

from shared.console.frame import MenuEntry, RolePages, console, node, record_view
from shared.policy.dates import Month

blueprint = Blueprint("kyotaku", __name__, template_folder="templates")

MONTHS_SHOWN: Final = 6

_MONTHS: Final = """
select c.case_id, m.month, m.monitored_on, m.reported_on
from view_case_list.cases c left join view_monthly_records.months m on m.case_id = c.case_id and m.month >= %(first)s
order by c.last_on desc, c.case_id, m.month
"""


@dataclass(frozen=True, slots=True)
class MonthDone:
    """What was done for one month of a case."""

    monitored_on: date | None
    reported_on: date | None


@blueprint.get("/months")
def months() -> str:
    """A row a case, a column a month, the present one last."""
    record_view(None, "月ごとの記録")
    present = Month.of(node().today())
    shown = [str(present.plus(-back)) for back in reversed(range(MONTHS_SHOWN))]
    done = _done(shown[0])
    return render_template("kyotaku/months.html", months=shown, done=done, names=console().names.of(done))


def _done(first: str) -> Mapping[UUID, Mapping[str, MonthDone]]:
    with node().database.connection() as connection:
        rows: Sequence[tuple[UUID, str | None, date | None, date | None]] = connection.execute(
            _MONTHS.encode(), {"first": first}
        ).fetchall()
    found: dict[UUID, dict[str, MonthDone]] = {}
    for case_id, month, monitored_on, reported_on in rows:
        of_case = found.setdefault(case_id, {})
        if month is not None:
            of_case[month] = MonthDone(monitored_on, reported_on)
    return found


PAGES: Final = RolePages(blueprint, (MenuEntry("kyotaku.months", "月ごとの記録"),))
