"""What a case knows of a month's use and its money: small immutable records, each named as the glossary names it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID


class UsedService(NamedTuple):
    """A service in a month's performance, with what its office says of how its units were reckoned."""

    service: str
    provider: str
    units: int
    attended: int | None = None
    daily_units: int | None = None
    priced_by: str | None = None


class PlannedWeeks(NamedTuple):
    """How often a week a service was planned from ``first`` to ``last``; None where the plan does not say."""

    service: str
    provider: str
    first: date
    last: date
    per_week: int | None


class MonthOccasion(NamedTuple):
    """What happened in the middle of a month; ``first`` is None where the day is not known."""

    occasion: str
    service: str | None
    provider: str | None
    first: date | None
    last: date | None


class ServiceAddition(NamedTuple):
    """An addition in the units of a service's month; ``daily_units`` where its code has a daily one."""

    service: str
    provider: str
    addition: str
    units: int
    daily_units: int | None


@dataclass(frozen=True, slots=True)
class ReceivedUse:
    """What a service office says was used of one service in a month, as received last (T-32)."""

    units: int
    last_used_on: date | None
    received_on: date
    days: tuple[date, ...] = ()

    def says(self, units: int, last_used_on: date | None, days: tuple[date, ...]) -> bool:
        """Whether the same was received before; who tells no days says nothing else than before."""
        same = (self.units, self.last_used_on) == (units, last_used_on)
        return same and days in ((), self.days)


class Performance(NamedTuple):
    """What was used in a service month, as reported last; ``planned`` are the kinds and providers of the plan.

    ``planned``, ``plan_delivered_on`` and ``notified_on`` are None where the reporter knows or tells nothing.
    ``weeks`` is how often services were planned on which days.
    """

    month: str
    office: str
    reported_on: date
    services: tuple[UsedService, ...]
    planned: tuple[tuple[str, str], ...] | None = None
    plan_delivered_on: date | None = None
    notified_on: date | None = None
    weeks: tuple[PlannedWeeks, ...] = ()
    occasions: tuple[MonthOccasion, ...] = ()
    additions: tuple[ServiceAddition, ...] = ()

    def per_week(self, service: str, provider: str, on: date) -> int | None:
        """How often a week a service was planned on a day; None where no plan says it, or two say it otherwise."""
        told = [
            each.per_week
            for each in self.weeks
            if (each.service, each.provider) == (service, provider) and each.first <= on <= each.last
        ]
        return told[0] if len(told) == 1 else None


class ClaimItems(NamedTuple):
    """What a claim states of the person beside its sum; a date is None where it states none."""

    status: str
    certified_from: date | None
    certified_to: date | None
    notified_on: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as drafted last for a service month; ``confirmed_on`` once its claimant confirmed this very draft.

    ``items`` is None of a draft that did not tell them yet.
    """

    id: str
    service_month: str
    examination_month: str
    claimant: str
    type: str
    units: int
    yen: int
    linkage: bool
    confirmed_on: date | None = None
    items: ClaimItems | None = None


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What the examiner said of a submitted claim: ``returned`` (返戻) or ``decided``, with what was decided."""

    kind: str
    on: date
    reason_code: str | None = None
    outcome: str | None = None
    units: int | None = None
    yen: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A decided claim that is taken back (過誤)."""

    claim_id: str
    service_month: str
    filed_on: date
    route: str
    code: str | None


@dataclass(frozen=True, slots=True)
class ProjectCorrection:
    """A paper application to take back what a service office claimed for a project service (A-Q54a)."""

    id: str
    service_month: str
    service: str
    provider: str
    decided_on: date
    applied_on: date
    code: str


@dataclass(frozen=True, slots=True)
class BenefitSlip:
    """A benefit slip as made last for a service month; ``rows`` are kind, provider and units.

    ``period`` is that of the certification whose limit it is; None of a slip that did not tell it yet.
    """

    id: str
    service_month: str
    kind: str
    prepared_on: date
    claimant: str
    planner: str
    entrusted_office: str | None
    entrusted_care_manager: str | None
    status: str
    limit: int
    rows: tuple[tuple[str, str, int], ...]
    units: int
    period: tuple[date | None, date | None] | None = None


@dataclass(frozen=True, slots=True)
class SlipReturn:
    """A benefit slip that the federation sent back."""

    slip_id: str
    service_month: str
    on: date
    reason_code: str


@dataclass(frozen=True, slots=True)
class ClosingRequest:
    """What a claimant confirmed of a month when it asked to close it: kind, provider and units of each service."""

    month: str
    claimant: str
    requested_on: date
    services: frozenset[tuple[str, str, int]]

    def confirms(self, performance: Performance | None) -> bool:
        """Whether it is of this very performance."""
        return performance is not None and self.services == {
            (each.service, each.provider, each.units) for each in performance.services
        }


class StatedReason(NamedTuple):
    """What blocks a claim or is to be minded, as its billing desk said."""

    rule: str
    text: str
    todo: str | None


@dataclass(frozen=True, slots=True)
class StatedWorksheet:
    """What closing a month came to, as stated last; ``event`` holds its figures. ``print`` tells two apart."""

    month: str
    biller: str
    claimant: str
    stated_on: date
    outcome: str
    claim_id: str | None
    units: int | None
    yen: int | None
    blockers: tuple[StatedReason, ...]
    notes: tuple[StatedReason, ...]
    event: UUID
    print: str


@dataclass(frozen=True, slots=True)
class Reopening:
    """What a later fact makes of a month's claim; ``now`` is claimant, type, units and yen, None for nothing.

    ``slip_id`` is the benefit slip that is to be made anew, None where none is.
    """

    month: str
    claim_id: str
    claimant: str
    stage: str
    cause: str
    now: tuple[str, str, int, int] | None
    as_claimed: bool
    reopened_on: date
    text: str
    todo: str | None
    slip_id: str | None = None

    def holds(self, claim: Claim | None, slip: BenefitSlip | None) -> bool:
        """Whether what it says is wrong is still to be mended: that very claim, or that very slip."""
        wrong_claim = not self.as_claimed and claim is not None and claim.id == self.claim_id
        return wrong_claim or (slip is not None and slip.id == self.slip_id)
