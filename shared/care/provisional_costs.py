"""Who pays what was used before the result, and from when the centre can plan (A-Q17, A-Q18, A-Q19).

Only where the ward has stated it (``provisional.settlement``, ``provisional.plan_from``); the evaluators decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from shared.care import requirements
from shared.care.parts import ProvisionalPlan
from shared.node.errors import Refused
from shared.node.service import Advice, Situation
from shared.policy.copayment import divided
from shared.policy.dates import day_text
from shared.policy.errors import PolicyError
from shared.policy.provisional import (
    Outcome,
    Settlement,
    SettlementFacts,
    StartFacts,
    Used,
    settlement,
    start,
)

OUTCOMES: Final[Mapping[str, Outcome]] = {"none": "ineligible", "support": "support", "care": "care"}
"""Result of a provisional plan → the evaluator's word for it."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Who pays each part; until when the project pays; the days that it can't pay, and the first day of a plan."""

    choice: str | None = None
    project_paid_by: str | None = None
    benefit_paid_by: str | None = None
    plan_paid_by: str | None = None
    paid_for_person: int | None = None
    paid_by_person: int | None = None
    project_until: date | None = None
    unpayable_from: date | None = None
    unpayable_to: date | None = None
    plan_from: date | None = None

    def fields(self) -> dict[str, Any]:
        """As ``ProvisionalPlanSettled`` carries them."""
        return {
            name: getattr(self, name)
            for name in (
                "choice",
                "project_paid_by",
                "benefit_paid_by",
                "plan_paid_by",
                "paid_for_person",
                "paid_by_person",
                "project_until",
                "unpayable_from",
                "unpayable_to",
            )
        }


def used_parts(situation: Situation, services: Iterable[str], on: date) -> Used:
    """Whether the project's services were used, the benefit's, or both."""
    project: Any = requirements.published(situation, "services.project", on)
    kinds = {"project" if each in project else "benefit" for each in services}
    return "both" if len(kinds) == 2 else ("project" if kinds == {"project"} else "benefit")


def costs(
    situation: Situation,
    plan: ProvisionalPlan,
    result: str,
    services: Iterable[str],
    fields: Mapping[str, Any],
) -> Costs:
    """Settle a provisional plan's costs by its result; nothing where the ward has stated none of it.

    :raises Refused: the person has to choose a side and has not, or chose where there is no choice; or the first day
        of care benefits is needed and missing.
    """
    if requirements.found(situation, "provisional.settlement", plan.period_from) is None:
        return Costs()
    used = used_parts(situation, services, plan.period_from)
    paid = _paid(situation, result, used, fields["choice"])
    until = None
    if paid.until is not None:
        if fields["care_from"] is None:
            raise Refused(
                "care_from_missing",
                "介護給付サービスの利用開始までの分を総合事業から支給します",
                field="care_from",
                rule="A-Q17",
                todo="介護給付サービスの利用開始日を入力してください",
            )
        until = fields["care_from"] - timedelta(days=1)
    unpayable, plan_from = _from_contact(situation, plan, result) if used != "benefit" else (None, None)
    paid_for_person, paid_by_person = _amounts(situation, plan, paid, fields)
    return Costs(
        choice=fields["choice"],
        project_paid_by=paid.project,
        benefit_paid_by=paid.benefit,
        plan_paid_by=paid.plan_fee,
        paid_for_person=paid_for_person,
        paid_by_person=paid_by_person,
        project_until=until,
        unpayable_from=unpayable[0] if unpayable else None,
        unpayable_to=unpayable[1] if unpayable else None,
        plan_from=plan_from,
    )


def _amounts(
    situation: Situation, plan: ProvisionalPlan, paid: Settlement, fields: Mapping[str, Any]
) -> tuple[int, int] | tuple[None, None]:
    """What is paid for the person and by the person, by the share that the ward has set (A-Q17x, A-Q20)."""
    parts = [(paid.project, fields["project_yen"]), (paid.benefit, fields["benefit_yen"])]
    known = [(payer, yen) for payer, yen in parts if yen is not None]
    share = situation.case.share
    if not known or any(payer == "undecided" for payer, _ in known):
        return None, None
    if share is None:
        raise Refused(
            "share_missing",
            "負担割合がまだ届いていないため、金額を計算できません",
            field="project_yen",
            rule="A-Q20",
            todo="区が負担割合を決めてから入力するか、金額を空欄にしてください",
        )
    found, own = 0, 0
    for payer, yen in known:
        if payer in ("self", "none"):
            own += yen
            continue
        with requirements.published_only():
            shares = divided(yen, share.percent, plan.period_from, requirements.parameters_of(situation))
        found, own = found + shares.paid, own + shares.person
    return found, own


def _paid(situation: Situation, result: str, used: Used, choice: Any) -> Settlement:
    registered = situation.case.registration is not None
    if result == "care" and used == "both" and choice is None:
        raise Refused(
            "choice_missing",
            "要介護の結果では、本人が「サービス事業」か「給付」のどちらかを選びます。選ばない側は全額自己負担です",
            field="choice",
            rule="A-Q17x",
            todo="本人に説明し、選んだ側を入力してください",
        )
    try:
        return settlement(SettlementFacts(OUTCOMES[result], used, choice, registered))
    except PolicyError as problem:
        raise Refused(
            "choice_excluded",
            problem.message,
            field="choice",
            rule="A-Q17x",
            todo="本人の選択の欄を空にするか、使ったサービスの側を選んでください",
        ) from problem


def _from_contact(
    situation: Situation, plan: ProvisionalPlan, result: str
) -> tuple[tuple[date, date | None] | None, date | None]:
    """The days before the office's first contact with the centre: no plan reaches back to them (A-Q19).

    The draft that the centre was given is a contact, too.
    """
    by_contact = requirements.found(situation, "provisional.plan_from", plan.period_from) == "contact"
    if not by_contact or plan.carer == situation.case.centre or plan.period_from < plan.applied_on:
        return None, None
    contacts = [*situation.case.centre_consulted_on, *([plan.submitted_on] if plan.submitted_on else [])]
    facts = StartFacts(plan.applied_on, plan.period_from, min(contacts, default=None), OUTCOMES[result])
    found = start(facts)
    return found.unpayable, found.plan_from


def advice_on_costs(found: Costs) -> list[Advice]:
    """What the person has to know of the costs."""
    advice = []
    if found.unpayable_from is not None:
        until = f"{day_text(found.unpayable_to)} まで" if found.unpayable_to else "連絡した日の前日まで"
        advice.append(
            Advice(
                "A-Q19",
                f"{day_text(found.unpayable_from)} から{until}のサービス事業は、総合事業から支給できません",
            )
        )
    if found.project_paid_by == "self" or found.benefit_paid_by == "self":
        side = "サービス事業" if found.project_paid_by == "self" else "給付"
        advice.append(Advice("A-Q17", f"{side}の分は全額自己負担です"))
    if found.project_paid_by == "none" and found.benefit_paid_by in ("none", "self"):
        advice.append(Advice("A-Q17n", "受給者台帳に登録がないため、総合事業から支給できません"))
    if found.plan_paid_by == "undecided":
        advice.append(
            Advice("decision 11", "ケアプラン代の負担は資料に記載がありません。区に確かめてください")
        )
    return advice
