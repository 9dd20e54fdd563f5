"""履歴の比較: a case on two days, and what two agencies hold of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from shared.console.choices import agency_names
from shared.console.comparing import HOLDS, changes, held_by_both
from shared.console.dossier import Dossier, dossier
from shared.console.frame import OVERSEERS, node, only, record_view
from shared.console.moments import DayAsked, day_asked
from shared.console.reading import named
from shared.console.timeline import steps
from shared.eventlog.model import Event
from shared.node.errors import UnknownCase
from shared.node.node import Replay, end_of_day
from shared.node.service import Situation
from shared.policy.dates import TOKYO, day_text

blueprint = Blueprint("comparing", __name__)

CLOCKS = {"acts": "行われた日", "known": "ここで分かった日"}


@blueprint.get("/cases/<uuid:case_id>/compare")
def page(case_id: UUID) -> str:
    """What changed in a case between ``first`` and ``second``: by when it was done, or by when it was known here."""
    record_view(case_id, "二つの日の比較")
    now = _now(case_id)
    clock = request.args.get("clock", "acts")
    clock = clock if clock in CLOCKS else "acts"
    first, second = _asked(now, clock)
    situation = node().situation(case_id)
    one, other = (_replayed(case_id, each.day, clock) for each in (first, second))
    known = {each.id for each in one.events} if one else set()
    between = [each for each in other.events if each.id not in known] if other else []
    return render_template(
        "comparing.html",
        dossier=dossier(now, situation),
        clocks=CLOCKS,
        clock=clock,
        first=first,
        second=second,
        found=changes(_dossier(one, situation, first.day), _dossier(other, situation, second.day)),
        steps=steps(node(), case_id, between, agency_names(situation.agency)),
    )


@blueprint.get("/cases/<uuid:case_id>/compare/agencies")
@only(OVERSEERS)
def agencies(case_id: UUID) -> str:
    """This agency's record of a case beside what receipts and answers tell of a partner's, at the end of ``as_of``."""
    record_view(case_id, "二つの事業所の記録の比較")
    now = _now(case_id)
    day = day_asked(request.args.get("as_of", ""), node().today())
    situation = node().situation(case_id)
    names = agency_names(situation.agency)
    partners = [each for each in now.case.parties if each != node().agency]
    asked = request.args.get("partner", "")
    partner = asked if asked in partners else next(iter(partners), None)
    known_at = end_of_day(day.day) if day.day else None
    events = _events_known(case_id, day.day, now)
    held = (
        held_by_both(steps(node(), case_id, events, names, known_at), partner, named(partner, names))
        if partner
        else []
    )
    return render_template(
        "comparing_agencies.html",
        dossier=dossier(now, situation),
        partners=partners,
        partner=partner,
        day=day,
        held=held,
        words=HOLDS,
        counted={each: sum(row.holds == each for row in held) for each in HOLDS},
    )


def _now(case_id: UUID) -> Replay:
    try:
        return node().replay(case_id)
    except UnknownCase:
        abort(404)


def _events_known(case_id: UUID, day: date | None, now: Replay) -> Sequence[Event]:
    if day is None:
        return now.events
    found = _replayed(case_id, day, "known")
    return found.events if found else ()


def _asked(now: Replay, clock: str) -> tuple[DayAsked, DayAsked]:
    """The two days that are asked for; else the last day on which something happened and the one before."""
    days = days_of(now.events, clock)
    defaults = [days[-2] if len(days) > 1 else days[-1], days[-1]]
    found = []
    for name, usual in zip(("first", "second"), defaults, strict=True):
        asked = day_asked(request.args.get(name, ""))
        found.append(asked if asked.day or asked.wrong else DayAsked(usual, day_text(usual)))
    one, other = found
    return (other, one) if one.day and other.day and one.day > other.day else (one, other)


def days_of(events: Sequence[Event], clock: str) -> list[date]:
    """The days on which something was done, or became known here, in order."""
    if clock == "known":
        return sorted({each.recorded_at.astimezone(TOKYO).date() for each in events})
    return sorted({each.occurred_on for each in events})


def _replayed(case_id: UUID, day: date | None, clock: str) -> Replay | None:
    try:
        if clock == "known":
            return node().replay(case_id, None, end_of_day(day) if day else None)
        return node().replay(case_id, day)
    except UnknownCase:
        return None


def _dossier(replay: Replay | None, situation: Situation, day: date | None) -> Dossier | None:
    return dossier(replay, situation, day) if replay else None
