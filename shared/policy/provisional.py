"""Services used while a certification is pending: who pays after the result, and from when a plan can hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from contracts.codes import Codes
from shared.policy.dates import day_text
from shared.policy.errors import excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Day, Facts, Flag
from shared.policy.parameters import Parameters

Outcome = Literal["ineligible", "support", "care"]
Used = Literal["project", "benefit", "both"]
Part = Literal["project", "benefit"]
Payer = Literal[
    "project_budget", "preventive_benefit", "care_benefit", "self", "none", "undecided"
]  # fmt: skip

OUTCOMES: Final[Codes] = {"ineligible": "非該当", "support": "要支援", "care": "要介護"}
USED: Final[Codes] = {
    "project": "サービス事業のみ",
    "benefit": "給付のみ",
    "both": "サービス事業と給付",
}
PARTS: Final[Codes] = {"project": "サービス事業", "benefit": "給付"}


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """The result of the application and what was used before it.

    ``choice`` is the person's, between the two parts, where the result is a care level. ``registered`` tells that
    the person stands in the ward's register (受給者台帳).
    """

    result: Outcome
    services: Used
    choice: Part | None
    registered: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who pays the project's services, the benefit's, and the plan; ``until`` when the project pays no longer."""

    project: Payer
    benefit: Payer
    plan_fee: Payer
    until: Literal["care_benefit_start"] | None
    rules: tuple[str, ...]


_WITHOUT_CHOICE: Final[Mapping[tuple[str, str], tuple[Payer, Payer, Payer]]] = {
    ("ineligible", "project"): ("project_budget", "none", "project_budget"),
    ("ineligible", "both"): ("project_budget", "self", "project_budget"),
    ("ineligible", "benefit"): ("none", "self", "self"),
    ("support", "project"): ("project_budget", "none", "project_budget"),
    ("support", "both"): ("project_budget", "preventive_benefit", "preventive_benefit"),
    ("support", "benefit"): ("none", "preventive_benefit", "preventive_benefit"),
    ("care", "project"): ("project_budget", "none", "undecided"),
    ("care", "both"): ("undecided", "undecided", "undecided"),
    ("care", "benefit"): ("none", "care_benefit", "care_benefit"),
}
"""(result, services) → payers of the project's services, of the benefit's, and of the plan (A-Q17)."""

_BY_CHOICE: Final[Mapping[Part, tuple[Payer, Payer, Payer]]] = {
    "project": ("project_budget", "self", "undecided"),
    "benefit": ("self", "care_benefit", "care_benefit"),
}
"""A care level after both were used: the person chooses one side and pays the other (A-Q17x)."""


def settlement(facts: SettlementFacts) -> Settlement:
    """Settle who pays what was used provisionally (A-Q17, A-Q17n, A-Q17x, decision 11).

    On a care level the project pays until the care benefit starts, and only for a registered person. Until the
    person has chosen, everything is ``undecided`` where both were used.

    :raises PolicyError: a choice where there is none.
    """
    _refuse_choice(facts)
    chosen = facts.result == "care" and facts.services == "both" and facts.choice is not None
    project, benefit, plan_fee = (
        _BY_CHOICE[facts.choice]
        if chosen and facts.choice is not None
        else _WITHOUT_CHOICE[facts.result, facts.services]
    )
    rules = ["A-Q17"]
    if facts.result == "care":
        rules += ["A-Q17n", "decision 11"]
        rules += ["A-Q17x"] if facts.services == "both" else []
        if project == "project_budget" and not facts.registered:
            project = "none"
    by_project = facts.result == "care" and project == "project_budget"
    return Settlement(project, benefit, plan_fee, "care_benefit_start" if by_project else None, tuple(rules))


def _refuse_choice(facts: SettlementFacts) -> None:
    if facts.choice is None:
        return
    if facts.result != "care":
        raise excluded(
            "choice",
            "サービス事業か給付かを選ぶのは要介護の結果のときだけです。choice を null にしてください（A-Q17x）。",
        )
    if facts.services not in ("both", facts.choice):
        raise excluded(
            "choice",
            f"{PARTS[facts.choice]}は使われていません（services: {facts.services}）。choice を確かめてください"
            "（A-Q17x）。",
        )


