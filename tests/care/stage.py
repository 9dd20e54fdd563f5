"""Given events, when a command, then events or a refusal: the domain alone, in memory, without log or broker.

:class:`Desk` is one agency with what it knows; :class:`Town` is several that hear each other at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from marshmallow import RAISE

from contracts.catalogue import CROSSING
from contracts.definition import EventType
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from deploy.composition import service_named
from services.billing.people import Person, numbers_of, person_of
from shared.care.agency import AgencyState
from shared.care.case import Case, evolve_case
from shared.care.folds.register import evolve_agency
from shared.eventlog.model import Event, NewEvent
from shared.node.recording import plain, stream_of
from shared.node.service import Command, Decision, Service, Situation
from shared.policy.dates import Month
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import Obligation, standing

CENTRE_OUTSIDE = "1301600092"
OFFICE_UNDESIGNATED = "1371690098"
CASE = UUID("11111111-1111-5111-8111-111111111111")

ROLES = {
    WARD: "ward",
    CENTRE: "hokatsu",
    CENTRE_OUTSIDE: "hokatsu",
    OFFICE: "kyotaku",
    OFFICE_UNDESIGNATED: "kyotaku",
    BILLING: "billing",
}

ADACHI = "131219"
ADACHI_CENTRE = "1302100019"
BORDER_OFFICE = "1372100014"
NEIGHBOURS = {ADACHI: "ward", ADACHI_CENTRE: "hokatsu", BORDER_OFFICE: "kyotaku"}
"""A second ward, its centre, and an office that both wards list."""


def made(
    name: str,
    sender: str,
    on: date,
    data: Mapping[str, Any] | None = None,
    /,
    *,
    case_id: UUID | None = CASE,
    kinds: Mapping[str, EventType] = CROSSING,
    **changes: Any,
) -> Event:
    """A recorded event: the catalogue's example of its type, with ``changes``, or ``data`` as it stands."""
    kind = kinds[name]
    whole = plain({**kind.example, **changes} if data is None else {**data, **changes})
    kind.validate(whole)
    opened = {key: value for key, value in whole.items() if key not in kind.personal_fields}
    held = {key: value for key, value in whole.items() if key in kind.personal_fields}
    case = case_id if kind.scope == "case" else None
    return Event(
        position=0,
        stream=stream_of(kind, case, whole),
        version=0,
        id=uuid4(),
        type=name,
        schema_version=kind.version,
        case_id=case,
        sender=sender,
        occurred_on=on,
        recorded_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        actor="tester",
        causation=None,
        correlation=None,
        data=opened,
        personal=held,
    )


