"""送受信: what went where, what came back, what waits and what a person must look at."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from shared.console.frame import account, console, node, only
from shared.console.stuck import KINDS, stuck_here, stuck_there
from shared.exchange.inbox import Inbox
from shared.exchange.parked import NotRetried, retried, retry

blueprint = Blueprint("exchange", __name__)

_RETRIERS = frozenset({"administrator"})


@dataclass(frozen=True, slots=True)
class _Retried:
    """What a retry came to, in Japanese."""

    said: str
    bad: bool


@blueprint.get("/exchange")
def page() -> str:
    """The state of the exchange, partner by partner; it names no person."""
    return _page(None)


@blueprint.post("/exchange/parked/<int:number>/retry")
@only(_RETRIERS)
def retry_parked(number: int) -> str:
    """Try again what is parked, as ``./renkei parked retry`` does, and say what came of it."""
    inbox = Inbox(node())
    try:
        status = retry(node(), inbox, number)
    except NotRetried as problem:
        return _page(_Retried(str(problem), True))
    finally:
        inbox.close()
    return _page(_Retried(retried(status, number), False))


def _page(told: _Retried | None) -> str:
    state = console().exchange_state
    return render_template(
        "exchange.html",
        partners=state(node()).partners if state else (),
        stuck_there=stuck_there(node()),
        stuck_here=stuck_here(node()),
        kinds=KINDS,
        may_retry=account().role in _RETRIERS,
        retried=told,
    )
