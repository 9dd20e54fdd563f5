"""The service and support plan (サービス計画書 A to C) and the weekly plan (D), of every version (T-23, T-24).

What was written on the sheets stands where it was written. Of a plan that was drafted without them its goals stand
under 目標 of sheet B and its notes under the general policy of sheet C; the assessment before it stands over the four
areas of sheet A. Sheet C's date of a minor change is noted at the head (T-68).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.codes import PLAN_OCCASIONS, SERVICE_KINDS, SIGNERS
from contracts.events.plan_paper import AREAS, COURSES, PRESENT, PROGRAMMES, WEEK_KINDS, WEEKDAYS
from shared.care.parts import Plan, PlannedService
from shared.care.plan_names import plan_title
from shared.forms.checklist import points_on_paper
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, certification_on_paper, day
from shared.forms.planner import planning_agency
from shared.forms.week import lanes

_QUESTIONS: Final = {
    "exercise": (6, 10),
    "nutrition": (11, 12),
    "mouth": (13, 15),
    "withdrawal": (16, 17),
    "memory": (18, 20),
    "depression": (21, 25),
}
"""The programmes of sheet C, with the first and the last question of the checklist that is about each."""
_DAY: Final = 24 * 60
SAID_OF_PLAN: Final = ("PlanDrafted", "DraftSubmitted", "PlanSubmitted")
"""Events that say what a version of a plan holds, here or as the partner sent it."""


def key_of(plan: Plan) -> str:
    """What tells a version of a plan from others."""
    return f"{plan.id}-{plan.version}"


def plan_named(matter: Matter, of: str) -> Plan:
    """The version that :func:`key_of` names."""
    return next(each for each in matter.case.plans if key_of(each) == of)


def said_of(matter: Matter, plan: Plan, *types: str) -> Mapping[str, Any]:
    """The newest event of these types about a version of a plan."""
    return matter.last_said(*types, plan_id=plan.id, plan_version=plan.version)


def plan_printouts(form: str, kind: str, title: str, sheets: frozenset[str]) -> Any:
    """Finds, for a form, every version of a plan that has one of ``sheets``."""

    def printouts(matter: Matter) -> Sequence[Printout]:
        return [
            Printout(
                form,
                key_of(each),
                f"{title}（{plan_title(matter.case, each)}）",
                each.delivered_on or each.drafted_on,
                document,
            )
            for each in matter.case.plans
            if sheets & set(each.sheets)
            for document in [_document(matter, kind, each)]
        ]

    return printouts


def _document(matter: Matter, kind: str, plan: Plan) -> Any:
    """The document of the ledger that this version is, once it is delivered."""
    named = (kind, plan.id, plan.version)
    return next(
        (each for each in matter.case.documents if (each.kind, each.number, each.version) == named), None
    )


def paper_of(matter: Matter, plan: Plan) -> Mapping[str, Any]:
    """What was written on the sheets of a version of a plan; empty where it was drafted without them."""
    return said_of(matter, plan, *SAID_OF_PLAN).get("paper") or {}


def plan_head(matter: Matter, plan: Plan) -> dict[str, Any]:
    """What stands at the head of every sheet of a plan."""
    paper = paper_of(matter, plan)
    course = paper.get("course") or _course(plan)
    on = plan.drafted_on or plan.delivered_on or plan.period_from
    at = _certified_at(matter, plan, on)
    certified = matter.case.certification(at)
    designated = (mode := matter.case.mode(plan.period_from)) is not None and mode.track == "designated"
    planner = _maker(matter, plan) or planning_agency(matter, on)
    status = matter.case.status_on(at)
    return {
        "person": matter.person_on_paper(),
        "courses": [{"on": course == code, "title": title} for code, title in COURSES.items()],
        "certified": certified is not None,
        "applying": matter.case.pending_application is not None and plan.occasion == "provisional",
        "statuses": [
            {"on": status == code, "title": title}
            for code, title in (
                ("support1", "要支援1"),
                ("support2", "要支援2"),
                ("project_eligible", "地域支援事業"),
            )
        ],
        "decided_on": day(certified.decided_on if certified else None),
        **certification_on_paper(certified),
        "planner": matter.name_of(planner),
        "planner_name": paper.get("planner") or "",
        "planner_reached": matter.contact_of(planner)["reached"],
        "entrusted": not designated and planner == matter.case.office,
        "made_on": day(plan.drafted_on or plan.delivered_on),
        "first_made_on": day(_first_made(matter)),
        "centre": matter.name_of(matter.case.centre),
        "period": f"{day(plan.period_from)}〜{day(plan.period_to)}",
        "occasion": PLAN_OCCASIONS[plan.occasion],
        "version": plan.version,
        "continued_on": [day(each) for each in plan.continued_on],
    }


def _certified_at(matter: Matter, plan: Plan, on: date) -> date:
    """The day whose certification a plan names: that of its beginning where it is known, as a renewal's is made before.

    A provisional plan names what the person was when it was made.
    """
    known = matter.case.certification(plan.period_from) is not None
    return plan.period_from if known and plan.occasion != "provisional" else on


def _maker(matter: Matter, plan: Plan) -> str | None:
    """The agency that wrote a version of a plan, or None where only its delivery is known."""
    wrote = [
        each.event.sender
        for each in matter.said(*SAID_OF_PLAN)
        if (each.fields["plan_id"], each.fields["plan_version"]) == (plan.id, plan.version)
    ]
    return wrote[-1] if wrote else None


def _course(plan: Plan) -> str:
    """What the occasion says where nobody wrote it: 紹介 is known to people only."""
    return "first" if plan.occasion in ("first", "provisional") else "continued"


def _first_made(matter: Matter) -> Any:
    made = [each.drafted_on or each.delivered_on for each in matter.case.plans]
    return next((each for each in made if each), None)


def _fields(matter: Matter, printout: Printout) -> Fields:
    plan = plan_named(matter, printout.of)
    said = said_of(matter, plan, *SAID_OF_PLAN)
    checked = said_of(matter, plan, "DraftChecked")
    paper = paper_of(matter, plan)
    return {
        **plan_head(matter, plan),
        **{name: paper.get(name) or "" for name in ("life_day", "life_year", "condition", "alternative")},
        "title": "介護予防サービス・支援計画書",
        "assessment": _assessment(matter, plan),
        "areas": [_area(title, paper.get(name) or {}) for name, title in AREAS.items()],
        "goals": _goals(paper, said.get("goals") or ""),
        "notes": said.get("notes") or "",
        "supports": _supports(matter, plan, paper),
        "programmes": _programmes(matter, plan, paper.get("programmes") or ()),
        "opinion": checked.get("comment") or "",
        "consented_on": day(plan.consented_on),
        "signer": SIGNERS.get(plan.signed_by or "", ""),
        "delivered_on": day(plan.delivered_on),
    }


def _area(title: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """One area of sheet A, with a tick for 有 or 無."""
    present = written.get("issue_present")
    return {
        "title": title,
        **{name: written.get(name) or "" for name in ("current", "wish", "issue")},
        "present": [{"on": present == code, "title": each} for code, each in PRESENT.items()],
    }


def _goals(paper: Mapping[str, Any], goals: str) -> list[dict[str, Any]]:
    """The lines of sheet B, numbered where there are several."""
    rows = paper.get("goals") or [{"goal": goals}]
    names = ("synthesis", "proposal", "wish", "goal")
    numbered = len(rows) > 1
    return [
        {"number": str(number) if numbered else "", **{name: each.get(name) or "" for name in names}}
        for number, each in enumerate(rows, start=1)
    ]


def _supports(matter: Matter, plan: Plan, paper: Mapping[str, Any]) -> list[dict[str, str]]:
    """The lines of sheet C; of a plan that was drafted without the sheets one for each service."""
    nothing = {"goal": "", "points": "", "own_care": "", "insured": ""}
    if not paper.get("supports"):
        return [{**nothing, **each} for each in services_on_paper(matter, plan)]
    return [
        {
            **{name: str(each.get(name) or "") for name in nothing},
            "kind": SERVICE_KINDS.get(each.get("service") or "", ""),
            "provider": matter.name_of(each.get("provider")),
            "period": _period(each),
        }
        for each in paper["supports"]
    ]


def _period(written: Mapping[str, Any]) -> str:
    if not written.get("starts_on"):
        return ""
    often = f"　週{written['per_week']}回" if written.get("per_week") else ""
    return f"{day(written['starts_on'])}〜{day(written.get('ends_on'), '')}{often}"


def _assessment(matter: Matter, plan: Plan) -> str:
    """The findings of the last assessment that was made by the day of the draft."""
    made_by = plan.drafted_on or plan.delivered_on or plan.period_from
    found = [
        each.fields.get("findings") or ""
        for each in matter.said("AssessmentRecorded")
        if str(each.fields["assessed_on"]) <= made_by.isoformat()
    ]
    return found[-1] if found else ""


def services_on_paper(matter: Matter, plan: Plan) -> list[dict[str, str]]:
    """A plan's services as its sheets list them."""
    return [
        {
            "kind": SERVICE_KINDS.get(each.service, each.service),
            "provider": matter.name_of(each.provider),
            "period": f"{day(each.starts_on)}〜{day(each.ends_on, '')}{_often(each)}",
        }
        for each in plan.services
    ]


