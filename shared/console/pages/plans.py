"""計画: the sheets A to F of a case as on paper, to be read and to be written (T-23, T-24, T-27, T-30)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from contracts.events.plan_paper import AREAS, WEEKDAYS
from shared.care.parts import Plan
from shared.care.plan_course import to_evaluate
from shared.care.plan_names import plan_title
from shared.care.plan_sheets import goals_to_evaluate, paper_as_said
from shared.console.acting import allowed_command, allowed_commands, give
from shared.console.choices import agency_choices
from shared.console.dossier import dossier
from shared.console.entry import Entry, day_errors, day_of, sent_entry, shown_again_with
from shared.console.frame import console, node, record_view, shown_again
from shared.console.offering import refusal_of_state
from shared.console.printouts import matter_of
from shared.console.problems import Problem
from shared.console.sheet_entry import dry_run, sheet
from shared.console.wareki import wareki
from shared.console.week_picture import picture
from shared.forms.catalogue import FORMS
from shared.forms.form import Fields, Printout
from shared.forms.matter import Matter
from shared.forms.plan import SAID_OF_PLAN, key_of, week_on_paper
from shared.node.errors import Conflict, InvalidFields, Refused, UnknownCase
from shared.node.node import Replay
from shared.node.service import Advice, CommandSpec, Situation

blueprint = Blueprint("plans", __name__)

_ENTRIES: Final = {
    "WritePlan": "plans.write",
    "RecordMeeting": "plans.meeting",
    "EvaluatePlan": "plans.evaluation",
}
_DAYS: Final = tuple(WEEKDAYS.values())


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan: what names it, its title, and the lines of its last evaluation."""

    of: str
    title: str
    plan: Plan
    paper: Mapping[str, Any]
    evaluated: Fields | None


@blueprint.get("/cases/<uuid:case_id>/plans")
def page(case_id: UUID) -> str:
    """Every plan of the case, its goals beside what became of them, and what can be written now."""
    record_view(case_id, "計画")
    matter = _matter(case_id)
    situation = node().situation(case_id)
    found = {spec.name: spec for spec in allowed_commands(needs_case=True)}
    entries = [
        (endpoint, found[name].title, refusal_of_state(found[name], situation, case_id))
        for name, endpoint in _ENTRIES.items()
        if name in found
    ]
    return render_template(
        "plans.html",
        case_id=case_id,
        person=_person(case_id),
        versions=_versions(matter),
        entries=entries,
        printed=_printed_forms(matter),
        dossier=dossier(Replay(matter.case, matter.events), situation),
    )


@blueprint.get("/cases/<uuid:case_id>/plans/<of>")
def one(case_id: UUID, of: str) -> str:
    """The sheets of one version of a plan, in the layout of the paper."""
    record_view(case_id, "計画書")
    matter = _matter(case_id)
    versions = _versions(matter)
    version = next((each for each in versions if each.of == of), None)
    if version is None:
        abort(404)
    week = week_on_paper(version.paper)
    before = versions[versions.index(version) + 1 :]
    return render_template(
        "plan_sheets.html",
        case_id=case_id,
        person=_person(case_id),
        version=version,
        before=before[0] if before else None,
        differences=_differences(matter, version, before[0]) if before else (),
        fields=_form_fields(matter, "plan", of),
        weekly=_form_fields(matter, "weekly-plan", of),
        picture=picture(week, _DAYS) if week else None,
        meetings=_made_for(matter, version.plan, "meeting", "MeetingHeld"),
        evaluations=_made_for(matter, version.plan, "evaluation", "EvaluationRecorded"),
    )


def _differences(matter: Matter, now: Version, before: Version) -> Sequence[tuple[str, str, str]]:
    """What differs between the sheets of two versions: where, before, now. Only where the plan is written here."""
    spec = node().service.commands.get("WritePlan")
    if spec is None:
        return ()
    raw = _raw_of(matter, now.plan)
    shown = sheet(
        spec, Entry(uuid4(), "", raw), node().situation(matter.case.id), None, _raw_of(matter, before.plan)
    )
    return shown.changed


@blueprint.get("/cases/<uuid:case_id>/plans/write")
def write(case_id: UUID) -> Response:
    """Sheets A to D to be written: empty, as the draft that is being made, or copied from a plan before."""
    spec = allowed_command("WritePlan")
    record_view(case_id, f"操作「{spec.title}」")
    matter = _matter(case_id)
    making, source = matter.case.plan_in_preparation, _source(matter)
    if making is not None and source is None and making.occasion != "provisional":
        raw: Mapping[str, Any] = _raw_of(matter, making)
    elif source is not None:
        copied = _raw_of(matter, source)
        raw = {"notes": copied["notes"], "paper": {**copied["paper"], "course": "continued"}}
    else:
        raw = {}
    return _plan_page(spec, matter, Entry(uuid4(), wareki(node().today()), raw))


