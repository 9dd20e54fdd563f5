"""The monthly fee of a plan (介護予防支援費, 介護予防ケアマネジメント費) with additions, in units and yen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.codes import TYPES
from shared.policy.citing import cited
from shared.policy.dates import Month, month_text
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Flag, MonthField
from shared.policy.money import Split, half_up, split_fee, unit_price
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import PROVIDERS, PlanType, Provider


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What a month's fee depends on.

    ``provider`` has the contract with the person: the centre, or an office by its own designation.
    ``entrusted`` tells that the centre has an office do the work. ``improvement`` tells that the claimant
    has filed for the treatment improvement addition (decision 4), ``small_multifunction`` that the addition for
    linkage with a small multifunctional home is asked for, which no insurer here pays (A-Q34d).
    """

    month: Month
    type: PlanType
    provider: Provider
    entrusted: bool = False
    initial: bool = False
    linkage: bool = False
    improvement: bool = False
    small_multifunction: bool = False


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of a fee; ``name`` is what the claim prints, ``entry`` the parameter behind it."""

    name: str
    units: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Fee:
    """A month's fee. ``unit_price`` is the printed decimal, ``yen`` the whole; ``split`` when entrusted."""

    lines: tuple[FeeLine, ...]
    units: int
    unit_price: str
    yen: int
    split: Split | None
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def fee(facts: FeeFacts, parameters: Parameters) -> Fee:
    """Compute a month's fee (T-04, T-33, T-69, A-Q34a, A-Q34d, A-Q35c, A-Q50, decisions 1, 4 and 14).

    The whole fee is paid by the insurance or the ward; the person pays no share. Yen are the total of the
    units times the unit price with the fraction cut off, then split.

    :raises PolicyError: a combination that the rules exclude, such as an office's own fee before 2024-04.
    :raises ParameterError: no fee or price was published for the month.
    """
    _refuse_excluded(facts, parameters)
    on = facts.month.first
    lines = _lines(facts, on, parameters)
    units = sum(each.units for each in lines)
    price = unit_price(facts.type, on, parameters)
    yen = price.yen(units)
    split = split_fee(yen, on, parameters) if facts.entrusted else None
    return Fee(
        lines=lines,
        units=units,
        unit_price=price.text,
        yen=yen,
        split=split,
        rules=_rules(facts),
        used=(*(each.entry for each in lines), *price.used, *(split.used if split else ())),
    )


def _lines(facts: FeeFacts, on: date, parameters: Parameters) -> tuple[FeeLine, ...]:
    basic = parameters.entry(_basic_name(facts), on)
    lines = [FeeLine(basic.title, basic.value, basic)]
    if facts.type == "preventive_support":
        lines += _supplement(basic.value, on, parameters)
    for wanted, name in ((facts.initial, "addition.initial"), (facts.linkage, "addition.linkage")):
        if wanted:
            addition = parameters.entry(name, on)
            lines.append(FeeLine(addition.title, addition.value, addition))
    if facts.improvement:
        share = parameters.entry("addition.treatment_improvement_permille", on)
        total = sum(each.units for each in lines)
        lines.append(FeeLine(share.title, half_up(total, share.value, 1000), share))
    return tuple(lines)


def _basic_name(facts: FeeFacts) -> str:
    return (
        "fee.care_management_a"
        if facts.type == "care_management_a"
        else f"fee.preventive_support.{facts.provider}"
    )


def _supplement(basic: int, on: date, parameters: Parameters) -> list[FeeLine]:
    """The 0.1 % of 2021-04 to 2021-09, at least one unit."""
    share = parameters.find("fee.preventive_support.supplement_permille", on)
    return [] if share is None else [FeeLine(share.title, max(1, half_up(basic, share.value, 1000)), share)]


