"""How the register of agencies takes in listings, designations, contracts between agencies, and submissions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from shared.care.agency import (
    CONTACT,
    AgencyState,
    Application,
    BillingEntrustment,
    Capacity,
    Designation,
    Enrolment,
    EntrustmentContract,
    Hearing,
    ImprovementFiling,
    Listing,
    ModelEnd,
    OfficeReview,
    Visit,
)
from shared.care.submissions import statement_of, submission_of
from shared.eventlog.model import Event


def evolve_agency(state: AgencyState, event: Event) -> AgencyState:
    """Fold one event.

    Total: a type without a rule here, or data that surprises it, is counted in ``unread`` and passed by.
    """
    fold = _FOLDS.get(event.type)
    if fold is None:
        return _pass_by(state, event)
    try:
        return fold(state, event.data)
    except MemoryError:
        raise  # a fault of this process, not of the history
    except Exception:  # without the register nothing could be decided any more
        return _pass_by(state, event)


def _pass_by(state: AgencyState, event: Event) -> AgencyState:
    return replace(state, unread={**state.unread, event.type: state.unread.get(event.type, 0) + 1})


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _listed(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    listing = Listing(
        data["agency"],
        data["insurer"],
        data["name"],
        tuple(data["roles"]),
        _day(data["listed_on"]),
        **{name: data.get(name) for name in CONTACT},
    )
    return replace(state, listings={**state.listings, (listing.insurer, listing.agency): listing})


def _delisted(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    named = (data["insurer"], data["agency"])
    listing = replace(state.listings[named], delisted_on=_day(data["delisted_on"]))
    return replace(state, listings={**state.listings, named: listing})


def _designated(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = Designation(data["insurer"], data["agency"], data["service"], _day(data["designated_from"]))
    state = replace(state, designations=(*state.designations, found))
    return _decided(state, data.get("application_id"), "designated", found.designated_from)


def _applied(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = Application(
        data["application_id"],
        data["agency"],
        data["kind"],
        _day(data["applied_on"]),
        _day(data["wished_from"]) if data["wished_from"] else None,
        tuple(data["changes"]),
    )
    return replace(state, applications={**state.applications, found.id: found})


def _application_returned(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return _decided(state, data["application_id"], "returned", _day(data["decided_on"]))


def _change_accepted(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return _decided(state, data["application_id"], "accepted", _day(data["decided_on"]))


def _decided(state: AgencyState, application: str | None, decision: str, on: date) -> AgencyState:
    known = state.applications.get(application or "")
    if known is None:
        return state
    decided = replace(known, decision=decision, decided_on=on)
    return replace(state, applications={**state.applications, known.id: decided})


def _provider_designated(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return replace(state, providers=state.providers.told(data))


def _provider_named(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return replace(state, providers=state.providers.named(data["provider"], data["provider_name"]))


def _enrolled(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = Enrolment(data["insurer"], data["agency"], data["model"], _day(data["enrolled_from"]))
    return replace(state, enrolments=(*state.enrolments, found))


def _model_ended(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = ModelEnd(data["insurer"], data["agency"], _day(data["ended_on"]))
    return replace(state, model_ends=(*state.model_ends, found))


def _entrustment_contract(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = EntrustmentContract(
        data["centre"],
        data["office"],
        _day(data["signed_on"]),
        _day(data["valid_from"]),
        _day(data["valid_to"]) if data.get("valid_to") else None,
    )
    return replace(state, entrustment_contracts=(*state.entrustment_contracts, found))


def _billing_entrusted(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = BillingEntrustment(data["claimant"], data["biller"], _day(data["valid_from"]))
    return replace(state, billing_entrustments=(*state.billing_entrustments, found))


def _improvement_filed(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = ImprovementFiling(data["claimant"], data["valid_from"], data["valid_to"])
    return replace(state, improvements=(*state.improvements, found))


def _heard(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = Hearing(data["agency"], _day(data["held_on"]))
    return replace(state, hearings=(*state.hearings, found))


def _review_planned(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return _with_review(state, data, planned_on=_day(data["planned_on"]))


def _review_counted(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return _with_review(state, data, held_on=_day(data["held_on"]))


def _with_review(state: AgencyState, data: Mapping[str, Any], **changes: Any) -> AgencyState:
    known = state.reviews.get(data["review_id"]) or OfficeReview(data["office"], data["review_id"])
    return replace(state, reviews={**state.reviews, known.review_id: replace(known, **changes)})


def _claims_submitted(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return replace(state, submissions=state.submissions.submitted(submission_of(data)))


def _submission_received(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return replace(state, submissions=state.submissions.received(data))


def _settlement_stated(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return replace(state, statements=(*state.statements, statement_of(data)))


def _visited(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    came = Visit(_day(data["visited_on"]), data["wish"], data["at_once"], data["outcome"], data["centre"])
    return replace(state, visits=(*state.visits, came))


def _capacity_stated(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    found = Capacity(data["centre"], data["office"], data["most"], _day(data["stated_on"]))
    return replace(state, capacities={**state.capacities, (found.centre, found.office): found})


def _unchanged(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return state


_FOLDS: Final[Mapping[str, Callable[[AgencyState, Mapping[str, Any]], AgencyState]]] = {
    "AgencyListed": _listed,
    "AgencyDelisted": _delisted,
    "KeyCompromised": _unchanged,
    "OfficeDesignated": _designated,
    "ProviderDesignated": _provider_designated,
    "ProviderNamed": _provider_named,
    "DesignationApplied": _applied,
    "DesignationReturned": _application_returned,
    "DesignationChangeAccepted": _change_accepted,
    "ModelEnrolled": _enrolled,
    "ModelEnded": _model_ended,
    "CapacityStated": _capacity_stated,
    "EntrustmentContractSigned": _entrustment_contract,
    "BillingEntrusted": _billing_entrusted,
    "TreatmentImprovementFiled": _improvement_filed,
    "HearingRecorded": _heard,
    "VisitorGuided": _visited,
    "ReviewPlanned": _review_planned,
    "ReviewCounted": _review_counted,
    "ClaimSubmitted": _claims_submitted,
    "SubmissionReceived": _submission_received,
    "SettlementStated": _settlement_stated,
}
