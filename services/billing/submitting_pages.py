"""請求の提出: what waits for whom, what a submission would hold, and its record, on their own pages (T-33, A-Q53)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from contracts.claim_codes import ROUTES, SUBMITTED_KINDS
from contracts.events.submission import MOST_LINES
from services.billing.books import NodeBooks
from services.billing.filing import Bundle, bundle
from services.billing.waiting import Waiting, line_key, waiting
from services.billing.windows import federation_window
from shared.console.acting import allowed_command, give
from shared.console.entry import Entry, day_errors, day_of, sent_entry, shown_again_with
from shared.console.frame import names_shown, node, record_view, record_views, shown_again
from shared.console.problems import Problem
from shared.console.sheet_entry import sheet
from shared.console.wareki import wareki, wareki_moment
from shared.node.errors import Conflict, InvalidFields, Refused
from shared.policy.dates import TOKYO, DateError, Month, parse_month
from shared.policy.deadlines import claim_deadline
from shared.policy.parameters import ParameterError, parameters

COMMAND: Final = "SubmitClaims"
_ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "federation": ("means",),
    "ward": ("means", "contents", "brought_at"),
}
"""Route → what is asked for beside the lines."""


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the pages."""
    blueprint.add_url_rule("/submissions/new", view_func=offered)
    blueprint.add_url_rule("/submissions/new/<claimant>/<route>", view_func=new_submission)
    blueprint.add_url_rule("/submissions/new/<claimant>/<route>", view_func=submit, methods=["POST"])


def offered() -> str:
    """Every submission that can be made for an examination month, with the days on which it is taken."""
    allowed_command(COMMAND)
    record_view(None, "請求の提出")
    examined, wrong = _examined(request.args.get("examination_month", ""))
    found = waiting(node(), examined)
    return render_template(
        "billing/submitting.html",
        examined=str(examined),
        wrong=wrong,
        waiting=[(each, taken_until(each, examined)) for each in found],
        routes=ROUTES,
    )


def new_submission(claimant: str, route: str) -> Response:
    """One submission: every line that waits is chosen."""
    form = _asked_form(request.args, claimant, route)
    return _page(form, Entry(uuid4(), wareki(node().today())), None)


def again(sent: MultiDict[str, str], claimant: str, route: str) -> Response:
    """The form as it was sent after the session had ended; nothing was recorded."""
    form = _asked_form(sent, claimant, route)
    return _page(form, sent_entry(allowed_command(COMMAND), sent), sent.getlist("line"))


@shown_again(again)
def submit(claimant: str, route: str) -> AnyResponse:
    """Show what the files would hold, or record the submission once, however often it is sent."""
    form = _asked_form(request.form, claimant, route)
    entry, chosen = sent_entry(allowed_command(COMMAND), request.form), request.form.getlist("line")
    fields = {
        **{name: entry.raw[name] for name in _ASKED[route] if name in entry.raw},
        **form.fields,
        "lines": [
            {"case": case, "kind": kind, "service_month": month} for case, kind, month in _keys(chosen)
        ],
    }
    try:
        if not fields["lines"]:
            raise Refused(
                "nothing_to_submit",
                "提出するものが選ばれていません",
                field="lines",
                rule="T-33",
                todo="提出する人と月を一つ以上選んでください",
            )
        if "record" not in request.form:
            return _page(form, entry, chosen, made=form.made(chosen))
        result = give(COMMAND, fields, entry.command_id, None, day_of(entry.day))
    except (InvalidFields, Refused, Conflict) as refusal:
        made = form.made(chosen) if isinstance(refusal, Refused) and chosen else None
        entry, problem = shown_again_with(entry, refusal)
        return _page(form, entry, chosen, problem, made)
    return redirect(url_for("billing.submissions", done=result.command_id))


