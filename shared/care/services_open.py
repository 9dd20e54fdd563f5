"""Which services are open to the person of a case: the evaluator's answer, asked with what the case knows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from shared.care import requirements
from shared.care.state import Case
from shared.node.errors import Refused
from shared.node.service import Advice, Situation
from shared.policy.eligibility import EligibilityFacts, eligibility
from shared.policy.vocabulary import Status


def eligible_from(case: Case) -> date | None:
    """The day of the checklist that made the person project-eligible, as far as this agency knows (A-Q12c)."""
    if case.registration is not None:
        return case.registration.eligible_from
    checked = case.applicable_checklist
    return checked.checked_on if checked is not None else None


def advice_on_services(
    situation: Situation, services: Iterable[tuple[str, date]], plan_delivered_on: date | None
) -> list[Advice]:
    """What to say of services (each with its first day) that the person is to use (A-Q11, A-Q15b, A-Q45, A-Q46).

    While nobody knows what the person is certified as, nothing is judged: a provisional plan is another matter.

    :raises Refused: the status does not allow one of them.
    """
    advice: list[Advice] = []
    for service, on in services:
        pending = situation.case.pending_application
        if pending is not None and on >= pending.applied_on:
            continue  # from the application on the person is treated as insured for care (A-Q22)
        status = situation.case.standing_on(on)
        if status != "none":
            advice += _judged(situation, service, on, status, plan_delivered_on)
    return list(dict.fromkeys(advice))


def _judged(
    situation: Situation, service: str, on: date, status: str, plan_delivered_on: date | None
) -> Sequence[Advice]:
    known = requirements.parameters_of(situation)
    with requirements.published_only():
        facts = EligibilityFacts(
            on=on,
            status=cast(Status, status),
            # Who became project-eligible was old enough: the checklist saw to that.
            age=int(known.value("eligibility.age", on)),
            services=(service,),
            residence=situation.case.residence or "home",
            checklist_date=eligible_from(situation.case),
            plan_delivered_on=plan_delivered_on,
            resident_of=situation.case.resident_of,
        )
        found = eligibility(facts, known).services[service]
    if not found.allowed:
        raise Refused(
            "service_not_open",
            found.warnings[-1],
            field="services",
            rule=found.rules[-1],
            todo="状態区分とサービスの種類を確かめてください",
        )
    return [Advice(found.rules[-1], each) for each in found.warnings]
