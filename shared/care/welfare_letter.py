"""What a provisional plan's covering letter tells the welfare office, which has no node (T-40, decision 26)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.codes import SERVICE_KINDS, WELFARE_PAPERS
from shared.care.folds.reading import maybe
from shared.care.parts import Plan, ProvisionalPlan
from shared.care.state import Case
from shared.eventlog.model import Event


@dataclass(frozen=True, slots=True)
class WelfareLetter:
    """The letter. ``papers`` are titles, each with whether the welfare office has it; the others go with the letter.

    ``services`` are kind, provider and first day; provider and day are None to an agency that did not make the plan.
    """

    provisional: ProvisionalPlan
    person: Mapping[str, Any]
    period_to: date | None
    contacted_on: date | None
    note: str | None
    submitted_on: date | None
    papers: tuple[tuple[str, bool], ...]
    services: tuple[tuple[str, str | None, date | None], ...]


def welfare_letter(case: Case, events: Sequence[Event], plan_id: str) -> WelfareLetter | None:
    """The letter of a provisional plan, from the case and its events; None where no public assistance is paid."""
    provisional = case.provisional_plan(plan_id)
    if provisional is None or not provisional.public_assistance:
        return None
    plan = next((each for each in reversed(case.plans) if each.id == plan_id), None)
    opening = next((each for each in events if each.type == "CaseOpened"), None)
    contact = _last(events, "WelfareOfficeContacted", plan_id)
    submitted = _last(events, "WelfarePapersSubmitted", plan_id)
    missing = provisional.papers_missing if provisional.papers_missing is not None else tuple(WELFARE_PAPERS)
    return WelfareLetter(
        provisional,
        (opening.personal or {}) if opening else {},
        plan.period_to if plan else None,
        maybe(contact.data["contacted_on"]) if contact else None,
        ((contact.personal or {}) if contact else {}).get("note"),
        maybe(submitted.data["submitted_on"]) if submitted else None,
        tuple((title, code not in missing) for code, title in WELFARE_PAPERS.items()),
        _services(provisional, plan),
    )


def _last(events: Sequence[Event], name: str, plan_id: str) -> Event | None:
    found = (each for each in reversed(events) if each.type == name and each.data["plan_id"] == plan_id)
    return next(found, None)


def _services(
    provisional: ProvisionalPlan, plan: Plan | None
) -> tuple[tuple[str, str | None, date | None], ...]:
    if plan is None:
        return tuple((SERVICE_KINDS.get(each, each), None, None) for each in provisional.services)
    return tuple(
        (SERVICE_KINDS.get(each.service, each.service), each.provider, each.starts_on)
        for each in plan.services
    )
