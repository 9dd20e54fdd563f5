"""Covers of the contracts with the person, and the consent sheets that go with them (T-07, T-10, T-11)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.codes import CONTRACTS, SIGNERS
from shared.care.documents import Document
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, day

_KINDS: Final = {"kyotaku": "office_contract", "hokatsu": "centre_contract"}


def _contract_printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "contract",
            str(each.event.id),
            f"{CONTRACTS[each.fields['contract']]}（{matter.name_of(each.fields['agency'])}）",
            date.fromisoformat(each.fields["signed_on"]),
            matter.document_of(
                each.event, _KINDS.get(matter.case.parties.get(each.fields["agency"], ""), "")
            ),
        )
        for each in matter.said("ContractSigned")
    ]


def _consent_printouts(matter: Matter) -> Sequence[Printout]:
    return [
        Printout(
            "consent",
            str(each.event.id),
            f"個人情報使用同意書（{matter.name_of(each.fields['agency'])}）",
            date.fromisoformat(each.fields["signed_on"]),
            _consent_of(matter, each.fields["agency"], _consented_on(matter, each.fields)),
        )
        for each in matter.said("ContractSigned")
    ]


def _consent_of(matter: Matter, agency: str, on: str | None) -> Document | None:
    wanted = ("consent", agency, on)
    found = (
        each for each in matter.case.documents if (each.kind, each.number, each.made_on.isoformat()) == wanted
    )
    return next(found, None)


def _consented_on(matter: Matter, said: Mapping[str, Any]) -> str | None:
    """With the contract, or later when it was supplemented."""
    later = matter.last_said("ContractSupplemented", agency=said["agency"]).get("consented_on")
    found = said.get("consented_on") or later
    return str(found) if found else None


def _fields(matter: Matter, printout: Printout) -> Fields:
    said = next(each.fields for each in matter.said("ContractSigned") if str(each.event.id) == printout.of)
    later = matter.last_said("ContractSupplemented", agency=said["agency"])
    contact = matter.contact_of(said["agency"])
    signer = (
        "" if said["signed_by"] == "person" else f"{SIGNERS[said['signed_by']]}　{said.get('signer') or ''}"
    )
    return {
        "title": CONTRACTS[said["contract"]],
        "agency": matter.name_of(said["agency"]),
        "agency_number": said["agency"],
        "agency_address": contact["address"],
        "agency_telephone": contact["telephone"],
        "person": matter.person_on_paper(),
        "signed_on": day(said["signed_on"]),
        "explained_on": day(said.get("explained_on") or later.get("explained_on")),
        "consented_on": day(_consented_on(matter, said)),
        "simultaneous": said["simultaneous"],
        "signer": signer,
        "centre": matter.name_of(matter.case.centre),
        "office": matter.name_of(matter.case.office),
        "insurer": matter.insurer_name,
    }


def _consent_fields(matter: Matter, printout: Printout) -> Fields:
    return {**_fields(matter, printout), "title": "個人情報使用同意書"}


CONTRACT: Final = Form("contract", "利用契約書（表紙）", "contract", _contract_printouts, _fields)
CONSENT: Final = Form("consent", "個人情報使用同意書", "consent", _consent_printouts, _consent_fields)
