"""今日の仕事: what must be done now, what others owe us, what came back, what arrived."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final, TypeVar

from flask import Blueprint, render_template, request, url_for

from shared.console.acting import allowed_commands, outcome
from shared.console.arrivals import MOST_COUNTED, Arrival
from shared.console.awaiting import own_requests, with_reasons
from shared.console.contradicting import open_contradictions
from shared.console.frame import account, console, names_shown, node, record_view
from shared.console.next_steps import actions_for
from shared.console.open_duties import Sides
from shared.console.paging import Paged, paged
from shared.node.health import backlog

Row = TypeVar("Row")

blueprint = Blueprint("today", __name__)

_SHOWN: Final = 100
"""Rows of each list on one page, the most urgent first. An agency with hundreds of cases has thousands of them."""
_LISTS: Final = ("own", "owed", "awaiting", "returned")
_UNREAD_SHOWN: Final = 50
_LATEST_SHOWN: Final = 12


@blueprint.get("/")
def page() -> str:
    """The day's work of this agency."""
    what = "今日の仕事"
    record_view(None, what)
    known = console().open_duties
    ready = known.ready()
    duties = known.sides() if ready else Sides()
    position = node().log.head().position  # first: what comes while the page is made is not marked as seen
    requests, arrivals = own_requests(node()), _arrivals()
    lists: dict[str, Paged[Any]] = {
        "own": _cut("own", duties.own),
        "owed": _cut("owed", duties.owed),
        "awaiting": _cut("awaiting", [each for each in requests if not each.returned]),
        "returned": _cut("returned", [each for each in requests if each.returned]),
    }
    lists["returned"] = replace(lists["returned"], rows=with_reasons(node(), lists["returned"].rows))
    contradictions = open_contradictions(node())
    of_case = {each.name: each for each in allowed_commands(needs_case=True)}
    of_agency = {each.name: each for each in allowed_commands(needs_case=False)}
    shown: Iterable[Any] = chain(contradictions, arrivals, *(each.rows for each in lists.values()))
    return render_template(
        "today.html",
        **lists,
        actions_of=lambda duty: actions_for(duty.what, of_case if duty.case_id else of_agency, {}),
        page_of=_address,
        ready=ready,
        progress=known.progress,
        late_own=duties.own_overdue,
        late_owed=duties.owed_overdue,
        contradictions=contradictions,
        arrivals=arrivals,
        unread=console().arrivals.count(account().name),
        most_counted=MOST_COUNTED,
        position=position,
        backlog=backlog(node()),
        names=names_shown((each.case_id for each in shown if each.case_id), what),
        outcome=outcome(request.args.get("done")),
        commands=[spec for spec in allowed_commands(needs_case=False) if not spec.opens_case],
    )


def _cut(name: str, rows: Sequence[Row]) -> Paged[Row]:
    """The page of a list that is asked for: the first, with the most urgent, unless another."""
    return paged(rows, request.args.get(name, ""), _SHOWN)


def _address(name: str) -> Callable[[int], str]:
    """The address of a page of one list, the others staying where they are."""
    kept = {each: request.args[each] for each in _LISTS if each in request.args}
    return lambda number: url_for("today.page", **{**kept, name: str(number)}, _anchor=name)  # type: ignore[arg-type]


def _arrivals() -> list[Arrival]:
    """What this person has not seen, and what came last."""
    unread = console().arrivals.unread(account().name, _UNREAD_SHOWN)
    known = {each.position for each in unread}
    latest = [each for each in console().arrivals.latest(_LATEST_SHOWN) if each.position not in known]
    return [*unread, *latest[: max(0, _LATEST_SHOWN - len(unread))]]
