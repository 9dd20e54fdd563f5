"""送受信: what went where, what came back, what waits and what a person must look at."""

from flask import Blueprint, render_template

from shared.console.frame import console, node
from shared.console.stuck import KINDS, stuck_here, stuck_there

blueprint = Blueprint("exchange", __name__)


@blueprint.get("/exchange")
def page() -> str:
    """The state of the exchange, partner by partner; it names no person."""
    state = console().exchange_state
    return render_template(
        "exchange.html",
        partners=state(node()).partners if state else (),
        stuck_there=stuck_there(node()),
        stuck_here=stuck_here(node()),
        kinds=KINDS,
    )
