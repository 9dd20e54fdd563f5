"""A move within the ward into another centre's area: what lapses with the old centre, what is new (T-35D).

Parties of a case never change, so the person's support goes on in a new case with the centre of the new address.
"""

from dataclasses import dataclass
from datetime import date

from shared.care.agency import AgencyState
from shared.care.opening import office_in_model
from shared.care.state import Case


@dataclass(frozen=True, slots=True)
class Consequences:
    """Codes of ``LAPSES`` and ``NEW_AFTER_MOVE`` in ``contracts.codes``, in the order in which they are done."""

    lapses: tuple[str, ...]
    anew: tuple[str, ...]


def consequences(case: Case, agency: AgencyState, new_centre: str, on: date) -> Consequences:
    """What a move on ``on`` into the area of ``new_centre`` ends and begins.

    The office's designation is the ward's and goes on. With a centre of the model office and centre sign together again
    and the centre holds a new notification; outside it each change is a contract and a notification of its own, and the
    report about the risk comes first (T-66, T-67).
    """
    return Consequences(_lapses(case), _anew(case, agency, new_centre, on))


def _lapses(case: Case) -> tuple[str, ...]:
    centre = case.centre or ""
    found = {
        "simultaneous_contract": case.simultaneous_contract,
        "centre_contract": case.contract_of(centre) is not None,
        "held_notification": case.held_notification(centre) is not None,
        "entrustment": any(each.ended_on is None for each in case.entrustments),
    }
    return tuple(code for code, there in found.items() if there)


def _anew(case: Case, agency: AgencyState, new_centre: str, on: date) -> tuple[str, ...]:
    office, mode = case.office or "", case.mode(on)
    entrusted = mode is not None and mode.track == "entrusted"
    designated = agency.designated(office, case.insurer, on)
    together = agency.enrolled(new_centre, case.insurer, on) and office_in_model(
        agency, office, case.insurer, on
    )
    found = {
        "case": True,
        "risk_report": designated and not together,
        "simultaneous_contract": together,
        "held_notification": together and not entrusted,
        "contract_each_change": designated and not together,
        "centre_contract": entrusted and not together,
        "notification": entrusted,
        "entrustment": entrusted,
    }
    return tuple(code for code, there in found.items() if there)
