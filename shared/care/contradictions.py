"""Whether a partner's event contradicts what an agency knows of a case: one question a type of event."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from shared.care.state import Case

Data = Mapping[str, Any]


def contradiction(case: Case, event_type: str, data: Data) -> str | None:
    """The code of the contradiction (``contracts.codes.DISCREPANCIES``) of a received event, or None.

    Total: data that surprises it contradicts nothing; the fold counts it.
    """
    ask = _QUESTIONS.get(event_type)
    try:
        return ask(case, data) if ask else None
    except MemoryError:
        raise
    except Exception:
        return None


def _switch(case: Case, data: Data) -> str | None:
    """A switch under a simultaneous contract that the centre does not hold, or to the type that it has (T-09, T-61)."""
    contract = case.contract_of(data["centre"])
    if data["simultaneous_contract"] and not (contract is not None and contract.simultaneous):
        return "contract_not_held"
    mode = case.latest_mode
    same = mode is not None and (mode.type, mode.track) == (data["to_type"], data["to_track"])
    return "type_unchanged" if same else None


def _decision(case: Case, data: Data) -> str | None:
    """A second decision on one filing: a second acceptance, or an acceptance of what was returned (T-12)."""
    known = case.notifications.get(data["notification_id"])
    decided = known is not None and known.decision is not None and known.decided_revision == data["revision"]
    return "decided_twice" if decided else None


def _filing(case: Case, data: Data) -> str | None:
    """A filing that was filed before: the desk has it already (T-12)."""
    known = case.notifications.get(data["notification_id"])
    again = known is not None and known.filer == data["filer"] and known.revision >= data["revision"]
    return "filed_twice" if again else None


def _answer(case: Case, data: Data) -> str | None:
    """A second answer to one request for a simultaneous contract (T-08)."""
    answered = case.simultaneous.agreed_on or case.simultaneous.declined_on
    return "answered_twice" if answered else None


def _entrustment(case: Case, data: Data) -> str | None:
    """A second entrustment while one goes on (T-06R)."""
    going_on = any(each.ended_on is None for each in case.entrustments)
    return "entrusted_twice" if going_on else None


def _entrustment_end(case: Case, data: Data) -> str | None:
    """The end of an entrustment where none goes on (T-35R)."""
    going_on = any(each.ended_on is None for each in case.entrustments)
    return None if going_on else "entrustment_unknown"


def _support_end(case: Case, data: Data) -> str | None:
    """Another end of a support that is over; the same reason and day from both sides is no contradiction (T-35)."""
    end = case.support_end
    if end is None or (end.reason, end.ended_on) == (
        data["reason_code"],
        date.fromisoformat(data["ended_on"]),
    ):
        return None
    return "ended_twice"


def _confirmation(case: Case, data: Data) -> str | None:
    """A confirmation by another agency than the claim's claimant, or of another amount (T-33)."""
    claim = case.claims.get(data["service_month"])
    if claim is None or claim.id != data["claim_id"]:
        return None
    return None if (data["claimant"], data["yen"]) == (claim.claimant, claim.yen) else "confirmed_otherwise"


def _return(case: Case, data: Data) -> str | None:
    """A claim that came back for another reason, or although it was decided (A-Q54b)."""
    known = case.claim_results.get(data["claim_id"])
    same = known is None or (known.kind, known.reason_code) == ("returned", data["reason_code"])
    return None if same else "result_differs"


def _claim_decision(case: Case, data: Data) -> str | None:
    """Another decision of a claim than the one that is known, or one of a claim that came back (A-Q54b)."""
    known = case.claim_results.get(data["claim_id"])
    said = ("decided", data["outcome"], data["units"], data["yen"])
    same = known is None or (known.kind, known.outcome, known.units, known.yen) == said
    return None if same else "result_differs"


_QUESTIONS: Final[Mapping[str, Callable[[Case, Data], str | None]]] = {
    "ModeSwitched": _switch,
    "NotificationAccepted": _decision,
    "NotificationReturned": _decision,
    "NotificationFiled": _filing,
    "SimultaneousContractAgreed": _answer,
    "SimultaneousContractDeclined": _answer,
    "EntrustmentStarted": _entrustment,
    "EntrustmentEnded": _entrustment_end,
    "SupportEnded": _support_end,
    "ClaimConfirmed": _confirmation,
    "ClaimReturned": _return,
    "ClaimDecided": _claim_decision,
}

WATCHED: Final = tuple(_QUESTIONS)
"""Types of events that can contradict what a recipient knows."""
