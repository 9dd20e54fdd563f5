"""Whether the model's procedure holds for a case on a day: it ends by date and by agency, without a restart (T-01)."""

from datetime import date

from shared.care.state import Case
from shared.node.service import Situation


def procedure_holds(situation: Situation, on: date) -> bool:
    """Whether a switch or a notification of ``on`` goes by the simultaneous contract (T-09, T-14, T-17).

    Contracts stay when the model ends; what was eased for notifications under them does not (decision 25).
    """
    return situation.case.simultaneous_contract and not model_over(situation, on)


def contract_stays(situation: Situation, on: date) -> bool | None:
    """True where the simultaneous contract outlives the procedure that it was made for (decision 25), else None."""
    return True if situation.case.simultaneous_contract and model_over(situation, on) else None


def model_over(situation: Situation, on: date) -> bool:
    """Whether by ``on`` the model has ended for the case's centre or its office (T-01)."""
    case = situation.case
    return any(
        situation.agency.model_over(case.insurer, agency, on)
        for agency in (case.centre, case.office)
        if agency is not None
    )


def awaiting_held_notification(case: Case) -> date | None:
    """First day of the ケアマネジメントA for which the held notification is still to be filed, or None (T-16)."""
    if case.centre is None or case.held_notification(case.centre) is None:
        return None
    mode = case.latest_mode
    return mode.effective_from if mode is not None and mode.type == "care_management_a" else None
