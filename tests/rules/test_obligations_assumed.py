"""Where a due date rests on an assumption, the obligation says so; advice and obligations use the same rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE
from shared.policy import obligation_due
from shared.policy.obligation_due import Ground, due_date
from shared.policy.obligation_table import Due, Row, rows_by_id, table
from shared.policy.parameters import parameters
from tests.care.stage import Desk, desk, made, model, opened, signed_by_both
from tests.care.test_notifications import held, switched
from tests.care.test_planning import CONSENTED, DELIVERED, DRAFTED, MET
from tests.care.test_usage import BOTH, EQUIPMENT, ended
from tests.rules.owing import ENTRUSTED, PARTIES, REQUESTED, SWITCHED, only, performance

# --- assumed ---


def test_promptly_is_an_assumption_and_the_fifth_is_not() -> None:
    """Decision 9: no document gives 速やかに a number. T-32R states the 5th."""
    assert only("T-08-answer", REQUESTED, today=date(2024, 10, 8)).assumed
    assert not only("T-32", ENTRUSTED, today=date(2025, 2, 4), period="2025-01").assumed
    assert not only("T-16", SWITCHED, today=date(2025, 1, 6)).assumed
    assert only("T-60-entrust", SWITCHED, today=date(2025, 1, 6)).assumed


@pytest.mark.parametrize("row", table(), ids=lambda row: row.id)
def test_what_the_source_calls_an_assumption_is_marked_as_one(row: Row) -> None:
    named = [each for each in (row.due.parameter, row.due.not_before) if each is not None]
    by_parameter = any(parameters("131169").entry(each, date(2024, 10, 7)).assumed for each in named)
    assert ("仮定" in row.source) is (by_parameter or row.due.assumed)


# --- one rule for what is owed and what is warned of ---

GROUND = Ground.of("131169", PARTIES)


def office(*events: Any, on: date) -> Desk:
    case = (opened(), *signed_by_both(), DRAFTED, MET, CONSENTED, DELIVERED, *BOTH)
    return desk(OFFICE, *model(), *case, *events, today=on)


def late_performance() -> list[str]:
    at = office(ENTRUSTED, on=date(2025, 2, 6))
    return advice(at, "ReportPerformance", service_month="2025-01", services=used("2025-01"))


def late_filing() -> list[str]:
    at = desk(CENTRE, *model(), opened(), *signed_by_both(), held(), switched(), today=date(2025, 2, 1))
    return advice(at, "FileHeldNotification", receipt_on="2025-01-31", start_date="2025-01-01")


def late_switch() -> list[str]:
    fields = {
        "to_type": "care_management_a",
        "reason_code": "benefit_ended",
        "reason": "返却",
        "progress_record": "返却",
    }
    return advice(office(ended(EQUIPMENT, date(2024, 12, 27)), on=date(2024, 12, 28)), "SwitchMode", **fields)


def late_news() -> list[str]:
    at = office(on=date(2025, 6, 16))
    return advice(at, "ReportCircumstance", change="died", changed_on="2025-06-10")


def advice(at: Desk, command: str, /, **fields: Any) -> list[str]:
    return [each.rule for each in at.when(command, **fields).advice]


def used(month: str) -> list[dict[str, Any]]:
    return [dict(each) for each in performance(month, date(2025, 2, 4)).data["services"]]


LATE: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "T-32": ("T-32", late_performance),
    "T-16": ("T-16", late_filing),
    "T-60": ("T-60", late_switch),
    "T-35-circumstance": ("T-35", late_news),
}


@pytest.mark.parametrize(("row", "rule", "act"), [(row, *each) for row, each in LATE.items()], ids=LATE)
def test_lateness_is_judged_by_the_row_of_the_table(
    row: str, rule: str, act: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rule in act()
    without: Mapping[str, Row] = {**rows_by_id(), row: replace(rows_by_id()[row], due=Due("none"))}
    monkeypatch.setattr(obligation_due, "rows_by_id", lambda: without)
    assert rule not in act()


def test_the_due_date_of_an_act_is_that_of_the_obligation() -> None:
    start = date(2025, 1, 1)
    assert (
        due_date("T-16", GROUND, date(2024, 12, 27), basis=start) == only("T-16", SWITCHED, today=start).due
    )
    told = made("CircumstanceChanged", OFFICE, date(2025, 6, 16), changed_on="2025-06-10")
    news = only("T-35-circumstance", told, today=date(2025, 6, 16))
    assert (news.due, news.state) == (date(2025, 6, 13), "late")
    assert due_date("T-35-circumstance", GROUND, date(2025, 6, 16), basis=date(2025, 6, 10)) == news.due


def test_where_the_row_binds_nobody_there_is_no_due_date() -> None:
    adachi = Ground.of("131219", PARTIES)
    assert due_date("T-16", adachi, date(2024, 12, 27), basis=date(2025, 1, 1)) is None
