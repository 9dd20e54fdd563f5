"""What a service month comes to: who claims it, what is payable, how it is shared (T-33, T-61, T-69)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from contracts.codes import STATUSES
from shared.care import requirements
from shared.care.claim_parts import Claim, ClaimItems, Performance
from shared.care.limits import month_certification, month_status
from shared.care.split_month import must_be_claimed_here
from shared.care.state import Case
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.additions import InitialAddition, InitialFacts, initial_addition, linkage_addition
from shared.policy.case_type import CaseType, CaseTypeFacts, case_type
from shared.policy.dates import Month, day_text, month_text
from shared.policy.errors import PolicyError
from shared.policy.fees import Fee, FeeFacts, fee
from shared.policy.parameters import Parameters

CLAIM_ITEMS: Final = {
    "status": "状態区分",
    "certified_from": "認定有効期間の初日",
    "certified_to": "認定有効期間の末日",
    "notified_on": "届出日",
}
"""What a claim states of the person beside its sum, in Japanese."""
ASSUMED: Final = "（資料に記載がないため仮定）"
"""Stands behind whatever rests on a parameter that no document states."""


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """What a claim is drafted from: a month's performance, its type and claimant, and whether it was entrusted.

    ``status`` is the heaviest of the month, as on its benefit slip; its type follows from the last day's.
    """

    month: Month
    performance: Performance
    status: str
    found: CaseType
    claimant: str
    entrusted: bool


@contextmanager
def policy_refused() -> Iterator[None]:
    """Within it what the rules of fees and limits can't answer is a refusal that says whom to ask.

    :raises Refused: the facts fit no rule, or no value was published.
    """
    try:
        with requirements.published_only():
            yield
    except PolicyError as problem:
        raise Refused(
            f"policy_{problem.code}",
            problem.message,
            field=problem.field,
            todo="実績と届け出られた類型を、実績を報告した事業所に確かめてください",
        ) from problem


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a service month comes to: the fee, and whether each addition is payable.

    ``initial`` is None where nothing starts.
    """

    subject: ServiceMonth
    initial: InitialAddition | None
    linkage: bool
    amount: Fee


def assess(situation: Situation, month: Month) -> Assessment:
    """What a service month comes to by what is known now (T-33, T-61, T-69, A-Q34a to c, A-Q35c).

    :raises Refused: something that a claim needs is missing, or the facts fit no rule.
    """
    parameters = requirements.parameters_of(situation)
    with policy_refused():
        subject = service_month(situation, month, parameters)
        must_be_entrusted(situation, subject)
        initial = initial_of(situation, subject, parameters)
        linkage = linkage_of(situation, subject, parameters)
        amount = fee(
            FeeFacts(
                month,
                subject.found.type,
                subject.found.claimant,
                entrusted=subject.entrusted,
                initial=initial is not None and initial.payable is True,
                linkage=linkage,
                improvement=improvement_of(situation, subject, parameters),
            ),
            parameters,
        )
    return Assessment(subject, initial, linkage, amount)


def service_month(situation: Situation, month: Month, parameters: Parameters) -> ServiceMonth:
    """Who is responsible for a month, by the services that were used in it (T-04, T-33R, T-33N, T-61).

    :raises Refused: no performance, or nobody whose claim it could be.
    :raises PolicyError: services for which neither type exists.
    """
    case = situation.case
    must_be_claimed_here(situation, case, month)
    performance = case.performances.get(str(month))
    if performance is None:
        raise Refused(
            "performance_missing",
            f"{month_text(month)}の実績報告が届いていません",
            field="service_month",
            rule="T-32",
            todo="居宅からの実績報告を待ってください",
        )
    status = case.status_on(month.last)
    if status == "none":
        raise Refused(
            "certification_missing",
            f"{month_text(month)}の末日に有効な認定がないため（期限切れまたは非該当）、請求案は作れません",
            field="service_month",
            rule="A-Q1b",
            todo="認定結果が届いてから、請求案を作成してください",
        )
    kinds = tuple(each.service for each in performance.services)
    designated = _designated(situation, month)
    found = case_type(CaseTypeFacts(month, status, kinds, designated), parameters)  # type: ignore[arg-type]
    claimant = case.office if found.claimant == "office" else case.centre
    if claimant is None:
        raise Refused(
            "claimant_missing",
            "請求する事業所がこのケースの当事者にいません",
            rule="T-33",
            todo="ケースの当事者と、請求事務の委任を確かめてください",
        )
    # Who reports has done the work: a centre may have done the case itself before an office joined it.
    entrusted = claimant == case.centre and performance.office != claimant
    if entrusted and case.entrustment(month.first, month.last) is None:
        raise Refused(
            "entrustment_missing",
            f"{month_text(month)}は包括の請求ですが、居宅への委託の記録がありません",
            field="service_month",
            rule="T-06",
            todo="包括に「居宅に委託する」を記録してもらってください",
        )
    return ServiceMonth(month, performance, month_status(case, month), found, claimant, entrusted)


