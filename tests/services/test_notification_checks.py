"""The desk's check list of a notification: what must be right, what is to be minded, and the reason of a return."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, NOTIFICATION, OFFICE, WARD
from services.ward.checks import Check, checks, deadline_of
from shared.eventlog.model import Event
from tests.care.stage import (
    ADACHI,
    ADACHI_CENTRE,
    BORDER_OFFICE,
    Desk,
    desk,
    directory,
    made,
    model,
    opened,
)
from tests.care.test_notifications import filed_by_office

ID = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1b01"
DESIGNATED = made("OfficeDesignated", WARD, date(2024, 10, 1), designated_from="2024-10-01")


def ward(*events: Event, on: date = date(2024, 10, 11)) -> Desk:
    return desk(WARD, *directory(), opened(), *events, today=on)


def looked_at(at: Desk, notification: str = ID) -> dict[str, Check]:
    situation = at.situation()
    return {each.what: each for each in checks(situation, situation.case.notifications[notification])}


def test_of_a_complete_form_nothing_fails() -> None:
    """T-03, T-12, T-13, T-17."""
    found = looked_at(ward(*model(), filed_by_office()))
    assert [each.words for each in found.values() if each.found != "holds"] == []
    assert list(found) == [
        "記入もれ",
        "右上の「同時契約」（赤字）",
        "本人の自署",
        "提出先の窓口",
        "様式",
        "届け出た居宅の指定",
        "本人の状態区分と類型",
        "ほかの届出との重なり",
    ]


@pytest.mark.parametrize(
    ("changes", "what", "reason", "field"),
    [
        ({"blank": ["address", "kana"]}, "記入もれ", "missing_field", "address"),
        ({"simultaneous_mark": False}, "右上の「同時契約」（赤字）", "missing_mark", "mark"),
        ({"signed_by_person": False}, "本人の自署", "missing_signature", "signature"),
        ({"desk": "elderly_project"}, "提出先の窓口", "wrong_desk", None),
    ],
)
def test_what_fails_names_the_reason_for_which_it_is_returned(
    changes: dict[str, Any], what: str, reason: str, field: str | None
) -> None:
    """T-12, T-13, T-17."""
    found = looked_at(ward(DESIGNATED, filed_by_office(**changes)))
    assert [each.what for each in found.values() if each.found == "fails"] == [what]
    assert (found[what].reason, found[what].field) == (reason, field)


def test_an_office_without_designation_and_a_person_who_is_no_longer_supported_are_minded_not_refused() -> (
    None
):
    """T-03, T-04."""
    at = ward(filed_by_office())
    found = looked_at(at)
    assert found["届け出た居宅の指定"].found == "mind"
    assert at.when("AcceptNotification", notification_id=ID).events
    care = made("CertificationResult", WARD, date(2024, 10, 8), status="care1", valid_from="2024-10-01")
    found = looked_at(ward(DESIGNATED, care, filed_by_office(start_date="2024-10-15")))
    assert found["本人の状態区分と類型"].found == "mind"


@pytest.mark.parametrize(
    ("filed_on", "found"), [("2025-01-31", "holds"), ("2025-02-01", "mind"), ("2025-01-30", "holds")]
)
def test_a_held_notification_is_in_time_until_the_end_of_the_starts_month(filed_on: str, found: str) -> None:
    """T-16."""
    day = date.fromisoformat(filed_on)
    filed = made("NotificationFiled", CENTRE, day, filed_on=filed_on, held_since="2024-10-10")
    assert looked_at(ward(filed, on=day), NOTIFICATION)["提出の期限"].found == found


@pytest.mark.parametrize(
    ("start", "last"),
    [(date(2024, 2, 1), date(2024, 2, 29)), (date(2025, 2, 28), date(2025, 2, 28)), (None, None)],
)
def test_the_deadline_is_the_months_last_day_in_leap_years_too(start: date | None, last: date | None) -> None:
    """T-16."""
    assert deadline_of(date(2023, 12, 1), start) == last
    assert deadline_of(None, start) is None


def test_a_case_outside_the_model_without_a_risk_report_is_minded() -> None:
    """T-67."""
    assert looked_at(ward(DESIGNATED, filed_by_office()))["リスク対応策の報告"].found == "mind"


def test_a_second_current_notification_is_seen_before_the_desk_decides() -> None:
    """Decision 22."""
    held = made("NotificationFiled", CENTRE, date(2024, 10, 10), start_date="2024-10-21", receipt_on=None)
    accepted = made("NotificationAccepted", WARD, date(2024, 10, 11), filer=CENTRE, start_date="2024-10-21")
    assert looked_at(ward(held, accepted, filed_by_office()))["ほかの届出との重なり"].found == "mind"


def test_a_ward_without_a_model_is_asked_nothing_of_a_simultaneous_contract() -> None:
    """A-Q12a, A-Q31a, A-Q31b."""
    filed = made(
        "NotificationFiled",
        ADACHI_CENTRE,
        date(2024, 10, 10),
        filer=ADACHI_CENTRE,
        desk="community_care",
        form="planning_request",
        occasion="new_project_eligible",
        simultaneous_contract=False,
        simultaneous_mark=False,
    )
    parties = {ADACHI: "ward", ADACHI_CENTRE: "hokatsu", BORDER_OFFICE: "kyotaku"}
    at = desk(
        ADACHI,
        opened(insurer=ADACHI, parties=parties, procedure="principle"),
        filed,
        today=date(2024, 10, 11),
    )
    found = looked_at(at, NOTIFICATION)
    assert not [each for each in found.values() if "同時契約" in each.words + each.what]
    assert (found["様式1（基本チェックリスト）"].reason, found["様式"].found) == (
        "missing_attachment",
        "mind",
    )
    assert OFFICE not in found["様式"].words
