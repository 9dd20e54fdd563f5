"""One notification on the desk: what the form says, beside it what to check, and the decision (T-12, T-13, T-17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from services.ward.checks import FINDINGS, Check, checks
from services.ward.commands import ReturnNotification
from services.ward.groups import Group, groups_on
from services.ward.queues import next_waiting
from shared.care import requirements
from shared.care.parts import Notification
from shared.console.acting import allowed_command, give
from shared.console.entry import DAY_FIELD, day_of
from shared.console.forms import controls
from shared.console.frame import console, node, record_view, shown_again
from shared.console.once import key_or_new
from shared.console.problems import Problem, problem_for_people
from shared.console.reading import Fact, facts
from shared.console.wareki import wareki
from shared.eventlog.model import Event
from shared.node.errors import Conflict, InvalidFields, Refused, UnknownCase
from shared.node.node import Replay

DECISIONS: Final = ("AcceptNotification", "ReturnNotification")
_OF_RETURN: Final = ("差戻しの理由", "該当する項目", "理由の説明")
"""What is shown of an earlier return."""


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the page of a notification and its decision."""
    address = "/cases/<uuid:case_id>/notifications/<uuid:notification_id>"
    blueprint.add_url_rule(address, view_func=notification_page)
    blueprint.add_url_rule(address, view_func=decide_notification, methods=["POST"])


def notification_page(case_id: UUID, notification_id: UUID) -> str:
    """What was filed, the check list, and the two decisions."""
    record_view(case_id, "届出書の審査")
    return _page(case_id, str(notification_id), {})


def _again(sent: MultiDict[str, str], case_id: UUID, notification_id: UUID) -> str:
    """The page with the decision as it was sent after its session had ended; nothing was recorded."""
    record_view(case_id, "届出書の審査")
    return _page(case_id, str(notification_id), sent)


@shown_again(_again)
def decide_notification(case_id: UUID, notification_id: UUID) -> Response | tuple[str, int]:
    """Accept or return, then on to the queue; or the page again with what is wrong."""
    name = request.form.get("decision", "")
    if name not in DECISIONS:
        abort(404)
    allowed_command(name)
    record_view(case_id, "届出書の審査")
    try:
        result = give(
            name,
            _entered(name, notification_id),
            key_or_new(request.form.get("command_id")),
            case_id,
            day_of(request.form.get(DAY_FIELD, "")),
        )
    except (InvalidFields, Refused, Conflict) as refusal:
        problem = problem_for_people(refusal)
        return _page(case_id, str(notification_id), request.form, problem), problem.status
    return redirect(url_for("ward.desks", group=request.form.get("group") or None, done=result.command_id))


def _entered(name: str, notification_id: UUID) -> dict[str, Any]:
    wanted: dict[str, Any] = {"notification_id": str(notification_id)}
    if name == "ReturnNotification":
        wanted |= {each: request.form.get(each) or None for each in ("reason_code", "field", "reason")}
    return wanted


@dataclass(frozen=True, slots=True)
class Course:
    """One step of a notification: when it was filed the how-many-th time, or how the desk decided."""

    on: str
    what: str
    words: Sequence[Fact]


def _page(
    case_id: UUID, notification_id: str, entered: Mapping[str, str], problem: Problem | None = None
) -> str:
    replay = _replay(case_id)
    notification = replay.case.notifications.get(notification_id)
    if notification is None or not notification.revision:
        abort(404)
    situation, names = node().situation(case_id), _agency_names()
    found = checks(situation, notification) if notification.state == "filed" else []
    events = [each for each in replay.events if each.data.get("notification_id") == notification_id]
    filed = [each for each in events if each.type == "NotificationFiled"]
    group = _group_of(notification)
    return render_template(
        "ward/notification.html",
        case_id=case_id,
        person=console().names.of([case_id])[case_id],
        notification=notification,
        contents=_facts(filed[-1], names),
        enclosed=[_facts(each, names) for each in events if each.type == "ChecklistSubmitted"],
        course=[_course(each, names) for each in events if each is not filed[-1]],
        checks=found,
        findings=FINDINGS,
        rules_of=lambda check: _rules(check, requirements.runs_model(situation)),
        stops=[each for each in found if each.found == "fails"],
        controls=_return_controls(notification_id, found, entered, problem),
        command_ids={name: uuid4() for name in DECISIONS},
        day=entered.get(DAY_FIELD) or wareki(node().today()),
        chosen=entered.get("decision", ""),
        problem=problem,
        age=(node().today() - notification.filed_on).days if notification.filed_on else None,
        group=group,
        following=next_waiting(node(), group, notification_id) if group else None,
    )


def _replay(case_id: UUID) -> Replay:
    try:
        return node().replay(case_id)
    except UnknownCase:
        abort(404)


def _agency_names() -> Mapping[str, str]:
    return {each.agency: each.name for each in node().situation().agency.listings.values()}


def _facts(event: Event, names: Mapping[str, str]) -> list[Fact]:
    return facts(node().event_types.get(event.type), event.data, event.personal, names)


def _course(event: Event, names: Mapping[str, str]) -> Course:
    what = node().titles.get(event.type, event.type)
    if event.type == "NotificationFiled":
        return Course(wareki(event.occurred_on), f"{what}（{event.data['revision']}回目）", ())
    shown = _facts(event, names) if event.type == "NotificationReturned" else ()
    return Course(wareki(event.occurred_on), what, [each for each in shown if each.title in _OF_RETURN])


def _rules(check: Check, model: bool) -> list[str]:
    """The rules of a check that are this ward's own: those of the model's document, or of the manual."""
    return [each for each in check.rules if not each.startswith("A-" if model else "T-")]


def _group_of(notification: Notification) -> Group | None:
    """The group with which the notification lies, if one takes its desk."""
    found = groups_on(node().agency, node().today())
    return next((each for each in found if notification.desk in each.takes), None)


def _return_controls(
    notification_id: str, found: Sequence[Check], entered: Mapping[str, str], problem: Problem | None
) -> list[Any]:
    """The controls of a return, filled with the first thing that stops the acceptance unless something was entered."""
    stop = next((each for each in found if each.found == "fails"), None)
    raw: dict[str, Any] = (
        {name: entered.get(name, "") for name in ("reason_code", "field", "reason")}
        if entered.get("decision") == "ReturnNotification"
        else {"reason_code": stop.reason, "field": stop.field, "reason": stop.words}
        if stop
        else {}
    )
    errors = dict(problem.errors) if problem and problem.errors else {}
    made = controls(ReturnNotification, {**raw, "notification_id": notification_id}, errors)
    return [each for each in made if each.name != "notification_id"]
