"""Which services a person may use, by status, age and residence, and from which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from contracts.codes import SERVICE_KINDS, STATUSES, Codes
from shared.policy.dates import day_text
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Day, Facts, ListOf, Whole
from shared.policy.office_designation import InsurerNumber
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import Status

RESIDENCES: Final[Codes] = {
    "home": "自宅",
    "group_home": "グループホーム（介護予防認知症対応型共同生活介護）",
    "small_multifunction": "介護予防小規模多機能型居宅介護の利用",
    "specified_facility": "介護予防特定施設入居者生活介護の指定を受けた施設",
    "nursing_home_for_aged": "養護老人ホーム（特定施設の指定なし）",
}
"""Where a person lives, as far as it matters to the services of the project."""

SUPPORT: Final = ("support1", "support2")
COMMUNITY: Final = "community_b"
GENERAL: Final = "general"

_BEFORE_PLAN: Final = (
    "ケアプランの交付前の利用です。原則として、介護予防ケアマネジメントの実施後にサービスを導入してください"
    "（A-Q12b、A-Q12c）。"
)


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """Who wants which services on the day ``on``.

    ``checklist_date`` made the person project-eligible. ``resident_of`` is the number of the insurer in whose area
    the person lives; ``None`` means the one asked.
    """

    on: date
    status: Status
    age: int
    services: tuple[str, ...]
    residence: str = "home"
    checklist_date: date | None = None
    plan_delivered_on: date | None = None
    resident_of: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a service may be used; ``warnings`` are Japanese, and say why not where it may not."""

    allowed: bool
    warnings: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Each service's answer, and the first day on which a project-eligible person may use the project."""

    services: Mapping[str, Allowance]
    earliest_start: date | None
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


@dataclass(slots=True)
class _Finding:
    """What is found out about one service, piece by piece."""

    allowed: bool = True
    warnings: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def refuse(self, warning: str, *rules: str) -> None:
        self.allowed = False
        self.warn(warning, *rules)

    def warn(self, warning: str, *rules: str) -> None:
        self.warnings += (warning,)
        self.rules += rules


def eligibility(facts: EligibilityFacts, parameters: Parameters) -> Eligibility:
    """Answer for each service (A-Q1b, A-Q11, A-Q12c, A-Q15b, A-Q25b, A-Q26, A-Q45, A-Q46).

    Services never exclude each other: a project-eligible person may join general prevention beside them (A-Q26).

    :raises ParameterError: the project or its age limit was not published yet on the day.
    """
    age = parameters.entry("eligibility.age", facts.on)
    project = parameters.entry("services.project", facts.on)
    inclusive = parameters.entry("eligibility.inclusive_residences", facts.on)
    found: dict[str, Allowance] = {}
    for service in facts.services:
        finding = _Finding()
        if service == GENERAL:
            _judge_general(facts, age.value, parameters.insurer.number, finding)
        elif service == COMMUNITY or service in project.value:
            _judge_status_in_project(facts, service, age.value, finding)
            _judge_day(facts, finding)
            _judge_residence(facts, service, inclusive.value, finding)
            _judge_municipality(facts, service, parameters.insurer.number, finding)
        else:
            _judge_benefit(facts, finding)
        found[service] = Allowance(finding.allowed, finding.warnings, finding.rules)
    return Eligibility(
        services=found,
        earliest_start=facts.checklist_date if facts.status == "project_eligible" else None,
        rules=("A-Q1b", "A-Q11", *(rule for each in found.values() for rule in each.rules)),
        used=(age, project, inclusive),
    )


def _judge_general(facts: EligibilityFacts, age: int, insurer: str, finding: _Finding) -> None:
    finding.rules += ("A-Q26",)
    if facts.age < age:
        finding.refuse(
            f"一般介護予防事業の対象は{age}歳以上の人です（支える活動に関わる人は除きます）（A-Q1b）。",
            "A-Q1b",
        )
    if facts.resident_of not in (None, insurer):
        finding.refuse(
            "一般介護予防事業は、保険者の区域に住んでいる人だけが利用できます（A-Q25b）。", "A-Q25b"
        )


def _judge_status_in_project(facts: EligibilityFacts, service: str, age: int, finding: _Finding) -> None:
    if facts.status in SUPPORT:
        return
    if facts.status == "project_eligible":
        if facts.age < age:
            finding.refuse(
                f"事業対象者になれるのは{age}歳以上の人です。要介護認定の申請を案内してください（A-Q1b）。",
                "A-Q1b",
            )
    elif facts.status == "none":
        finding.refuse(
            "サービス事業を利用できるのは要支援者と事業対象者です。一般介護予防事業などを案内してください（A-Q1b）。",
            "A-Q1b",
        )
    elif service == COMMUNITY:
        finding.warn("要支援者等が中心となっている住民主体の支援だけを利用できます（A-Q11）。", "A-Q11")
    else:
        finding.refuse(f"{STATUSES[facts.status]}の人はサービス事業を利用できません（A-Q11）。", "A-Q11")