def _refuse_excluded(facts: FeeFacts, parameters: Parameters) -> None:
    on = facts.month.first
    if facts.provider == "office":
        _refuse_excluded_of_office(facts, parameters)
    if facts.small_multifunction:
        raise _no_small_multifunction(on, parameters)
    if facts.linkage and not facts.entrusted:
        raise excluded("linkage", "委託連携加算は、包括が居宅介護支援事業所に委託した月だけ算定できます。")
    if facts.linkage and parameters.find("addition.linkage", on) is None:
        raise excluded(
            "linkage", f"委託連携加算は{month_text(facts.month)}にはありません（令和3年4月から）。"
        )
    if facts.improvement and facts.type == "care_management_a":
        raise excluded("improvement", "処遇改善加算は介護予防支援費だけに付きます。")
    if facts.improvement and parameters.find("addition.treatment_improvement_permille", on) is None:
        raise excluded(
            "improvement",
            f"介護予防支援の処遇改善加算は{month_text(facts.month)}にはありません（令和8年6月から）。",
        )


def _no_small_multifunction(on: date, parameters: Parameters) -> PolicyError:
    """Why that addition is not payable: the insurer has said that it has none, or has published nothing (A-Q34d)."""
    named, insurer = "介護予防小規模多機能型居宅介護事業所連携加算", parameters.insurer.name
    entry = parameters.find("addition.not_set", on)
    if entry is not None and "small_multifunction" in entry.value:
        return excluded("small_multifunction", f"{insurer}では、{named}は設定していません（A-Q34d）。")
    return PolicyError(
        "not_published",
        "small_multifunction",
        f"{insurer}の{named}は登録されていません。区に確かめてください。",
    )


def _refuse_excluded_of_office(facts: FeeFacts, parameters: Parameters) -> None:
    if facts.type == "care_management_a":
        rule = cited("T-04", parameters.insurer.number)
        raise excluded("provider", f"介護予防ケアマネジメントAの提供者は地域包括支援センターです（{rule}）。")
    if parameters.find(_basic_name(facts), facts.month.first) is None:
        raise excluded("provider", "居宅介護支援事業所が自ら介護予防支援を行えるのは令和6年4月からです。")
    if facts.entrusted:
        raise excluded(
            "entrusted", "居宅介護支援事業所が指定を受けて行う介護予防支援に、包括からの委託はありません。"
        )
    if facts.linkage:
        raise excluded(
            "linkage", "委託連携加算は包括の介護予防支援費（Ⅰ）・ケアマネジメント費だけに付きます。"
        )


def _rules(facts: FeeFacts) -> tuple[str, ...]:
    rules = ["T-04", "T-33"] if facts.type == "preventive_support" else ["T-04", "A-Q35c", "decision 14"]
    rules += ["A-Q50"]
    rules += ["A-Q34a"] if facts.initial else []
    rules += ["T-69"] if facts.linkage else []
    rules += ["decision 4"] if facts.improvement else []
    rules += ["A-Q35c", "decision 1"] if facts.entrusted else []
    return tuple(dict.fromkeys(rules))


class FeeInput(Facts):
    """Input of ``fee``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    type = Choice(TYPES, required=True, metadata={"title": "類型"})
    provider = Choice(PROVIDERS, required=True, metadata={"title": "提供者"})
    entrusted = Flag(required=True, metadata={"title": "包括から居宅への委託"})
    initial = Flag(required=True, metadata={"title": "初回加算"})
    linkage = Flag(required=True, metadata={"title": "委託連携加算"})
    small_multifunction = Flag(
        load_default=False, metadata={"title": "介護予防小規模多機能型居宅介護事業所連携加算"}
    )


def evaluate_fee(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``fee`` as an evaluator (T-04, T-33, T-69, A-Q34a, A-Q34d, A-Q35c, A-Q50, decision 1)."""
    found = fee(FeeFacts(**facts), parameters)
    values = {
        "lines": [{"name": each.name, "units": each.units} for each in found.lines],
        "units": found.units,
        "unit_price": found.unit_price,
        "yen": found.yen,
        "split": {"office": found.split.office, "centre": found.split.centre} if found.split else None,
    }
    return result(values, found.rules, found.used)


FEE = Evaluator(
    "fee",
    "介護予防支援費・介護予防ケアマネジメント費の1月分を計算する",
    FeeInput,
    evaluate_fee,
    dated_by="month",
)
