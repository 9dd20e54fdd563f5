"""Units to yen, and the shares of centre and office. Integers only: a price is hundredths of a yen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.codes import SERVICE_KINDS, TYPES
from shared.policy.dates import Month
from shared.policy.errors import PolicyError
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, MonthField, Whole
from shared.policy.parameters import Entry, Parameters

UNPRICED = ("community_b", "general")
"""Resident-run support and general prevention are not paid by units."""


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Price of one unit; ``text`` is the decimal that is printed (``11.40``)."""

    text: str
    hundredths: int
    used: tuple[Entry, ...]

    def yen(self, units: int) -> int:
        """Yen for a number of units, the fraction of a yen cut off."""
        return units * self.hundredths // 100


@dataclass(frozen=True, slots=True)
class Split:
    """An entrusted fee in yen: what the entrusted office gets and what stays with the centre.

    ``assumed``: the ratio is a choice of ours, or this amount depends on a rounding that is one; shown as
    such.
    """

    office: int
    centre: int
    assumed: bool
    used: tuple[Entry, ...]


def unit_price(service: str, on: date, parameters: Parameters) -> UnitPrice:
    """Price of one unit of a service kind or plan type at the insurer (A-Q50).

    It follows from the insurer's area (級地) and the service's labour share.

    :raises ParameterError: no price was published for that day.
    :raises PolicyError: the service is not paid by units.
    """
    if service in UNPRICED:
        raise PolicyError("excluded_combination", "service", f"「{service}」に単位数単価はありません。")
    area = parameters.entry("unit_price.area", on)
    share = parameters.entry("unit_price.labour_share", on).at(service)
    price = parameters.entry(f"unit_price.{area.value}", on).at(share.value)
    return UnitPrice(price.value, hundredths(price.value), (price, area, share))


def hundredths(decimal: str) -> int:
    """``"11.40"`` → 1140."""
    whole, _, fraction = decimal.partition(".")
    if len(fraction) != 2:
        raise ValueError(f"a price has two decimals: {decimal}")
    return int(whole) * 100 + int(fraction)


def half_up(amount: int, numerator: int, denominator: int) -> int:
    """``amount × numerator ÷ denominator`` rounded half up to a whole number; nothing negative."""
    return (2 * amount * numerator + denominator) // (2 * denominator)


def split_fee(yen: int, on: date, parameters: Parameters) -> Split:
    """Divide an entrusted fee between office and centre; the parts sum to the fee (A-Q35c, decision 1).

    ``fee_split.rounding`` says whose part is rounded: ``centre_floor`` cuts the centre's part,
    ``office_half_up`` rounds the office's.

    :raises ParameterError: the insurer has no split for that day.
    """
    percent = parameters.entry("fee_split.centre_percent", on)
    rounding = parameters.entry("fee_split.rounding", on)
    centre_of = {
        "centre_floor": yen * percent.value // 100,
        "office_half_up": yen - half_up(yen, 100 - percent.value, 100),
    }
    centre = centre_of[rounding.value]
    rounding_matters = len(set(centre_of.values())) > 1
    return Split(
        office=yen - centre,
        centre=centre,
        assumed=percent.assumed or (rounding.assumed and rounding_matters),
        used=(percent, rounding),
    )


class PriceFacts(Facts):
    """Input of ``price``."""

    month = MonthField(required=True, metadata={"title": "サービス提供月"})
    service = Choice((*SERVICE_KINDS, *TYPES), required=True, metadata={"title": "サービス種類"})
    units = Whole(required=True, metadata={"title": "単位数"})


def price(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """Units of a service to yen (A-Q50): units × unit price, the fraction of a yen cut off."""
    month: Month = facts["month"]
    found = unit_price(facts["service"], month.first, parameters)
    return result({"unit_price": found.text, "yen": found.yen(facts["units"])}, ["A-Q50"], found.used)


PRICE = Evaluator("price", "単位数と単価から金額を計算する", PriceFacts, price, dated_by="month")
