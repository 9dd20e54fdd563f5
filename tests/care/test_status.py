"""What the person counts as on a day: a certification counts in its period and no day longer (T-04, A-Q1b)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import WARD
from shared.care.case import Case, evolve_case
from shared.console.dossier import dossier
from shared.eventlog.model import Event
from shared.node.node import Replay
from shared.node.service import Situation
from tests.care.stage import CASE, OFFICE, desk, made, opened

NOT_NEEDED: dict[str, Any] = {"status": "none", "valid_from": None, "valid_to": None}
RENEWED = made("CertificationResult", WARD, date(2025, 3, 21), status="support1")
REJECTED = made("CertificationResult", WARD, date(2025, 3, 21), **NOT_NEEDED)


def status(on: date, *events: Event, opening: Event | None = None) -> str:
    case = Case.empty()
    for event in (opening or opened(), *events):
        case = evolve_case(case, event)
    return case.status_on(on)


@pytest.mark.parametrize(
    ("events", "on", "expected"),
    [
        ((), date(2024, 9, 12), "support2"),
        ((), date(2025, 3, 31), "support2"),
        ((), date(2025, 4, 1), "none"),
        ((RENEWED,), date(2025, 3, 31), "support2"),
        ((RENEWED,), date(2025, 4, 1), "support1"),
        ((RENEWED,), date(2026, 4, 1), "none"),
        ((REJECTED,), date(2025, 3, 31), "support2"),
        ((REJECTED,), date(2025, 4, 1), "none"),
    ],
)
def test_a_level_counts_in_the_period_of_its_certification(
    events: tuple[Event, ...], on: date, expected: str
) -> None:
    assert status(on, *events) == expected


def test_before_any_certification_is_known_what_the_opening_says_counts() -> None:
    assert status(date(2024, 10, 7), opening=opened(certification=None)) == "support2"


@pytest.mark.parametrize("events", [(), (REJECTED,)])
def test_who_is_eligible_for_the_project_stays_so_without_a_period(events: tuple[Event, ...]) -> None:
    eligible = opened(status="project_eligible", certification=None)
    assert status(date(2026, 1, 1), *events, opening=eligible) == "project_eligible"
    certified = status(date(2025, 4, 1), RENEWED, opening=eligible)
    assert certified == "support1"


# --- what people read ---


def shown(on: date, *events: Event) -> str:
    at = desk(OFFICE, opened(), *events, today=on)
    situation: Situation = at.situation(CASE)
    return dict(dossier(Replay(situation.case, tuple(at.events)), situation).standing)["状態区分"]


def test_a_certification_that_ran_out_is_not_called_a_result() -> None:
    assert shown(date(2025, 3, 31)) == "要支援2"
    assert shown(date(2025, 4, 1)) == "認定なし"
    assert shown(date(2025, 4, 1), REJECTED) == "非該当"
