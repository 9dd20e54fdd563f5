"""The list of cases and what is owed say of a case's parties and its end what the case itself says."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from deploy.composition import service_named
from shared.care.modes import ModeMark, timeline
from shared.eventlog.log import Record
from shared.eventlog.model import Event
from shared.eventlog.rebuild import live_digest, rebuild
from shared.node.node import Node
from tests.care.stage import CASE, CENTRE_OUTSIDE, OFFICE_UNDESIGNATED, made, opened
from tests.conftest import NodeMaker

ON = date(2025, 5, 20)
ALONE = {CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
OWN = made("CaseOpened", CENTRE, date(2025, 4, 1), parties=ALONE)
JOINED = made("OfficeAssigned", CENTRE, ON)
SIGNED = made("ContractSigned", OFFICE, ON, agency=OFFICE, signed_on="2025-05-12")


def received(name: str, sender: str, **changes: Any) -> Event:
    return made(name, sender, ON, **changes)._replace(received=True)


def again(event: Event) -> Event:
    """The same under another id."""
    return event._replace(id=uuid4())


ENDED = made("SupportEnded", CENTRE, ON, agency=CENTRE)
OTHER_END = received("SupportEnded", OFFICE, agency=OFFICE, ended_on="2025-06-01")
SAME_END = received("SupportEnded", OFFICE, agency=OFFICE)
STANDS = made(
    "DiscrepancySettled",
    CENTRE,
    ON,
    finder=CENTRE,
    about=OFFICE,
    event_id=str(OTHER_END.id),
    outcome="event_stands",
)

HISTORIES = {
    "an office joins": [OWN, JOINED, SIGNED],
    "another office is named": [OWN, JOINED, made("OfficeAssigned", CENTRE, ON, office=OFFICE_UNDESIGNATED)],
    "the same office is named again": [OWN, JOINED, made("OfficeAssigned", CENTRE, ON)],
    "another centre names the office": [
        OWN,
        made("OfficeAssigned", CENTRE_OUTSIDE, ON, centre=CENTRE_OUTSIDE),
    ],
    "a party is named as the office": [OWN, made("OfficeAssigned", CENTRE, ON, office=BILLING)],
    "an office is named for a case that has one": [
        opened(),
        made("OfficeAssigned", CENTRE, ON, office=OFFICE_UNDESIGNATED),
    ],
    "an office is named before the case is opened": [JOINED, OWN],
    "a case is opened twice": [OWN, opened()],
    "a result overtakes the opening": [made("CertificationResult", WARD, ON), OWN],
    "the support ends": [opened(), ENDED],
    "it ends twice on the same day": [opened(), ENDED, SAME_END],
    "it ends otherwise for a partner": [opened(), ENDED, OTHER_END],
    "the partner's end stands": [opened(), ENDED, OTHER_END, STANDS],
    "the partner's end stands twice": [opened(), ENDED, OTHER_END, STANDS, again(ENDED), again(STANDS)],
    "a partner's end is the first": [opened(), OTHER_END],
    "a partner's end is settled that was never held": [
        opened(),
        OTHER_END,
        made("SupportResumed", CENTRE, ON),
        STANDS,
    ],
    "our own end follows a partner's": [opened(), OTHER_END, ENDED],
    "the support goes on": [opened(), ENDED, made("SupportResumed", CENTRE, ON), OTHER_END],
}


@pytest.fixture
def centre(nodes: NodeMaker) -> Node:
    return nodes.make(service_named("hokatsu"), CENTRE)


def take(node: Node, events: Sequence[Event]) -> None:
    """Record the events as they stand, each in a transaction of its own."""
    for event in events:
        record = Record(
            event.stream,
            event.id,
            event.type,
            event.schema_version,
            event.case_id,
            event.sender,
            event.occurred_on,
            "tantou",
            None,
            None,
            json.dumps(event.data, ensure_ascii=False),
            None,
            "signed" if event.received else None,
        )
        node.log.append([record])


@pytest.mark.parametrize("name", HISTORIES)
def test_the_list_agrees_with_the_case_whatever_its_fold_passes_by_or_holds(centre: Node, name: str) -> None:
    take(centre, HISTORIES[name])
    case = centre.situation(CASE).case
    with centre.database.connection() as connection:
        row = connection.execute(
            "select office, centre, procedure, opened_on, ended_on, end_reason, parties from view_case_list.cases"
        ).fetchone()
        marks = connection.execute(
            "select kind, effective_from, type, track, office, centre from view_case_list.marks"
            " where not disputed order by position"
        ).fetchall()
        owing = connection.execute("select parties from view_obligations.cases").fetchone()
    end = case.support_end
    assert row is not None
    assert row == (
        case.office,
        case.centre,
        case.procedure,
        case.opened_on,
        end.ended_on if end else None,
        end.reason if end else None,
        dict(case.parties),
    )
    assert owing is not None
    assert json.loads(owing[0]) == case.parties
    assert timeline([ModeMark(*each) for each in marks], case.parties) == case.modes
    for view in centre.log.views:
        live = live_digest(centre.log, view)
        assert rebuild(centre.log, view) == live
