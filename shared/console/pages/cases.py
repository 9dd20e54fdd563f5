"""利用者・ケース: who is there, found by name, kana or number."""

from flask import Blueprint, render_template, request

from shared.console.acting import allowed_commands
from shared.console.cases import case_rows
from shared.console.frame import account, node, record_view

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
def page() -> str:
    """The cases of this node; ``q`` searches, and is never recorded because it names a person."""
    wanted = request.args.get("q", "").strip()
    record_view(None, "利用者・ケース一覧（検索）" if wanted else "利用者・ケース一覧")
    return render_template(
        "cases.html",
        rows=case_rows(wanted),
        wanted=wanted,
        openings=[spec for spec in allowed_commands(needs_case=False) if spec.opens_case],
        who=account(),
        today_is=node().today(),
    )
