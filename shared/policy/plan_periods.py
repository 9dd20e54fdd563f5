"""What a plan's months bring: visits, evaluations, its longest period, and the end of six months without use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, cast

from shared.policy.dates import Month, day_text, last_day_of_months, month_text
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Day, Facts, Flag, MonthField
from shared.policy.parameters import Entry, Parameters

LATEST: Final = date(2099, 12, 31)
"""No plan begins later: the periods counted from it stay within the calendar."""

RENEWAL_TASKS: Final = ("checklist", "plan_review", "meeting", "confirmation")
"""基本チェックリスト、ケアプランの見直し、サービス担当者会議、本人および家族等への確認 (A-Q38b)."""


@dataclass(frozen=True, slots=True)
class MonitoringFacts:
    """A month of a plan; ``marked_change`` tells that the person's state changed markedly in it."""

    plan_from: date
    plan_to: date
    month: Month
    marked_change: bool


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Whether the month needs a visit at home, and the least that must be done."""

    visit_required: bool
    minimum: Literal["visit", "meet_or_call"]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def monitoring(facts: MonitoringFacts, parameters: Parameters) -> Monitoring:
    """Tell whether a month's monitoring is a visit (A-Q30).

    Visits fall in every third calendar month, that of ``plan_from`` being the first, in that of ``plan_to``, and in
    a month of marked change.

    :raises PolicyError: the plan ends before it begins, or the month is none of its months.
    :raises ParameterError: no interval was published for the month.
    """
    first, last = Month.of(facts.plan_from), Month.of(facts.plan_to)
    _refuse_reversed("plan_to", facts.plan_from, facts.plan_to)
    if not first <= facts.month <= last:
        raise excluded(
            "month",
            f"計画の月（{month_text(first)}から{month_text(last)}まで）ではありません。計画期間か月を確かめてください。",
        )
    interval = parameters.entry("monitoring.visit_every_months", facts.month.first)
    number = facts.month.since(first) + 1
    visit = number % interval.value == 0 or facts.month == last or facts.marked_change
    return Monitoring(visit, "visit" if visit else "meet_or_call", ("A-Q30",), (interval,))


@dataclass(frozen=True, slots=True)
class Evaluations:
    """The days by which an evaluation (評価表) is due, in order."""

    due: tuple[date, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def evaluations(use_from: date, certified_to: date, parameters: Parameters) -> Evaluations:
    """List the evaluations due from the start of use to the end of the certification (A-Q38a, A-Q42, A-Q44).

    Due on the last day of every sixth calendar month, that of ``use_from`` being the first, and for the remainder
    on ``certified_to``.

    :raises PolicyError: the certification ends before the use begins, or lies beyond the calendar.
    :raises ParameterError: no interval was published for the first day.
    """
    _refuse_reversed("certified_to", use_from, certified_to)
    _refuse_too_late("certified_to", certified_to)
    interval = parameters.entry("evaluation.every_months", use_from)
    due: list[date] = []
    month = Month.of(use_from).plus(interval.value - 1)
    while month.last < certified_to:
        due.append(month.last)
        month = month.plus(interval.value)
    return Evaluations((*due, certified_to), ("A-Q38a", "A-Q42", "A-Q44"), (interval,))


@dataclass(frozen=True, slots=True)
class PlanValidity:
    """The last day that a plan can have."""

    latest_to: date
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def plan_validity(begins: date, parameters: Parameters) -> PlanValidity:
    """Tell how long a plan that begins on a day can hold (A-Q38a). A goal of one year limits nothing (A-Q39).

    :raises PolicyError: a day beyond the calendar.
    :raises ParameterError: no longest period was published for the day.
    """
    _refuse_too_late("from", begins)
    longest = parameters.entry("plan.longest_months", begins)
    return PlanValidity(last_day_of_months(begins, longest.value), ("A-Q38a", "A-Q39"), (longest,))


@dataclass(frozen=True, slots=True)
class ChecklistRenewal:
    """Whether the checklist must be done again, from when, and what belongs to it."""

    required: bool
    required_from: date
    tasks: tuple[str, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def checklist_renewal(last_use: date, on: date, parameters: Parameters) -> ChecklistRenewal:
    """Tell whether more than six months went by without use (A-Q21a, A-Q24, A-Q38b, decisions 13 and 17).

    The months are counted from the day after the last use; the checklist is required from the day after they end.
    The status itself never ends by it.

    :raises PolicyError: ``on`` lies before the last use, or beyond the calendar.
    :raises ParameterError: no period was published for the day.
    """
    _refuse_reversed("on", last_use, on)
    _refuse_too_late("on", on)
    unused = parameters.entry("checklist.unused_months", on)
    required_from = last_day_of_months(last_use + timedelta(days=1), unused.value) + timedelta(days=1)
    required = on >= required_from
    return ChecklistRenewal(
        required,
        required_from,
        RENEWAL_TASKS if required else (),
        ("A-Q21a", "A-Q38b", "decision 13", "decision 17"),
        (unused,),
    )


def _refuse_reversed(field: str, first: date, last: date) -> None:
    if last < first:
        raise excluded(field, f"{day_text(first)}より前です。{day_text(first)}以後の日を入力してください。")


def _refuse_too_late(field: str, day: date) -> None:
    if day > LATEST:
        raise PolicyError("out_of_range", field, f"{day_text(LATEST)}までの日を入力してください。")


class MonitoringInput(Facts):
    """Input of ``monitoring``."""

    plan_from = Day(required=True, metadata={"title": "計画期間の開始日"})
    plan_to = Day(required=True, metadata={"title": "計画期間の終了日"})
    month = MonthField(required=True, metadata={"title": "モニタリングの月"})
    marked_change = Flag(required=True, metadata={"title": "利用者の状況の著しい変化"})


class EvaluationInput(Facts):
    """Input of ``evaluation``."""

    use_from = Day(required=True, metadata={"title": "利用を始めた日"})
    certified_to = Day(required=True, metadata={"title": "認定の有効期間の終了日"})


PlanValidityInput: Final = cast(
    "type[Facts]",
    Facts.from_dict(
        {"from": Day(required=True, metadata={"title": "計画期間の開始日"})}, name="PlanValidityInput"
    ),
)
"""Input of ``plan-validity``; ``from`` can't be written as an attribute."""


