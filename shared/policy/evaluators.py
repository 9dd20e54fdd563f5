"""The evaluators that exist, by name, and asking one of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from shared.policy.additions import INITIAL_ADDITION, LINKAGE_ADDITION
from shared.policy.benefit_limit import BENEFIT_LIMIT
from shared.policy.calendar import CALENDAR
from shared.policy.cards import CARD
from shared.policy.case_type import CASE_TYPE
from shared.policy.checklist import CHECKLIST
from shared.policy.complaints import COMPLAINT
from shared.policy.corrections import CORRECTION
from shared.policy.deadlines import DEADLINE
from shared.policy.eligibility import ELIGIBILITY
from shared.policy.errors import PolicyError
from shared.policy.evaluator import Evaluator, Result
from shared.policy.fees import FEE
from shared.policy.frequency import FREQUENCY
from shared.policy.identifiers import IDENTIFIER
from shared.policy.insurer_asked import insurer_asked
from shared.policy.meetings import MEETING
from shared.policy.money import PRICE
from shared.policy.notification_filings import NOTIFICATION
from shared.policy.office_designation import OFFICE_DESIGNATION
from shared.policy.parameters import ParameterError
from shared.policy.plan_periods import CHECKLIST_RENEWAL, EVALUATION, MONITORING, PLAN_VALIDITY
from shared.policy.project_prices import PROJECT_SERVICE
from shared.policy.proration import PRORATION
from shared.policy.provisional import PROVISIONAL_SETTLEMENT, PROVISIONAL_START

EVALUATORS: Final[Mapping[str, Evaluator]] = MappingProxyType(
    {
        each.name: each
        for each in (
            IDENTIFIER,
            CALENDAR,
            CHECKLIST,
            ELIGIBILITY,
            CASE_TYPE,
            NOTIFICATION,
            PROVISIONAL_SETTLEMENT,
            PROVISIONAL_START,
            CHECKLIST_RENEWAL,
            CARD,
            MONITORING,
            EVALUATION,
            PLAN_VALIDITY,
            MEETING,
            FEE,
            INITIAL_ADDITION,
            LINKAGE_ADDITION,
            BENEFIT_LIMIT,
            PRICE,
            PRORATION,
            PROJECT_SERVICE,
            DEADLINE,
            CORRECTION,
            OFFICE_DESIGNATION,
            FREQUENCY,
            COMPLAINT,
        )
    }
)
"""Name → evaluator, in the order of the public interface."""


def evaluator(name: str) -> Evaluator:
    """Look an evaluator up.

    :raises PolicyError: ``unknown_evaluator``.
    """
    found = EVALUATORS.get(name)
    if found is None:
        known = "、".join(EVALUATORS)
        raise PolicyError(
            "unknown_evaluator", "name", f"「{name}」という判定はありません（使えるもの: {known}）。"
        )
    return found


def asked(name: str, insurer: str) -> Callable[[object], Result]:
    """One rule as one insurer's parameters decide it: takes JSON-shaped facts, returns the result.

    :raises PolicyError: unknown evaluator or insurer; what is returned raises it of facts that the rule refuses.
    """
    chosen = evaluator(name)
    try:
        known = insurer_asked(insurer)
    except ParameterError as problem:
        raise PolicyError(problem.code, "insurer", problem.message) from problem
    return lambda raw: chosen.evaluate(raw, known)


def evaluate(name: str, insurer: str, raw: object) -> Result:
    """Answer JSON-shaped facts by one rule for one insurer: what the HTTP API serves.

    :raises PolicyError: unknown evaluator or insurer, or facts that the rule does not accept.
    """
    return asked(name, insurer)(raw)