def _often(each: PlannedService) -> str:
    """How often a week, where the plan says so."""
    return f"　週{each.per_week}回" if each.per_week else ""


def _programmes(matter: Matter, plan: Plan, needed: Sequence[str]) -> list[dict[str, Any]]:
    """Which programmes are needed, and how many answers of the last checklist before the plan count for each."""
    made_by = (plan.drafted_on or plan.delivered_on or plan.period_from).isoformat()
    checked: Mapping[str, Any] = {}
    for each in matter.said("ChecklistRecorded", "ChecklistSubmitted"):
        if str(each.fields["checked_on"]) <= made_by:
            checked = each.fields
    points = points_on_paper(matter, checked) if checked else {}
    return [
        {
            "title": PROGRAMMES[name],
            "needed": name in needed,
            "of": last - first + 1,
            "score": _score([points.get(item) for item in range(first, last + 1)]),
        }
        for name, (first, last) in _QUESTIONS.items()
    ]


def _score(points: Sequence[bool | None]) -> str:
    """How many count; empty while one of them is open."""
    return "" if None in points else str(sum(map(bool, points)))


def _weekly_fields(matter: Matter, printout: Printout) -> Fields:
    plan = plan_named(matter, printout.of)
    paper = paper_of(matter, plan)
    return {
        **plan_head(matter, plan),
        "title": "週間支援計画表",
        "services": services_on_paper(matter, plan),
        "week": week_on_paper(paper),
        "activities": _activities(paper),
        "not_weekly": paper.get("not_weekly") or "",
    }


