"""What an agency knows of agencies: who is listed, designated, enrolled in the model, and bound by contracts.

Folded from the open data of the streams ``agency`` and ``directory:<insurer>``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from shared.care.provider_register import ProviderRegister
from shared.care.submissions import Statement, Submissions, statement_of, submission_of
from shared.eventlog.model import Event
from shared.policy.dates import Month, last_day_of_months
from shared.policy.parameters import ParameterError, parameters

MODEL: Final = "toshima_2024"
PREVENTIVE_SUPPORT: Final = "preventive_support"


@dataclass(frozen=True, slots=True)
class Listing:
    """An agency as its ward's directory lists it."""

    agency: str
    insurer: str
    name: str
    roles: tuple[str, ...]
    listed_on: date
    delisted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Designation:
    """An office's own designation (指定) for a service, by one insurer: it is good for that insurer's cases only."""

    insurer: str
    agency: str
    service: str
    designated_from: date


@dataclass(frozen=True, slots=True)
class Application:
    """An office's application or notice of change, and what the ward decided (T-06N).

    ``kind``: new, renewal or change; ``decision``: designated, accepted or returned.
    """

    id: str
    agency: str
    kind: str
    applied_on: date
    wished_from: date | None
    changes: tuple[str, ...]
    decision: str | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An agency's place in the model of one insurer, by decision of its ward."""

    insurer: str
    agency: str
    model: str
    enrolled_from: date


@dataclass(frozen=True, slots=True)
class ModelEnd:
    """The last day of an insurer's model: for one agency, or for everybody where ``agency`` is None (T-01)."""

    insurer: str
    agency: str | None
    ended_on: date


@dataclass(frozen=True, slots=True)
class EntrustmentContract:
    """Contract (委託契約) by which a centre's corporation may entrust cases to an office."""

    centre: str
    office: str
    signed_on: date
    valid_from: date
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        """Whether a case may be entrusted on ``on``: signed by then, and within the contract's period."""
        started = max(self.signed_on, self.valid_from) <= on
        return started and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ImprovementFiling:
    """A claimant's filing for the treatment improvement addition; months, both included (decision 4)."""

    claimant: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class BillingEntrustment:
    """A claimant's mandate to a billing desk."""

    claimant: str
    biller: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hearing of those concerned at the ward's planning meeting (T-06N)."""

    agency: str
    held_on: date