@dataclass(frozen=True, slots=True)
class StartFacts:
    """A provisional start of project services; ``consulted`` is when the office asked the centre, if it did."""

    applied: date
    service_start: date
    consulted: date | None
    result: Outcome


@dataclass(frozen=True, slots=True)
class Start:
    """From when the plan holds (``None``: not yet), and the days that the project can't pay.

    ``unpayable`` is first and last day; the last is ``None`` while nobody has asked the centre.
    """

    plan_from: date | None
    unpayable: tuple[date, date | None] | None
    rules: tuple[str, ...]


def start(facts: StartFacts) -> Start:
    """Find from when a plan for project services holds (A-Q18, A-Q19).

    With a support level, the centre plans from the day on which it was consulted and never back. The manual says
    nothing of the kind for other results. A preventive benefit may be self-planned, so none of this touches it.

    :raises PolicyError: a service that began before the application is no provisional one.
    """
    if facts.service_start < facts.applied:
        raise excluded(
            "service_start",
            f"申請日（{day_text(facts.applied)}）より前に始まっています。暫定の開始日は申請日以後で入力してください。",
        )
    rules = ("A-Q18", "A-Q19")
    in_time = facts.consulted is not None and facts.consulted <= facts.service_start
    if in_time or facts.result != "support":
        return Start(facts.service_start, None, rules)
    if facts.consulted is None:
        return Start(None, (facts.service_start, None), rules)
    return Start(facts.consulted, (facts.service_start, facts.consulted - timedelta(days=1)), rules)


class SettlementInput(Facts):
    """Input of ``provisional-settlement``."""

    result = Choice(OUTCOMES, required=True, metadata={"title": "認定の結果"})
    services = Choice(USED, required=True, metadata={"title": "暫定で使ったサービス"})
    choice = Choice(
        PARTS,
        load_default=None,
        allow_none=True,
        metadata={"title": "本人の選択（要介護で両方を使ったとき）"},
    )
    registered = Flag(required=True, metadata={"title": "受給者台帳への登録"})


class StartInput(Facts):
    """Input of ``provisional-start``."""

    applied = Day(required=True, metadata={"title": "認定の申請日"})
    service_start = Day(required=True, metadata={"title": "サービスの開始日"})
    consulted = Day(
        required=True, allow_none=True, metadata={"title": "包括へ事前相談した日（なければ null）"}
    )
    result = Choice(OUTCOMES, required=True, metadata={"title": "認定の結果"})


def evaluate_settlement(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``provisional-settlement`` as an evaluator (A-Q17, A-Q17n, A-Q17x, decision 11).

    The question bears no date, so what the insurer stated last counts.

    :raises ParameterError: the insurer has not stated how provisional use is settled.
    """
    stated = parameters.last("provisional.settlement")
    found = settlement(SettlementFacts(**facts))
    values = {
        "project": found.project,
        "benefit": found.benefit,
        "plan_fee": found.plan_fee,
        "until": found.until,
    }
    return result(values, found.rules, [stated])


def evaluate_start(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``provisional-start`` as an evaluator (A-Q18, A-Q19).

    :raises ParameterError: the insurer has not stated from when a plan holds after provisional use.
    """
    stated = parameters.entry("provisional.plan_from", facts["service_start"])
    found = start(StartFacts(**facts))
    values = {
        "plan_from": _iso(found.plan_from),
        "unpayable": None if found.unpayable is None else [_iso(each) for each in found.unpayable],
    }
    return result(values, found.rules, [stated])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


PROVISIONAL_SETTLEMENT = Evaluator(
    "provisional-settlement",
    "暫定利用の費用を認定結果のあとに誰が負担するか判定する",
    SettlementInput,
    evaluate_settlement,
)
PROVISIONAL_START = Evaluator(
    "provisional-start",
    "暫定プランがいつから有効か、総合事業から支給できない期間を判定する",
    StartInput,
    evaluate_start,
    dated_by="service_start",
)