@dataclass(frozen=True, slots=True)
class _Form:
    """Whose submission it is, where it goes and for which examination month; ``insurer`` at a ward alone."""

    claimant: str
    route: str
    insurer: str | None
    examined: Month

    @property
    def fields(self) -> dict[str, Any]:
        return {
            "claimant": self.claimant,
            "route": self.route,
            "insurer": self.insurer,
            "examination_month": str(self.examined),
        }

    def waiting(self) -> Waiting:
        key = (self.claimant, self.route, self.insurer)
        found = waiting(node(), self.examined, self.claimant)
        same = [each for each in found if (each.claimant, each.route, each.insurer) == key]
        return same[0] if same else Waiting(*key, (), self.insurer)

    def made(self, chosen: Collection[str]) -> Bundle:
        """The files of the chosen lines, and what can't go in."""
        lines = {(UUID(case), kind, month) for case, kind, month in _keys(chosen)}
        found = bundle(
            NodeBooks(node()), self.claimant, self.route, self.examined, lines, insurer=self.insurer
        )
        seen = [*(each["case"] for each in found.lines), *(each.case_id for each in found.left_out)]
        record_views(dict.fromkeys(seen), "請求の提出")
        return found


def _asked_form(asked: Mapping[str, str], claimant: str, route: str) -> _Form:
    """The submission that an address or a form names; no link of ours names a route or a month that there is not."""
    if route not in ROUTES:
        abort(404)
    examined, wrong = _examined(asked.get("examination_month", ""))
    if wrong:
        abort(400, wrong)
    return _Form(claimant, route, asked.get("insurer") or None, examined)


def _keys(chosen: Collection[str]) -> list[tuple[str, str, str]]:
    """Case, kind and month of each line that was ticked; nobody's browser makes another."""
    found = []
    for each in chosen:
        case, kind, month = (*each.split("|"), "", "")[:3]
        try:
            found.append((str(UUID(case)), kind, str(Month.parse(month))))
        except (ValueError, DateError):
            abort(400)
    return found


def _examined(text: str) -> tuple[Month, str]:
    """The examination month that was asked for, else this month; and what is wrong with the text."""
    current = Month.of(node().today())
    if not text.strip():
        return current, ""
    try:
        return parse_month(text), ""
    except DateError as problem:
        return current, str(problem)


def taken_until(found: Waiting, examined: Month) -> str:
    """Until when a submission is taken, in words (T-33, A-S3, A-S5)."""
    if found.ward is None:
        return ""
    try:
        if found.route == "federation":
            window = federation_window(examined, parameters(found.ward))
            return f"{wareki(window.first)}から{wareki(window.last)}まで"
        known = claim_deadline(examined, None, None, parameters(found.ward))
    except ParameterError:
        return "公表されていません。請求先に確かめてください"
    due = known.due
    brought = wareki_moment(due.replace(tzinfo=TOKYO)) if isinstance(due, datetime) else wareki(due)
    courier = f"交換便の発送は{wareki(known.dispatch_by)}まで、" if known.dispatch_by else ""
    return f"{courier}持参は{brought}まで"


def _page(
    form: _Form,
    entry: Entry,
    chosen: Collection[str] | None,
    problem: Problem | None = None,
    made: Bundle | None = None,
) -> Response:
    spec = allowed_command(COMMAND)
    found = form.waiting()
    shown_lines = found.lines[:MOST_LINES]
    record_view(None, "請求の提出")
    left_out = made.left_out if made else ()
    out = {line_key(each.case_id, each.kind, each.month) for each in left_out}
    picked = {each.key for each in shown_lines} if chosen is None else set(chosen) - out
    shown = sheet(spec, entry, node().situation(), problem)
    errors: Mapping[str, Any] = problem.errors or {} if problem else {}
    text = render_template(
        "billing/submission.html",
        spec=spec,
        entry=entry,
        form=form,
        found=found,
        lines=shown_lines,
        most=MOST_LINES,
        picked=picked,
        made=made,
        left_out=left_out,
        sheet=shown,
        asked=[shown.by[name] for name in _ASKED[form.route]],
        names=names_shown(
            [*(each.case_id for each in shown_lines), *(each.case_id for each in left_out)], "請求の提出"
        ),
        problem=problem,
        day_errors=day_errors(errors),
        taken_until=taken_until(found, form.examined),
        routes=ROUTES,
        kinds=SUBMITTED_KINDS,
    )
    return make_response(text, problem.status if problem else 200)
