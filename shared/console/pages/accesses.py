"""閲覧記録: who viewed which case, when and why."""

from uuid import UUID

from flask import Blueprint, render_template, request

from shared.console.frame import OVERSEERS, console, node, only, record_view
from shared.console.frame import account as signed_in

blueprint = Blueprint("accesses", __name__)

_SHOWN = 300


@blueprint.get("/accesses")
@only(OVERSEERS)
def page() -> str:
    """The latest accesses, or those of one case; with ``verify`` the chain is checked."""
    case_id = _case()
    record_view(case_id, "閲覧記録")
    log = node().access
    found = log.of_case(case_id, _SHOWN) if case_id else log.latest(_SHOWN)
    cases = [each.case_id for each in found if each.case_id]
    return render_template(
        "accesses.html",
        accesses=found,
        case_id=case_id,
        names=console().names.of(dict.fromkeys(cases)),
        people={each.name: each for each in console().accounts.all()},
        findings=list(log.verify()) if "verify" in request.args else None,
        shown=_SHOWN,
        own=signed_in().name,
    )


def _case() -> UUID | None:
    try:
        return UUID(request.args.get("case", ""))
    except ValueError:
        return None
