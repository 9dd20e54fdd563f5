"""閲覧記録: who viewed which case, when and why; narrowed by person, viewer and dates, also as a file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from shared.console.access_check import Checked
from shared.console.frame import OVERSEERS, case_id_of, console, names_shown, node, only, record_view
from shared.console.frame import account as signed_in
from shared.console.moments import DayAsked, day_asked
from shared.console.paging import PAGE, Paged, csv_answer
from shared.eventlog.access import Access, Wanted
from shared.node.node import end_of_day
from shared.policy.dates import TOKYO

blueprint = Blueprint("accesses", __name__)

MOST: Final = 50_000
"""Accesses that are counted, and that one file holds: what is more has to be narrowed."""
_ASKED: Final = ("case", "q", "who", "since", "until")
_COLUMNS: Final = (
    "番号",
    "日時（日本時間）",
    "見た人（利用者名）",
    "見た人",
    "ケース",
    "氏名",
    "見たもの",
    "目的",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked for: one case, whose persons, who looked, from which day to which."""

    case_id: UUID | None
    person: str
    actor: str
    since: DayAsked
    until: DayAsked

    @property
    def narrowed(self) -> bool:
        """Whether anything but one case is asked for."""
        return bool(self.person or self.actor or self.since.show or self.until.show)

    @property
    def readable(self) -> bool:
        """Whether both days are days, in their order; nothing is shown or saved by half of what was asked."""
        return not (self.since.wrong or self.until.wrong)

    @property
    def wanted(self) -> Wanted:
        """The same as the log is asked."""
        return Wanted(
            self._cases(),
            self.actor or None,
            datetime.combine(self.since.day, time.min, TOKYO) if self.since.day else None,
            end_of_day(self.until.day) if self.until.day else None,
        )

    def _cases(self) -> Sequence[UUID] | None:
        found = console().names.search(self.person) if self.person else None
        if self.case_id is None:
            return found
        return [self.case_id] if found is None or self.case_id in found else []


@blueprint.get("/accesses")
@only(OVERSEERS)
def page() -> Response:
    """Who looked, latest first, fifty on a page; with ``csv`` a file, with ``verify`` the chain is checked.

    What ``q`` asks for is never recorded. Whoever searches for persons or takes a file is recorded under each of them;
    who only turns the pages of the log is not: each look would fill a page of it, and hide what it is read for.
    """
    asked, as_file = _asked(), "csv" in request.args
    what = "閲覧記録（CSV）" if as_file else "閲覧記録"
    record_view(asked.case_id, what)
    count = node().access.count(asked.wanted, MOST + 1) if asked.readable else 0
    if as_file and asked.readable and count <= MOST:
        return _as_file(node().access.find(asked.wanted, MOST), what)
    cut = _cut(count, request.args.get("page", ""))
    found = node().access.find(asked.wanted, PAGE, (cut.number - 1) * PAGE) if count else []
    kept: dict[str, Any] = {name: request.args[name] for name in _ASKED if request.args.get(name)}
    return make_response(
        render_template(
            "accesses.html",
            accesses=found,
            asked=asked,
            page=cut,
            most=MOST,
            case_id=asked.case_id,
            names=_names(found, asked.case_id, what if asked.person else None),
            people={each.name: each for each in console().accounts.all()},
            check=_check(),
            own=signed_in().name,
            page_address=lambda number: url_for("accesses.page", **{**kept, "page": number}),
            file_address=url_for("accesses.page", **kept, csv="1"),
            verify_address=url_for("accesses.page", **kept, verify="1"),
            again_address=url_for("accesses.page", **kept, verify="again"),
        ),
        200 if asked.readable else 422,
    )


def _check() -> Checked | None:
    """The check of the whole log, where it is asked for."""
    wanted = request.args.get("verify")
    if wanted is None:
        return None
    return console().access_check.look(datetime.now(TOKYO), again=wanted == "again")


def _asked() -> Asked:
    since, until = (day_asked(request.args.get(name, "")) for name in ("since", "until"))
    if since.day and until.day and until.day < since.day:
        until = replace(until, wrong=f"「この日から」（{since.show}）以後の日付にしてください。")
    return Asked(_case(), request.args.get("q", "").strip(), _actor(), since, until)


def _actor() -> str:
    """Who looked; a name that no row of a database can hold is nobody's, and not everybody's."""
    name = request.args.get("who", "")
    if "\0" in name:
        abort(404)
    return name


def _cut(count: int, asked: str) -> Paged[Any]:
    of = max(1, -(-min(count, MOST) // PAGE))
    number = min(of, max(1, int(asked))) if asked.isdecimal() and len(asked) < 10 else 1
    return Paged((), number, of, count)


def _as_file(found: Sequence[Access], what: str) -> Response:
    names = _names(found, None, what)
    people = {each.name: each.display for each in console().accounts.all()}
    return csv_answer(
        "accesses",
        _COLUMNS,
        (
            (
                each.position,
                each.viewed_at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S"),
                each.actor,
                people.get(each.actor),
                each.case_id,
                names[each.case_id] if each.case_id else None,
                each.what,
                each.purpose,
            )
            for each in found
        ),
    )


def _names(found: Sequence[Access], case_id: UUID | None, seen_in: str | None) -> dict[UUID, str]:
    """The names of whom these accesses are about, and of ``case_id``; ``seen_in`` is what they are recorded with."""
    cases = dict.fromkeys(each.case_id for each in found if each.case_id)
    if case_id:
        cases[case_id] = None
    return names_shown(cases, seen_in) if seen_in else console().names.of(cases)


def _case() -> UUID | None:
    """The case that is asked for; another text is no case, and does not stand for all of them."""
    text = request.args.get("case")
    return case_id_of(text) if text else None
