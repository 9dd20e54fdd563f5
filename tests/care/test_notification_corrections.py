"""A returned notification is corrected, and where one is follows from whatever arrives first (T-12, T-13, T-17)."""

from datetime import date

import pytest

from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.node.errors import Refused
from tests.care.stage import CASE, desk, made, model, opened
from tests.care.test_notifications import DAY, FORM, centre, filed_by_office, held, office, returned

# --- correcting ---


def test_a_returned_notification_is_filed_again_with_what_was_missing() -> None:
    at = office(filed_by_office(blank=["insured_number"]), returned(), on=date(2024, 10, 15))
    decision = at.when("CorrectNotification", notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", **FORM)
    data = decision.events[0].data
    assert (data["revision"], data["corrects"], data["blank"]) == (2, 1, [])
    assert decision.advice == []


def test_a_correction_of_the_first_one_is_still_the_first_and_needs_the_signature() -> None:
    at = office(filed_by_office(), returned(), on=date(2024, 10, 15))
    with pytest.raises(Refused) as refused:
        at.when(
            "CorrectNotification",
            notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01",
            **{**FORM, "signed_by_person": False},
        )
    assert refused.value.rule == "T-17"


@pytest.mark.parametrize("last", [None, "accepted"])
def test_only_a_returned_notification_can_be_corrected(last: str | None) -> None:
    events = [filed_by_office()]
    if last:
        accepted = made(
            "NotificationAccepted",
            WARD,
            DAY,
            notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01",
            filer=OFFICE,
        )
        events.append(accepted)
    with pytest.raises(Refused) as refused:
        office(*events).when(
            "CorrectNotification", notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", **FORM
        )
    assert refused.value.code == "notification_not_returned"


def test_nobody_corrects_another_s_notification() -> None:
    at = centre(filed_by_office(), returned(), on=date(2024, 10, 15))
    with pytest.raises(Refused) as refused:
        at.when("CorrectNotification", notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01", **FORM)
    assert refused.value.code == "notification_unknown"


# --- where a notification is ---


def state(*events: Event) -> str:
    case = desk(CENTRE, *model(), opened(), *events).situation(CASE).case
    (only,) = case.notifications.values()
    return only.state


FILED = filed_by_office()
RETURNED = returned()
AGAIN = filed_by_office(on=date(2024, 10, 15), revision=2, corrects=1)
ACCEPTED = made(
    "NotificationAccepted",
    WARD,
    date(2024, 10, 16),
    notification_id="7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01",
    filer=OFFICE,
    revision=2,
)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((held(),), "held"),
        ((FILED,), "filed"),
        ((FILED, RETURNED), "returned"),
        ((FILED, RETURNED, AGAIN), "filed"),
        ((FILED, RETURNED, AGAIN, ACCEPTED), "accepted"),
        ((RETURNED, FILED), "returned"),
        ((FILED, AGAIN, RETURNED), "filed"),
        ((FILED, AGAIN, RETURNED, ACCEPTED), "accepted"),
        ((ACCEPTED, FILED, AGAIN), "accepted"),
    ],
)
def test_a_decision_counts_for_its_filing_in_whatever_order_they_arrive(
    events: tuple[Event, ...], expected: str
) -> None:
    assert state(*events) == expected


def test_a_filing_under_the_number_of_another_agency_s_notification_changes_nothing_of_it() -> None:
    known = office(filed_by_office()).situation().case
    number = filed_by_office().data["notification_id"]
    stranger = made(
        "NotificationFiled", CENTRE, date(2024, 10, 12), notification_id=number, desk="elderly_project"
    )
    after = office(filed_by_office(), stranger).situation().case
    assert after.notifications == known.notifications
    assert after.unread == {"NotificationFiled": 1}
