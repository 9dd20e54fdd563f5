"""A claim is taken back with what it stated, whatever was learned of its month since (A-Q53)."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from services.billing.filing import bundle
from services.billing.formats import ward_medium
from shared.eventlog.model import Event
from shared.policy.dates import Month
from tests.care.stage import CASE, Desk, made
from tests.services.test_claims import DAY_CARE, RENTED, used
from tests.services.test_submission import FEBRUARY_7, january, made_by_itself, take
from tests.services.test_worksheet import with_papers

MARCH_3 = date(2025, 3, 3)
OTHER = UUID("22222222-2222-5222-8222-222222222222")


def rows(at: Desk, examined: Month) -> list[ward_medium.MediumRow]:
    (file,) = bundle(at, CENTRE, "ward", examined).files
    return list(ward_medium.read(file.written.content).rows)


def filed(*learned: Event) -> tuple[Desk, ward_medium.MediumRow]:
    """A claim submitted to the ward and its correction filed, with what was learned since; and the claim's row."""
    at = january()
    (stated,) = rows(at, Month(2025, 2))
    take(at, made_by_itself(at, FEBRUARY_7, claimant=CENTRE, route="ward", means="courier"), FEBRUARY_7)
    at.today = MARCH_3
    take(at, at.when("FileCorrection", service_month="2025-01", reason="誤り"), MARCH_3)
    at.given(*learned)
    return at, stated


def reported_anew(*services: dict[str, Any], **changes: Any) -> Event:
    return with_papers(used("2025-01", *services), **changes)


LEARNED = {
    "nothing": (),
    "another notification": (reported_anew(DAY_CARE, notified_on="2025-01-20"),),
    "no notification": (reported_anew(DAY_CARE, notified_on=None),),
    "the office's own month": (reported_anew(RENTED, DAY_CARE),),
    "another status": (
        made("CertificationResult", WARD, MARCH_3, valid_from="2025-01-01", status="support1"),
    ),
    "no services": (reported_anew(),),
}


@pytest.mark.parametrize("learned", LEARNED.values(), ids=LEARNED)
def test_every_column_of_a_cancellation_is_the_claims_own(learned: tuple[Event, ...]) -> None:
    at, stated = filed(*learned)
    found = rows(at, Month(2025, 3))
    assert asdict(found[0]) == {**asdict(stated), "kind": "2"}
    assert (found[0].office, found[0].entrusted_office) == (CENTRE, OFFICE)


def test_one_month_that_can_not_be_decided_stops_no_other_persons_month() -> None:
    """What can't be taken back is left out with its reason, and the rest goes in."""
    at, _ = filed()
    at.events = [each for each in at.events if each.type != "PerformanceReported"]
    at.given(*[moved(each) for each in january().events if each.case_id == CASE])
    found = bundle(at, CENTRE, "ward", Month(2025, 3))
    assert [(each["case"], each["kind"]) for each in found.lines] == [(OTHER, "claim")]
    assert [(each.case_id, each.kind, each.why.rule) for each in found.left_out] == [
        (CASE, "cancellation", "A-Q53"),
        (CASE, "claim", "T-32"),
    ]
    assert all(each.why.text and each.why.todo for each in found.left_out)


def moved(event: Event) -> Event:
    """The event, of another person."""
    personal = event.personal or {}
    number = {"insured_number": "0000000028"} if "insured_number" in personal else {}
    return event._replace(case_id=OTHER, personal={**personal, **number})


def test_a_month_of_one_number_in_two_cases_goes_in_once_and_stops_nothing() -> None:
    at = january()
    at.given(*[each._replace(case_id=OTHER) for each in at.events if each.case_id == CASE])
    found = bundle(at, CENTRE, "ward", Month(2025, 2))
    assert [each["case"] for each in found.lines] == [CASE]
    assert [(each.case_id, each.why.rule) for each in found.left_out] == [(OTHER, "A-Q53")]
