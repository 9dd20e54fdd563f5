"""Obligations for screens and the API: of one case from its events, of all cases from the view, of designations."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shared.eventlog.log import event_of
from shared.eventlog.model import Event
from shared.node.node import Node
from shared.node.service import Situation
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import Fact, facts_from_text, facts_of
from shared.policy.obligations import Obligation, standing
from shared.policy.parameters import ParameterError

_OF_DESIGNATIONS: Final = frozenset(
    {
        "DesignationApplied",
        "DesignationReturned",
        "DesignationChangeAccepted",
        "HearingRecorded",
        "OfficeDesignated",
    }
)
_URGENCY: Final = ("overdue", "due", "open")

_CASES: Final = """
select case_id, insurer, parties,
       array(select told from view_obligations.facts as f where f.case_id = c.case_id order by position)
  from view_obligations.cases as c where %(cases)s::uuid[] is null or case_id = any(%(cases)s)
"""


@dataclass(frozen=True, slots=True)
class CaseDuties:
    """The obligations of one case; ``open`` begins with what falls due first."""

    open: Sequence[Obligation]
    done: Sequence[Obligation]


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of one case, or of an office's designation, which is of no case."""

    case_id: UUID | None
    what: Obligation


def duties_of_case(events: Sequence[Event], situation: Situation) -> CaseDuties:
    """What is and was owed in a case, as its events say, on the business date."""
    ground = _ground(situation.case.insurer, situation.case.parties, situation.me)
    if ground is None:
        return CaseDuties((), ())
    told = [fact for event in events for fact in facts_of(event)]
    submitted = situation.agency.submissions.facts(str(situation.case.id))
    found = standing([*told, *submitted], ground, situation.today)
    return CaseDuties([each for each in found if each.open], [each for each in found if not each.open])


def duty_rows(node: Node, case_id: UUID | None = None) -> list[Duty]:
    """The obligations of all cases and designations, or of one case, on the business date: overdue first, done last."""
    if case_id:
        return sorted(duties_in(node, [case_id], node.today()), key=urgency)
    return sorted(
        [*duties_in(node, None, node.today()), *designation_duties(node, node.today())], key=urgency
    )


def duties_in(node: Node, case_ids: Sequence[UUID] | None, today: date) -> Iterator[Duty]:
    """The obligations of these cases, or of all, case by case in no order."""
    with node.database.connection() as connection:
        cases = connection.execute(_CASES.encode(), {"cases": case_ids}, binary=True).fetchall()
    submissions = node.situation().agency.submissions
    for case_id, insurer, parties, told in cases:
        ground = _ground(insurer, json.loads(parties), node.agency)
        if ground is not None:
            facts = [fact for each in told for fact in facts_from_text(each)]
            facts += submissions.facts(str(case_id))
            yield from (Duty(case_id, each) for each in standing(facts, ground, today))


def designation_duties(node: Node, today: date) -> Iterator[Duty]:
    """What is owed about designations, office by office and ward by ward: hearing, answer, renewal (T-03, T-06N)."""
    facts: dict[tuple[str, str], list[Fact]] = {}
    asked: dict[str, str] = {}
    for row in node.log.register(0, _OF_DESIGNATIONS):
        event = event_of(row)
        office = str(event.data["agency"])
        application = str(event.data.get("application_id") or "")
        insurer = str(event.data.get("insurer") or asked.get(application) or node.agency)
        if application:
            asked[application] = insurer
        if node.agency in (office, insurer):
            facts.setdefault((insurer, office), []).extend(facts_of(event))
    for (insurer, office), known in facts.items():
        ground = _ground(insurer, {insurer: "ward", office: "kyotaku"}, node.agency)
        if ground is not None:
            yield from (Duty(None, each) for each in standing(known, ground, today))


def urgency(duty: Duty) -> tuple[int, str, str]:
    """By what duties are sorted: the overdue ones first, then as they fall due."""
    what = duty.what
    place = _URGENCY.index(what.state) if what.state in _URGENCY else len(_URGENCY)
    return place, what.due.isoformat() if what.due else "9999", what.since.isoformat()


def _ground(insurer: str, parties: Mapping[str, str] | object, me: str) -> Ground | None:
    """The ground of a case; ``None`` while its opening event or its insurer's parameters are not here."""
    if not insurer or not isinstance(parties, Mapping):
        return None
    try:
        return Ground.of(insurer, parties, me)
    except ParameterError:
        return None
