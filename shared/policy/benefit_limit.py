"""The monthly benefit limit (区分支給限度基準額) of a person's status, in units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.codes import STATUSES
from shared.policy.dates import Month
from shared.policy.errors import excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, MonthField, Whole
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PREVENTIVE_STATUSES, Status


@dataclass(frozen=True, slots=True)
class BenefitLimit:
    """The limit in units and what the plan exceeds it by (0 within the limit)."""

    limit: int
    excess: int
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def benefit_limit(month: Month, status: Status, planned_units: int, parameters: Parameters) -> BenefitLimit:
    """Compare a month's planned units under limit management with the limit (A-Q37, decision 14).

    :raises PolicyError: a status without a limit here.
    :raises ParameterError: no limit was published for the month.
    """
    if status not in PREVENTIVE_STATUSES:
        raise excluded(
            "status", f"{STATUSES[status]}の限度額はここでは扱いません（事業対象者・要支援1・要支援2のみ）。"
        )
    entry = parameters.entry(f"limit.{status}", month.first)
    excess = max(0, planned_units - entry.value)
    return BenefitLimit(entry.value, excess, ("A-Q37", "decision 14"), (entry,))


class BenefitLimitInput(Facts):
    """Input of ``benefit-limit``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    status = Choice(STATUSES, required=True, metadata={"title": "認定等の状態"})
    planned_units = Whole(required=True, metadata={"title": "計画単位数（限度額管理の対象分）"})


def evaluate_benefit_limit(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``benefit-limit`` as an evaluator (A-Q37, decision 14)."""
    found = benefit_limit(**facts, parameters=parameters)
    return result({"limit": found.limit, "excess": found.excess}, found.rules, found.used)


BENEFIT_LIMIT = Evaluator(
    "benefit-limit",
    "区分支給限度基準額と超過単位数を計算する",
    BenefitLimitInput,
    evaluate_benefit_limit,
    dated_by="month",
)
