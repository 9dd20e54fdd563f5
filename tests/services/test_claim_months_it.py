"""The view of claimed months says what the register and the cases say. (`_it`: integration test)"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.billing.views import ClaimMonths
from shared.eventlog.database import Database
from shared.eventlog.log import EventLog, Record
from shared.eventlog.model import Event
from shared.eventlog.rebuild import ensure_current
from tests.care.stage import CASE, made
from tests.conftest import NodeDatabases

ON = date(2025, 2, 28)
LATER = "66666666-6666-4666-8666-666666666666"
DRAFTED = made("ClaimDrafted", BILLING, ON, claimant=CENTRE, yen=8458)


@pytest.fixture
def log(databases: NodeDatabases) -> Iterator[EventLog]:
    database = Database(databases.application)
    found = EventLog(database, BILLING, [ClaimMonths()])
    ensure_current(found)
    yield found
    database.close()


def learn(log: EventLog, *events: Event) -> None:
    for event in events:
        record = Record(
            event.stream,
            event.id,
            event.type,
            event.schema_version,
            event.case_id,
            event.sender,
            event.occurred_on,
            event.actor,
            None,
            None,
            json.dumps(event.data),
            origin=None if event.sender == BILLING else "jws",
        )
        with log.write() as writing:
            writing.append([record])


def month(log: EventLog, *columns: str) -> tuple[Any, ...]:
    with log.database.connection() as connection:
        query = f"select {', '.join(columns)} from view_claim_months.months where case_id = %s"
        row = connection.execute(query.encode(), (CASE,)).fetchone()
    assert row is not None
    return tuple(row)


def test_only_its_claimant_confirms_a_claim_to_the_yen(log: EventLog) -> None:
    """T-33."""
    learn(log, DRAFTED, made("ClaimConfirmed", OFFICE, ON, claimant=OFFICE))
    learn(log, made("ClaimConfirmed", CENTRE, ON, yen=8457))
    assert month(log, "confirmed_on") == (None,)
    learn(log, made("ClaimConfirmed", CENTRE, ON))
    assert month(log, "confirmed_on") == (date(2025, 2, 7),)


def test_a_second_result_shows_only_once_a_person_lets_it_stand(log: EventLog) -> None:
    """A-Q54b."""
    returned = made("ClaimReturned", WARD, ON)
    learn(log, DRAFTED, made("ClaimDecided", BILLING, ON), returned)
    assert month(log, "result", "decided_yen") == ("as_claimed", 8458)
    settled = {"finder": BILLING, "about": WARD, "event_id": str(returned.id), "agency": BILLING}
    learn(log, made("DiscrepancySettled", BILLING, ON, outcome="event_void", **settled))
    assert month(log, "result", "decided_yen") == ("as_claimed", 8458)
    learn(log, made("DiscrepancySettled", BILLING, ON, outcome="event_stands", **settled))
    assert month(log, "result", "decided_yen") == ("returned", None)


def test_a_claim_that_is_taken_back_stays_so_whatever_is_decided_of_it(log: EventLog) -> None:
    """A-Q53."""
    learn(log, DRAFTED, made("CorrectionFiled", BILLING, ON), made("ClaimDecided", WARD, ON))
    assert month(log, "result") == ("corrected",)


def receipt(submitted: Event, *, counted: bool) -> Event:
    told = {"submission_id": submitted.data["submission_id"], "claimant": CENTRE, "counted": counted}
    return made("SubmissionReceived", WARD, ON, **told)


def line(kind: str) -> dict[str, Any]:
    shown = {"case": str(CASE), "kind": kind}
    return {**made("ClaimSubmitted", BILLING, ON).data["lines"][0], **shown}


@pytest.mark.parametrize("at_first", [None, False])
def test_what_was_ruled_too_late_and_then_counted_shows_as_submitted(
    log: EventLog, at_first: bool | None
) -> None:
    """A-S6: the ward may put its first ruling right; a claim and its slip alike."""
    submitted = made("ClaimSubmitted", BILLING, ON, counted=at_first, lines=[line("claim"), line("slip")])
    learn(log, DRAFTED, submitted, receipt(submitted, counted=False))
    columns = ("submission_id", "submitted_yen", "slip_submission_id")
    assert month(log, *columns) == (None, None, None)
    learn(log, receipt(submitted, counted=True))
    submission = submitted.data["submission_id"]
    assert month(log, *columns) == (submission, 8458, submission)


def test_a_month_that_went_in_again_meanwhile_keeps_its_later_submission(log: EventLog) -> None:
    first = made("ClaimSubmitted", BILLING, ON, lines=[line("claim")])
    second = made("ClaimSubmitted", BILLING, ON, lines=[line("claim")], submission_id=LATER)
    learn(log, DRAFTED, first, receipt(first, counted=False), second, receipt(first, counted=True))
    assert month(log, "submission_id") == (LATER,)


def test_a_month_that_turns_out_unused_has_nothing_reported_to_claim(log: EventLog) -> None:
    """T-32, T-33."""
    learn(log, made("PerformanceReported", OFFICE, ON, service_month="2025-01"))
    assert month(log, "reported_on") != (None,)
    learn(
        log, made("PerformanceReported", OFFICE, ON, service_month="2025-01", services=[], nothing_used=True)
    )
    assert month(log, "reported_on") == (None,)
