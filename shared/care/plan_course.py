"""What the course of a plan asks for: its longest period, evaluations, visits, and the end of months without use.

The evaluators decide. Where a ward's document is silent and a value is assumed, nothing of it is asked for.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.care import requirements
from shared.care.parts import Plan, Service
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, era_date
from shared.policy.plan_periods import (
    MonitoringFacts,
    checklist_renewal,
    evaluations,
    monitoring,
    plan_validity,
)


def _stated(situation: Situation, name: str, on: date) -> bool:
    """Whether the ward's own document states a value on a day."""
    entry = requirements.parameters_of(situation).find(name, on)
    return entry is not None and not entry.assumed


def must_not_be_too_long(situation: Situation, period_from: date, period_to: date) -> None:
    """A plan holds two years at most; a goal of one year limits nothing (A-Q38a, A-Q39).

    :raises Refused: the period is longer than the ward allows.
    """
    if not _stated(situation, "plan.longest_months", period_from):
        return
    latest = plan_validity(period_from, requirements.parameters_of(situation)).latest_to
    if period_to > latest:
        raise Refused(
            "plan_too_long",
            f"ケアプランの有効期間は {era_date(latest)} までです",
            field="period_to",
            rule="A-Q38a",
            todo="計画期間の終了を早めてください。目標の期間（A表の1年など）は変えなくてかまいません",
        )


def evaluations_due(situation: Situation, plan: Plan) -> tuple[date, ...]:
    """The days by which sheet F of a plan is due, in order; none where the ward states no interval (A-Q38a, A-Q44)."""
    if not _stated(situation, "evaluation.every_months", plan.period_from):
        return ()
    certified = situation.case.certification(plan.period_from)
    ends = [plan.period_to, *([certified.valid_to] if certified and certified.valid_to else [])]
    if min(ends) < plan.period_from:
        return ()
    return evaluations(plan.period_from, min(ends), requirements.parameters_of(situation)).due


def next_evaluations(situation: Situation, plan: Plan) -> dict[str, date | None]:
    """Which due evaluation one that is made now is, and by when the one after it is due."""
    rest = [*evaluations_due(situation, plan)[plan.evaluations :], None, None]
    return {"evaluation_of": rest[0], "evaluate_by": rest[1]}


def to_evaluate(situation: Situation, on: date) -> Plan:
    """The plan that an evaluation made on ``on`` is of: the earliest that began and lacks one, else the newest (T-30).

    :raises Refused: none is delivered.
    """
    newest = requirements.delivered_plan(situation)
    versions = {each.id: each for each in situation.case.plans if each.delivered_on is not None}
    lacking = [
        each
        for each in versions.values()
        if each.occasion != "provisional"
        and each.period_from <= on
        and each.evaluations < max(1, len(evaluations_due(situation, each)))
    ]
    return min(lacking, key=lambda each: each.period_from, default=newest)


def visit_needed(situation: Situation, month: Month, marked_change: bool) -> bool:
    """Whether a month's monitoring is a visit at home (A-Q30); False for a month without a plan."""
    plan = situation.case.plan_in_force(month.last) or situation.case.delivered_plan
    if plan is None or not Month.of(plan.period_from) <= month <= Month.of(plan.period_to):
        return marked_change
    facts = MonitoringFacts(plan.period_from, plan.period_to, month, marked_change)
    return monitoring(facts, requirements.parameters_of(situation)).visit_required


def checklist_again_from(
    situation: Situation, last_used_on: date, remaining: Iterable[Service]
) -> date | None:
    """From when 事業対象者 who uses the project no more does the checklist again (A-Q21a, A-Q24, A-Q38b).

    None while a service of the project goes on, and where the ward states no such time.
    """
    project: Any = requirements.published(situation, "services.project", last_used_on)
    eligible = situation.case.standing_on(last_used_on) == "project_eligible"
    if not eligible or any(each.service in project for each in remaining):
        return None
    if not _stated(situation, "checklist.unused_months", last_used_on):
        return None
    return checklist_renewal(last_used_on, last_used_on, requirements.parameters_of(situation)).required_from
