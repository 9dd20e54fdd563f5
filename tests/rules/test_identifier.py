"""Numbers and check digits: decision 16."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.evaluators import evaluate
from shared.policy.identifiers import LETTERS, check_digit, office_number
from tests.rules.asking import TOSHIMA, refused

CHECK_DIGITS = {
    "13116": 9,
    "13121": 9,
    "13104": 5,
    "12101": 2,
    "130160001": 9,
    "130210001": 9,
    "137160001": 4,
    "137210001": 4,
    "13A160001": 7,
}


@pytest.mark.parametrize(("base", "digit"), CHECK_DIGITS.items())
def test_check_digit_of_the_worked_examples(base: str, digit: int) -> None:
    assert check_digit(base) == digit


# value: (valid, number of warnings, hint)
NUMBERS = {
    "Toshima's insurer number": ("insurer", "131169", True, 0, None),
    "Adachi's insurer number": ("insurer", "131219", True, 0, None),
    "another prefecture's": ("insurer", "121012", True, 0, None),
    "in full width": ("insurer", "１３１１６９", True, 0, None),
    "with blanks around it": ("insurer", " 131169 ", True, 0, None),
    "Toshima's municipality code": ("insurer", "131164", False, 1, "131169"),
    "Adachi's municipality code": ("insurer", "131211", False, 1, "131219"),
    "a municipality code without its check digit": ("insurer", "13116", False, 1, "131169"),
    "a wrong check digit": ("insurer", "131168", False, 1, None),
    "no such prefecture": ("insurer", "481168", False, 1, None),
    "seven digits": ("insurer", "1311690", False, 1, None),
    "eight digits with zeroes in front": ("insurer", "00131169", False, 1, None),
    "nothing": ("insurer", "", False, 1, None),
    "Arabic-Indic digits": ("insurer", "١٣١١٦٩", False, 1, None),
    "an insured number": ("insured", "0000012345", True, 0, None),
    "an insured number in full width": ("insured", "００００012345", True, 0, None),
    "public assistance only": ("insured", "H123456789", True, 0, None),
    "public assistance in small letters": ("insured", "h123456789", True, 0, None),
    "nine digits": ("insured", "000012345", False, 1, None),
    "H and ten digits": ("insured", "H0123456789", False, 1, None),
    "public assistance's payer": ("public_payer", "12139002", True, 0, None),
    "a payer in full width": ("public_payer", "１２１３９００２", True, 0, None),
    "a payer's wrong check digit only warns": ("public_payer", "12139003", True, 1, None),
    "a payer of another law": ("public_payer", "54139002", False, 1, None),
    "a payer in no prefecture": ("public_payer", "12489002", False, 1, None),
    "a payer of seven digits": ("public_payer", "1213900", False, 1, None),
    "public assistance's recipient": ("public_recipient", "0000018", True, 0, None),
    "a recipient's wrong check digit only warns": ("public_recipient", "0000019", True, 1, None),
    "a recipient of six digits": ("public_recipient", "000001", False, 1, None),
    "the model centre": ("office", "1301600019", True, 0, None),
    "the office": ("office", "1371600014", True, 0, None),
    "a project office with a letter": ("office", "13A1600017", True, 0, None),
    "a letter in full width": ("office", "１３Ａ1600017", True, 0, None),
    "a wrong check digit only warns": ("office", "1371600015", True, 1, None),
    "a medical institution's own check digit": ("office", "1311600014", True, 0, None),
    "such a check digit at a community-based office": ("office", "1391600014", True, 1, None),
    "a letter that is not used": ("office", "13I1600017", False, 1, None),
    "nine characters of an office": ("office", "137160001", False, 1, None),
    "an office in no prefecture": ("office", "9971600014", False, 1, None),
    "a letter as the check digit": ("office", "137160001A", False, 1, None),
    "a care manager": ("care_manager", "13000002", True, 0, None),
    "a care manager of no prefecture": ("care_manager", "48000002", False, 1, None),
    "an abolished number": ("care_manager", "H1300002", False, 1, None),
    "seven digits of a care manager": ("care_manager", "1300000", False, 1, None),
}


@pytest.mark.parametrize(("kind", "value", "valid", "warnings", "hint"), NUMBERS.values(), ids=NUMBERS)
def test_identifier(kind: str, value: str, valid: bool, warnings: int, hint: str | None) -> None:
    answer = evaluate("identifier", TOSHIMA, {"kind": kind, "value": value})
    assert (answer["valid"], len(answer["warnings"]), answer["hint"]) == (valid, warnings, hint)
    assert answer["rules"] == ["decision 16"]


def test_a_municipality_code_is_explained_in_words() -> None:
    answer = evaluate("identifier", TOSHIMA, {"kind": "insurer", "value": "131164"})
    assert answer["warnings"] == ["131164 は団体コードです。保険者番号は 131169 です。"]


def test_an_unknown_kind_is_an_error() -> None:
    assert refused("identifier", TOSHIMA, {"kind": "person", "value": "1"})["field"] == "kind"


def test_a_number_that_is_no_text_is_an_error() -> None:
    assert refused("identifier", TOSHIMA, {"kind": "insurer", "value": 131169})["field"] == "value"


@given(st.text())
def test_no_text_is_ever_an_error(value: str) -> None:
    for kind in ("insurer", "insured", "office", "care_manager"):
        assert isinstance(evaluate("identifier", TOSHIMA, {"kind": kind, "value": value})["valid"], bool)


BASES = st.from_regex(rf"\A(0[1-9]|[1-3][0-9]|4[0-7])[0-9{LETTERS}][0-9]{{6}}\Z")


@given(BASES)
def test_the_right_check_digit_is_accepted_without_a_warning(base: str) -> None:
    verdict = office_number(f"{base}{check_digit(base)}")
    assert verdict.valid
    assert not verdict.warnings


@given(BASES.filter(lambda base: base[2] not in "123456"), st.integers(1, 9))
def test_every_other_check_digit_warns_and_never_refuses(base: str, off: int) -> None:
    verdict = office_number(f"{base}{(check_digit(base) + off) % 10}")
    assert verdict.valid
    assert verdict.warnings


@given(st.from_regex(r"\A[0-9]{5,9}\Z"), st.data())
def test_one_mistyped_digit_is_always_found(base: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(base) - 1))
    other = data.draw(st.sampled_from([each for each in "0123456789" if each != base[place]]))
    assert check_digit(base[:place] + other + base[place + 1 :]) != check_digit(base)
