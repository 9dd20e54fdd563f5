"""A command as a form: made from its schema, recorded once however often it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from shared.console import continuing
from shared.console.acting import allowed_command, give
from shared.console.choices import agency_choices, with_known_choices
from shared.console.entry import Entry, day_errors, day_of, sent_entry, shown_again_with
from shared.console.files import sent_file
from shared.console.forms import Fault, controls, faults
from shared.console.frame import console, node, record_view, shown_again
from shared.console.offering import refusal_of_state
from shared.console.planners import with_care_managers
from shared.console.previewing import Preview, preview
from shared.console.problems import Problem, problem_of
from shared.console.wareki import wareki
from shared.eventlog.model import UNREADABLE
from shared.node.errors import Conflict, InvalidFields, Refused, UnknownCase
from shared.node.service import CommandSpec
from shared.policy.dates import DateError, parse_date

blueprint = Blueprint("command", __name__)

_ON_PAPER: Final = {
    "WritePlan": "plans.write",
    "RecordMeeting": "plans.meeting",
    "EvaluatePlan": "plans.evaluation",
}
"""Commands that have a page of their own, which looks like the paper."""


@blueprint.get("/commands/<name>")
@blueprint.get("/cases/<uuid:case_id>/commands/<name>")
def form(name: str, case_id: UUID | None = None) -> AnyResponse:
    """The empty form of a command, or the page that asks for it as its paper does."""
    spec = _spec_of(name, case_id)
    if case_id is not None and name in _ON_PAPER:
        return redirect(url_for(_ON_PAPER[name], case_id=case_id))
    if name in console().own_pages:
        return redirect(url_for(console().own_pages[name]))
    asked = _asked_fields(spec)
    begun = _begun(spec, case_id, asked)
    known = {**begun, **_known_fields(spec, case_id), **_known_from_before(spec), **asked}
    return _page(spec, case_id, Entry(uuid4(), wareki(node().today()), known))


def again(sent: MultiDict[str, str], name: str, case_id: UUID | None = None) -> Response:
    """The form as it was sent after its session had ended: nothing was recorded, nothing is lost."""
    spec = _spec_of(name, case_id)
    return _page(spec, case_id, _sent(spec, sent, case_id))


@blueprint.post("/commands/<name>")
@blueprint.post("/cases/<uuid:case_id>/commands/<name>")
@shown_again(again)
def act(name: str, case_id: UUID | None = None) -> AnyResponse:
    """Record the command, or show the form again with what is wrong beside each field."""
    spec = _spec_of(name, case_id)
    draft = _sent(spec, request.form, case_id)
    if draft.spare:
        return _page(spec, case_id, draft)
    if "look" in request.form:
        return _looked_at(spec, case_id, draft)
    try:
        file = sent_file() if spec.takes_file else (None, None)
        result = give(name, draft.raw, draft.command_id, case_id, day_of(draft.day), file)
    except (InvalidFields, Refused, Conflict) as refusal:
        return _page(spec, case_id, *shown_again_with(draft, refusal))
    if result.case_id is not None:
        return redirect(url_for("case.page", case_id=result.case_id, done=result.command_id))
    return redirect(url_for("today.page", done=result.command_id))


def _looked_at(spec: CommandSpec, case_id: UUID | None, draft: Entry) -> Response:
    """The form with what it would bring about, or with why it is refused; nothing is recorded."""
    try:
        return _page(spec, case_id, draft, found=preview(spec, draft, case_id))
    except (InvalidFields, Refused, Conflict, UnknownCase) as refusal:
        return _page(spec, case_id, draft, problem_of(refusal))


def _begun(spec: CommandSpec, case_id: UUID | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the guide of a form begins with."""
    guide = console().guides.get(spec.name)
    return dict(guide.begun(node().situation(case_id), asked)) if guide else {}


def _spec_of(name: str, case_id: UUID | None) -> CommandSpec:
    spec = allowed_command(name)
    if case_id is not None:
        record_view(case_id, f"操作「{spec.title}」")
    return spec


def _known_fields(spec: CommandSpec, case_id: UUID | None) -> dict[str, Any]:
    """What the case says of the person already, for the personal fields of the same name: a form to be checked."""
    if case_id is None:
        return {}
    opening = next(iter(node().log.openings([case_id])), None)
    if opening is None:
        return {}
    (event,) = node().with_personal(case_id, [opening])
    wanted = {name for name, each in spec.schema().fields.items() if each.metadata.get("personal")}
    known = event.personal or {}
    return {
        name: known[name]
        for name in wanted & set(known)
        if not (isinstance(known[name], str) and known[name] in UNREADABLE)
    }


def _known_from_before(spec: CommandSpec) -> dict[str, Any]:
    """What an opening takes over from the case before, that the link to the form names."""
    asked = request.args.get(continuing.FIELD)
    if not spec.opens_case or not asked:
        return {}
    try:
        before = UUID(asked)
        known = continuing.known_from(node(), spec, before)
    except (ValueError, UnknownCase):
        abort(404)
    record_view(before, f"操作「{spec.title}」（この方の続き）")
    return known


def _asked_fields(spec: CommandSpec) -> dict[str, Any]:
    """Open fields that the link to the form has filled in: which notification, which month. Never personal ones."""
    fields = spec.schema().fields.items()
    openly = {name for name, each in fields if not each.metadata.get("personal")}
    return {name: value for name, value in request.args.items() if name in openly}


def _sent(spec: CommandSpec, form: MultiDict[str, str], case_id: UUID | None) -> Entry:
    entry = sent_entry(spec, form, case_id)
    return replace(entry, day=_as_understood(entry.day))


def _as_understood(text: str) -> str:
    """A day in the era's years, whichever way it was typed; what can't be read stays as it is."""
    try:
        return wareki(parse_date(text))
    except DateError:
        return text


def _page(
    spec: CommandSpec,
    case_id: UUID | None,
    draft: Entry,
    problem: Problem | None = None,
    found: Preview | None = None,
) -> Response:
    situation = node().situation(case_id)
    guide = console().guides.get(spec.name)
    errors = problem.by_field() if problem else {}
    shown = with_known_choices(controls(spec.schema, draft.raw, errors, draft.spare), situation, spec.name)
    if spec.opens_case:
        shown = continuing.with_previous_cases(shown, f"操作「{spec.title}」")
    else:
        shown = with_care_managers(shown)
    day_wrong = day_errors(errors)
    text = render_template(
        "command.html",
        spec=spec,
        case_id=case_id,
        guide=guide,
        facts=guide.facts(situation, draft.raw) if guide else (),
        foresight=found,
        refusal=None if problem or found else refusal_of_state(spec, situation, case_id),
        person=console().names.of([case_id])[case_id] if case_id else None,
        draft=draft,
        controls=shown,
        agencies=agency_choices(situation),
        problem=problem,
        day_errors=day_wrong,
        file_errors=errors.get("file", ()),
        faults=_faults(day_wrong, errors.get("file", ()), shown),
    )
    return make_response(text, problem.status if problem else 200)


def _faults(day: Sequence[str], file: Sequence[str], shown: Sequence[Any]) -> list[Fault]:
    """Every input that is wrong, for the summary at the head of the page."""
    own = [Fault("f-day", "実施日", "　".join(day))] if day else []
    own += [Fault("f-file", "ファイル", "　".join(file))] if file else []
    return [*own, *faults(shown)]