def _activities(paper: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the person usually does, by the hour, with minutes since midnight of its begin and of the next one's."""
    told = sorted(paper.get("activities") or (), key=lambda each: str(each["at"]))
    begins = [*(minutes(each["at"]) for each in told), _DAY]
    return [
        {**each, "from": at, "until": until}
        for each, at, until in zip(told, begins, begins[1:], strict=False)
    ]


def week_on_paper(paper: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happens in the week, in the order in which it was written, with minutes since midnight for drawing it.

    ``lanes`` say for each of its days which part of the day's width it has, and of how many.
    """
    entries = [_entry(each) for each in paper.get("week") or ()]
    for day_of_week in range(len(WEEKDAYS)):
        its = [each for each in entries if day_of_week in each["places"]]
        its.sort(key=lambda each: (each["from"], each["to"]))
        for each, lane in zip(its, lanes([(each["from"], each["to"]) for each in its]), strict=True):
            each["lanes"][each["places"].index(day_of_week)] = list(lane)
    return entries


def _entry(each: Mapping[str, Any]) -> dict[str, Any]:
    places = [list(WEEKDAYS).index(one) for one in each["days"]]
    return {
        **{name: each[name] for name in ("days", "begins", "ends", "what")},
        "places": places,
        "lanes": [[0, 1] for _ in places],
        "named": "・".join(WEEKDAYS[one] for one in WEEKDAYS if one in each["days"]),
        "kind": WEEK_KINDS.get(each.get("kind") or "", ""),
        "kind_code": each.get("kind") or "other",
        "from": minutes(each["begins"]),
        "to": minutes(each["ends"]),
    }


def minutes(clock: str) -> int:
    """Minutes since midnight of ``09:30``."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


PLAN: Final = Form(
    "plan",
    "介護予防サービス・支援計画書（A〜C表）",
    "plan",
    plan_printouts("plan", "plan", "計画書", frozenset("ABC")),
    _fields,
)
WEEKLY_PLAN: Final = Form(
    "weekly-plan",
    "週間支援計画表（D表）",
    "weekly_plan",
    plan_printouts("weekly-plan", "weekly_plan", "週間計画", frozenset("D")),
    _weekly_fields,
)
