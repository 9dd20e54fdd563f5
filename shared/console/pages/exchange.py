"""送受信: what went where, what came back, what waits and what a person must look at."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shared.console.frame import account, console, node, only
from shared.console.once import FIELD, key_of, key_or_new
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
    """The state of the exchange, partner by partner; it names no person. ``done`` tells what a retry came to."""
    return _page(console().once.result(account().name, key_of(request.args.get("done"))))


@blueprint.post("/exchange/parked/<int:number>/retry")
@only(_RETRIERS)
def retry_parked(number: int) -> Response:
    """Try again what is parked, as ``./renkei parked retry`` does, and say what came of it."""
    key = key_or_new(request.form.get(FIELD))
    console().once.run(account().name, key, lambda: _tried_again(number))
    return redirect(url_for("exchange.page", done=key))


def _tried_again(number: int) -> _Retried:
    inbox = Inbox(node())
    try:
        return _Retried(retried(retry(node(), inbox, number), number), False)
    except NotRetried as problem:
        return _Retried(str(problem), True)
    finally:
        inbox.close()


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
