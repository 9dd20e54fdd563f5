"""What a case's page says of its months and contracts (T-09N, T-61)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, WARD
from shared.console.dossier import Dossier, dossier
from shared.eventlog.model import Event
from shared.node.node import Replay
from tests.care.stage import CASE, desk, made, model, opened, signed_by_both
from tests.care.test_planning import internal
from tests.care.test_usage import BOTH, EQUIPMENT, PLANNED, ended


def page(*events: Event, on: date, me: str = OFFICE, **opening: Any) -> Dossier:
    at = desk(me, *model(), opened(**opening), *signed_by_both(), *events, today=on)
    situation = at.situation(CASE)
    return dossier(
        Replay(situation.case, [each for each in at.events if each.case_id == CASE]), situation, on
    )


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (
            date(2025, 1, 31),
            "令和7年1月は介護予防支援（予防給付（介護予防福祉用具貸与）を使うため）、"
            "令和7年2月は介護予防ケアマネジメントA（総合事業（通所型サービス（独自））だけのため）",
        ),
        (
            date(2025, 2, 1),
            "令和7年2月は介護予防ケアマネジメントA（総合事業（通所型サービス（独自））だけのため）、"
            "令和7年3月は介護予防ケアマネジメントA（総合事業（通所型サービス（独自））だけのため）",
        ),
    ],
)
def test_of_what_type_this_month_and_the_next_become_is_said_with_the_reason(on: date, told: str) -> None:
    """T-61: equipment returned on 2025-01-06."""
    found = page(*PLANNED, *BOTH, ended(EQUIPMENT, date(2025, 1, 6)), on=on)
    assert dict(found.further)["使うサービスからの類型"] == told


def test_where_no_services_are_known_nothing_is_said() -> None:
    assert "使うサービスからの類型" not in dict(page(on=date(2025, 1, 6), me=CENTRE).further)


def test_a_simultaneous_contract_says_when_it_took_effect() -> None:
    """T-09N."""
    switched = made("ModeSwitched", OFFICE, date(2024, 12, 27))
    before = {
        each["agency"]: each["effective_from"] for each in page(on=date(2024, 12, 26), me=CENTRE).contracts
    }
    after = {
        each["agency"]: each["effective_from"]
        for each in page(switched, on=date(2024, 12, 27), me=CENTRE).contracts
    }
    assert list(before.values()) == [date(2024, 10, 10), None]
    assert list(after.values()) == [date(2024, 10, 10), date(2025, 1, 1)]


@pytest.mark.parametrize(("per_week", "shown"), [(None, ""), (1, "（週1回）"), (2, "（週2回）")])
def test_a_plan_says_how_often_a_week_a_service_is_used_where_it_was_planned_so(
    per_week: int | None, shown: str
) -> None:
    """A-Q51."""
    row = {"service": "A6", "provider": DAY_SERVICE, "starts_on": "2024-10-22", "ends_on": None}
    drafted = internal("PlanDrafted", date(2024, 10, 16), services=[{**row, "per_week": per_week}])
    (plan,) = page(drafted, on=date(2024, 10, 16)).plans
    assert plan["services"] == f"通所型サービス（独自）{shown}"


@pytest.mark.parametrize(
    ("valid_to", "insured", "shown"),
    [
        (None, None, "令和6年10月1日から"),
        (
            "2025-03-31",
            False,
            "介護保険の被保険者でない方（みなし2号）、令和6年10月1日から令和7年3月31日まで",
        ),
        ("2024-10-15", False, "介護保険の被保険者でない方（みなし2号）、公費の番号の記録がありません"),
        ("2024-10-15", None, None),
    ],
)
def test_public_assistance_stands_on_the_case_page_without_its_numbers(
    valid_to: str | None, insured: bool | None, shown: str | None
) -> None:
    """A-Q20."""
    told = made("PublicAssistanceRecorded", WARD, date(2024, 10, 3), valid_to=valid_to)
    found = dict(page(told, on=date(2024, 10, 16), insured=insured).standing)
    assert found.get("生活保護（公費）") == shown
