"""How often a week a project service is used: what is usual, and weeks without it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.policy.dates import Month, day_text, month_text
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Day, Facts, ListOf, MonthField, Whole
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PREVENTIVE_STATUSES, Status


@dataclass(frozen=True, slots=True)
class FrequencyFacts:
    """A month's use of a service. ``dates`` are the days of use; ``None`` where they are not known."""

    month: Month
    status: Status
    service: str
    per_week: int
    dates: tuple[date, ...] | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """``warnings`` in Japanese; ``missing_weeks`` as Mondays."""

    warnings: tuple[str, ...]
    missing_weeks: tuple[date, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def frequency(facts: FrequencyFacts, parameters: Parameters) -> Frequency:
    """Judge how often a project service is used (A-Q51, A-Q56).

    "Once a week" means every week, not four times a month. Only weeks that lie in the month from Monday to
    Sunday are judged. Everything found is a warning.

    :raises PolicyError: a person or service that the rules do not speak of, or a date outside the month.
    :raises ParameterError: the insurer has stated no such rule for the month.
    """
    on = facts.month.first
    project = parameters.entry("services.project", on)
    _refuse(facts, project.value)
    usual = parameters.entry("frequency.in_principle", on)
    every_week = parameters.entry("frequency.every_week", on)
    missing = () if facts.dates is None else weeks_without(facts.month, facts.dates)
    warnings = [*_above(facts, usual), *map(_empty, missing)]
    return Frequency(tuple(warnings), missing, ("A-Q51", "A-Q56"), (project, usual, every_week))


def weeks_without(month: Month, dates: Iterable[date]) -> tuple[date, ...]:
    """Mondays of the weeks, Monday to Sunday inside the month, in which no date lies (A-Q56)."""
    used = {each - timedelta(days=each.weekday()) for each in dates}
    first_monday = 1 + -month.first.weekday() % 7
    whole = [month.first.replace(day=day) for day in range(first_monday, month.last.day - 5, 7)]
    return tuple(each for each in whole if each not in used)


def _above(facts: FrequencyFacts, usual: Entry) -> list[str]:
    most = usual.value["most"].get(facts.status)
    if most is None or facts.service not in usual.value["services"] or facts.per_week <= most:
        return []
    return [
        f"{STATUSES[facts.status]}の{SERVICE_KINDS[facts.service]}は原則週{most}回です（A-Q51）。"
        f"週{facts.per_week}回とする理由を確かめてください。"
    ]


def _empty(monday: date) -> str:
    return f"{day_text(monday)}からの週に利用がありません（A-Q56）。毎週の利用になるようにしてください。"


def _refuse(facts: FrequencyFacts, project: tuple[str, ...]) -> None:
    if facts.status not in PREVENTIVE_STATUSES:
        raise excluded(
            "status",
            f"{STATUSES[facts.status]}の人は訪問型・通所型サービスの対象ではありません（A-Q1b、A-Q11）。",
        )
    if facts.service not in project:
        raise excluded(
            "service",
            f"{SERVICE_KINDS[facts.service]}の利用回数はここでは扱いません（総合事業の訪問型・通所型 A1〜A8 のみ）。",
        )
    for each in facts.dates or ():
        if Month.of(each) != facts.month:
            raise PolicyError(
                "out_of_range", "dates", f"{day_text(each)}は{month_text(facts.month)}の日ではありません。"
            )


class FrequencyInput(Facts):
    """Input of ``frequency``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    status = Choice(STATUSES, required=True, metadata={"title": "認定等の状態"})
    service = Choice(SERVICE_KINDS, required=True, metadata={"title": "サービス種類"})
    per_week = Whole(1, 7, required=True, metadata={"title": "週の利用回数"})
    dates = ListOf(Day(), load_default=None, allow_none=True, metadata={"title": "利用した日"})


def evaluate_frequency(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``frequency`` as an evaluator (A-Q51, A-Q56)."""
    found = frequency(FrequencyFacts(**facts), parameters)
    values = {
        "warnings": list(found.warnings),
        "missing_weeks": [each.isoformat() for each in found.missing_weeks],
    }
    return result(values, found.rules, found.used)


FREQUENCY = Evaluator(
    "frequency", "週の利用回数と利用のない週を確かめる", FrequencyInput, evaluate_frequency, dated_by="month"
)
