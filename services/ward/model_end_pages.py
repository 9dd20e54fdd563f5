"""Ending the model as a guided page: what changes for whom is shown before it is recorded (T-01, decision 25)."""

import hashlib
from collections import Counter
from typing import Final
from uuid import uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from contracts.codes import MODELS, TYPES
from services.ward.model_end import HELD, EndForeseen, foresee_end
from services.ward.reading import model_cases
from shared.console.acting import allowed_command, give, recorded_before
from shared.console.choices import agency_choices
from shared.console.entry import Entry, day_of, sent_entry, shown_again_with
from shared.console.frame import account, names_shown, node, record_view, shown_again
from shared.console.paging import paged
from shared.console.problems import Problem, problem_of
from shared.console.sheet_entry import sheet
from shared.console.wareki import wareki
from shared.node.errors import Conflict, InvalidFields, Refused
from shared.policy.dates import Month

_COMMAND: Final = "EndModel"
_FIXED: Final = {"model": next(iter(MODELS))}


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the page."""
    blueprint.add_url_rule("/closing/end", view_func=ending)
    blueprint.add_url_rule("/closing/end", view_func=ended, methods=["POST"])


def ending() -> Response:
    """What the end would change if its last day were that of this month."""
    last = Month.of(node().today()).last.isoformat()
    return _page(Entry(uuid4(), wareki(node().today()), {**_FIXED, "ended_on": last}))


def again(sent: MultiDict[str, str]) -> Response:
    """The form as it was sent after the session had ended."""
    return _page(_sent(sent))


def _sent(form: MultiDict[str, str]) -> Entry:
    entry = sent_entry(allowed_command(_COMMAND), form)
    return Entry(entry.command_id, entry.day, {**entry.raw, **_FIXED})


@shown_again(again)
def ended() -> AnyResponse:
    """End the model, if what was shown is still so; else show it again."""
    entry = _sent(request.form)
    if "record" not in request.form:
        return _page(entry)
    try:
        if not recorded_before(entry.command_id) and request.form.get("seen") != _digest(_foreseen(entry)):
            return _page(entry, other=True)
        give(_COMMAND, entry.raw, entry.command_id, None, day_of(entry.day))
    except (InvalidFields, Refused, Conflict) as refusal:
        return _page(*shown_again_with(entry, refusal))
    return redirect(url_for("ward.closing"))


def _foreseen(entry: Entry) -> EndForeseen:
    command = node().parse(
        _COMMAND,
        entry.raw,
        actor=account().name,
        command_id=entry.command_id,
        occurred_on=day_of(entry.day),
    )
    return foresee_end(node().situation(), allowed_command(_COMMAND), command, model_cases(node()))


def _page(entry: Entry, problem: Problem | None = None, other: bool = False) -> Response:
    spec, found = node().service.commands.get(_COMMAND), None
    if spec is None:
        abort(404)
    spec = allowed_command(_COMMAND)
    what = "モデル実施の終了を確かめる"
    record_view(None, what)
    try:
        found = _foreseen(entry)
    except (Refused, InvalidFields) as refusal:
        problem = problem or problem_of(refusal)
    page = paged(found.cases if found else (), request.values.get("page", ""))
    cases = [each.case_id for each, _ in page.rows]
    situation = node().situation()
    shown = sheet(spec, entry, situation, problem)
    text = render_template(
        "ward/model_end.html",
        spec=spec,
        entry=entry,
        sheet=shown,
        asked=[each for name, each in shown.by.items() if name not in _FIXED],
        agencies=agency_choices(situation),
        problem=problem,
        foresight=found,
        seen=_digest(found) if found else "",
        other=other,
        held=HELD,
        page=page,
        counted=Counter(becomes for _, becomes in found.cases) if found else {},
        types=TYPES,
        names=names_shown(cases, what),
        tried="record" in request.form,
    )
    return make_response(text, problem.status if problem and request.method == "POST" else 200)


def _digest(found: EndForeseen) -> str:
    return hashlib.sha256(found.said.encode()).hexdigest()[:32]