class ChecklistRenewalInput(Facts):
    """Input of ``checklist-renewal``."""

    last_use = Day(required=True, metadata={"title": "サービス事業を最後に利用した日"})
    on = Day(required=True, metadata={"title": "判定する日"})


def evaluate_monitoring(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``monitoring`` as an evaluator (A-Q30)."""
    found = monitoring(MonitoringFacts(**facts), parameters)
    return result({"visit_required": found.visit_required, "minimum": found.minimum}, found.rules, found.used)


def evaluate_evaluations(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``evaluation`` as an evaluator (A-Q38a, A-Q42, A-Q44)."""
    found = evaluations(**facts, parameters=parameters)
    return result({"due": [each.isoformat() for each in found.due]}, found.rules, found.used)


def evaluate_plan_validity(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``plan-validity`` as an evaluator (A-Q38a, A-Q39)."""
    found = plan_validity(facts["from"], parameters)
    return result({"latest_to": found.latest_to.isoformat()}, found.rules, found.used)


def evaluate_checklist_renewal(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``checklist-renewal`` as an evaluator (A-Q21a, A-Q24, A-Q38b, decision 17)."""
    found = checklist_renewal(**facts, parameters=parameters)
    values = {
        "required": found.required,
        "required_from": found.required_from.isoformat(),
        "tasks": list(found.tasks),
    }
    return result(values, found.rules, found.used)


MONITORING = Evaluator(
    "monitoring",
    "その月のモニタリングに居宅訪問が必要か判定する",
    MonitoringInput,
    evaluate_monitoring,
    dated_by="month",
)
EVALUATION = Evaluator(
    "evaluation",
    "評価表（F表）の期限を並べる",
    EvaluationInput,
    evaluate_evaluations,
    dated_by="use_from",
)
PLAN_VALIDITY = Evaluator(
    "plan-validity",
    "ケアプランの最も遅い終了日を計算する",
    PlanValidityInput,
    evaluate_plan_validity,
    dated_by="from",
)
CHECKLIST_RENEWAL = Evaluator(
    "checklist-renewal",
    "無利用のため再び基本チェックリストが必要か判定する",
    ChecklistRenewalInput,
    evaluate_checklist_renewal,
    dated_by="on",
)
