"""決まりの変わる日: which value holds now for which insurer, what changes when, and where each value comes from."""

from flask import Blueprint, render_template, request

from shared.console.frame import node, record_view
from shared.console.pages.settings import tabs
from shared.policy.changes import changes, shown, told
from shared.policy.parameters import ParameterError, Parameters, parameters

blueprint = Blueprint("parameters", __name__)


@blueprint.get("/parameters")
def page() -> str:
    """The values that hold on the business date, those to come and those that were; ``insurer`` chooses whose."""
    record_view(None, "決まりの変わる日")
    today, known = node().today(), known_parameters()
    chosen = known.get(request.args.get("insurer", ""), next(iter(known.values()), None))
    found = changes(chosen) if chosen else []
    return render_template(
        "parameters.html",
        tabs=tabs(),
        known=known,
        chosen=chosen,
        ahead=[each for each in reversed(found) if each.on > today],
        past=[each for each in found if each.on <= today],
        now=[each for name in told(chosen) if (each := chosen.find(name, today))] if chosen else [],
        shown=shown,
        today_is=today,
    )


def known_parameters() -> dict[str, Parameters]:
    """The parameters of the insurers whose directory this node knows, by number."""
    listed = {each.insurer for each in node().situation().agency.listings.values()}
    found = {}
    for insurer in sorted({*node().config.trust, *listed}):
        try:
            found[insurer] = parameters(insurer)
        except ParameterError:
            continue
    return found
