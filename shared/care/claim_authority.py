"""Who may say what of claims beyond one case: the desk with the mandate, the ward that got them (T-33, A-S9)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from shared.care.agency import AgencyState

Data = Mapping[str, Any]


def objection(agency: AgencyState, me: str, event_type: str, data: Data) -> tuple[str, str] | None:
    """Why a partner's valid event of its own agency is not accepted: code of ``contracts.errors.REFUSED`` and field.

    :param me: the agency that received it, whose register ``agency`` is.
    """
    ask = _QUESTIONS.get(event_type)
    return ask(agency, me, data) if ask else None


def _submitted(agency: AgencyState, me: str, data: Data) -> tuple[str, str] | None:
    """Claims of mine, or to me as the insurer, by the desk that the claimant gave its mandate, not another's number."""
    if me not in (data["claimant"], data["insurer"]):
        return "not_concerned", "claimant"
    if agency.biller_of(data["claimant"], date.fromisoformat(data["submitted_on"])) != data["biller"]:
        return "billing_not_entrusted", "biller"
    known = agency.submissions.by_id.get(data["submission_id"])
    same = known is None or (known.biller, known.claimant) == (data["biller"], data["claimant"])
    return None if same else ("submission_differs", "submission_id")


def _received(agency: AgencyState, me: str, data: Data) -> tuple[str, str] | None:
    """A receipt of the ward that a submission went to; the submission may still be on its way."""
    known = agency.submissions.by_id.get(data["submission_id"])
    if known is None or known.received_by(data):
        return None
    return "submission_differs", "submission_id"


def _stated(agency: AgencyState, me: str, data: Data) -> tuple[str, str] | None:
    """A statement to me, and where it is of my own claims by the desk that I gave my mandate."""
    if me not in (data["centre"], data["office"]):
        return "not_concerned", "office"
    if me != data["centre"]:
        return None
    if agency.biller_of(me, date.fromisoformat(data["stated_on"])) != data["biller"]:
        return "billing_not_entrusted", "biller"
    return None


_QUESTIONS: Final[Mapping[str, Callable[[AgencyState, str, Data], tuple[str, str] | None]]] = {
    "ClaimSubmitted": _submitted,
    "SubmissionReceived": _received,
    "SettlementStated": _stated,
}

ABOUT_CLAIMS: Final = frozenset(_QUESTIONS)
"""Types of events that are judged by the register."""
