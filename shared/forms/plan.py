"""The service and support plan (サービス計画書 A to C) and the weekly plan (D), of every version (T-23, T-24).

What was recorded as the plan's goals stands under 目標 of sheet B, its notes under the general policy of sheet C, the
assessment before it over the four areas of sheet A. Sheet C's date of a minor change is noted at the head (T-68).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.codes import PLAN_OCCASIONS, SERVICE_KINDS, SIGNERS
from shared.care.parts import Plan, PlannedService
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import BLANK_DAY, Matter, day

AREAS: Final = (
    "運動・移動について",
    "日常生活（家庭生活）について",
    "社会参加、対人関係・コミュニケーションについて",
    "健康管理について",
)
PROGRAMMES: Final = (
    ("運動不足", 5, (6, 10)),
    ("栄養改善", 2, (11, 12)),
    ("口腔内ケア", 3, (13, 15)),
    ("閉じこもり予防", 2, (16, 17)),
    ("物忘れ予防", 3, (18, 20)),
    ("うつ予防", 5, (21, 25)),
)
"""The programmes of sheet C, with how many questions of the checklist each has."""
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
            Printout(form, key_of(each), _title(title, each), each.delivered_on or each.drafted_on, document)
            for each in matter.case.plans
            if sheets & set(each.sheets)
            for document in [_document(matter, kind, each)]
        ]

    return printouts


def _title(title: str, plan: Plan) -> str:
    return f"{title}（{PLAN_OCCASIONS[plan.occasion]}・第{plan.version}版）"


def _document(matter: Matter, kind: str, plan: Plan) -> Any:
    """The document of the ledger that this version is, once it is delivered."""
    named = (kind, plan.id, plan.version)
    return next(
        (each for each in matter.case.documents if (each.kind, each.number, each.version) == named), None
    )


def plan_head(matter: Matter, plan: Plan) -> dict[str, Any]:
    """What stands at the head of every sheet of a plan."""
    on = plan.drafted_on or plan.delivered_on or plan.period_from
    certified = matter.case.certification(on)
    designated = (mode := matter.case.mode(plan.period_from)) is not None and mode.track == "designated"
    planner = (
        matter.case.office
        if matter.case.office and not matter.case.done_by_centre(on)
        else matter.case.centre
    )
    status = matter.case.status_on(on)
    return {
        "person": matter.person_on_paper(),
        "first": plan.occasion in ("first", "provisional"),
        "transferred": False,
        "continued": plan.occasion in ("renewal", "category_change", "revision"),
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
        "certified_from": day(certified.valid_from if certified else None),
        "certified_to": day(certified.valid_to if certified else None),
        "planner": matter.name_of(planner),
        "entrusted": not designated and planner == matter.case.office,
        "made_on": day(plan.drafted_on or plan.delivered_on),
        "first_made_on": day(_first_made(matter)),
        "centre": matter.name_of(matter.case.centre),
        "period": f"{day(plan.period_from)}〜{day(plan.period_to)}",
        "occasion": PLAN_OCCASIONS[plan.occasion],
        "version": plan.version,
        "continued_on": [day(each) for each in plan.continued_on],
    }


def _first_made(matter: Matter) -> Any:
    made = [each.drafted_on or each.delivered_on for each in matter.case.plans]
    return next((each for each in made if each), None)


def _fields(matter: Matter, printout: Printout) -> Fields:
    plan = plan_named(matter, printout.of)
    said = said_of(matter, plan, *SAID_OF_PLAN)
    checked = said_of(matter, plan, "DraftChecked")
    return {
        **plan_head(matter, plan),
        "title": "介護予防サービス・支援計画書",
        "assessment": _assessment(matter, plan),
        "areas": list(AREAS),
        "goals": said.get("goals") or "",
        "notes": said.get("notes") or "",
        "services": services_on_paper(matter, plan),
        "programmes": _programmes(matter, plan),
        "opinion": checked.get("comment") or "",
        "consented_on": day(plan.consented_on),
        "signer": SIGNERS.get(plan.signed_by or "", ""),
        "delivered_on": day(plan.delivered_on),
        "blank_day": BLANK_DAY,
    }


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


def _programmes(matter: Matter, plan: Plan) -> list[dict[str, Any]]:
    """How many answers of the last checklist before the plan count, programme by programme; empty without one."""
    made_by = (plan.drafted_on or plan.delivered_on or plan.period_from).isoformat()
    answers: Mapping[str, Any] = {}
    day_of = ""
    for each in matter.said("ChecklistRecorded"):
        if str(each.fields["checked_on"]) <= made_by:
            answers, day_of = each.fields.get("answers") or {}, str(each.fields["checked_on"])
    positive = _positive(matter, day_of)
    return [
        {"title": title, "of": of, "score": _score(answers, positive, first, last)}
        for title, of, (first, last) in PROGRAMMES
    ]


def _positive(matter: Matter, day_of: str) -> Any:
    return matter.stated("checklist.positive", date.fromisoformat(day_of)) if day_of else {}


def _score(answers: Mapping[str, Any], positive: Any, first: int, last: int) -> str:
    if not answers or not positive or first <= 12 <= last:
        return ""  # the twelfth is judged by height and weight, which the checklist itself shows
    return str(sum(answers.get(f"q{item}") == positive[str(item)] for item in range(first, last + 1)))


def _weekly_fields(matter: Matter, printout: Printout) -> Fields:
    plan = plan_named(matter, printout.of)
    return {
        **plan_head(matter, plan),
        "title": "週間支援計画表",
        "services": services_on_paper(matter, plan),
    }


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