def write_again(sent: MultiDict[str, str], case_id: UUID) -> Response:
    """Sheets A to D as they were sent after the session had ended."""
    spec = allowed_command("WritePlan")
    record_view(case_id, f"操作「{spec.title}」")
    return _plan_page(spec, _matter(case_id), sent_entry(spec, sent, case_id), named=sent.get("from", ""))


@blueprint.post("/cases/<uuid:case_id>/plans/write")
@shown_again(write_again)
def written(case_id: UUID) -> AnyResponse:
    """Record the sheets, show them again with another line, or check them without recording anything."""
    spec = allowed_command("WritePlan")
    record_view(case_id, f"操作「{spec.title}」")
    entry = sent_entry(spec, request.form, case_id)
    checked: Sequence[Advice] | None = None
    try:
        if entry.spare:
            return _plan_page(spec, _matter(case_id), entry)
        if "check" in request.form:
            checked = dry_run(spec, entry, node().situation(case_id)).advice
            return _plan_page(spec, _matter(case_id), entry, checked=checked)
        give(spec.name, entry.raw, entry.command_id, case_id, day_of(entry.day))
    except (InvalidFields, Refused, Conflict) as refusal:
        return _plan_page(spec, _matter(case_id), *shown_again_with(entry, refusal))
    return redirect(url_for("case.page", case_id=case_id, done=entry.command_id))


def _plan_page(
    spec: CommandSpec,
    matter: Matter,
    entry: Entry,
    problem: Problem | None = None,
    checked: Sequence[Advice] | None = None,
    named: str | None = None,
) -> Response:
    situation, source = node().situation(matter.case.id), _source(matter, named)
    shown = sheet(spec, entry, situation, problem, _raw_of(matter, source) if source else None)
    versions = _versions(matter)
    week = _drawable(entry.raw.get("paper") or {})
    return _answer(
        "plan_write.html",
        spec,
        situation,
        entry,
        problem,
        sheet=shown,
        areas=list(AREAS),
        versions=versions,
        source=next((each for each in versions if source and each.plan == source), None),
        making=matter.case.plan_in_preparation,
        last=next((each for each in versions if each.plan.delivered_on), None),
        picture=picture(week, _DAYS) if week else None,
        week=week,
        checked=checked,
    )


@blueprint.get("/cases/<uuid:case_id>/plans/meeting")
def meeting(case_id: UUID) -> Response:
    """Sheet E, to be written."""
    spec = allowed_command("RecordMeeting")
    record_view(case_id, f"操作「{spec.title}」")
    return _meeting_page(spec, _matter(case_id), Entry(uuid4(), wareki(node().today())))


def meeting_again(sent: MultiDict[str, str], case_id: UUID) -> Response:
    """Sheet E as it was sent after the session had ended."""
    return _sent_again("RecordMeeting", case_id, sent, _meeting_page)


@blueprint.post("/cases/<uuid:case_id>/plans/meeting")
@shown_again(meeting_again)
def met(case_id: UUID) -> AnyResponse:
    """Record sheet E, or show it again."""
    return _given("RecordMeeting", case_id, _meeting_page)


def _meeting_page(
    spec: CommandSpec, matter: Matter, entry: Entry, problem: Problem | None = None
) -> Response:
    situation = node().situation(matter.case.id)
    return _answer(
        "plan_meeting.html", spec, situation, entry, problem, sheet=sheet(spec, entry, situation, problem)
    )


@blueprint.get("/cases/<uuid:case_id>/plans/evaluation")
def evaluation(case_id: UUID) -> Response:
    """Sheet F with the goals of the plan that is to be evaluated."""
    spec = allowed_command("EvaluatePlan")
    record_view(case_id, f"操作「{spec.title}」")
    matter = _matter(case_id)
    plan = _to_evaluate(node().situation(case_id), node().today())
    goals = goals_to_evaluate(_said_of(matter, plan), _period(plan)) if plan else []
    return _evaluation_page(spec, matter, Entry(uuid4(), wareki(node().today()), {"goals": goals}))


def evaluation_again(sent: MultiDict[str, str], case_id: UUID) -> Response:
    """Sheet F as it was sent after the session had ended."""
    return _sent_again("EvaluatePlan", case_id, sent, _evaluation_page)


@blueprint.post("/cases/<uuid:case_id>/plans/evaluation")
@shown_again(evaluation_again)
def evaluated(case_id: UUID) -> AnyResponse:
    """Record sheet F, or show it again."""
    return _given("EvaluatePlan", case_id, _evaluation_page)


def _evaluation_page(
    spec: CommandSpec, matter: Matter, entry: Entry, problem: Problem | None = None
) -> Response:
    situation = node().situation(matter.case.id)
    plan = _to_evaluate(situation, situation.today)
    return _answer(
        "plan_evaluation.html",
        spec,
        situation,
        entry,
        problem,
        sheet=sheet(spec, entry, situation, problem),
        plan=plan,
        plan_called=plan_title(situation.case, plan) if plan else "",
        supports=_form_fields(matter, "plan", key_of(plan)) if plan else None,
    )


