"""The parts of a case's page that are reached by its tabs: the whole course, contracts, services, money."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for

from shared.console.acting import allowed_commands
from shared.console.choices import agency_names
from shared.console.dossier import dossier
from shared.console.frame import account, console, node, record_view
from shared.console.month_rows import month_rows, slips
from shared.console.offering import Offering, offering
from shared.console.paging import paged
from shared.console.timeline import course as course_of
from shared.console.timeline import told, unread_left
from shared.node.errors import UnknownCase
from shared.node.node import Replay
from shared.node.service import Situation

blueprint = Blueprint("case_parts", __name__)

STEPS: Final = 30
"""Steps of a course on one page."""
_SUBJECTS: Final = {
    "case_contracts.html": ("契約", "届出書"),
    "case_services.html": ("サービス・モニタリング・実績",),
    "case_money.html": ("請求",),
}
"""What is about the papers of a part, as the case's commands are grouped."""


@blueprint.get("/cases/<uuid:case_id>/course")
def course(case_id: UUID) -> str:
    """Every step of the case, thirty on a page, the newest first unless ``order`` is ``oldest``.

    What is unread and stands here is marked as read, as far as nothing that arrived before it is left unread.
    """
    record_view(case_id, "経過")
    replay = _replay(case_id)
    order = "oldest" if request.args.get("order") == "oldest" else "newest"
    found = course_of(replay.events)
    cut = paged(found if order == "oldest" else found[::-1], request.args.get("page", ""), STEPS)
    names = agency_names(node().situation(case_id).agency)
    seen_through = console().arrivals.seen_through(account().name, case_id)
    left = unread_left(node(), replay.events, cut.rows, seen_through)
    console().arrivals.mark_shown(account().name, case_id, replay.events[-1].position, left)
    return render_template(
        "case_course.html",
        seen_through=seen_through,
        unread_left=len(left),
        case_id=case_id,
        name=_name(case_id),
        page=cut,
        steps=told(node(), case_id, cut.rows, replay.events, names),
        order=order,
        page_address=lambda number: url_for("case_parts.course", case_id=case_id, order=order, page=number),
    )


@blueprint.get("/cases/<uuid:case_id>/contracts")
def contracts(case_id: UUID) -> str:
    """契約 and 届出書, with what can be done about them now."""
    return _part(case_id, "契約・届出書", "case_contracts.html")


@blueprint.get("/cases/<uuid:case_id>/services")
def services(case_id: UUID) -> str:
    """サービス: what is used, and by month what was handed out, monitored and reported."""
    return _part(case_id, "サービス・実績", "case_services.html")


@blueprint.get("/cases/<uuid:case_id>/money")
def money(case_id: UUID) -> str:
    """請求: the claims as drafted last, what became of them, and the benefit slips."""
    return _part(case_id, "請求（ケース）", "case_money.html")


def _part(case_id: UUID, what: str, template: str) -> str:
    record_view(case_id, what)
    replay, situation = _replay(case_id), node().situation(case_id)
    return render_template(
        template,
        case_id=case_id,
        name=_name(case_id),
        dossier=dossier(replay, situation),
        months=month_rows(replay.case),
        slips=slips(replay.case),
        offering=_offered(situation, case_id, _SUBJECTS[template]),
    )


def _offered(situation: Situation, case_id: UUID, subjects: tuple[str, ...]) -> Offering:
    every = offering(allowed_commands(needs_case=True), situation, case_id)
    return Offering([each for each in every.offers if each.subject in subjects])


def _replay(case_id: UUID) -> Replay:
    try:
        return node().replay(case_id)
    except UnknownCase:
        abort(404)


def _name(case_id: UUID) -> str:
    return console().names.of([case_id])[case_id]
