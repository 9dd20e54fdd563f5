"""How a case takes in its opening, certifications, contracts and modes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.care.folds.reading import Data, Fold, day, maybe, unchanged
from shared.care.parts import Certification, Contract, Entrustment, Mode, SimultaneousContract
from shared.care.state import Case
from shared.eventlog.model import Event


def _opened(case: Case, event: Event, data: Data) -> Case:
    card = data["certification"]
    known = (Certification(card["status"], day(card["valid_from"]), day(card["valid_to"])),) if card else ()
    return replace(
        case,
        insurer=data["insurer"],
        parties=dict(data["parties"]),
        procedure=data["procedure"],
        status=data["status"],
        opened_on=day(data["opened_on"]),
        previous_plan_end_month=data.get("previous_plan_end_month"),
        previous_plan_kind=data.get("previous_plan_kind"),
        # A result may have overtaken the event that opens the case.
        certifications=known + case.certifications,
    )


def _certified(case: Case, event: Event, data: Data) -> Case:
    result = Certification(
        data["status"], maybe(data["valid_from"]), maybe(data["valid_to"]), day(data["decided_on"])
    )
    return replace(case, certifications=(*case.certifications, result))


def _contract_requested(case: Case, event: Event, data: Data) -> Case:
    asked = SimultaneousContract(day(data["requested_on"]), planned_on=maybe(data["planned_on"]))
    return replace(case, simultaneous=asked)


def _contract_agreed(case: Case, event: Event, data: Data) -> Case:
    planned = maybe(data["planned_on"]) or case.simultaneous.planned_on
    agreed = replace(
        case.simultaneous, agreed_on=day(data["agreed_on"]), declined_on=None, planned_on=planned
    )
    return replace(case, simultaneous=agreed)


def _contract_declined(case: Case, event: Event, data: Data) -> Case:
    declined = replace(case.simultaneous, declined_on=day(data["declined_on"]), agreed_on=None)
    return replace(case, simultaneous=declined)


def _contract_signed(case: Case, event: Event, data: Data) -> Case:
    signed = Contract(
        data["agency"],
        data["contract"],
        day(data["signed_on"]),
        maybe(data["explained_on"]),
        maybe(data["consented_on"]),
        data["simultaneous"],
    )
    case = replace(case, contracts=(*case.contracts, signed))
    if signed.contract == "preventive_support" and not case.modes:
        # The office's own contract begins 介護予防支援 in the designated track.
        begun = Mode(signed.signed_on, "preventive_support", "designated", signed.agency, signed.agency)
        case = _with_mode(case, begun)
    return case


def _contract_supplemented(case: Case, event: Event, data: Data) -> Case:
    contracts = list(case.contracts)
    at = max(i for i, each in enumerate(contracts) if each.agency == data["agency"])
    contracts[at] = replace(
        contracts[at],
        explained_on=maybe(data["explained_on"]) or contracts[at].explained_on,
        consented_on=maybe(data["consented_on"]) or contracts[at].consented_on,
    )
    return replace(case, contracts=tuple(contracts))


def _with_mode(case: Case, mode: Mode) -> Case:
    # One mode a day: a switch and the entrustment after it name the same day and may arrive in either order.
    kept = [each for each in case.modes if each.effective_from != mode.effective_from]
    return replace(case, modes=tuple(sorted([*kept, mode], key=lambda each: each.effective_from)))


def _switched(case: Case, event: Event, data: Data) -> Case:
    effective_from = day(data["effective_from"])
    provider = data["centre"] if data["to_track"] == "entrusted" else data["office"]
    case = _with_mode(case, Mode(effective_from, data["to_type"], data["to_track"], data["office"], provider))
    return replace(case, switches=(*case.switches, effective_from))


def _entrustment_started(case: Case, event: Event, data: Data) -> Case:
    started = Entrustment(data["centre"], data["office"], day(data["starts_on"]))
    case = replace(case, entrustments=(*case.entrustments, started))
    known = case.mode(started.starts_on)
    if known is None or known.track != "entrusted":
        case = _with_mode(
            case, Mode(started.starts_on, data["type"], "entrusted", data["office"], data["centre"])
        )
    return case


def _entrustment_ended(case: Case, event: Event, data: Data) -> Case:
    ended = replace(case.entrustments[-1], ended_on=day(data["ended_on"]))
    case = replace(case, entrustments=(*case.entrustments[:-1], ended))
    next_day = day(data["ended_on"]) + timedelta(days=1)
    known = case.mode(next_day)
    if data["reason_code"] == "returned_to_designated" and (known is None or known.track != "designated"):
        # For an agency that does not receive the switch itself.
        back = Mode(next_day, "preventive_support", "designated", ended.office, ended.office)
        case = _with_mode(case, back)
    return case


def _originals_returned(case: Case, event: Event, data: Data) -> Case:
    returned = replace(case.entrustments[-1], originals_returned_on=day(data["returned_on"]))
    return replace(case, entrustments=(*case.entrustments[:-1], returned))


FOLDS: Final[Mapping[str, Fold]] = {
    "CircumstanceChanged": unchanged,
    "CaseOpened": _opened,
    "CertificationResult": _certified,
    "SimultaneousContractRequested": _contract_requested,
    "SimultaneousContractAgreed": _contract_agreed,
    "SimultaneousContractDeclined": _contract_declined,
    "ContractSigned": _contract_signed,
    "ContractSupplemented": _contract_supplemented,
    "ModeSwitched": _switched,
    "EntrustmentStarted": _entrustment_started,
    "EntrustmentEnded": _entrustment_ended,
    "OriginalsReturned": _originals_returned,
}
