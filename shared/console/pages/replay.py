"""履歴の再現: a case as this agency knew it, by both clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from shared.console.choices import agency_names
from shared.console.dossier import dossier, erased_at
from shared.console.frame import node, record_view
from shared.console.moments import day_asked, read_moment
from shared.console.pages.comparing import days_of
from shared.console.timeline import steps
from shared.console.wareki import wareki_moment
from shared.node.errors import UnknownCase
from shared.node.node import Replay
from shared.policy.dates import TOKYO

blueprint = Blueprint("replay", __name__)


@blueprint.get("/cases/<uuid:case_id>/replay")
def page(case_id: UUID) -> str:
    """The case at the end of ``as_of``, with what was known here at ``known_at``."""
    record_view(case_id, "履歴の再現")
    now = _replayed(case_id, None, None)
    if now is None:
        abort(404)
    day = day_asked(request.args.get("as_of", ""))
    as_of = day.day
    known_at, known_at_wrong = _moment(request.args.get("known_at", ""))
    then = _replayed(case_id, as_of, known_at)
    situation = node().situation(case_id)
    names = agency_names(situation.agency)
    events = then.events if then else ()
    return render_template(
        "replay.html",
        dossier=dossier(now, situation),
        erased_at=erased_at(now.events),
        then=dossier(then, situation, _standing_on(as_of, known_at)) if then else None,
        steps=steps(node(), case_id, events, names, known_at),
        later=len(now.events) - len(events),
        as_of=as_of,
        known_at=known_at,
        as_of_shown=day.show,
        known_at_shown=_written(known_at) or request.args.get("known_at", ""),
        as_of_wrong=day.wrong,
        known_at_wrong=known_at_wrong,
        travels=[
            _Travel("as_of", "行われた日", days_of(now.events, "acts"), as_of),
            _Travel("known_at", "ここで分かった日", days_of(now.events, "known"), _day_of(known_at)),
        ],
        asked={name: value for name in ("as_of", "known_at") if (value := request.args.get(name))},
    )


@dataclass(frozen=True, slots=True)
class _Travel:
    """One of the two clocks: the days on which something happened by it, and the one that is looked at."""

    name: str
    title: str
    days: Sequence[date]
    at: date | None

    @property
    def reached(self) -> date | None:
        """The last such day up to the one that is looked at, where a slider stands; without one, the last of all."""
        if self.at is None:
            return self.days[-1] if self.days else None
        return max(
            (each for each in self.days if each <= self.at), default=self.days[0] if self.days else None
        )

    @property
    def before(self) -> date | None:
        """The last such day before the one that is looked at; without one, the last but one."""
        if self.at is None:
            return self.days[-2] if len(self.days) > 1 else None
        return max((each for each in self.days if each < self.at), default=None)

    @property
    def after(self) -> date | None:
        """The next such day."""
        return min((each for each in self.days if self.at and each > self.at), default=None)


def _day_of(moment: datetime | None) -> date | None:
    return moment.astimezone(TOKYO).date() if moment else None


def _standing_on(as_of: date | None, known_at: datetime | None) -> date | None:
    """The day on which the replayed case stands: the one asked for, else that of the moment asked for."""
    return as_of or _day_of(known_at)


def _replayed(case_id: UUID, as_of: date | None, known_at: datetime | None) -> Replay | None:
    try:
        return node().replay(case_id, as_of, known_at)
    except UnknownCase:
        return None


def _moment(text: str) -> tuple[datetime | None, str]:
    if not text.strip():
        return None, ""
    moment = read_moment(text)
    return (
        moment,
        "" if moment else f"「{text}」は日時として読めません。令和6年10月1日 9:05 の形で入力してください。",
    )


def _written(moment: datetime | None) -> str:
    return wareki_moment(moment) if moment else ""
