"""The numbers of insurers, insured persons, offices, care managers and public assistance, and their check digits.

A wrong number is an answer here, never an exception: office numbers in real use fail their check digit now
and then, so a failed check digit of an office warns and does not refuse (decision 16).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Text
from shared.policy.full_width import normalise
from shared.policy.parameters import Parameters

LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Letters in office numbers count from A = 10 on; I, O and Q are not used because they look like digits."""

MEDICAL_KINDS: Final = "123456"
"""Kinds of office numbered after a medical institution's code, whose own check digit they keep."""

LAST_PREFECTURE: Final = 47


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a number. ``number`` is its normalised form, ``hint`` the number probably meant."""

    number: str
    valid: bool
    warnings: tuple[str, ...] = ()
    hint: str | None = None


def check_digit(base: str) -> int:
    """Modulus 10, weights 2-1 from the right, the digits of each product added separately.

    Letters count as in :data:`LETTERS`.

    :raises ValueError: a character that is neither a digit nor such a letter.
    """
    total = 0
    for place, character in enumerate(reversed(base)):
        product = _number_of(character) * (2 if place % 2 == 0 else 1)
        total += sum(int(digit) for digit in str(product))
    return -total % 10


def _number_of(character: str) -> int:
    if character in "0123456789":
        return int(character)
    return 10 + LETTERS.index(character)


def insurer_number(value: str) -> Verdict:
    """保険者番号: prefecture 2, municipality 3, check digit 1 (decision 16).

    A municipality code (全国地方公共団体コード) is refused with the insurer number as the hint.
    """
    number = normalise(value)
    if not re.fullmatch(r"[0-9]{5,6}", number) or not _prefecture_exists(number):
        return Verdict(number, False, ("保険者番号は都道府県番号（01〜47）で始まる6桁の数字です。",))
    base = number[:5]
    right = f"{base}{check_digit(base)}"
    if number == right:
        return Verdict(number, True)
    if number in (base, f"{base}{_municipality_check_digit(base)}"):
        return Verdict(
            number, False, (f"{number} は団体コードです。保険者番号は {right} です。",), hint=right
        )
    return Verdict(number, False, ("保険者番号の検証番号が合いません。番号を確かめてください。",))


def _municipality_check_digit(base: str) -> int:
    """Modulus 11, weights 6 to 2 from the left (昭和43年自治省の団体コード)."""
    total = sum(int(digit) * weight for digit, weight in zip(base, range(6, 1, -1), strict=True))
    return (11 - total % 11) % 10


def insured_number(value: str) -> Verdict:
    """被保険者番号: ten digits, or H and nine digits for a public assistance recipient who is not insured.

    Insurers number in their own ways, so there is no check digit.
    """
    number = normalise(value).upper()
    if re.fullmatch(r"[0-9]{10}|H[0-9]{9}", number):
        return Verdict(number, True)
    return Verdict(number, False, ("被保険者番号は10桁の数字、または H と9桁の数字です。",))


def office_number(value: str) -> Verdict:
    """介護保険事業所番号: prefecture 2, kind 1, area 2, number 4, check digit 1 (decision 16).

    The check digit covers the nine characters before it. Offices numbered after a medical institution's
    code keep that code's check digit, over the six characters from the fourth on: silently right for them,
    doubtful for others. A number that fits neither is valid with a warning.
    """
    number = normalise(value).upper()
    if not re.fullmatch(rf"[0-9]{{2}}[0-9{LETTERS}]{{7}}[0-9]", number) or not _prefecture_exists(number):
        return Verdict(
            number, False, ("事業所番号は都道府県番号（01〜47）で始まる10桁です（英字は I・O・Q 以外）。",)
        )
    last = int(number[9])
    if last == check_digit(number[:9]):
        return Verdict(number, True)
    if last == check_digit(number[3:9]):
        if number[2] in MEDICAL_KINDS:
            return Verdict(number, True)
        return Verdict(
            number, True, ("検証番号が医療機関コードの計算でだけ合います。番号を確かめてください。",)
        )
    return Verdict(number, True, ("事業所番号の検証番号が合いません。番号を確かめてください。",))


def care_manager_number(value: str) -> Verdict:
    """介護支援専門員番号: eight digits, the first two the prefecture; no check digit is known."""
    number = normalise(value).upper()
    if re.fullmatch(r"[0-9]{8}", number) and _prefecture_exists(number):
        return Verdict(number, True)
    if re.fullmatch(r"H[0-9]{7}", number):
        return Verdict(number, False, ("H で始まる介護支援専門員番号は平成18年度に廃止されました。",))
    return Verdict(number, False, ("介護支援専門員番号は都道府県番号（01〜47）で始まる8桁の数字です。",))


PUBLIC_ASSISTANCE: Final = "12"
"""法別番号 of 生活保護 in a 公費負担者番号."""


def public_payer_number(value: str) -> Verdict:
    """公費負担者番号 of 生活保護: law 2 (12), prefecture 2, office 3, check digit 1.

    A failed check digit warns and does not refuse, as an office's (decision 16).
    """
    number = normalise(value)
    right_form = re.fullmatch(r"[0-9]{8}", number) is not None
    if not right_form or not number.startswith(PUBLIC_ASSISTANCE) or not _prefecture_exists(number[2:]):
        expected = "生活保護の公費負担者番号は、法別番号12、都道府県番号（01〜47）で始まる8桁の数字です。"
        return Verdict(number, False, (expected,))
    return _checked(number, "公費負担者番号")


def public_recipient_number(value: str) -> Verdict:
    """公費受給者番号: seven digits, the last one a check digit; a failed one warns (decision 16)."""
    number = normalise(value)
    if not re.fullmatch(r"[0-9]{7}", number):
        return Verdict(number, False, ("公費受給者番号は7桁の数字です。",))
    return _checked(number, "公費受給者番号")


def _checked(number: str, name: str) -> Verdict:
    if int(number[-1]) == check_digit(number[:-1]):
        return Verdict(number, True)
    return Verdict(number, True, (f"{name}の検証番号が合いません。番号を確かめてください。",))


def _prefecture_exists(number: str) -> bool:
    return 1 <= int(number[:2]) <= LAST_PREFECTURE


KINDS: Final[Mapping[str, Callable[[str], Verdict]]] = {
    "insurer": insurer_number,
    "insured": insured_number,
    "office": office_number,
    "care_manager": care_manager_number,
    "public_payer": public_payer_number,
    "public_recipient": public_recipient_number,
}


class IdentifierInput(Facts):
    """Input of ``identifier``."""

    kind = Choice(KINDS, required=True, metadata={"title": "番号の種類"})
    value = Text(required=True, metadata={"title": "番号"})


def evaluate_identifier(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``identifier`` as an evaluator (decision 16): a wrong number is a result, never an error."""
    found = KINDS[facts["kind"]](facts["value"])
    values = {"valid": found.valid, "warnings": list(found.warnings), "hint": found.hint}
    return result(values, ["decision 16"])


IDENTIFIER = Evaluator(
    "identifier",
    "保険者・被保険者・事業所・介護支援専門員・公費の番号を検証する",
    IdentifierInput,
    evaluate_identifier,
)
