"""今日の仕事: what must be done now, what others owe us, what came back, what arrived."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from shared.console.acting import allowed_commands, outcome
from shared.console.awaiting import own_requests
from shared.console.contradicting import open_contradictions
from shared.console.frame import console, node, record_view
from shared.console.next_steps import actions_for
from shared.node.health import backlog
from shared.policy.dates import TOKYO

blueprint = Blueprint("today", __name__)

_SHOWN: Final = 100
"""Duties of each list that the page shows: the most urgent. An agency with hundreds of cases has thousands of them."""
_ARRIVALS: Final = """
select type, sender, case_id, recorded_at from events
where origin is not null and case_id is not null order by position desc limit 12
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event that came from a partner; ``today`` tells that it came on the business date."""

    title: str
    sender: str
    case_id: UUID
    recorded_at: datetime
    today: bool


@blueprint.get("/")
def page() -> str:
    """The day's work of this agency."""
    record_view(None, "今日の仕事")
    me = node().agency
    duties = console().open_duties.all()
    own = [each for each in duties if each.what.debtor == me]
    owed = [each for each in duties if each.what.creditor == me and each.what.debtor != me]
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
        more_own=len(own) - len(own[:most]),
        more_owed=len(owed) - len(owed[:most]),
        contradictions=contradictions,
        awaiting=[each for each in requests if not each.returned],
        returned=[each for each in requests if each.returned],
        arrivals=arrivals,
        backlog=backlog(node()),
        names=console().names.of(seen),
        outcome=outcome(request.args.get("done")),
        commands=[spec for spec in allowed_commands(needs_case=False) if not spec.opens_case],
    )


def _arrivals() -> list[Arrival]:
    with node().database.connection() as connection:
        rows = connection.execute(_ARRIVALS.encode()).fetchall()
    today = node().today()
    return [
        Arrival(
            node().titles.get(kind, kind),
            sender,
            case_id,
            recorded_at,
            recorded_at.astimezone(TOKYO).date() == today,
        )
        for kind, sender, case_id, recorded_at in rows
    ]