@dataclass
class Desk:
    """One agency of a role, what it knows, and the service by which it decides."""

    me: str
    service: Service
    events: list[Event] = field(default_factory=list)
    today: date = date(2024, 10, 10)

    @property
    def kinds(self) -> Mapping[str, EventType]:
        """Every event type that this agency can record."""
        return {**CROSSING, **self.service.event_types}

    def given(self, *events: Event) -> "Desk":
        """What this agency has learned before."""
        self.events.extend(events)
        return self

    def situation(self, case_id: UUID | None = CASE) -> Situation:
        """What this agency knows now."""
        agency, case = AgencyState.empty(), Case.empty()
        for event in self.events:
            if event.case_id is None:
                agency = evolve_agency(agency, event)
            elif event.case_id == case_id:
                case = evolve_case(case, event)
        return Situation(self.me, self.service.role, self.today, agency, case)

    def stated(self, case_id: UUID, submission_id: str) -> Case:
        """What this agency knew of a case when it made a submission."""
        made_at = next(
            number
            for number, each in enumerate(self.events)
            if each.type == "ClaimSubmitted" and each.data["submission_id"] == submission_id
        )
        return Desk(self.me, self.service, self.events[:made_at], self.today).situation(case_id).case

    def months_of(self, claimant: str, before: Month) -> list[tuple[UUID, str]]:
        """The months that were drafted for a claimant, as a billing desk's books tell them."""
        cases = dict.fromkeys(each.case_id for each in self.events if each.case_id)
        found = [
            (case_id, month, claim.claimant)
            for case_id in cases
            for month, claim in self.situation(case_id).case.claims.items()
        ]
        found += [
            (UUID(line.case), line.service_month, submission.claimant)
            for submission in self.situation().agency.submissions.by_id.values()
            for line in submission.lines
            if line.claim_id in self.situation(UUID(line.case)).case.corrections
        ]
        found += [
            (case_id, month, slip.claimant)
            for case_id in cases
            for month, slip in self.situation(case_id).case.benefit_slips.items()
        ]
        found = sorted(set(found), key=str)
        return [
            (case_id, month) for case_id, month, whose in found if whose == claimant and month < str(before)
        ]

    def reported(self, month: Month) -> list[UUID]:
        """The cases of which a month's performance is reported, or was when its slip was made."""
        cases = dict.fromkeys(each.case_id for each in self.events if each.case_id)
        known = {each: self.situation(each).case for each in cases}
        return [
            each for each, case in known.items() if {*case.performances, *case.benefit_slips} & {str(month)}
        ]

    def drafted(self, month: Month) -> list[UUID]:
        """The cases of which a month's claim of this agency is drafted."""
        cases = dict.fromkeys(each.case_id for each in self.events if each.case_id)
        known = {each: self.situation(each).case.claims.get(str(month)) for each in cases}
        return [each for each, claim in known.items() if claim is not None and claim.claimant == self.me]

    def people(self, case_ids: Sequence[UUID]) -> dict[UUID, Person]:
        """The persons of cases, from their openings, and their numbers of public assistance."""
        held = {each.case_id: each.personal or {} for each in self.events if each.type == "CaseOpened"}
        told = [each for each in self.events if each.type == "PublicAssistanceRecorded"]
        return {
            case: replace(
                person_of(held.get(case, {})),
                assistance={
                    each.id: numbers
                    for each in told
                    if each.case_id == case and (numbers := numbers_of(each.personal or {})) is not None
                },
            )
            for case in case_ids
        }

    def birth_date(self, case_id: UUID) -> date | None:
        """When the person of a case was born, as its opening tells."""
        return self.people([case_id])[case_id].birth_date

    def when(
        self,
        name: str,
        on: date | None = None,
        /,
        *,
        case_id: UUID | None = CASE,
        command_id: UUID | None = None,
        **fields: Any,
    ) -> Decision:
        """Give a command with JSON-shaped fields; the decision's events are what the schemas allow.

        :raises Refused: a rule forbids it.
        """
        spec = self.service.commands[name]
        loaded = spec.schema(unknown=RAISE).load(plain(fields))
        command = Command(command_id or uuid4(), name, case_id, loaded, "tester", on or self.today)
        situation = self.situation(case_id)
        command = spec.prepared(self, situation, command)
        if spec.concerns is not None:
            cases = {each: self.situation(each).case for each in spec.concerns(command.fields)}
            situation = replace(situation, cases=cases)
        decision = spec.decided(situation, command)
        for event in decision.events:
            self.kinds[event.type].validate({**_copied(self, event), **plain(event.data)})
        return decision

    def obligations(self, case_id: UUID = CASE, today: date | None = None) -> list[Obligation]:
        """What is and was owed in a case, as far as this agency knows."""
        case = self.situation(case_id).case
        facts = [fact for event in self.events if event.case_id == case_id for fact in facts_of(event)]
        facts += self.situation(case_id).agency.submissions.facts(str(case_id))
        return standing(facts, Ground.of(case.insurer, case.parties, self.me), today or self.today)


def desk(agency: str, *events: Event, today: date = date(2024, 10, 10)) -> Desk:
    """An agency of the cast that knows ``events``."""
    return Desk(agency, service_named({**ROLES, **NEIGHBOURS}[agency]), list(events), today)


def directory(*agencies: str, on: date = date(2024, 9, 2)) -> list[Event]:
    """The ward's list, with these agencies or the whole cast."""
    return [
        made("AgencyListed", WARD, on, agency=each, name=f"事業所{each}", roles=[ROLES[each]], listed_on=on)
        for each in agencies or ROLES
    ]


