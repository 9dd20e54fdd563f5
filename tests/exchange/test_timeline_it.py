"""What a case's timeline says of a delivery on any day, by the clock of the node that tells it."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.console.timeline import steps
from tests.exchange.conftest import CENTRE, CLOCK, OFFICE, WARD, Town, example, open_case, record


def said(town: Town, case_id: UUID, known_at: datetime | None = None) -> list[tuple[str, datetime | None]]:
    """State of the ward's result on its way to the centre, and since when."""
    events = town.ward.replay(case_id, known_at=known_at).events
    return [
        (travel.state, travel.reached_at)
        for step in steps(town.ward, case_id, events, {}, known_at)
        if step.event.type == "CertificationResult"
        for travel in step.travels
    ]


def test_what_became_of_a_delivery_is_told_as_it_was_known_then_whatever_the_partners_clock_says(
    town: Town,
) -> None:
    """The result overtakes its case at the centre, whose clock is days ahead: it waits there, and is stored later."""
    town.centre.set_clock(CLOCK + timedelta(days=20))
    case_id = open_case(town.office, to=(WARD,))
    town.drain(OFFICE, WARD)
    record(town.ward, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    recorded = town.ward.log.head().now
    town.ward.set_clock(CLOCK + timedelta(days=1))
    town.drain(WARD, CENTRE)
    town.ward.set_clock(CLOCK + timedelta(days=2))
    record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.drain()
    assert said(town, case_id, recorded) == [("unsent", None)]
    assert said(town, case_id, CLOCK + timedelta(days=1)) == [("waiting", CLOCK + timedelta(days=1))]
    assert said(town, case_id, CLOCK + timedelta(days=2)) == [("stored", CLOCK + timedelta(days=2))]
    assert said(town, case_id) == [("stored", CLOCK + timedelta(days=2))]


def test_what_is_on_its_way_is_sent_until_the_receipt_is_in_the_log(town: Town) -> None:
    case_id = open_case(town.office, to=(WARD,))
    town.drain(OFFICE, WARD)
    record(town.ward, "CertificationResult", example("CertificationResult"), case_id=case_id, to=(CENTRE,))
    town.turn(WARD, 1)
    sent = town.ward.log.head().now
    assert said(town, case_id) == [("sent", None)]
    town.ward.set_clock(CLOCK + timedelta(days=1))
    town.drain(WARD, CENTRE)
    assert said(town, case_id, sent) == [("sent", None)]
    assert said(town, case_id) == [("waiting", CLOCK + timedelta(days=1))]
