"""Which plan type a month has, who claims it, and by which route."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contracts.codes import SERVICE_KINDS, STATUSES
from shared.policy.citing import cited
from shared.policy.dates import Month
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Flag, ListOf, MonthField
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import (
    PREVENTIVE_STATUSES,
    PlanType,
    Provider,
    Status,
)


@dataclass(frozen=True, slots=True)
class CaseTypeFacts:
    """The services used in a month. ``designated``: an office with its own designation makes the plans."""

    month: Month
    status: Status
    services: tuple[str, ...]
    designated: bool


@dataclass(frozen=True, slots=True)
class CaseType:
    """Plan type of the month, whose claim it is, and where the claim goes."""

    type: PlanType
    claimant: Provider
    claim_route: Literal["ward", "federation"]
    route_assumed: bool
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def case_type(facts: CaseTypeFacts, parameters: Parameters) -> CaseType:
    """Decide the plan type of a month (T-04, T-33, T-61, A-Q15a, A-Q15b, A-Q35a, decision 23).

    One preventive benefit under limit management makes the whole month 介護予防支援; without one, the
    project's services make it 介護予防ケアマネジメントA, which the centre alone claims. 居宅療養管理指導
    (34) does not count.

    :raises PolicyError: a person or services for which neither plan exists.
    :raises ParameterError: the month is before the insurer's published values.
    """
    _refuse_status(facts)
    on = facts.month.first
    benefits = parameters.entry("services.preventive_benefit", on)
    outside = parameters.entry("services.outside_limit", on)
    project = parameters.entry("services.project", on)
    _refuse_benefit_without_certification(facts, (*benefits.value, *outside.value))
    kind = plan_type(facts.services, facts.month, parameters)
    if kind is None:
        raise excluded(
            "services",
            "限度額管理の対象となる予防給付も総合事業のサービスもないため、介護予防支援にもケアマネジメントAにも"
            "なりません。",
        )
    _refuse_designation(facts, parameters)
    by_office = facts.designated and kind == "preventive_support"
    route = parameters.entry(f"claim.route.{kind}", on)
    return CaseType(
        type=kind,
        claimant="office" if by_office else "centre",
        claim_route=route.value,
        route_assumed=route.assumed,
        rules=("T-61", "A-Q15a", "A-Q35a", "T-04", *(["decision 23"] if route.assumed else [])),
        used=(benefits, outside, project, route),
    )


def plan_type(services: tuple[str, ...], month: Month, parameters: Parameters) -> PlanType | None:
    """Plan type that the services of a month make, or ``None`` if they need no plan of ours (T-61, A-Q35a).

    :raises ParameterError: the month is before the first published list of services.
    """
    if any(each in parameters.value("services.preventive_benefit", month.first) for each in services):
        return "preventive_support"
    if any(each in parameters.value("services.project", month.first) for each in services):
        return "care_management_a"
    return None


def _refuse_status(facts: CaseTypeFacts) -> None:
    if facts.status not in PREVENTIVE_STATUSES:
        raise excluded(
            "status",
            f"{STATUSES[facts.status]}の人は介護予防支援・介護予防ケアマネジメントの対象ではありません"
            "（A-Q1b、A-Q11）。",
        )


def _refuse_benefit_without_certification(facts: CaseTypeFacts, benefits: tuple[str, ...]) -> None:
    wanted = [each for each in facts.services if each in benefits]
    if facts.status == "project_eligible" and wanted:
        raise PolicyError(
            "excluded_combination",
            "services",
            f"事業対象者は予防給付（{'、'.join(wanted)}）を使えません。要支援認定の申請が必要です（A-Q15b）。",
        )


def _refuse_designation(facts: CaseTypeFacts, parameters: Parameters) -> None:
    if not facts.designated:
        return
    if parameters.find("fee.preventive_support.office", facts.month.first) is None:
        raise excluded(
            "designated", "居宅介護支援事業所が介護予防支援の指定を受けられるのは令和6年4月からです。"
        )
    if facts.status == "project_eligible":
        rule = cited("T-04", parameters.insurer.number)
        raise excluded(
            "designated",
            f"事業対象者は居宅指定では担当できません。包括の介護予防ケアマネジメントAになります（{rule}）。",
        )


class CaseTypeInput(Facts):
    """Input of ``case-type``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    status = Choice(STATUSES, required=True, metadata={"title": "認定等の状態"})
    services = ListOf(Choice(SERVICE_KINDS), required=True, metadata={"title": "その月に使ったサービス種類"})
    designated = Flag(required=True, metadata={"title": "居宅介護支援事業所が自らの指定で計画を作成"})


def evaluate_case_type(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``case-type`` as an evaluator (T-04, T-61, A-Q15a, A-Q35a)."""
    found = case_type(CaseTypeFacts(**facts), parameters)
    values = {"type": found.type, "claimant": found.claimant, "claim_route": found.claim_route}
    return result(values, found.rules, found.used)


CASE_TYPE = Evaluator(
    "case-type", "月の類型・請求者・請求先を判定する", CaseTypeInput, evaluate_case_type, dated_by="month"
)
