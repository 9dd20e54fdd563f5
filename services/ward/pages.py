"""The ward's pages: what lies on which desk, and which plans are reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from contracts.codes import (
    DESIGNATION_KINDS,
    OFFICE_CHANGES,
    PROJECT_SERVICES,
    RETURN_REASONS,
    TRACKS,
    TYPES,
)
from contracts.events.intake import CHECKLIST_OUTCOMES
from services.ward import model_end_pages, notification_pages, receipt_pages, register_pages
from services.ward.definition import MODEL, REVIEWS
from services.ward.designation_calendar import PERIOD_STATES, periods, permitted_days
from services.ward.evaluation import Filed, figures
from services.ward.groups import Group, groups_on
from services.ward.guides import GUIDES
from services.ward.proposals import WINDOW_STATES, Candidate, Proposal, proposals
from services.ward.queues import PAGE, Queue, queue
from services.ward.reading import (
    AskedReview,
    accepted_notifications,
    case_ends,
    designated_cases,
    filed,
    held_forms,
    model_cases,
    model_count,
    plan_reviews,
)
from services.ward.register import current
from services.ward.review_calendar import CELLS, calendar, months_shown
from services.ward.trends import (
    cases_by_type,
    deadlines_by_month,
    held_by_month,
    months_between,
    switches_by_month,
)
from shared.care.agency import AgencyState, Application, Visit
from shared.care.intake import WISHES
from shared.console.acting import outcome
from shared.console.charts import Chart, stacked
from shared.console.frame import MenuEntry, RolePages, console, names_shown, node, record_view
from shared.console.moments import day_asked
from shared.console.paging import paged, read_page
from shared.policy.dates import Month, short_era_month
from shared.policy.procedure import value_text

FEW: Final = 10
"""Things that each group or office shows where all of them stand on one page."""

blueprint = Blueprint("ward", __name__, template_folder="templates")
receipt_pages.add_pages(blueprint)
register_pages.add_pages(blueprint)
notification_pages.add_pages(blueprint)
model_end_pages.add_pages(blueprint)

FIRST_DAY: Final = date(2024, 10, 1)
"""First day of the model (T-01): what the evaluation begins with unless another day is asked for."""


@blueprint.get("/desks")
def desks() -> str:
    """Each group's own queue: what waits for a decision, with ``decided`` everything (T-12, T-18, T-67)."""
    decided, today = "decided" in request.args, node().today()
    what = "窓口"
    record_view(None, what)
    groups = groups_on(node().agency, today)
    chosen = next((each for each in groups if each.code == request.args.get("group")), None)
    number = request.args.get("page", "1")
    desk_of = [
        _desk(
            each, decided, int(number) if number.isdecimal() and len(number) < 10 else 1, chosen is not None
        )
        for each in ([chosen] if chosen else groups)
    ]
    return render_template(
        "ward/desks.html",
        groups=groups,
        chosen=chosen,
        desks=desk_of,
        names=names_shown(
            [
                *(each.case_id for desk in desk_of for each in desk.queue.shown),
                *(each.case_id for desk in desk_of for each in desk.reviews),
            ],
            what,
        ),
        kinds=DESIGNATION_KINDS,
        wishes=WISHES,
        outcomes=CHECKLIST_OUTCOMES,
        decided=decided,
        today_is=today,
        outcome=outcome(request.args.get("done")),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies with one group: its queue of things about cases, and what is of no case or asked of others."""

    group: Group
    queue: Queue
    reviews: Sequence[AskedReview]
    applications: Sequence[Application]
    visits: Sequence[Visit]

    @property
    def waiting(self) -> int:
        """How much of it waits for a decision or an answer."""
        unanswered = [each for each in self.reviews if each.concluded_on is None]
        return self.queue.undecided + len(unanswered) + len(self.applications)


def _desk(group: Group, decided: bool, number: int, alone: bool) -> Desk:
    reviews = plan_reviews(node()) if "plan_review" in group.takes else []
    return Desk(
        group,
        queue(node(), group, decided, number if alone else 1, PAGE if alone else FEW),
        [each for each in reviews if decided or each.concluded_on is None],
        open_applications(node().situation().agency) if "designation" in group.takes else (),
        _visits_of_late(node().today()) if "counter" in group.takes else (),
    )


def _visits_of_late(today: date) -> list[Visit]:
    """Who came to the ward office in the last ninety days, the latest first (A-Q3)."""
    since = today - timedelta(days=90)
    return [each for each in reversed(node().situation().agency.visits) if each.visited_on >= since]


def open_applications(agency: AgencyState) -> list[Application]:
    """Applications for a designation and notices of change that nobody has decided, in their order (T-06N)."""
    return [each for each in agency.applications.values() if each.decision is None]


@blueprint.get("/evaluation")
def evaluation() -> str:
    """The figures by which the model is evaluated, beside those of the principle's notifications (T-00)."""
    record_view(None, "モデル実施の評価")
    asked = [day_asked(request.args.get(name, "")) for name in ("first", "last")]
    first, last = asked[0].day or FIRST_DAY, asked[1].day or node().today()
    counted = [each for filings in console().memory.of(filed).values() for each in filings]
    return render_template(
        "ward/evaluation.html",
        first=first,
        last=last,
        asked=asked,
        model=figures(counted, first, last, simultaneous=True),
        principle=figures(counted, first, last, simultaneous=False),
        reasons=RETURN_REASONS,
        charts=_charts(counted, months_between(first, last)),
    )


def _charts(counted: Sequence[Filed], months: Sequence[Month]) -> list[Chart]:
    """The model month by month as pictures with their tables (T-00, T-01)."""
    labels = [short_era_month(each) for each in months]
    drawn = {
        "月末のケース数（類型別）": cases_by_type(
            console().memory.of(accepted_notifications).values(), case_ends(node()), months
        ),
        "受理した類型の変更（開始月別）": switches_by_month(counted, months),
        "保管の届出書の提出（開始月の末日まで）": deadlines_by_month(counted, months),
        "保管の届出書の使用と無効": held_by_month(held_forms(node()), months),
    }
    return [
        stacked(f"chart{number}", title, "件", labels, kinds)
        for number, (title, kinds) in enumerate(drawn.items())
    ]


@blueprint.get("/designations")
def designations() -> str:
    """Applications that wait, designations with their six years, and the fixed days of each fiscal year (T-06N)."""
    record_view(None, "指定")
    agency, me = node().situation().agency, node().agency
    decided = [each for each in agency.applications.values() if each.decision is not None]
    lists: dict[str, Sequence[Any]] = {
        "applications": open_applications(agency),
        "periods": periods(agency, me, node().today()),
        "providers": agency.providers.of(me),
        "hearings": sorted(agency.hearings, key=lambda each: each.held_on, reverse=True),
        "decided": sorted(decided, key=lambda each: each.decided_on or date.min, reverse=True),
    }
    return render_template(
        "ward/designations.html",
        lists={name: paged(rows, request.args.get(name, "")) for name, rows in lists.items()},
        address=lambda name: lambda number: url_for("ward.designations", **{name: number}) + f"#{name}",
        services=PROJECT_SERVICES,
        states=PERIOD_STATES,
        years=permitted_days(me),
        value_text=value_text,
        kinds=DESIGNATION_KINDS,
        changes=OFFICE_CHANGES,
    )


@blueprint.get("/reviews")
def reviews() -> str:
    """Which office's plan is due for review, with its cases (T-54); and what became of each review (T-53)."""
    what = "計画の検証"
    record_view(None, what)
    agency, today = node().situation().agency, node().today()
    registers = console().memory.of(accepted_notifications)
    found = proposals(designated_cases(node(), registers), agency, node().agency, today)
    asked = paged(plan_reviews(node()), request.args.get("page", ""))
    shown = {each.office: _first_cases(each) for each in found}
    named = [each.case_id for cases in shown.values() for each in cases]
    return render_template(
        "ward/reviews.html",
        proposals=found,
        shown=shown,
        states=WINDOW_STATES,
        months=[(str(each), short_era_month(each)) for each in months_shown(today)],
        present=str(Month.of(today)),
        calendar=calendar(found, agency, today),
        cells=CELLS,
        reviews=asked,
        names=names_shown([*named, *(each.case_id for each in asked.rows)], what),
        address=lambda number: url_for("ward.reviews", page=number),
    )


def _first_cases(proposal: Proposal) -> list[Candidate]:
    """The cases of an office that the page proposes: those whose renewal is near, then the next to be renewed."""
    return [*proposal.at_renewal, *proposal.others][:FEW]


@blueprint.get("/closing")
def closing() -> str:
    """The closing list of the model: every agency and case in it, and which held forms are void (T-01)."""
    what = "モデル実施の終了の一覧"
    record_view(None, what)
    agency, me = node().situation().agency, node().agency
    page = read_page(model_count(node()), partial(model_cases, node()), request.args.get("page", ""))
    shown = [each.case_id for each in page.rows]
    return render_template(
        "ward/closing.html",
        ended_on=agency.model_end(me, None),
        members=[
            (each, agency.model_end(me, each.agency)) for each in agency.enrolments if each.insurer == me
        ],
        page=page,
        page_address=lambda number: url_for("ward.closing", page=number),
        registers=accepted_notifications(node(), shown),
        current_of=current,
        names=names_shown(shown, what),
        reviews=sum(1 for each in agency.reviews.values() if each.held_on),
        types=TYPES,
        tracks=TRACKS,
    )


_REGISTERS: Final = frozenset({"ward.register", "ward.certifications", "ward.cards"})
_MENU: Final = (
    MenuEntry("ward.desks", "窓口", within=frozenset({"ward.notification_page"})),
    MenuEntry("ward.receipt_desk", "請求データの受領", within=frozenset({"ward.receipt_page"})),
    MenuEntry("ward.beneficiaries", "台帳", within=_REGISTERS),
    MenuEntry("ward.designations", "指定"),
    MenuEntry("ward.reviews", "計画の検証", parameter=REVIEWS),
    MenuEntry("ward.evaluation", "モデルの評価", parameter=MODEL),
    MenuEntry("ward.closing", "モデルの終了", parameter=MODEL, within=frozenset({"ward.ending"})),
)
PAGES: Final = RolePages(blueprint, _MENU, GUIDES)