@dataclass(frozen=True, slots=True)
class OfficeReview:
    """A plan review of one of an office's cases: ``held_on`` once the centre's meeting looked at it (T-54)."""

    office: str
    review_id: str
    planned_on: date | None = None
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody came to the ward office, what its own check found, and the centre that they were shown (A-Q3)."""

    visited_on: date
    wish: str
    at_once: bool
    outcome: str | None
    centre: str | None


@dataclass(frozen=True)
class AgencyState:
    """All of it. ``listings`` are by insurer and agency, because an agency can stand in several directories;
    ``unread`` counts events that no rule here reads, by type.
    """

    listings: Mapping[tuple[str, str], Listing] = field(default_factory=dict)
    designations: tuple[Designation, ...] = ()
    applications: Mapping[str, Application] = field(default_factory=dict)
    enrolments: tuple[Enrolment, ...] = ()
    model_ends: tuple[ModelEnd, ...] = ()
    entrustment_contracts: tuple[EntrustmentContract, ...] = ()
    billing_entrustments: tuple[BillingEntrustment, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    reviews: Mapping[str, OfficeReview] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()
    providers: ProviderRegister = field(default_factory=ProviderRegister)
    improvements: tuple[ImprovementFiling, ...] = ()
    submissions: Submissions = field(default_factory=Submissions)
    statements: tuple[Statement, ...] = ()
    unread: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "AgencyState":
        """What a node knows before its first event."""
        return cls()

    def name_of(self, agency: str) -> str:
        """Name by which people know an agency; its number while it is not listed."""
        listed = self._listed(agency)
        return listed[-1].name if listed else self.providers.name_of(agency) or agency

    def _listed(self, agency: str) -> list[Listing]:
        return [each for each in self.listings.values() if each.agency == agency]

    def has_role(self, agency: str, role: str, insurer: str | None = None) -> bool:
        """Whether a directory lists ``agency`` in ``role`` and has not ended the listing.

        With ``insurer`` only that ward's directory counts: in a case its insurer decides who takes part.
        """
        return any(
            role in each.roles and each.delisted_on is None and insurer in (None, each.insurer)
            for each in self._listed(agency)
        )

    def others(self, me: str) -> tuple[str, ...]:
        """Every listed agency but ``me``, in order of number: the recipients of what all shall know."""
        return tuple(
            sorted({each.agency for each in self.listings.values() if each.delisted_on is None} - {me})
        )

    def designated(self, office: str, insurer: str, on: date) -> bool:
        """Whether ``insurer`` has designated ``office`` for 介護予防支援 by ``on`` (T-03)."""
        return self.designated_from(office, insurer, on) is not None

    def designated_from(self, office: str, insurer: str, on: date) -> date | None:
        """First day of the insurer's designation for 介護予防支援 that covers ``on``, or None."""
        asked = (insurer, office, PREVENTIVE_SUPPORT)
        found = [
            each.designated_from
            for each in self.designations
            if (each.insurer, each.agency, each.service) == asked and _covers(each, on)
        ]
        return max(found, default=None)

    def designated_to(self, office: str, insurer: str, on: date) -> date | None:
        """Last day of the designation that covers ``on``, or None (T-06N)."""
        since = self.designated_from(office, insurer, on)
        return None if since is None else last_day_of(insurer, since)

    def enrolled(self, agency: str, insurer: str, on: date) -> bool:
        """Whether the insurer's ward has enrolled ``agency`` in the model, which goes on, by ``on`` (T-01, T-02)."""
        asked = (insurer, agency, MODEL)
        return not self.model_over(insurer, agency, on) and any(
            (each.insurer, each.agency, each.model) == asked and each.enrolled_from <= on
            for each in self.enrolments
        )

    def model_end(self, insurer: str, agency: str | None) -> date | None:
        """The last day of the model for ``agency``, or of the whole model for None; None while it goes on (T-01)."""
        ends = [
            each.ended_on
            for each in self.model_ends
            if each.insurer == insurer and each.agency in (None, agency)
        ]
        return min(ends, default=None)

    def model_over(self, insurer: str, agency: str | None, on: date) -> bool:
        """Whether the model has ended for ``agency`` before ``on``: its last day still belongs to it (T-01)."""
        end = self.model_end(insurer, agency)
        return end is not None and on > end

    def entrustment_contract(self, centre: str, office: str, on: date) -> EntrustmentContract | None:
        """The contract by which ``centre`` may entrust to ``office`` on ``on``, or None (T-06R)."""
        for each in self.entrustment_contracts:
            if (each.centre, each.office) == (centre, office) and each.in_force(on):
                return each
        return None

    def biller_of(self, claimant: str, on: date) -> str | None:
        """The billing desk that acts for ``claimant`` on ``on``, or None."""
        mandates = [
            each for each in self.billing_entrustments if each.claimant == claimant and each.valid_from <= on
        ]
        return max(mandates, key=lambda each: each.valid_from).biller if mandates else None

    def improvement_filed(self, claimant: str, month: Month) -> bool:
        """Whether ``claimant`` has filed for the treatment improvement addition of a month; its last filing counts."""
        begun = [
            each for each in self.improvements if each.claimant == claimant and each.valid_from <= str(month)
        ]
        return bool(begun) and (begun[-1].valid_to is None or str(month) <= begun[-1].valid_to)

    def heard(self, agency: str, on: date) -> bool:
        """Whether the planning meeting heard about ``agency`` on ``on`` (T-06N)."""
        return any(each.agency == agency and each.held_on == on for each in self.hearings)

    def last_review(self, office: str) -> date | None:
        """The day of the last meeting that reviewed a plan of ``office``, or None; known at the ward only (T-54)."""
        held = [each.held_on for each in self.reviews.values() if each.office == office and each.held_on]
        return max(held, default=None)

    def reviews_under_way(self, office: str) -> int:
        """How many reviews were asked of ``office`` and have no result yet (T-54)."""
        return sum(1 for each in self.reviews.values() if each.office == office and each.held_on is None)


def last_day_of(insurer: str, designated_from: date) -> date:
    """Last day of a designation that begins on a day: six years, as the law's period says (T-06N).

    Where the period's own day does not exist (02-29) it ends with the month.
    """
    try:
        found = parameters(insurer).find("designation.period_years", designated_from)
    except ParameterError:
        return date.max
    if found is None:
        return date.max
    return last_day_of_months(designated_from, 12 * int(found.value))


def _covers(designation: Designation, on: date) -> bool:
    since = designation.designated_from
    return since <= on <= last_day_of(designation.insurer, since)


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
        data["agency"], data["insurer"], data["name"], tuple(data["roles"]), _day(data["listed_on"])
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


def _unchanged(state: AgencyState, data: Mapping[str, Any]) -> AgencyState:
    return state


_FOLDS: Final[Mapping[str, Callable[[AgencyState, Mapping[str, Any]], AgencyState]]] = {
    "AgencyListed": _listed,
    "AgencyDelisted": _delisted,
    "KeyCompromised": _unchanged,
    "OfficeDesignated": _designated,
    "ProviderDesignated": _provider_designated,
    "DesignationApplied": _applied,
    "DesignationReturned": _application_returned,
    "DesignationChangeAccepted": _change_accepted,
    "ModelEnrolled": _enrolled,
    "ModelEnded": _model_ended,
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
