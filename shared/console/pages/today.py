"""今日の仕事: what must be done now, what others owe us, what came back, what arrived."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, render_template, request

from shared.console.acting import allowed_commands, outcome
from shared.console.arrivals import MOST_COUNTED, Arrival
from shared.console.awaiting import own_requests
from shared.console.contradicting import open_contradictions
from shared.console.duties import Duty
from shared.console.frame import account, console, node, record_view
from shared.console.next_steps import actions_for
from shared.node.health import backlog

blueprint = Blueprint("today", __name__)

_SHOWN: Final = 100
"""Duties of each list that the page shows: the most urgent. An agency with hundreds of cases has thousands of them."""
_UNREAD_SHOWN: Final = 50
_LATEST_SHOWN: Final = 12


@blueprint.get("/")
def page() -> str:
    """The day's work of this agency."""
    record_view(None, "今日の仕事")
    me = node().agency
    duties = console().open_duties.all()
    own = [each for each in duties if each.what.debtor == me]
    owed = [each for each in duties if each.what.creditor == me and each.what.debtor != me]
    position = node().log.head().position  # first: what comes while the page is made is not marked as seen
    requests, arrivals = own_requests(node()), _arrivals()
    most = None if request.args.get("all") else _SHOWN
    contradictions = open_contradictions(node())
    of_case = {each.name: each for each in allowed_commands(needs_case=True)}
    of_agency = {each.name: each for each in allowed_commands(needs_case=False)}
    seen = {
        *(each.case_id for each in (*own[:most], *owed[:most]) if each.case_id),
        *(each.case_id for each in requests),
        *(each.case_id for each in contradictions if each.case_id),
        *(each.case_id for each in arrivals),
    }
    return render_template(
        "today.html",
        own=own[:most],
        actions_of=lambda duty: actions_for(duty.what, of_case if duty.case_id else of_agency, {}),
        owed=owed[:most],
        late_own=_overdue(own),
        late_owed=_overdue(owed),
        more_own=len(own) - len(own[:most]),
        more_owed=len(owed) - len(owed[:most]),
        contradictions=contradictions,
        awaiting=[each for each in requests if not each.returned],
        returned=[each for each in requests if each.returned],
        arrivals=arrivals,
        unread=console().arrivals.count(account().name),
        most_counted=MOST_COUNTED,
        position=position,
        backlog=backlog(node()),
        names=console().names.of(seen),
        outcome=outcome(request.args.get("done")),
        commands=[spec for spec in allowed_commands(needs_case=False) if not spec.opens_case],
    )


def _overdue(duties: Sequence[Duty]) -> int:
    return sum(each.what.state == "overdue" for each in duties)


def _arrivals() -> list[Arrival]:
    """What this person has not seen, and what came last."""
    unread = console().arrivals.unread(account().name, _UNREAD_SHOWN)
    known = {each.position for each in unread}
    latest = [each for each in console().arrivals.latest(_LATEST_SHOWN) if each.position not in known]
    return [*unread, *latest[: max(0, _LATEST_SHOWN - len(unread))]]
