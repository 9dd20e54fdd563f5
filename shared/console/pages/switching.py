"""類型の変更: what a change of type will bring about at each party, shown before it is done (T-04, T-15, T-61)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from contracts.codes import TRACKS, TYPES
from shared.care.foresight import Foresight, foreseen
from shared.care.parts import Mode
from shared.console.acting import allowed_command, allowed_commands, give, recorded_before
from shared.console.choices import agency_choices
from shared.console.entry import Entry, day_errors, day_of, sent_entry, shown_again_with
from shared.console.frame import account, console, node, record_view, shown_again
from shared.console.offering import refusal_of_state
from shared.console.problems import Problem, problem_of
from shared.console.sheet_entry import sheet
from shared.console.switches import SWITCHES, Switch, as_if_written, switch_named
from shared.console.wareki import wareki
from shared.node.errors import Conflict, InvalidFields, Refused, UnknownCase
from shared.node.service import CommandSpec, Situation
from shared.node.unrecordable import unreckonable_is_refused

blueprint = Blueprint("switching", __name__)


@dataclass(frozen=True, slots=True)
class Offered:
    """A change of type that this role may start: what it would bring about today, or why it is refused."""

    switch: Switch
    foresight: Foresight | None
    refusal: Refused | None


@blueprint.get("/cases/<uuid:case_id>/switch")
def page(case_id: UUID) -> str:
    """Every change of type that this role may start, with where it leads or why it is refused."""
    record_view(case_id, "類型の変更")
    situation = _situation(case_id)
    allowed = {spec.name: spec for spec in allowed_commands(needs_case=True)}
    return render_template(
        "switches.html",
        case_id=case_id,
        person=console().names.of([case_id])[case_id],
        now=in_words(situation.case.mode(situation.today) or situation.case.latest_mode),
        offered=[
            _offered(each, allowed[each.command], situation, case_id)
            for each in SWITCHES
            if each.command in allowed
        ],
        in_words=in_words,
    )


def _offered(switch: Switch, spec: CommandSpec, situation: Situation, case_id: UUID) -> Offered:
    try:
        found = _foreseen(spec, Entry(uuid4(), "", switch.begun(situation)), case_id)
    except Refused as refusal:
        return Offered(switch, None, refusal)
    except InvalidFields:  # what is asked for decides it, unless the state refuses whatever is entered
        return Offered(switch, None, refusal_of_state(spec, situation, case_id))
    return Offered(switch, found, None)


@blueprint.get("/cases/<uuid:case_id>/switch/<name>")
def form(case_id: UUID, name: str) -> Response:
    """What one change would bring about, and the form with which it is done."""
    switch, spec = _named(name)
    record_view(case_id, f"類型の変更「{switch.title}」")
    situation = _situation(case_id)
    return _page(switch, spec, case_id, Entry(uuid4(), wareki(node().today()), switch.begun(situation)))


def again(sent: MultiDict[str, str], case_id: UUID, name: str) -> Response:
    """The form as it was sent after the session had ended: what it would bring about is shown anew."""
    switch, spec = _named(name)
    record_view(case_id, f"類型の変更「{switch.title}」")
    return _page(switch, spec, case_id, _sent(switch, spec, sent, case_id))


def _sent(switch: Switch, spec: CommandSpec, form: MultiDict[str, str], case_id: UUID) -> Entry:
    entry = sent_entry(spec, form, case_id)
    return replace(entry, raw={**entry.raw, **switch.fixed})


@blueprint.post("/cases/<uuid:case_id>/switch/<name>")
@shown_again(again)
def act(case_id: UUID, name: str) -> AnyResponse:
    """Do it, if what was shown is still what it would bring about; else show it again."""
    switch, spec = _named(name)
    record_view(case_id, f"類型の変更「{switch.title}」")
    entry = _sent(switch, spec, request.form, case_id)
    if "record" not in request.form:
        return _page(switch, spec, case_id, entry)
    try:
        if not recorded_before(entry.command_id) and request.form.get("seen") != _digest(
            _foreseen(spec, entry, case_id)
        ):
            return _page(switch, spec, case_id, entry, other=True)
        give(spec.name, entry.raw, entry.command_id, case_id, day_of(entry.day))
    except (InvalidFields, Refused, Conflict) as refusal:
        return _page(switch, spec, case_id, *shown_again_with(entry, refusal))
    return redirect(url_for("case.page", case_id=case_id, done=entry.command_id))


def _named(name: str) -> tuple[Switch, CommandSpec]:
    switch = switch_named(name)
    if switch is None or switch.command not in node().service.commands:
        abort(404)
    return switch, allowed_command(switch.command)


def _situation(case_id: UUID) -> Situation:
    situation = node().situation(case_id)
    if not situation.case.opened:
        abort(404)
    return situation


def _foreseen(spec: CommandSpec, entry: Entry, case_id: UUID) -> Foresight:
    """What the command would bring about as the form stands.

    :raises Refused, InvalidFields: as when it is given; texts may still be unwritten.
    """
    command = node().parse(
        spec.name,
        as_if_written(spec, entry.raw),
        actor=account().name,
        command_id=entry.command_id,
        case_id=case_id,
        occurred_on=day_of(entry.day),
    )
    try:
        history = node().replay(case_id).events
    except UnknownCase:
        abort(404)
    decided = node().decided(command)
    with unreckonable_is_refused():
        return foreseen(decided, history)


def _page(
    switch: Switch,
    spec: CommandSpec,
    case_id: UUID,
    entry: Entry,
    problem: Problem | None = None,
    other: bool = False,
) -> Response:
    situation, found = _situation(case_id), None
    try:
        found = _foreseen(spec, entry, case_id)
    except (Refused, InvalidFields) as refusal:
        problem = problem or problem_of(refusal)
    shown = sheet(spec, entry, situation, problem)
    errors: Mapping[str, Any] = problem.errors or {} if problem else {}
    text = render_template(
        "switch.html",
        case_id=case_id,
        person=console().names.of([case_id])[case_id],
        switch=switch,
        spec=spec,
        entry=entry,
        sheet=shown,
        asked=[each for name, each in shown.by.items() if "." not in name and name not in switch.fixed],
        agencies=agency_choices(situation),
        problem=problem,
        day_errors=day_errors(errors),
        foresight=found,
        seen=_digest(found) if found else "",
        other=other,
        in_words=in_words,
        tried="record" in request.form,
    )
    return make_response(text, problem.status if problem and request.method == "POST" else 200)


def in_words(mode: Mode | None) -> str:
    """How a case is run, in Japanese."""
    return f"{TYPES.get(mode.type, mode.type)}（{TRACKS.get(mode.track, mode.track)}）" if mode else "なし"


def _digest(found: Foresight) -> str:
    return hashlib.sha256(found.said.encode()).hexdigest()[:32]
