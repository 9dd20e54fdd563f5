"""Whose designation an office needs to serve a person with a project service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from contracts.codes import SERVICE_KINDS
from shared.policy.errors import excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Flag, Group, ListOf, Strict
from shared.policy.identifiers import insurer_number
from shared.policy.parameters import Entry, Parameters


@dataclass(frozen=True, slots=True)
class Insured:
    """A person's insurer and municipality of residence, as insurer numbers.

    ``address_exception`` (住所地特例): the person moved into a facility elsewhere and stays with the insurer.
    """

    insurer: str
    address_exception: bool
    resident_of: str


@dataclass(frozen=True, slots=True)
class OfficeDesignation:
    """``needed_from``: the municipality, by insurer number, that must have designated the office.

    Its unit price area (地域区分) counts, wherever the office stands: ``unit_price_area``, again by insurer number.
    """

    allowed: bool
    needed_from: str
    unit_price_area: str
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def office_designation(
    service: str, office_designated_by: Sequence[str], person: Insured, parameters: Parameters
) -> OfficeDesignation:
    """Judge whether an office may serve a person with a project service (A-Q25a, A-Q49, A-Q58).

    The person's insurer must have designated it; for a person under the address exception, the municipality of
    residence.

    :raises PolicyError: a service that municipalities do not designate this way, or facts that contradict each other.
    """
    project = parameters.last("services.project")
    if service not in project.value:
        raise excluded(
            "service",
            f"{SERVICE_KINDS[service]}の指定はここでは扱いません（総合事業の訪問型・通所型 A1〜A8 のみ）。",
        )
    _must_agree(person)
    needed = person.resident_of if person.address_exception else person.insurer
    return OfficeDesignation(
        needed in office_designated_by, needed, needed, ("A-Q25a", "A-Q49", "A-Q58"), (project,)
    )


def _must_agree(person: Insured) -> None:
    elsewhere = person.resident_of != person.insurer
    if person.address_exception and not elsewhere:
        raise excluded("person", "住所地特例の人の住所地（resident_of）は、保険者とは別の区市町村です。")
    if elsewhere and not person.address_exception:
        raise excluded(
            "person",
            "住所地（resident_of）と保険者（insurer）がちがうのは、住所地特例（address_exception）の人だけです。"
            "どちらかを確かめてください。",
        )


class InsurerNumber(Strict[str]):
    """An insurer number; a municipality code is refused with the right number (decision 16)."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(value, "文字列ではありません")
        found = insurer_number(value)
        if not found.valid:
            raise ValidationError(f"{found.warnings[0]}{self.wanted()}を入力してください。")
        return found.number

    def wanted(self) -> str:
        return '保険者番号（6桁の数字の文字列、例 "131045"）'

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{6}$"}


class OfficeDesignationInput(Facts):
    """Input of ``office-designation``."""

    service = Choice(SERVICE_KINDS, required=True, metadata={"title": "サービス種類"})
    office_designated_by = ListOf(
        InsurerNumber(), required=True, metadata={"title": "事業所を指定した区市町村の保険者番号"}
    )
    person = Group(
        {
            "insurer": InsurerNumber(metadata={"title": "保険者番号"}),
            "address_exception": Flag(metadata={"title": "住所地特例"}),
            "resident_of": InsurerNumber(metadata={"title": "住所地の区市町村の保険者番号"}),
        },
        required=True,
        metadata={"title": "本人"},
    )


def evaluate_office_designation(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``office-designation`` as an evaluator (A-Q25a, A-Q49, A-Q58)."""
    person = Insured(**facts["person"])
    found = office_designation(facts["service"], facts["office_designated_by"], person, parameters)
    values = {
        "allowed": found.allowed,
        "needed_from": found.needed_from,
        "unit_price_area": found.unit_price_area,
    }
    return result(values, found.rules, found.used)


OFFICE_DESIGNATION = Evaluator(
    "office-designation",
    "事業所にどの区市町村の指定が要るかを判定する",
    OfficeDesignationInput,
    evaluate_office_designation,
)