def _to_evaluate(situation: Situation, on: date) -> Plan | None:
    try:
        return to_evaluate(situation, on)
    except Refused:
        return None


def _given(name: str, case_id: UUID, show: Callable[..., Response]) -> AnyResponse:
    """Record what was sent, or show it again with another line or with what is wrong."""
    spec = allowed_command(name)
    record_view(case_id, f"操作「{spec.title}」")
    entry = sent_entry(spec, request.form, case_id)
    if entry.spare:
        return show(spec, _matter(case_id), entry)
    try:
        give(spec.name, entry.raw, entry.command_id, case_id, day_of(entry.day))
    except (InvalidFields, Refused, Conflict) as refusal:
        return show(spec, _matter(case_id), *shown_again_with(entry, refusal))
    return redirect(url_for("case.page", case_id=case_id, done=entry.command_id))


def _sent_again(
    name: str, case_id: UUID, sent: MultiDict[str, str], show: Callable[..., Response]
) -> Response:
    """What was sent, to be sent again: nothing was recorded of it."""
    spec = allowed_command(name)
    record_view(case_id, f"操作「{spec.title}」")
    return show(spec, _matter(case_id), sent_entry(spec, sent, case_id))


def _answer(
    template: str,
    spec: CommandSpec,
    situation: Situation,
    entry: Entry,
    problem: Problem | None,
    **shown: Any,
) -> Response:
    assert situation.case.id is not None
    errors = problem.errors if problem is not None and problem.errors is not None else {}
    text = render_template(
        template,
        spec=spec,
        case_id=situation.case.id,
        person=_person(situation.case.id),
        entry=entry,
        action=url_for(_ENTRIES[spec.name], case_id=situation.case.id),
        problem=problem,
        day_errors=day_errors(errors),
        agencies=agency_choices(situation),
        refusal=refusal_of_state(spec, situation, situation.case.id) if problem is None else None,
        **shown,
    )
    return make_response(text, problem.status if problem else 200)


def _matter(case_id: UUID) -> Matter:
    try:
        return matter_of(node(), case_id)
    except UnknownCase:
        abort(404)


def _person(case_id: UUID) -> str:
    return str(console().names.of([case_id])[case_id])


def _versions(matter: Matter) -> list[Version]:
    """Every version of every plan, the newest first."""
    return [
        Version(
            key_of(each),
            plan_title(matter.case, each),
            each,
            paper_as_said(_said_of(matter, each)),
            next(iter(reversed(_made_for(matter, each, "evaluation", "EvaluationRecorded"))), None),
        )
        for each in reversed(matter.case.plans)
    ]


def _said_of(matter: Matter, plan: Plan) -> Mapping[str, Any]:
    return matter.last_said(*SAID_OF_PLAN, plan_id=plan.id, plan_version=plan.version)


def _raw_of(matter: Matter, plan: Plan) -> dict[str, Any]:
    """The sheets of a plan as the fields of the command that writes them."""
    said = _said_of(matter, plan)
    period = {"period_from": plan.period_from.isoformat(), "period_to": plan.period_to.isoformat()}
    return {"occasion": plan.occasion, **period, "notes": said.get("notes"), "paper": paper_as_said(said)}


def _source(matter: Matter, named: str | None = None) -> Plan | None:
    """The plan that the present sheets are copied from, as the address or the form names it."""
    of = request.values.get("from", "") if named is None else named
    return next((each for each in matter.case.plans if key_of(each) == of), None)


def _drawable(paper: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of sheet D that are whole, so that they can be drawn also while others are still wrong."""
    schema = node().service.commands["WritePlan"].schema().fields["paper"].schema.fields["week"].inner.schema  # type: ignore[attr-defined]
    return week_on_paper({"week": [each for each in paper.get("week") or () if not schema.validate(each)]})


def _period(plan: Plan) -> str:
    return f"{wareki(plan.period_from)}〜{wareki(plan.period_to)}"


def _form_fields(matter: Matter, form: str, of: str) -> Fields | None:
    """What stands on a form of the case, as it is printed; None where there is nothing for it."""
    found = next((each for each in FORMS[form].printouts(matter) if each.of == of), None)
    return FORMS[form].fields(matter, found) if found else None


def _made_for(matter: Matter, plan: Plan, form: str, event_type: str) -> list[Fields]:
    """The meetings or evaluations of a version of a plan, each as its form is printed, the oldest first."""
    named = {
        str(each.event.id)
        for each in matter.said(event_type)
        if (each.fields["plan_id"], each.fields["plan_version"]) == (plan.id, plan.version)
    }
    return [
        {**FORMS[form].fields(matter, each), "of": each.of}
        for each in FORMS[form].printouts(matter)
        if each.of in named
    ]


def _printed_forms(matter: Matter) -> Sequence[Printout]:
    return [
        each
        for name in ("plan", "weekly-plan", "meeting", "evaluation")
        for each in FORMS[name].printouts(matter)
    ]
