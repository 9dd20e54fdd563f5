"""What the end of the model changes, before the ward ends it: each switch after it, and every case's held form (T-01).

The same register, the same rules for a switch and the same table of obligations as at the agencies, on a copy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.codes import TYPES
from contracts.definition import ROLES
from contracts.json_text import read, written
from services.ward.reading import ModelCase
from shared.care.agency import AgencyState
from shared.care.case import Case
from shared.care.folds.register import evolve_agency
from shared.care.model import contract_stays, procedure_holds
from shared.care.parts import Contract
from shared.eventlog.model import Event
from shared.node.service import Command, CommandSpec, Situation
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import Obligation, standing

HELD: Final = {
    "void": "翌日から無効になる（包括が「無効にする」を記録）",
    "used": "使用済み",
    "voided": "無効になっている",
    "goes_on": "変わらない（参加が続く）",
}
"""What becomes of a held notification."""
_TRACKS: Final = {"care_management_a": "entrusted", "preventive_support": "designated"}


@dataclass(frozen=True, slots=True)
class Switched:
    """What a switch to ``type`` asks of everybody: by the model's procedure, and after its end."""

    type: str
    during: tuple[Obligation, ...]
    after: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class EndForeseen:
    """What the end of the model brings about; ``cases`` with what becomes of each one's held notification.

    ``roles`` are what the agencies stand for that ``switches`` name: each is the same at every other of its role.
    """

    ended_on: date
    agency: str | None
    switches: tuple[Switched, ...]
    cases: tuple[tuple[ModelCase, str], ...]
    advice: tuple[tuple[str, str], ...]
    roles: Mapping[str, str]

    @property
    def said(self) -> str:
        """Everything that it says as one text."""
        return repr((self.ended_on, self.agency, [(each.case_id, held) for each, held in self.cases]))


def foresee_end(
    situation: Situation, spec: CommandSpec, command: Command, cases: Sequence[ModelCase]
) -> EndForeseen:
    """What ``command`` ends, and how.

    :raises Refused: it would be refused.
    """
    decision = spec.decided(situation, command)
    ended_on, agency = command.fields["ended_on"], command.fields["agency"]
    after = situation.agency
    for new in decision.events:
        after = evolve_agency(after, _event(new.type, new.data, situation.me, command.occurred_on))
    next_day = ended_on + timedelta(days=1)
    sample = _sample(situation, cases, agency)
    return EndForeseen(
        ended_on,
        agency,
        tuple(
            Switched(
                to_type,
                _asked(replace(sample, agency=situation.agency), to_type, ended_on),
                _asked(replace(sample, agency=after), to_type, next_day),
            )
            for to_type in _TRACKS
        ),
        tuple((each, _held(each, agency)) for each in cases),
        tuple((each.rule, each.message) for each in decision.advice),
        {agency: ROLES[role] for agency, role in sample.case.parties.items()},
    )


def _held(case: ModelCase, agency: str | None) -> str:
    if case.voided_on:
        return "voided"
    if case.used_on:
        return "used"
    return "void" if agency in (None, case.office, case.centre) else "goes_on"


def _sample(situation: Situation, cases: Sequence[ModelCase], agency: str | None) -> Situation:
    """A case under a simultaneous contract of agencies for which the model ends."""
    of = [
        each for each in cases if agency in (None, each.office, each.centre) and each.office and each.centre
    ]
    office = of[0].office if of else _in_model(situation.agency, "kyotaku", agency)
    centre = of[0].centre if of else _in_model(situation.agency, "hokatsu", agency)
    parties = {each: role for each, role in ((office, "kyotaku"), (centre, "hokatsu")) if each}
    contracts = tuple(
        Contract(each, "preventive_support", date.min, None, None, simultaneous=True) for each in parties
    )
    case = Case.empty().but(
        id=UUID(int=0),
        insurer=situation.me,
        parties={**parties, situation.me: "ward"},
        contracts=contracts,
    )
    return replace(situation, case=case)


def _in_model(state: AgencyState, role: str, agency: str | None) -> str | None:
    """An agency of that role that is in the model: ``agency`` where it is one (T-02, T-03)."""
    taking_part = [
        *(each.agency for each in state.enrolments),
        *(each.agency for each in state.designations),
    ]
    found = [each for each in taking_part if state.has_role(each, role)]
    return agency if agency in found else next(iter(found), None)


def _asked(situation: Situation, to_type: str, on: date) -> tuple[Obligation, ...]:
    """What a switch that counts from ``on`` makes everybody owe."""
    case = situation.case
    if case.office is None or case.centre is None:
        return ()
    from_type = next(each for each in TYPES if each != to_type)
    data = {
        "office": case.office,
        "centre": case.centre,
        "from_type": from_type,
        "to_type": to_type,
        "from_track": _TRACKS[from_type],
        "to_track": _TRACKS[to_type],
        "effective_from": on,
        "reported_on": on,
        "first": True,
        "simultaneous_contract": procedure_holds(situation, on),
        "contract_stays": contract_stays(situation, on),
        "progress_record_enclosed": True,
        "benefit_started_on": on if to_type == "preventive_support" else None,
    }
    event = _event("ModeSwitched", data, case.office, on, case.id)
    found = standing(list(facts_of(event)), Ground.of(case.insurer, case.parties), on)
    return tuple(each for each in found if each.open)


def _event(name: str, data: Mapping[str, Any], sender: str, on: date, case_id: UUID | None = None) -> Event:
    return Event(
        position=0,
        stream="",
        version=0,
        id=UUID(int=0),
        type=name,
        schema_version=1,
        case_id=case_id,
        sender=sender,
        occurred_on=on,
        recorded_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
        actor="",
        causation=None,
        correlation=None,
        data=read(written(data)),
    )
