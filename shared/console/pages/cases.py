"""利用者・ケース: who is there, found by name, kana or number, narrowed and sorted, fifty on a page."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for

from shared.console.acting import allowed_commands
from shared.console.case_filter import (
    ASKED,
    CERTIFICATION,
    NOBODY,
    ORDER,
    SUPPORT,
    agencies_among,
    filter_of,
    modes_among,
)
from shared.console.cases import case_rows, with_names
from shared.console.frame import account, console, node, record_view
from shared.console.paging import PAGE, paged
from shared.console.planners import care_managers, kept_here

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
def page() -> str:
    """The cases of this node; ``q`` searches, and is never recorded because it names a person."""
    wanted, today = request.args.get("q", "").strip(), node().today()
    what = "利用者・ケース一覧（検索）" if wanted else "利用者・ケース一覧"
    record_view(None, what)
    found, asked = case_rows(wanted), filter_of(request.args)
    shown = [row for row in found if asked.shows(row, today)]
    kana = console().names.kana([row.case_id for row in shown]) if asked.order == "kana" else {}
    cut = paged(asked.sorted(shown, lambda row: kana.get(row.case_id, "")), request.args.get("page", ""))
    kept = {name: request.args[name] for name in ASKED if name in request.args}
    return render_template(
        "cases.html",
        page=replace(cut, rows=with_names(cut.rows, what)),
        most=PAGE,
        shown=len(shown),
        left_out=len(found) - len(shown),
        asked=asked,
        choices={
            "support": SUPPORT,
            "mode": {"": "すべて", **modes_among(found)},
            "certification": {"": "すべて", **CERTIFICATION},
            "order": ORDER,
        },
        agencies=agencies_among(found, node().agency),
        planners={**care_managers(), NOBODY: "決まっていない"} if kept_here() else {},
        wanted=wanted,
        page_address=lambda number: url_for("cases.page", **{**kept, "page": number}),
        openings=[spec for spec in allowed_commands(needs_case=False) if spec.opens_case],
        who=account(),
        today_is=today,
    )
