"""Whose designation an office needs: A-Q25a, A-Q49, A-Q58."""

from typing import Any

import pytest

from shared.policy.evaluators import evaluate
from tests.rules.asking import ADACHI, TOSHIMA, refused

KATSUSHIKA = "131227"


def person(insurer: str = ADACHI, resident_of: str | None = None) -> dict[str, Any]:
    elsewhere = resident_of is not None
    return {"insurer": insurer, "address_exception": elsewhere, "resident_of": resident_of or insurer}


def facts(designated_by: list[str], who: dict[str, Any], service: str = "A6") -> dict[str, Any]:
    return {"service": service, "office_designated_by": designated_by, "person": who}


DESIGNATIONS = {
    "an office of the ward": (facts([ADACHI], person()), True, ADACHI),
    "an office over the border without the ward's designation": (
        facts([KATSUSHIKA], person()),
        False,
        ADACHI,
    ),
    "an office over the border with both": (facts([KATSUSHIKA, ADACHI], person()), True, ADACHI),
    "an office without any": (facts([], person()), False, ADACHI),
    "a person under the address exception needs that of the residence": (
        facts([KATSUSHIKA], person(resident_of=KATSUSHIKA)),
        True,
        KATSUSHIKA,
    ),
    "the insurer's does not help there": (
        facts([ADACHI], person(resident_of=KATSUSHIKA)),
        False,
        KATSUSHIKA,
    ),
    "a person of another insurer": (facts([ADACHI], person(TOSHIMA)), False, TOSHIMA),
}


@pytest.mark.parametrize("insurer", [ADACHI, TOSHIMA])
@pytest.mark.parametrize(("asked", "allowed", "needed"), DESIGNATIONS.values(), ids=DESIGNATIONS)
def test_office_designation(insurer: str, asked: dict[str, Any], allowed: bool, needed: str) -> None:
    answer = evaluate("office-designation", insurer, asked)
    assert (answer["allowed"], answer["needed_from"]) == (allowed, needed)
    assert answer["unit_price_area"] == needed, "A-Q58: the designating municipality's area counts"
    assert {"A-Q25a", "A-Q49", "A-Q58"} <= set(answer["rules"])


def test_full_width_numbers_are_read() -> None:
    wide = {"insurer": "１３１２１９", "address_exception": False, "resident_of": "131219"}
    assert evaluate("office-designation", ADACHI, facts(["１３１２１９"], wide))["allowed"]


REFUSED = {
    "a municipality code gets the right number as a hint": (
        facts(["131211"], person()),
        "office_designated_by.0",
    ),
    "a wrong insurer number": (facts([ADACHI], person("131210")), "person.insurer"),
    "a preventive benefit": (facts([ADACHI], person(), "67"), "service"),
    "resident-run support is not designated": (facts([ADACHI], person(), "community_b"), "service"),
    "no exception within the insurer's own area": (facts([ADACHI], person(resident_of=ADACHI)), "person"),
    "elsewhere without the exception": (
        facts([ADACHI], {**person(), "resident_of": KATSUSHIKA}),
        "person",
    ),
    "a field that does not exist": (facts([ADACHI], {**person(), "ward": ADACHI}), "person.ward"),
    "a field that is missing": (
        facts([ADACHI], {"insurer": ADACHI, "address_exception": False}),
        "person.resident_of",
    ),
}


@pytest.mark.parametrize(("asked", "field"), REFUSED.values(), ids=REFUSED)
def test_office_designation_is_refused_naming_the_field(asked: dict[str, Any], field: str) -> None:
    assert refused("office-designation", ADACHI, asked)["field"] == field


def test_the_hint_is_the_insurer_number_of_the_municipality_code() -> None:
    assert "131219" in refused("office-designation", ADACHI, facts(["131211"], person()))["message"]
