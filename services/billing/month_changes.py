"""How project services are paid in a month in whose middle the person's state changed (A-Q47, A-Q48a to A-Q48c)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.codes import SERVICE_KINDS, STATUSES
from services.billing.case import ServiceMonth
from shared.care import requirements
from shared.node.service import Situation
from shared.policy.dates import Month, day_text
from shared.policy.errors import PolicyError
from shared.policy.parameters import Entry, Parameters
from shared.policy.proration import Proration, ProrationFacts, Use, proration


@dataclass(frozen=True, slots=True)
class MonthChange:
    """One service in a month of change: ``value`` tells in Japanese how it is paid, ``why`` what changed."""

    service: str
    value: str
    why: str
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def month_changes(situation: Situation, subject: ServiceMonth) -> Iterator[MonthChange]:
    """Each project service of a month in whose middle the person's state changed (A-Q47, A-Q48a to c)."""
    changed = _changed(situation, subject.month)
    if changed is None:
        return
    on, before, after = changed
    known = requirements.parameters_of(situation)
    why = f"{day_text(on)}に{STATUSES[before]}から{STATUSES[after]}に変わった。単位数は報告のとおり"
    project = known.value("services.project", subject.month.first)
    for kind in dict.fromkeys(each.service for each in subject.performance.services):
        if kind in project:
            often = subject.performance.often(kind)
            facts = ProrationFacts(
                subject.month, kind, "category_change", on, Use(before, often), Use(after, often), None
            )
            yield _paid(kind, facts, why, known)


def _changed(situation: Situation, month: Month) -> tuple[date, str, str] | None:
    """The day in a month on which the state changed, and the states before and after."""
    case = situation.case
    before, after = case.status_on(month.first), case.status_on(month.last)
    certified = case.certification(month.last)
    if before == after or "none" in (before, after) or certified is None or certified.valid_from is None:
        return None
    on = certified.valid_from
    return (on, before, after) if month.first < on <= month.last else None


def _paid(kind: str, facts: ProrationFacts, why: str, known: Parameters) -> MonthChange:
    try:
        found = proration(facts, known)
    except PolicyError as problem:
        return MonthChange(kind, "決められない", f"{why}。{problem.message}", ("A-Q47",), ())
    return MonthChange(kind, _shown(found), why, found.rules, found.used)


def _shown(found: Proration) -> str:
    if found.method == "whole_month":
        return "月額包括報酬（日割りしない）"
    days = "＋".join(f"{STATUSES.get(each.use.status or '', '')} {each.days}日" for each in found.periods)
    return f"日割り {days}"


def title_of(change: MonthChange) -> str:
    """What the worksheet calls the figure."""
    return f"{SERVICE_KINDS[change.service]}の算定"
