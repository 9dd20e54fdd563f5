"""What a case is made of: small immutable records, each named as the glossary names it.

Those of which a case has very many, or which change with many of its events, are tuples: made and changed several times
as fast.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from shared.eventlog.model import Event


@dataclass(frozen=True, slots=True)
class Certification:
    """A certification (認定) or, before one, the state that the person's card shows."""

    status: str
    valid_from: date | None
    valid_to: date | None
    decided_on: date | None = None

    def covers(self, on: date) -> bool:
        """Whether ``on`` lies in the period of this certification."""
        if self.valid_from is None:
            return False
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Application:
    """An application (申請) for a certification; ``valid_to_before`` is the end of the one that it is to follow."""

    occasion: str
    applied_on: date
    agency: str
    valid_to_before: date | None = None
    decided_on: date | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class ProvisionalPlan:
    """What goes beside a plan of the occasion ``provisional``: who checked it, who told the welfare office, the result.

    ``papers_missing`` are the papers that the welfare office still lacks, None while it was given none.
    """

    plan_id: str
    carer: str
    track: str
    applied_on: date
    period_from: date
    public_assistance: bool
    services: tuple[str, ...]
    checked_on: date | None = None
    submitted_on: date | None = None
    welfare_told_on: date | None = None
    papers_missing: tuple[str, ...] | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class SupportEnd:
    """The end of the person's support, as ``agency`` reported it; ``ended_on`` is its last day."""

    agency: str
    reason: str
    ended_on: date


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A contradiction (食い違い) between ``finder`` and the agency whose event it is about; open without an outcome."""

    event_id: str
    about: str
    finder: str
    code: str
    found_on: date
    outcome: str | None = None
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A partner's event that contradicts what this agency knows, and in what way; it is not acted upon."""

    code: str
    event: Event


@dataclass(frozen=True, slots=True)
class SimultaneousContract:
    """The arrangement (調整) that office and centre sign with the person at the same time (T-07N, T-08N)."""

    requested_on: date | None = None
    agreed_on: date | None = None
    declined_on: date | None = None
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """An agency's contract with the person. ``switch_from`` is the switch for which it had to be made anew (T-66)."""

    agency: str
    contract: str
    signed_on: date
    explained_on: date | None
    consented_on: date | None
    simultaneous: bool
    switch_from: date | None = None

    @property
    def complete(self) -> bool:
        """Whether explanation (T-10) and consent (T-11) are recorded."""
        return self.explained_on is not None and self.consented_on is not None


class Notification(NamedTuple):
    """A notification (届出書). ``revision`` counts its filings, 0 while it is held.

    ``prepared_by`` is the event that holds the person's fields of one that was made and held. ``decided_revision`` is
    the filing that the desk decided last: a decision and a later filing may arrive in either order, because they come
    from different agencies.
    """

    id: str
    filer: str
    type: str = ""
    track: str = ""
    occasion: str = ""
    form: str = ""
    revision: int = 0
    prepared_on: date | None = None
    prepared_by: UUID | None = None
    filed_on: date | None = None
    desk: str | None = None
    receipt_on: date | None = None
    start_date: date | None = None
    simultaneous_contract: bool = False
    simultaneous_mark: bool = False
    signed_by_person: bool = False
    signature_needed: bool = True
    blank: tuple[str, ...] = ()
    decided_revision: int = 0
    decision: str | None = None
    decided_on: date | None = None
    reason_code: str | None = None
    field: str | None = None
    voided_on: date | None = None

    @property
    def state(self) -> str:
        """``held`` (保管), ``filed`` (提出), ``accepted`` (受理), ``returned`` (差戻し) or ``void`` (無効)."""
        if self.voided_on is not None and not self.revision:
            return "void"
        if self.decision is not None and self.decided_revision >= self.revision:
            return self.decision
        return "filed" if self.revision else "held"


@dataclass(frozen=True, slots=True)
class Mode:
    """How the case is run from a day on. ``provider`` is the agency responsible, which claims its fee."""

    effective_from: date
    type: str
    track: str
    office: str | None
    provider: str