def model() -> list[Event]:
    """The office is designated and the centre enrolled from 2024-10-01; contracts between agencies are signed."""
    day = date(2024, 10, 1)
    return [
        *directory(),
        made("OfficeDesignated", WARD, day),
        made("ModelEnrolled", WARD, day),
        made("EntrustmentContractSigned", CENTRE, date(2024, 9, 20)),
        made("BillingEntrusted", OFFICE, day),
        made("BillingEntrusted", CENTRE, day, claimant=CENTRE),
    ]


def opened(on: date = date(2024, 10, 7), **changes: Any) -> Event:
    """The case of the example, opened by the office."""
    return made("CaseOpened", OFFICE, on, **changes)


def signed_by_both(on: date = date(2024, 10, 10), simultaneous: bool = True) -> list[Event]:
    """Request, agreement and both contracts with the person."""
    asked = [
        made("SimultaneousContractRequested", OFFICE, date(2024, 10, 7)),
        made("SimultaneousContractAgreed", CENTRE, date(2024, 10, 8)),
    ]
    return [
        *(asked if simultaneous else []),
        made("ContractSigned", OFFICE, on, signed_on=on, simultaneous=simultaneous),
        made(
            "ContractSigned",
            CENTRE,
            on,
            agency=CENTRE,
            contract="preventive_support_and_care_management",
            signed_on=on,
            simultaneous=simultaneous,
            role="hokatsu",
        ),
    ]


def _copied(actor: Desk, new: NewEvent) -> Mapping[str, Any]:
    """The personal fields that an event takes over from an earlier one, as the recorder copies them."""
    held = next((each.personal or {} for each in actor.events if each.id == new.personal_from), {})
    return {name: value for name, value in held.items() if name in actor.kinds[new.type].personal_fields}


@dataclass
class Town:
    """Agencies that record their own events and hear each other's in order, each receiving what it is sent."""

    desks: dict[str, Desk] = field(default_factory=dict)

    @classmethod
    def of(cls, *agencies: str) -> "Town":
        """The agencies of the cast (or those named), each with an empty log."""
        return cls({each: desk(each) for each in agencies or ROLES})

    def advance(self, day: date) -> None:
        """Everybody's clock shows ``day``."""
        for each in self.desks.values():
            each.today = day

    def act(self, agency: str, name: str, case_id: UUID | None = None, /, **fields: Any) -> Decision:
        """One agency gives a command; its events are recorded, delivered and reacted to.

        :raises Refused: nothing is recorded.
        """
        command_id = uuid4()
        actor = self.desks[agency]
        if case_id is None and actor.service.commands[name].opens_case:
            case_id = uuid5(command_id, "case")
        decision = actor.when(name, case_id=case_id, command_id=command_id, **fields)
        self.record(agency, decision.events)
        return decision

    def record(self, agency: str, events: Sequence[NewEvent], on: date | None = None) -> None:
        """An agency's new events are in its log, and each partner receives and reacts to what it is sent."""
        actor = self.desks[agency]
        for new in events:
            event = made(
                new.type,
                agency,
                new.occurred_on or on or actor.today,
                {**_copied(actor, new), **new.data},
                case_id=new.case_id,
                kinds=actor.kinds,
            )
            actor.events.append(event)
            for partner in new.to:
                if partner in self.desks and partner != agency:
                    self._deliver(partner, event, self._opening(event, agency))

    def _opening(self, event: Event, agency: str) -> Event | None:
        known = self.desks[agency].events
        return next(
            (
                each
                for each in known
                if each.type == "CaseOpened" and each.case_id == event.case_id and each.sender == agency
            ),
            None,
        )

    def _deliver(self, partner: str, event: Event, opening: Event | None) -> None:
        hearer = self.desks[partner]
        if event.case_id is not None and opening is not None and opening not in hearer.events:
            hearer.events.append(opening)
        event = event._replace(received=True)
        if event in hearer.events:
            return
        hearer.events.append(event)
        reaction = hearer.service.reactions.get(event.type)
        if reaction is not None:
            produced = reaction.react(hearer.situation(event.case_id), event)
            assert {each.type for each in produced} <= reaction.emits
            self.record(partner, produced)
