"""When the initial addition (初回加算) and the linkage addition (委託連携加算) are payable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from contracts.codes import PREVIOUS_KINDS, TYPES
from shared.policy.dates import Month
from shared.policy.errors import excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Day, Facts, Flag, ListOf, MonthField
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import (
    INITIAL_OCCASIONS,
    InitialOccasion,
    PreviousKind,
)

Payable = bool | Literal["undecided"]

EXCLUDED_KINDS: Mapping[str, tuple[str, ...]] = {
    "care_to_support": ("care_management_a", "preventive_support"),
    "support_expired_to_project_eligible": ("care_support",),
    "entrusted": ("care_support",),
    "entrusted_office_changed": ("care_support",),
    "type_switch": ("care_support",),
}
"""Occasion → kinds of the previous plan that contradict it."""


@dataclass(frozen=True, slots=True)
class InitialFacts:
    """How a plan starts. ``previous_end_month`` is the last month of the plan before it, if any."""

    start_month: Month
    previous_end_month: Month | None
    previous_kind: PreviousKind | None
    occasion: InitialOccasion
    simultaneous_contract: bool = False


@dataclass(frozen=True, slots=True)
class InitialAddition:
    """Whether the initial addition is payable; ``reason`` is Japanese."""

    payable: Payable
    reason: str
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def initial_addition(facts: InitialFacts, parameters: Parameters) -> InitialAddition:
    """Decide on the initial addition (A-Q34a to c, decisions 20 and 29).

    Payable for a new user: none had a plan of either type in the two months before. Payable when a care
    level becomes a support level. Not payable when only the entrusted office changes, nor at a switch of
    type under a simultaneous contract; at a switch without one the documents are silent: ``undecided``.

    :raises PolicyError: the previous plan contradicts itself, the start or the occasion.
    :raises ParameterError: the addition did not exist yet.
    """
    _refuse_contradictions(facts)
    on = facts.start_month.first
    used = (parameters.entry("addition.initial", on), parameters.entry("addition.initial.empty_months", on))
    payable, reason, rules = _decide_initial(facts, used[1].value)
    return InitialAddition(payable, reason, rules, used)


def _decide_initial(facts: InitialFacts, empty_months: int) -> tuple[Payable, str, tuple[str, ...]]:
    match facts.occasion:
        case "care_to_support":
            return True, "要介護から要支援・事業対象者になったため算定できます。", ("A-Q34b",)
        case "entrusted":
            return False, "直営から委託に変わっただけなので算定できません。", ("A-Q34c",)
        case "entrusted_office_changed":
            return False, "委託先が変わっただけなので算定できません。", ("A-Q34c",)
        case "type_switch" if facts.simultaneous_contract:
            return (
                False,
                "同時契約による移行なので、どちらの事業者も算定できません。",
                ("decision 20", "T-68"),
            )
        case "type_switch":
            return (
                "undecided",
                "同時契約のない移行について、資料に定めがありません。",
                ("decision 20", "T-66"),
            )
        case "support_expired_to_project_eligible":
            rules: tuple[str, ...] = ("A-Q34b", "decision 29")
            new = facts.previous_end_month is not None and _is_new(facts, empty_months)
        case _:
            rules, new = ("A-Q34a", "decision 29"), _is_new(facts, empty_months)
    if new:
        return True, f"前の計画がないか、終わってから{empty_months}月以上あいているため算定できます。", rules
    return False, f"前の計画が終わってから{empty_months}月以上あいていないため算定できません。", rules


def _is_new(facts: InitialFacts, empty_months: int) -> bool:
    """No plan of either type in the months before; 居宅介護支援 is not one of them."""
    if facts.previous_end_month is None or facts.previous_kind == "care_support":
        return True
    return facts.start_month.since(facts.previous_end_month) - 1 >= empty_months


def _refuse_contradictions(facts: InitialFacts) -> None:
    if facts.occasion == "new" and facts.previous_end_month is None and facts.previous_kind in TYPES:
        raise excluded("previous_end_month", "前の計画があるときは、その最後の月も入力してください。")
    if facts.occasion == "new" and facts.previous_end_month is not None and facts.previous_kind is None:
        raise excluded("previous_kind", "前の計画の最後の月があるときは、その種類も入力してください。")
    if facts.previous_end_month is not None and facts.previous_end_month > facts.start_month:
        raise excluded(
            "previous_end_month",
            "前の計画の最後の月が、開始月より後になっています。開始月までの月を入力してください。",
        )
    if facts.previous_kind in EXCLUDED_KINDS.get(facts.occasion, ()):
        raise excluded(
            "previous_kind",
            f"「{INITIAL_OCCASIONS[facts.occasion]}」では、前の計画が"
            f"{PREVIOUS_KINDS[str(facts.previous_kind)]}ということはありません。",
        )


def linkage_addition(switches: Sequence[date], parameters: Parameters) -> tuple[bool, ...]:
    """For each switch from designated to entrusted, in the order given: is the addition payable (T-69)?

    It is payable once for a person: at the earliest switch since the addition exists.

    :raises PolicyError: the same day twice.
    """
    if len(set(switches)) != len(switches):
        raise excluded("switches", "同じ日の移行が二つあります。")
    first = min((each for each in switches if parameters.find("addition.linkage", each)), default=None)
    return tuple(each == first for each in switches)


class InitialInput(Facts):
    """Input of ``initial-addition``."""

    start_month = MonthField(required=True, metadata={"title": "開始月"})
    previous_end_month = MonthField(
        required=True, allow_none=True, metadata={"title": "前の計画の最後の月（なければ null）"}
    )
    previous_kind = Choice(
        PREVIOUS_KINDS, required=True, allow_none=True, metadata={"title": "前の計画の種類（なければ null）"}
    )
    occasion = Choice(INITIAL_OCCASIONS, required=True, metadata={"title": "きっかけ"})
    simultaneous_contract = Flag(load_default=False, metadata={"title": "同時契約"})


def evaluate_initial_addition(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``initial-addition`` as an evaluator (A-Q34a to c, decisions 20 and 29)."""
    found = initial_addition(InitialFacts(**facts), parameters)
    return result({"payable": found.payable}, found.rules, found.used)


class LinkageInput(Facts):
    """Input of ``linkage-addition``."""

    switches = ListOf(Day(), required=True, metadata={"title": "居宅指定から再委託に移った日"})


def evaluate_linkage_addition(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``linkage-addition`` as an evaluator (T-69)."""
    switches: tuple[date, ...] = facts["switches"]
    payable = linkage_addition(switches, parameters)
    paid = (
        parameters.find("addition.linkage", day) for day, due in zip(switches, payable, strict=True) if due
    )
    return result({"payable": list(payable)}, ["T-69"], [each for each in paid if each])


INITIAL_ADDITION = Evaluator(
    "initial-addition",
    "初回加算を算定できるか判定する",
    InitialInput,
    evaluate_initial_addition,
    dated_by="start_month",
)
LINKAGE_ADDITION = Evaluator(
    "linkage-addition",
    "委託連携加算を算定できる移行を判定する",
    LinkageInput,
    evaluate_linkage_addition,
    dated_by="switches",
)
