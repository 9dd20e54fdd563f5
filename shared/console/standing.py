"""What a case page says at its top of public assistance and of the limit of a month (A-Q20, A-Q37)."""

from datetime import date

from shared.care.limits import planned_month, shown
from shared.care.requirements import parameters_of
from shared.care.state import Case
from shared.console.wareki import wareki
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month
from shared.policy.parameters import ParameterError


def assistance_of(case: Case, day: date) -> str:
    """Public assistance that covers the day, and whether the person is insured at all (A-Q20); no numbers."""
    period = next((each for each in reversed(case.assistances) if each.covers(day)), None)
    told = [] if case.insured else ["介護保険の被保険者でない方（みなし2号）"]
    if period is not None:
        until = f"{wareki(period.valid_to)}まで" if period.valid_to else ""
        told.append(f"{wareki(period.valid_from)}から{until}")
    elif not case.insured:
        told.append("公費の番号の記録がありません")
    return "、".join(told)


def planned_against_limit(case: Case, day: date, situation: Situation) -> str:
    """The newest plan against the limit of this month (or of its first), and of the next where it differs (A-Q37)."""
    plan = case.plan_in_preparation or case.delivered_plan
    if plan is None or all(each.units is None for each in plan.services):
        return ""
    begins = max(Month.of(day), Month.of(plan.period_from))
    try:
        known = parameters_of(situation)
        this, following = (
            planned_month(case, each, plan.services, known) for each in (begins, begins.plus(1))
        )
    except (Refused, ParameterError):
        return ""  # nothing is published for this insurer or month
    if this is None or this.month.first > plan.period_to:
        return ""
    if following is None or following.month.first > plan.period_to:
        return shown(this)
    same = (following.units, following.found) == (this.units, this.found)
    return shown(this) if same else f"{shown(this)}、{shown(following)}"