def stated_items(case: Case, subject: ServiceMonth) -> ClaimItems:
    """What a claim states beside its sum: status, its certification's period, and when the notification was filed.

    The ward's medium has no period, and the claim of ケアマネジメント費 at a federation no date of the notification.
    """
    certified = (
        month_certification(case, subject.month) if subject.found.claim_route == "federation" else None
    )
    at_ward = subject.found.claim_route == "ward"
    dated = at_ward or (subject.found.type == "preventive_support" and case.insured)
    return ClaimItems(
        subject.status,
        certified.valid_from if certified else None,
        certified.valid_to if certified else None,
        subject.performance.notified_on if dated else None,
    )


def other_items(claim: Claim, now: ClaimItems) -> Iterator[str]:
    """Each item of a drafted claim that it would state otherwise now, with both: Japanese, without an end."""
    for name, title in CLAIM_ITEMS.items():
        before, after = getattr(claim.items or now, name), getattr(now, name)
        if before != after:
            told = (STATUSES[each] if name == "status" else day_or_no(each) for each in (before, after))
            yield f"{title}は {next(told)}、いまの記録では {next(told)}"


def day_or_no(day: date | None) -> str:
    """A day in Japanese, or that there is none."""
    return day_text(day) if day is not None else "なし"


def _designated(situation: Situation, month: Month) -> bool:
    """Whether the office runs the case by its own designation: designated, and under its own contract (T-03).

    A contract that was signed before the office takes over counts from the day it does (T-07M).
    """
    case = situation.case
    since = case.taken_over_on or date.min
    under_contract = any(
        (each.agency, each.contract) == (case.office, "preventive_support")
        and max(each.signed_on, since) <= month.last
        for each in case.contracts
    )
    return under_contract and situation.agency.designated(case.office or "", case.insurer, month.last)


def must_be_entrusted(situation: Situation, subject: ServiceMonth) -> None:
    """The claimant of the month has given this desk its mandate (T-33).

    :raises Refused: it has not.
    """
    if situation.agency.biller_of(subject.claimant, subject.month.last) != situation.me:
        raise Refused(
            "billing_not_entrusted",
            f"{situation.agency.name_of(subject.claimant)}から{month_text(subject.month)}の請求事務を委任されていません",
            field="service_month",
            rule="T-33",
            todo="請求する事業所に「請求事務を委任する」を行ってもらってください",
        )


def initial_of(situation: Situation, subject: ServiceMonth, parameters: Parameters) -> InitialAddition | None:
    """Whether the initial addition is payable in a month, None where nothing starts (A-Q34a to c, decisions 20, 29)."""
    case, month = situation.case, subject.month
    earlier = max((Month.parse(each) for each in case.performances if each < str(month)), default=None)
    if earlier is None:
        end = case.previous_plan_end_month
        kind: Any = case.previous_plan_kind
        facts = InitialFacts(month, Month.parse(end) if end else None, kind, "new")
        return initial_addition(facts, parameters)
    before = service_month(situation, earlier, parameters)
    resumed = initial_addition(InitialFacts(month, earlier, before.found.type, "new"), parameters)
    if resumed.payable is True:
        return resumed  # after two empty months a person is new, whoever claims and claimed (decision 29)
    if before.claimant == subject.claimant:
        return None
    if before.found.type == subject.found.type:
        return resumed  # an office took over from its centre: the person had a plan all along (decision 29)
    facts = InitialFacts(
        month, earlier, before.found.type, "type_switch", simultaneous_contract=case.simultaneous_contract
    )
    return initial_addition(facts, parameters)


def linkage_of(situation: Situation, subject: ServiceMonth, parameters: Parameters) -> bool:
    """Whether the linkage addition (委託連携加算) is payable, once for a person (T-69).

    At the first switch from designated to entrusted, or where the centre entrusts with information and co-operation.
    """
    if not subject.entrusted:
        return False
    with_cooperation = {each.starts_on for each in situation.case.entrustments if each.cooperation}
    switches = sorted({*designated_to_entrusted(situation), *with_cooperation})
    payable = linkage_addition(switches, parameters)
    return any(due and Month.of(day) == subject.month for day, due in zip(switches, payable, strict=True))


def improvement_of(situation: Situation, subject: ServiceMonth, parameters: Parameters) -> bool:
    """Whether the claimant's fee has the treatment improvement addition: filed, and for 介護予防支援 (decision 4)."""
    published = parameters.find("addition.treatment_improvement_permille", subject.month.first)
    return (
        published is not None
        and subject.found.type == "preventive_support"
        and situation.agency.improvement_filed(subject.claimant, subject.month)
    )


def designated_to_entrusted(situation: Situation) -> tuple[date, ...]:
    """The days on which the case went from designated to entrusted."""
    modes = situation.case.modes
    return tuple(
        after.effective_from
        for before, after in pairwise(modes)
        if (before.track, after.track) == ("designated", "entrusted")
    )
