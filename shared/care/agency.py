"""What an agency knows of agencies: who is listed, designated, enrolled in the model, and bound by contracts.

Folded from the open data of the streams ``agency`` and ``directory:<insurer>``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.care.provider_register import ProviderRegister
from shared.care.submissions import Statement, Submissions
from shared.policy.dates import Month, last_day_of_months
from shared.policy.parameters import ParameterError, parameters
from shared.policy.procedure import model_on

PREVENTIVE_SUPPORT: Final = "preventive_support"
CONTACT: Final = ("address", "telephone", "fax", "mail")
"""Where people reach an agency, as its listing says."""


@dataclass(frozen=True, slots=True)
class Listing:
    """An agency as its ward's directory lists it."""

    agency: str
    insurer: str
    name: str
    roles: tuple[str, ...]
    listed_on: date
    delisted_on: date | None = None
    address: str | None = None
    telephone: str | None = None
    fax: str | None = None
    mail: str | None = None


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
class Capacity:
    """How many of a centre's cases an office said that it can care for; ``most`` is None where it states no limit."""

    centre: str
    office: str
    most: int | None
    stated_on: date


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
    capacities: Mapping[tuple[str, str], Capacity] = field(default_factory=dict)
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

    def contact_of(self, agency: str) -> dict[str, str]:
        """Where people reach an agency (:data:`CONTACT`), as its last listing tells; what none tells is empty."""
        listed = self._listed(agency)
        return {name: next(_told(listed, name), "") for name in CONTACT}

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
        asked = (insurer, agency, model_on(insurer, on))
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


def _told(listed: list[Listing], name: str) -> Iterator[str]:
    """What listings say of a name of :data:`CONTACT`, the newest first."""
    return (each for one in reversed(listed) if (each := getattr(one, name)))


def _covers(designation: Designation, on: date) -> bool:
    since = designation.designated_from
    return since <= on <= last_day_of(designation.insurer, since)
