"""The state of a case, and the questions that rules ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from contracts.codes import ORIGINALS
from shared.care.claim_parts import (
    BenefitSlip,
    Claim,
    ClaimResult,
    ClosingRequest,
    Correction,
    Performance,
    ProjectCorrection,
    ReceivedUse,
    Reopening,
    SlipReturn,
    StatedWorksheet,
)
from shared.care.documents import Document, Key, made_between
from shared.care.intake import (
    Checklist,
    Complaint,
    Consultation,
    CopaymentShare,
    PublicAssistance,
    Registration,
)
from shared.care.modes import ModeMark, taken_over_on, timeline
from shared.care.parts import (
    Application,
    Certification,
    Contract,
    Discrepancy,
    Draft,
    Entrustment,
    HeldEvent,
    Mode,
    Notification,
    Original,
    Plan,
    ProvisionalPlan,
    RecordsRequest,
    Review,
    RiskReport,
    Service,
    SimultaneousContract,
    SupportEnd,
)


@dataclass(frozen=True)
class Case:
    """One person at one insurer, as one agency knows it.

    ``opening`` is the sender and the id of the event that opened it. ``same_care_manager`` is by the day of a switch.
    ``ledger`` holds the documents by their keys, in the order in which they became known. ``received_use`` is by month,
    provider and kind of service. ``benefit_slips`` are the last ones by month, ``prepared_slips`` all of them by id.
    ``unread`` counts, by type, events that no rule here reads.
    """

    id: UUID | None = None
    opening: tuple[str, UUID] | None = None
    insurer: str = ""
    parties: Mapping[str, str] = field(default_factory=dict)
    procedure: str = "principle"
    status: str = "none"
    opened_on: date | None = None
    previous_plan_end_month: str | None = None
    previous_plan_kind: str | None = None
    certifications: tuple[Certification, ...] = ()
    applications: tuple[Application, ...] = ()
    provisional_plans: tuple[ProvisionalPlan, ...] = ()
    support_end: SupportEnd | None = None
    moved_on: date | None = None
    office_until: date | None = None
    previous_case: str | None = None
    discrepancies: Mapping[str, Discrepancy] = field(default_factory=dict)
    held_events: Mapping[str, HeldEvent] = field(default_factory=dict)
    simultaneous: SimultaneousContract = field(default_factory=SimultaneousContract)
    contracts: tuple[Contract, ...] = ()
    notifications: Mapping[str, Notification] = field(default_factory=dict)
    mode_marks: tuple[ModeMark, ...] = ()
    same_care_manager: Mapping[date, bool] = field(default_factory=dict)
    modes: tuple[Mode, ...] = ()
    plans: tuple[Plan, ...] = ()
    assessed_on: tuple[date, ...] = ()
    services: tuple[Service, ...] = ()
    use_sheets: tuple[str, ...] = ()
    provision_sheets: tuple[str, ...] = ()
    monitored: tuple[str, ...] = ()
    received_use: Mapping[tuple[str, str, str], ReceivedUse] = field(default_factory=dict)
    performances: Mapping[str, Performance] = field(default_factory=dict)
    entrustments: tuple[Entrustment, ...] = ()
    consented_at_centre_on: date | None = None
    drafts: tuple[Draft, ...] = ()
    ledger: Mapping[Key, Document] = field(default_factory=dict)
    records_requests: Mapping[str, RecordsRequest] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    claim_results: Mapping[str, ClaimResult] = field(default_factory=dict)
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    project_corrections: tuple[ProjectCorrection, ...] = ()
    benefit_slips: Mapping[str, BenefitSlip] = field(default_factory=dict)
    prepared_slips: Mapping[str, BenefitSlip] = field(default_factory=dict)
    slip_returns: Mapping[str, SlipReturn] = field(default_factory=dict)
    closing_requests: Mapping[str, ClosingRequest] = field(default_factory=dict)
    worksheets: Mapping[str, StatedWorksheet] = field(default_factory=dict)
    reopenings: Mapping[str, Reopening] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    risk_reports: Mapping[str, RiskReport] = field(default_factory=dict)
    consultations: tuple[Consultation, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    submitted_checklists: Mapping[str, str] = field(default_factory=dict)
    registration: Registration | None = None
    complaints: Mapping[str, Complaint] = field(default_factory=dict)
    cards: tuple[str, ...] | None = None
    residence: str | None = None
    resident_of: str | None = None
    project_unused_since: date | None = None
    share: CopaymentShare | None = None
    insured: bool = True
    assistances: tuple[PublicAssistance, ...] = ()
    centre_consulted_on: tuple[date, ...] = ()
    unread: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Case":
        """A case of which nothing is known."""
        return _EMPTY

    def but(self, **changes: Any) -> "Case":
        """This state with some of its parts changed.

        What ``dataclasses.replace`` does, in a tenth of its time: a case is folded from hundreds of events.
        """
        parts = self.__dict__ | changes
        assert len(parts) == len(self.__dict__), (
            f"no parts of a case: {changes.keys() - self.__dict__.keys()}"
        )
        case = object.__new__(Case)
        object.__setattr__(case, "__dict__", parts)
        return case

    def with_documents(self, *made: Document) -> "Case":
        """This state with these in the ledger; one that is known already keeps what is known of its places."""
        ledger = self.ledger_to_change()
        for each in made:
            ledger.setdefault(each.key, each)
        return self.but(ledger=ledger)

    def ledger_to_change(self) -> dict[Key, Document]:
        """The ledger as the next state shall have it, once it is changed and given to :meth:`but`."""
        return {**self.ledger}

    @property
    def opened(self) -> bool:
        """Whether this agency has learned who the parties are."""
        return bool(self.parties)

    # --- parties ---

    def party(self, role: str) -> str | None:
        """The agency that takes part in ``role``, or None."""
        return next((agency for agency, each in self.parties.items() if each == role), None)

    @property
    def office(self) -> str | None:
        """The 居宅介護支援事業所 of this case."""
        return self.party("kyotaku")

    @property
    def centre(self) -> str | None:
        """The 地域包括支援センター of this case."""
        return self.party("hokatsu")

    @property
    def ward(self) -> str | None:
        """The ward of this case."""
        return self.party("ward")

    @property
    def biller(self) -> str | None:
        """The billing desk of this case."""
        return self.party("billing")

    # --- certification and contracts ---

    def certification(self, on: date) -> Certification | None:
        """The certification that covers ``on``, or None."""
        return next((each for each in reversed(self.certifications) if each.covers(on)), None)

    def status_on(self, on: date) -> str:
        """State of the person (状態区分) on ``on``: ``none`` where no certification covers the day.

        What the person was when the case was opened counts for 事業対象者, who has no period, and while no
        certification is known.
        """
        found = self.certification(on)
        if found is not None:
            return found.status
        return self.status if self.status == "project_eligible" or not self.certifications else "none"

    def standing_on(self, on: date) -> str:
        """The status on ``on``, 事業対象者 also from the day of a checklist that makes the person one (A-Q12c)."""
        status, checked = self.status_on(on), self.applicable_checklist
        eligible = checked is not None and checked.checked_on <= on
        return "project_eligible" if status == "none" and eligible else status

    @property
    def applicable_checklist(self) -> Checklist | None:
        """The newest basic checklist, if it makes the person project-eligible, or None."""
        newest = self.checklists[-1] if self.checklists else None
        return newest if newest is not None and newest.outcome == "applicable" else None

    @property
    def cards_held(self) -> tuple[str, ...]:
        """The cards that the person holds: at first those that go with the status at the opening (A-Q21c)."""
        if self.cards is not None:
            return self.cards
        if self.status == "none":
            return ()
        colour = "pink_card" if self.status == "project_eligible" else "green_card"
        return (colour, "copayment_certificate")

    @property
    def last_certified_to(self) -> date | None:
        """Last day of the newest certification that has a period, or None."""
        ends = [each.valid_to for each in self.certifications if each.valid_to is not None]
        return ends[-1] if ends else None

    @property
    def pending_application(self) -> Application | None:
        """The newest application whose result is not known yet, or None."""
        return next((each for each in reversed(self.applications) if each.decided_on is None), None)

    @property
    def open_provisional_plan(self) -> ProvisionalPlan | None:
        """The newest provisional plan, unless its result is settled."""
        newest = self.provisional_plans[-1] if self.provisional_plans else None
        return newest if newest is not None and newest.result is None else None

    def provisional_plan(self, plan_id: str) -> ProvisionalPlan | None:
        """What goes beside the plan of that number, or None if it is no provisional one."""
        return next((each for each in self.provisional_plans if each.plan_id == plan_id), None)

    def supported_on(self, on: date) -> bool:
        """Whether the support of the person had not ended by ``on``: its last day still counts."""
        return self.support_end is None or on <= self.support_end.ended_on

    def contract_of(self, agency: str | None) -> Contract | None:
        """The last contract that ``agency`` signed with the person, or None."""
        return next((each for each in reversed(self.contracts) if each.agency == agency), None)

    @property
    def simultaneous_contract(self) -> bool:
        """Whether office and centre have both signed under a simultaneous contract (T-07N, T-09N)."""
        signed = [self.contract_of(self.office), self.contract_of(self.centre)]
        return all(each is not None and each.simultaneous for each in signed)

    def effective_from(self, contract: Contract) -> date | None:
        """Day from which a contract has effect (T-09N), None while it has none.

        A centre's simultaneous contract waits until the case is entrusted at a switch to A; others count at once.
        """
        if not contract.simultaneous or self.parties.get(contract.agency) != "hokatsu":
            return contract.signed_on
        entrusted = [
            each.effective_from
            for each in self.modes
            if each.track == "entrusted" and each.effective_from >= contract.signed_on
        ]
        return min(entrusted, default=None)

    # --- mode ---

    def marked(self, *marks: ModeMark) -> "Case":
        """This state with what more is known of its modes, or of its parties."""
        known = (*self.mode_marks, *marks)
        return self.but(mode_marks=known, modes=timeline(known, self.parties))

    def mode(self, on: date) -> Mode | None:
        """How the case is run on ``on``, or None before it begins."""
        return next((each for each in reversed(self.modes) if each.effective_from <= on), None)

    def done_by_centre(self, on: date) -> bool:
        """Whether the centre itself does the care of the case on ``on`` (直営): it has no office, or not yet."""
        mode = self.mode(on)
        return self.office is None or (mode is not None and mode.track == "direct")

    @property
    def office_never_responsible(self) -> bool:
        """Whether the office did the care of this case in no mode so far: what the centre has is new to it (T-18R)."""
        return all(each.track == "direct" for each in self.modes)

    @property
    def taken_over_on(self) -> date | None:
        """The day on which the office takes the case over from its centre (T-07M), or None."""
        return taken_over_on(self.mode_marks, self.office)

    @property
    def latest_mode(self) -> Mode | None:
        """How the case is run after the last switch that is known."""
        return self.modes[-1] if self.modes else None

    def entrustment(self, first: date, last: date) -> Entrustment | None:
        """The entrustment that touches the days from ``first`` to ``last``, or None."""
        return next((each for each in reversed(self.entrustments) if each.covers(first, last)), None)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the case (書類台帳), in the order in which they became known."""
        return tuple(self.ledger.values())

    @property
    def originals(self) -> tuple[Original, ...]:
        """What was made of the care process: the kind, and the days that it is of."""
        return tuple(
            Original(each.kind, each.first, each.last) for each in self.documents if each.kind in ORIGINALS
        )

    def documents_out(self, entrustment: Entrustment, last: date) -> tuple[Document, ...]:
        """Originals made under an entrustment up to ``last`` that its office still has (T-31, T-35).

        All of them are known at the office, which makes them; a centre knows what it was told.
        """
        return tuple(
            each
            for each in made_between(self.documents, entrustment.starts_on, last)
            if each.original_at == entrustment.office
        )

    def originals_out(self, entrustment: Entrustment, last: date) -> tuple[str, ...]:
        """The kinds of :meth:`documents_out`."""
        out = {each.kind for each in self.documents_out(entrustment, last)}
        return tuple(kind for kind in ORIGINALS if kind in out)

    # --- notifications ---

    def notifications_of(self, filer: str) -> tuple[Notification, ...]:
        """Every notification of ``filer``, in the order in which they became known."""
        return tuple(each for each in self.notifications.values() if each.filer == filer)

    def held_notification(self, filer: str) -> Notification | None:
        """The notification that ``filer`` made at contract time and still holds (T-14D), or None."""
        return next((each for each in self.notifications_of(filer) if each.state == "held"), None)

    @property
    def review_under_way(self) -> Review | None:
        """The plan review that was asked for and has no result yet (T-51), or None."""
        return next(
            (each for each in self.reviews.values() if each.requested_on and not each.concluded_on), None
        )

    # --- plan and services ---

    def draft(self, plan_id: str, version: int) -> Draft | None:
        """The draft of a plan as it was shown to the centre last, or None."""
        named = (plan_id, version)
        return next((each for each in reversed(self.drafts) if (each.plan_id, each.version) == named), None)

    @property
    def plan_in_preparation(self) -> Plan | None:
        """The newest version that is not delivered yet, or None."""
        return self.plans[-1] if self.plans and self.plans[-1].delivered_on is None else None

    @property
    def delivered_plan(self) -> Plan | None:
        """The newest version that is delivered, or None."""
        return next((each for each in reversed(self.plans) if each.delivered_on is not None), None)

    def plan_in_force(self, on: date) -> Plan | None:
        """The plan that covers ``on`` and was delivered by then, or None."""
        return next((each for each in reversed(self.plans) if each.in_force(on)), None)

    def services_used(self, first: date, last: date) -> tuple[Service, ...]:
        """The services used on some day from ``first`` to ``last``."""
        return tuple(each for each in self.services if each.used_in(first, last))

    @property
    def services_in_use(self) -> tuple[Service, ...]:
        """The services that have not ended."""
        return tuple(each for each in self.services if each.last_used_on is None)


_EMPTY: Final = Case()


class GrowingCase(Case):
    """A case while many events are folded into it: nobody else sees it yet, so it is changed in place.

    It is given up when a fold raises, which may have changed a part of it. Whoever folds lets go of the state that he
    was given once he has asked for another.
    """

    def __init__(self, case: Case) -> None:
        self.__dict__.update(case.__dict__, ledger={**case.ledger})

    def but(self, **changes: Any) -> Case:
        """This very state, with some of its parts changed."""
        self.__dict__.update(changes)
        return self

    def with_documents(self, *made: Document) -> Case:
        """This very state, with these in its ledger."""
        known = self.ledger_to_change()
        for each in made:
            known.setdefault(each.key, each)
        return self

    def ledger_to_change(self) -> dict[Key, Document]:
        """This very state's ledger."""
        assert isinstance(self.ledger, dict)
        return self.ledger

    def grown(self) -> Case:
        """The case as it is now. Nothing more is folded into this one."""
        return _EMPTY.but(**self.__dict__)
