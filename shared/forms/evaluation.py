"""The evaluation (評価表, sheet F) with the centre's comment, one for each that was recorded (T-30R, T-30N)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.codes import EVALUATION_OUTCOMES
from shared.care.parts import Plan
from shared.care.plan_sheets import ACHIEVED, SERVICES_AFTER
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day
from shared.forms.plan import SAID_OF_PLAN, services_on_paper


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "evaluation",
            str(each.event.id),
            "評価表",
            date.fromisoformat(each.fields["evaluated_on"]),
            matter.document_of(each.event, "evaluation"),
        )
        for each in matter.said("EvaluationRecorded")
    ]


def _fields(matter: Matter, printout: Printout) -> Fields:
    event, said = next(
        each for each in matter.said("EvaluationRecorded") if str(each.event.id) == printout.of
    )
    version = {"plan_id": said["plan_id"], "plan_version": said["plan_version"]}
    plan = _plan(matter, said["plan_id"], said["plan_version"])
    document = printout.document
    commented = matter.last_said("EvaluationCommented", **version)
    return {
        "title": "介護予防支援・介護予防ケアマネジメント評価表",
        "person": matter.person_on_paper(),
        "planner": matter.name_of(event.sender),
        "evaluated_on": day(said["evaluated_on"]),
        "planner_name": said.get("planner") or "",
        "goals": _goals(matter, said, plan),
        "policy": said.get("policy") or "",
        "services_after": [
            {"on": code in (said.get("services_after") or ()), "title": title}
            for code, title in SERVICES_AFTER.items()
        ],
        "services": services_on_paper(matter, plan) if plan else [],
        "outcomes": [
            {"on": said["outcome"] == code, "title": title} for code, title in EVALUATION_OUTCOMES.items()
        ],
        "opinion": commented.get("comment") or "",
        "commented_on": day(document.commented_on if document else None),
        "centre": matter.name_of(matter.case.centre),
    }


def _goals(matter: Matter, said: Mapping[str, Any], plan: Plan | None) -> list[dict[str, str]]:
    """The lines of sheet F; of an evaluation that was not made goal by goal one with all that was said."""
    period = f"{day(plan.period_from)}〜{day(plan.period_to)}" if plan else ""
    texts = ("goal", "situation", "cause_person", "cause_planner", "onward")
    if said.get("goals"):
        return [
            {
                **{name: each.get(name) or "" for name in texts},
                "period": each.get("period") or period,
                "achieved": ACHIEVED.get(each.get("achieved") or "", ""),
            }
            for each in said["goals"]
        ]
    version = {"plan_id": said["plan_id"], "plan_version": said["plan_version"]}
    goals = matter.last_said(*SAID_OF_PLAN, **version).get("goals") or ""
    whole = {"goal": goals, "situation": said.get("comment") or "", "period": period, "achieved": ""}
    return [{**dict.fromkeys(texts, ""), **whole}]


def _plan(matter: Matter, plan_id: str, version: int) -> Plan | None:
    return next((each for each in matter.case.plans if (each.id, each.version) == (plan_id, version)), None)


EVALUATION: Final = Form("evaluation", "評価表（F表）", "evaluation", _printouts, _fields)