class PlannedService(NamedTuple):
    """One service of a plan."""

    service: str
    provider: str
    starts_on: date
    ends_on: date | None
    per_week: int | None = None
    units: int | None = None

    def row(self) -> dict[str, str | int | date | None]:
        """As events carry it."""
        often = {} if self.per_week is None else {"per_week": self.per_week}
        units = {} if self.units is None else {"units": self.units}
        return {
            "service": self.service,
            "provider": self.provider,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            **often,
            **units,
        }


class Plan(NamedTuple):
    """One version of a care plan. A renewal is another plan, a revision another version of the same.

    ``drafted_by`` is the event with what stands on its sheets, None where the plan was made elsewhere.
    """

    id: str
    version: int
    occasion: str
    sheets: tuple[str, ...]
    period_from: date
    period_to: date
    services: tuple[PlannedService, ...]
    drafted_on: date | None = None
    meeting_on: date | None = None
    consented_on: date | None = None
    delivered_on: date | None = None
    submitted_on: date | None = None
    evaluated_on: date | None = None
    evaluations: int = 0
    signed_by: str | None = None
    continued_on: tuple[date, ...] = ()
    drafted_by: UUID | None = None

    def in_force(self, on: date) -> bool:
        """Whether this version was in the person's hands by ``on`` and its period covers ``on``."""
        return self.delivered_on is not None and self.delivered_on <= on <= self.period_to


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that an office showed to its centre for the ``submission``-th time, and what the centre said (T-23R)."""

    plan_id: str
    version: int
    submission: int
    submitted_on: date
    outcome: str | None = None
    checked_on: date | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the meeting can be held on it."""
        return self.outcome == "confirmed"


@dataclass(frozen=True, slots=True)
class Service:
    """A service as used: open while ``last_used_on`` is None."""

    service: str
    provider: str
    started_on: date
    last_used_on: date | None = None
    contracted_on: date | None = None
    contract_ended_on: date | None = None

    def used_in(self, first: date, last: date) -> bool:
        """Whether it was used on some day from ``first`` to ``last``."""
        return self.started_on <= last and (self.last_used_on is None or self.last_used_on >= first)


@dataclass(frozen=True, slots=True)
class Original:
    """An original (原本) of the care process: its kind, and the days (for what is made monthly the month) it is of."""

    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Entrustment:
    """A period in which a centre entrusts (委託) the case to an office.

    ``originals_returned_on`` is the day on which the last of its originals came back. ``cooperation``: the centre gave
    information and helped to plan, as the linkage addition asks.
    """

    centre: str
    office: str
    starts_on: date
    ended_on: date | None = None
    originals_returned_on: date | None = None
    cooperation: bool = False

    def covers(self, first: date, last: date) -> bool:
        """Whether the entrustment touches the days from ``first`` to ``last``."""
        return self.starts_on <= last and (self.ended_on is None or self.ended_on >= first)


@dataclass(frozen=True, slots=True)
class RecordsRequest:
    """A request to view records, and when it was answered."""

    id: str
    requester: str
    requested_on: date
    records: tuple[str, ...]
    consented_on: date | None
    provided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A plan review: asked for by the ward, its documents handed in, discussed, its result given to the office.

    ``missing`` are the ★ documents that the last submission lacked; every one before the first submission is unknown.
    """

    id: str
    requested_on: date | None = None
    occasion: str = ""
    submit_by: date | None = None
    submitted_on: date | None = None
    documents: tuple[Original, ...] = ()
    missing: tuple[str, ...] = ()
    held_on: date | None = None
    concluded_on: date | None = None


@dataclass(frozen=True, slots=True)
class RiskReport:
    """An office's report to the ward about the risk of full self-payment, and what the ward decided (T-67)."""

    id: str
    reported_on: date | None = None
    explained_on: date | None = None
    decision: str | None = None
    decided_on: date | None = None

    @property
    def returned(self) -> bool:
        """Whether the ward gave it back."""
        return self.decision == "returned"
