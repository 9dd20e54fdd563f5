"""On which days of a month a plan's week (sheet D) has a service come, as its use sheet says it (T-24, T-25).

The week names what happens in words. A line counts for a service of the plan where its words name one service alone;
what no line names, or a line that may mean two, is left to be drawn by hand.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby, product
from typing import Any, Final, NamedTuple

from contracts.codes import SERVICE_KINDS
from contracts.events.plan_paper import WEEKDAYS
from shared.care.parts import Plan, PlannedService
from shared.forms.matter import Matter
from shared.forms.plan import paper_of
from shared.policy.dates import Month
from shared.policy.full_width import searchable

Named = tuple[str, str]
"""A kind of service and its provider."""
_HOME_HELP: Final = ("訪問介護", "ホームヘルプ", "ヘルパー")
_DAY_CARE: Final = ("通所介護", "デイサービス")
_ALSO: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("A1", "A2", "A3", "A4"), _HOME_HELP),
    **dict.fromkeys(("A5", "A6", "A7", "A8"), _DAY_CARE),
    "66": ("デイケア",),
}
"""What people call a service beside its name."""


class PlannedDays(NamedTuple):
    """How often the plan has a service come on each day of a month, and from when until when (``09:30〜12:00``)."""

    times: Mapping[date, int]
    hours: tuple[str, ...]


NOT_NAMED: Final = PlannedDays({}, ())


def planned_days(matter: Matter, of: Month) -> Mapping[Named, PlannedDays]:
    """Each service that the week of the plan in force names, by the days of the month on which it comes."""
    times: dict[Named, Counter[date]] = {}
    hours: dict[Named, set[str]] = {}
    every_day = (of.first + timedelta(days=each) for each in range(of.last.day))
    for plan, days in groupby(every_day, partial(_in_force, matter)):
        lines = list(_lines(matter, plan)) if plan else []
        for on, (line, service) in product(days, lines):
            if list(WEEKDAYS)[on.weekday()] in line["days"] and _comes(service, on):
                named = service.service, service.provider
                times.setdefault(named, Counter())[on] += 1
                hours.setdefault(named, set()).add(f"{line['begins']}〜{line['ends']}")
    return {named: PlannedDays(found, tuple(sorted(hours[named]))) for named, found in times.items()}


def _in_force(matter: Matter, on: date) -> Plan | None:
    """The newest version that the person had on that day, in its period and while the support goes on."""
    if not matter.case.supported_on(on):
        return None
    found = [each for each in matter.case.plans if each.period_from <= on and each.in_force(on)]
    return found[-1] if found else None


def _lines(matter: Matter, plan: Plan) -> Iterator[tuple[Mapping[str, Any], PlannedService]]:
    """The lines of the plan's week, each with the rows of the service that it names."""
    paper = paper_of(matter, plan)
    for line in paper.get("week") or ():
        if line.get("kind") in (None, "insured"):
            named = _named(matter, plan, paper, searchable(str(line["what"])))
            yield from ((line, each) for each in plan.services if (each.service, each.provider) == named)


def _comes(each: PlannedService, on: date) -> bool:
    return each.starts_on <= on and (each.ends_on is None or on <= each.ends_on)


def _named(matter: Matter, plan: Plan, paper: Mapping[str, Any], said: str) -> Named | None:
    """The one service of the plan that these words mean; of two of a kind, the one whose office they name."""
    written = {
        (each.get("service"), each.get("provider"))
        for each in paper.get("supports") or ()
        if searchable(each.get("insured") or "") == said
    }
    services = dict.fromkeys((each.service, each.provider) for each in plan.services)
    meant = [each for each in services if each in written or any(name in said for name in _names(each[0]))]
    if len(meant) > 1:
        meant = [each for each in meant if searchable(matter.name_of(each[1])) in said]
    return meant[0] if len(meant) == 1 else None


def _names(service: str) -> Sequence[str]:
    """A service as a week names it: without what its kind adds in brackets, and without 介護予防 before it."""
    name = SERVICE_KINDS.get(service, service).partition("（")[0].removeprefix("介護予防")
    return [searchable(each) for each in (name, *_ALSO.get(service, ()))]
