"""What a month of a project service (訪問型・通所型) is paid: a monthly bundle, whole or by days, and its additions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.codes import PRICED_BY, SERVICE_KINDS, STATUSES
from shared.policy.dates import Month, month_text
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Group, ListOf, MonthField, Strict, Text, Whole
from shared.policy.money import UnitPrice, unit_price
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PREVENTIVE_STATUSES


@dataclass(frozen=True, slots=True)
class Addition:
    """An addition to a bundle in units; ``daily_units`` where its code has a daily one."""

    name: str
    units: int
    daily_units: int | None


@dataclass(frozen=True, slots=True)
class ProjectServiceFacts:
    """A person's month of one service. ``days`` are those paid by the day (None: the whole month).

    ``planned`` and ``attended`` count the times; ``status_at_end`` is the person's status on the last day.
    """

    month: Month
    service: str
    basis: str
    units: int
    daily_units: int | None
    days: int | None
    planned: int | None
    attended: int | None
    status_at_end: str | None
    additions: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class ProjectServicePrice:
    """What the project pays; ``elsewhere`` names the additions that are claimed as care benefit instead."""

    lines: tuple[tuple[str, int], ...]
    units: int
    price: UnitPrice
    yen: int
    elsewhere: tuple[str, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def project_service_price(facts: ProjectServiceFacts, parameters: Parameters) -> ProjectServicePrice:
    """Price one service of a month (A-Q47, A-Q50, A-Q57, A-Q59, A-Q60).

    A day that the person missed changes nothing; a month without any use is not claimed. By days, the daily units
    count. An addition without a daily code follows the status on the month's last day.

    :raises PolicyError: a price per visit where the ward has none, or facts that do not fit each other.
    :raises ParameterError: the ward has not said whether it prices by visits, or no unit price was published.
    """
    on = facts.month.first
    project = parameters.entry("services.project", on)
    if facts.service not in project.value:
        raise excluded(
            "service", f"{SERVICE_KINDS[facts.service]}は総合事業の訪問型・通所型サービスではありません。"
        )
    rules, used = ["A-Q50"], [project]
    if facts.basis == "visit":
        used.append(_must_price_visits(facts, parameters))
        rules.append("A-Q60")
    basic = _basic(facts, rules)
    here, elsewhere = _additions(facts, rules)
    lines = [(SERVICE_KINDS[facts.service], basic), *here] if basic else []
    units = sum(number for _, number in lines)
    price = unit_price(facts.service, on, parameters)
    return ProjectServicePrice(
        tuple(lines),
        units,
        price,
        price.yen(units),
        tuple(elsewhere) if basic else (),
        tuple(dict.fromkeys(rules)),
        (*used, *price.used),
    )


def _must_price_visits(facts: ProjectServiceFacts, parameters: Parameters) -> Entry:
    """The entry by which the ward prices by visits; it is dated, as it may change (decision 15).

    :raises PolicyError: it has no such codes (A-Q60).
    """
    entry = parameters.entry("services.priced_by_visit", facts.month.first)
    if not entry.value:
        raise excluded(
            "basis",
            f"{parameters.insurer.name}には、サービス提供回数に応じたサービスコードはありません（A-Q60）。"
            "月額包括報酬のコードで算定してください。",
        )
    if facts.attended is None:
        raise PolicyError("missing_field", "attended", "回数による算定には、利用した回数が要ります。")
    if facts.days is not None:
        raise excluded("days", "回数による算定に日割りはありません。")
    return entry


def _basic(facts: ProjectServiceFacts, rules: list[str]) -> int:
    if facts.planned is not None and facts.attended is not None and facts.attended > facts.planned:
        raise excluded(
            "attended", "利用した回数が予定より多くなっています。予定を直してから計算してください。"
        )
    if facts.attended == 0:
        rules.append("A-Q47")  # a month, or a part of one, without any use is not claimed
        return 0
    if facts.basis == "visit":
        return facts.units * (facts.attended or 0)
    if facts.attended is not None:
        rules.append("A-Q57")
    if facts.days is None:
        return facts.units
    if facts.daily_units is None:
        raise PolicyError("missing_field", "daily_units", "日割りの算定には、1日あたりの単位数が要ります。")
    if facts.days > facts.month.last.day:
        raise PolicyError(
            "out_of_range", "days", f"{month_text(facts.month)}は{facts.month.last.day}日までです。"
        )
    rules.append("A-Q47")
    return facts.daily_units * facts.days


def _additions(facts: ProjectServiceFacts, rules: list[str]) -> tuple[list[tuple[str, int]], list[str]]:
    """The additions that the project pays, and those that follow the person to the care benefit (A-Q59)."""
    here, elsewhere = list[tuple[str, int]](), list[str]()
    for each in facts.additions:
        if facts.days is None:
            here.append((each.name, each.units))
        elif each.daily_units is not None:
            here.append((each.name, each.daily_units * facts.days))
        else:
            rules.append("A-Q59")
            if facts.status_at_end is None:
                raise PolicyError(
                    "missing_field",
                    "status_at_end",
                    f"日割りのコードのない加算（{each.name}）には、月末の状態が要ります。",
                )
            if facts.status_at_end in PREVENTIVE_STATUSES:
                here.append((each.name, each.units))
            else:
                elsewhere.append(each.name)
    return here, elsewhere


_ADDITION: Final[Mapping[str, Strict[Any]]] = {
    "name": Text(metadata={"title": "加算の名称"}),
    "units": Whole(metadata={"title": "単位数"}),
    "daily_units": Whole(
        allow_none=True, metadata={"title": "日割りのコードの1日あたりの単位数（なければ null）"}
    ),
}


class ProjectServiceInput(Facts):
    """Input of ``project-service``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    service = Choice(SERVICE_KINDS, required=True, metadata={"title": "サービス種類"})
    basis = Choice(PRICED_BY, load_default="month", metadata={"title": "算定の単位"})
    units = Whole(required=True, metadata={"title": "1月（または1回）の単位数"})
    daily_units = Whole(
        load_default=None, allow_none=True, metadata={"title": "日割りのコードの1日あたりの単位数"}
    )
    days = Whole(
        load_default=None,
        allow_none=True,
        metadata={"title": "日割りの日数（proration の答え。月全体なら null）"},
    )
    planned = Whole(load_default=None, allow_none=True, metadata={"title": "予定した回数"})
    attended = Whole(load_default=None, allow_none=True, metadata={"title": "利用した回数"})
    status_at_end = Choice(
        STATUSES, load_default=None, allow_none=True, metadata={"title": "月末の認定等の状態"}
    )
    additions = ListOf(Group(_ADDITION), 0, 20, load_default=(), metadata={"title": "加算"})


def evaluate_project_service(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``project_service_price`` as an evaluator (A-Q47, A-Q50, A-Q57, A-Q59, A-Q60)."""
    additions: Sequence[Mapping[str, Any]] = facts["additions"]
    asked = ProjectServiceFacts(**{**facts, "additions": tuple(Addition(**each) for each in additions)})
    found = project_service_price(asked, parameters)
    values = {
        "lines": [{"name": name, "units": units} for name, units in found.lines],
        "units": found.units,
        "unit_price": found.price.text,
        "yen": found.yen,
        "elsewhere": list(found.elsewhere),
    }
    return result(values, found.rules, found.used)


PROJECT_SERVICE = Evaluator(
    "project-service",
    "訪問型・通所型サービスの1月分を、包括・日割り・加算に分けて計算する",
    ProjectServiceInput,
    evaluate_project_service,
    dated_by="month",
)
