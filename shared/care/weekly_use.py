"""How often a week services of the project are planned and used, asked of the evaluator (A-Q51, A-Q56)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from shared.care import requirements
from shared.care.state import Case
from shared.node.service import Advice, Situation
from shared.policy.dates import Month, day_text
from shared.policy.frequency import FrequencyFacts, frequency
from shared.policy.vocabulary import PREVENTIVE_STATUSES, Status


def advice_on_frequency(situation: Situation, services: Iterable[Mapping[str, Any]]) -> list[Advice]:
    """What to say of the services of a draft (rows as in a plan) that are to be used more often than is usual."""
    advice: list[Advice] = []
    for each in services:
        often, on = each.get("per_week"), each["starts_on"]
        status = situation.case.standing_on(on)
        if often is None or not _judged(situation, each["service"], status, on):
            continue
        facts = FrequencyFacts(Month.of(on), cast(Status, status), each["service"], often)
        found = frequency(facts, requirements.parameters_of(situation))
        advice += [Advice("A-Q51", text) for text in found.warnings]
    return list(dict.fromkeys(advice))


def advice_on_days(
    situation: Situation, month: Month, service: str, provider: str, days: tuple[date, ...]
) -> list[Advice]:
    """Weeks of a month, whole and inside the time of use, in which the service was not given (A-Q56)."""
    status = situation.case.standing_on(month.last)
    if not days or not _judged(situation, service, status, month.first):
        return []
    facts = FrequencyFacts(month, cast(Status, status), service, 1, days)
    found = frequency(facts, requirements.parameters_of(situation))
    return [
        Advice(
            "A-Q56",
            f"{day_text(monday)}からの週に利用がありません。「週1回」は毎週の利用です（月4回ではありません）",
        )
        for monday in found.missing_weeks
        if _in_use(situation.case, service, provider, monday)
    ]


def _judged(situation: Situation, service: str, status: str, on: date) -> bool:
    """Whether the ward says how often the service is used, and the person is one of whom it speaks."""
    if status not in PREVENTIVE_STATUSES or requirements.found(situation, "frequency.every_week", on) is None:
        return False
    project: Any = requirements.published(situation, "services.project", on)
    return service in project


def _in_use(case: Case, service: str, provider: str, monday: date) -> bool:
    """Whether the service was used from before the week until after it, as far as is known."""
    sunday = monday + timedelta(days=6)
    its = [each for each in case.services if (each.service, each.provider) == (service, provider)]
    return not its or any(
        each.started_on <= monday and (each.last_used_on is None or each.last_used_on >= sunday)
        for each in its
    )
