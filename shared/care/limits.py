"""The limit of a month's benefits against what is planned and used in it, for planning and billing alike (A-Q37, T-33).

The heaviest state of a month sets the limit of the whole month; only services under limit management count.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple, cast

from shared.care import requirements
from shared.care.parts import Certification, PlannedService
from shared.care.state import Case
from shared.node.service import Advice, Situation
from shared.policy.benefit_limit import BenefitLimit, benefit_limit
from shared.policy.dates import Month, month_text
from shared.policy.parameters import Parameters
from shared.policy.vocabulary import Status

_HEAVIER: Final = ("project_eligible", "support1", "support2")
OWN_EXPENSE: Final = "超えた分は全額が本人の負担です"


class PlannedMonth(NamedTuple):
    """A month as it is planned: units under limit management, the limit, and whether a service lacks its units."""

    month: Month
    units: int
    found: BenefitLimit
    incomplete: bool


def managed_kinds(month: Month, known: Parameters) -> frozenset[str]:
    """The kinds of service under limit management."""
    on = month.first
    return frozenset({*known.value("services.preventive_benefit", on), *known.value("services.project", on)})


def managed_units(
    services: Iterable[tuple[str, str, int]], month: Month, known: Parameters
) -> Sequence[tuple[str, str, int]]:
    """Of services (kind, provider, units) those under limit management: each of a kind and provider once (T-33)."""
    managed = managed_kinds(month, known)
    units: dict[tuple[str, str], int] = {}
    for kind, provider, number in services:
        if kind in managed:
            units[(kind, provider)] = units.get((kind, provider), 0) + number
    return [(kind, provider, total) for (kind, provider), total in sorted(units.items())]


def month_status(case: Case, month: Month) -> str:
    """The heaviest of the month's states, ``none`` where none has a limit here: it sets the whole month's limit."""
    found = {case.standing_on(day) for day in _days_of_change(case, month)}
    return max((each for each in found if each in _HEAVIER), key=_HEAVIER.index, default="none")


def month_certification(case: Case, month: Month) -> Certification | None:
    """The certification of the month's status: the last of them in the month, None where none covers a day of it."""
    status = month_status(case, month)
    found = (case.certification(day) for day in _days_of_change(case, month))
    return next((each for each in found if each is not None and each.status == status), None)


def _days_of_change(case: Case, month: Month) -> list[date]:
    """The days of a month on which the status can be another than before, the latest first."""
    begun = {each.valid_from for each in case.certifications if each.valid_from is not None}
    within = {day for day in begun if month.first <= day <= month.last}
    return sorted({month.first, month.last, *within}, reverse=True)


def limit_of(case: Case, month: Month, units: int, known: Parameters) -> BenefitLimit:
    """The month's limit by the heavier of its states, and what ``units`` exceed it by (A-Q37).

    :raises PolicyError: a state without a limit here.
    :raises ParameterError: no limit was published for the month.
    """
    return benefit_limit(month, cast(Status, month_status(case, month)), units, known)


def planned_month(
    case: Case, month: Month, services: Iterable[PlannedService], known: Parameters
) -> PlannedMonth | None:
    """A month's planned units against its limit, None where no limit is known for the person or the month (A-Q37)."""
    status = month_status(case, month)
    if status == "none" or known.find(f"limit.{status}", month.first) is None:
        return None
    managed = managed_kinds(month, known)
    of_month = [
        each
        for each in services
        if each.service in managed
        and each.starts_on <= month.last
        and (each.ends_on is None or each.ends_on >= month.first)
    ]
    units = sum(each.units or 0 for each in of_month)
    incomplete = not of_month or any(each.units is None for each in of_month)
    return PlannedMonth(month, units, limit_of(case, month, units, known), incomplete)


def advice_on_plan(
    situation: Situation, services: Iterable[PlannedService], first: date, last: date
) -> list[Advice]:
    """The first month of a plan whose planned units exceed the limit: said before anything is used (A-Q37)."""
    known = requirements.parameters_of(situation)
    rows, month = tuple(services), Month.of(first)
    while month.first <= last:
        planned = planned_month(situation.case, month, rows, known)
        if planned is not None and planned.found.excess:
            return [_over(planned.month, "計画単位数", planned.units, planned.found)]
        month = month.plus(1)
    return []


def advice_on_use(
    situation: Situation, month: Month, services: Iterable[tuple[str, str, int]]
) -> list[Advice]:
    """What a month's use exceeds the limit by, before it is claimed (A-Q37)."""
    known = requirements.parameters_of(situation)
    status = month_status(situation.case, month)
    if status == "none" or known.find(f"limit.{status}", month.first) is None:
        return []
    units = sum(number for _, _, number in managed_units(services, month, known))
    found = limit_of(situation.case, month, units, known)
    return [_over(month, "実績の単位数", units, found)] if found.excess else []


def _over(month: Month, what: str, units: int, found: BenefitLimit) -> Advice:
    return Advice(
        "A-Q37",
        f"{month_text(month)}の{what} {units:,}単位が、区分支給限度基準額 {found.limit:,}単位を"
        f" {found.excess:,}単位超えます。{OWN_EXPENSE}",
    )


def shown(planned: PlannedMonth) -> str:
    """A planned month in one line of Japanese."""
    found = planned.found
    rest = (
        f"{found.excess:,}単位の超過。{OWN_EXPENSE}"
        if found.excess
        else f"残り {found.limit - planned.units:,}単位"
    )
    lacking = "。単位数のないサービスがある" if planned.incomplete else ""
    return f"{month_text(planned.month)}は計画 {planned.units:,}単位、限度額 {found.limit:,}単位（{rest}{lacking}）"