def _judge_day(facts: EligibilityFacts, finding: _Finding) -> None:
    """From the day of the checklist, but normally after the plan was delivered (A-Q12b, A-Q12c)."""
    if facts.status == "project_eligible" and facts.checklist_date is not None:
        finding.rules += ("A-Q12c",)
        if facts.on < facts.checklist_date:
            finding.refuse(
                f"基本チェックリストを実施した{day_text(facts.checklist_date)}より前には利用できません"
                "（A-Q12c）。",
                "A-Q12c",
            )
            return
        if facts.plan_delivered_on is None:
            finding.warn(_BEFORE_PLAN, "A-Q12b")
    if facts.plan_delivered_on is not None and facts.on < facts.plan_delivered_on:
        finding.warn(_BEFORE_PLAN, "A-Q12b", "A-Q12c")


def _judge_residence(
    facts: EligibilityFacts, service: str, inclusive: tuple[str, ...], finding: _Finding
) -> None:
    if facts.residence not in inclusive:
        return
    rule = "A-Q45" if facts.residence == "specified_facility" else "A-Q46"
    if service == COMMUNITY:
        finding.warn(
            f"併用の目標と利用目的を、利用者と家族と十分に検討してください（{rule}）。",
            rule,
        )
        return
    finding.warn(
        f"{RESIDENCES[facts.residence]}では必要なサービスが包括的に提供されるため、指定事業者によるサービス事業との"
        f"併用は想定されていません（{rule}）。",
        rule,
    )


def _judge_municipality(facts: EligibilityFacts, service: str, insurer: str, finding: _Finding) -> None:
    if service != COMMUNITY and facts.resident_of not in (None, insurer):
        finding.warn(
            "住所地特例の人は、住民票がある区市町村の指定を受けた事業所を利用します。事業所の指定を確かめてください"
            "（A-Q25a）。",
            "A-Q25a",
        )


def _judge_benefit(facts: EligibilityFacts, finding: _Finding) -> None:
    if facts.status in SUPPORT:
        finding.rules += ("A-Q15a",)
    elif facts.status in ("none", "project_eligible"):
        finding.refuse(
            "予防給付には要支援認定が必要です。要介護認定の申請を案内してください（A-Q15b）。", "A-Q15b"
        )
    else:
        finding.refuse(
            f"{STATUSES[facts.status]}の人は予防給付ではなく介護給付を利用します（A-Q15b）。", "A-Q15b"
        )


class EligibilityInput(Facts):
    """Input of ``eligibility``."""

    date = Day(required=True, metadata={"title": "利用する日"})
    status = Choice(STATUSES, required=True, metadata={"title": "認定等の状態"})
    age = Whole(required=True, most=130, metadata={"title": "その日の年齢"})
    services = ListOf(Choice(SERVICE_KINDS), required=True, metadata={"title": "利用したいサービス種類"})
    residence = Choice(RESIDENCES, load_default="home", metadata={"title": "住まい"})
    checklist_date = Day(load_default=None, allow_none=True, metadata={"title": "基本チェックリストの実施日"})
    plan_delivered_on = Day(load_default=None, allow_none=True, metadata={"title": "ケアプランの交付日"})
    resident_of = InsurerNumber(
        load_default=None,
        allow_none=True,
        metadata={"title": "住所のある区市町村の保険者番号（ないときは判定する保険者）"},
    )


def evaluate_eligibility(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``eligibility`` as an evaluator (A-Q1b, A-Q11, A-Q12c, A-Q15b, A-Q25b, A-Q26, A-Q45, A-Q46)."""
    asked = EligibilityFacts(on=facts["date"], **{key: facts[key] for key in facts if key != "date"})
    found = eligibility(asked, parameters)
    values = {
        "services": {
            service: {"allowed": each.allowed, "warnings": list(each.warnings)}
            for service, each in found.services.items()
        },
        "earliest_start": found.earliest_start.isoformat() if found.earliest_start else None,
    }
    return result(values, found.rules, found.used)


ELIGIBILITY = Evaluator(
    "eligibility",
    "状態・年齢・住まいから、利用できるサービスと最も早い開始日を判定する",
    EligibilityInput,
    evaluate_eligibility,
    dated_by="date",
)
