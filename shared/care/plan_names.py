"""What a plan is called: one name of each plan on every page and list, with its version."""

from contracts.codes import PLAN_OCCASIONS
from shared.care.case import Case
from shared.care.parts import Plan


def plan_title(case: Case, plan: Plan) -> str:
    """``初回の計画 第2版``: after the occasion of the plan's first version; a change is the plan's next version."""
    occasion = next((each.occasion for each in case.plans if each.id == plan.id), plan.occasion)
    return f"{PLAN_OCCASIONS.get(occasion, occasion)}の計画 第{plan.version}版"
