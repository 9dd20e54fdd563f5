"""What service offices say was used in a month: received by hand or from a file, and reported on (T-32, T-33)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, RENTAL
from shared.node.errors import Refused
from tests.care.stage import Desk, desk, made
from tests.care.test_planning import internal
from tests.care.test_usage import DAY_CARE, EQUIPMENT, IN_JANUARY, JANUARY, office
from tests.rules.owing import only, owed

RECEIVED: dict[str, Any] = {"service_month": "2025-01", **DAY_CARE, "units": 3621}


def in_february(*events: Any, on: date = date(2025, 2, 3)) -> Desk:
    return office(*IN_JANUARY, *events, on=on)


def received(units: int = 3621, **changes: Any) -> Any:
    return internal("ProviderPerformanceReceived", date(2025, 2, 3), units=units, **changes)


def test_results_of_a_month_are_received_once_it_is_over() -> None:
    (event,) = in_february(on=date(2025, 2, 1)).when("ReceiveProviderPerformance", **RECEIVED).events
    assert (event.type, event.to, event.data["received_on"]) == (
        "ProviderPerformanceReceived", (), date(2025, 2, 1),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        in_february(on=date(2025, 1, 31)).when("ReceiveProviderPerformance", **RECEIVED)
    assert (refused.value.code, refused.value.rule) == ("month_not_over", "T-32")


def test_the_same_results_again_record_nothing_and_others_replace_them() -> None:
    at = in_february(received())
    again = at.when("ReceiveProviderPerformance", **RECEIVED)
    assert (list(again.events), [each.rule for each in again.advice]) == ([], ["T-32"])
    (corrected,) = at.when("ReceiveProviderPerformance", **{**RECEIVED, "units": 3000}).events
    assert corrected.data["units"] == 3000
    back = in_february(received(), received(3000)).when("ReceiveProviderPerformance", **RECEIVED)
    assert len(back.events) == 1


@pytest.mark.parametrize("last", ["2024-12-31", "2025-02-01"])
def test_a_last_day_of_use_lies_in_the_month(last: str) -> None:
    with pytest.raises(Refused) as refused:
        in_february().when("ReceiveProviderPerformance", **RECEIVED, last_used_on=last)
    assert refused.value.field == "last_used_on"
    assert in_february().when("ReceiveProviderPerformance", **RECEIVED, last_used_on="2025-01-31").events


def test_what_was_not_used_according_to_our_own_record_only_warns() -> None:
    decision = in_february().when("ReceiveProviderPerformance", **{**RECEIVED, **EQUIPMENT})
    assert [each.rule for each in decision.advice] == ["T-61"]
    assert (
        not in_february().when("ReceiveProviderPerformance", **{**RECEIVED, **EQUIPMENT, "units": 0}).advice
    )


def test_a_report_without_rows_says_what_was_received() -> None:
    at = in_february(received(), received(0, service="67", provider=RENTAL))
    (event,) = at.when("ReportPerformance", service_month="2025-01").events
    assert event.data["services"] == [
        {"service": "A6", "provider": DAY_SERVICE, "units": 3621, "last_used_on": None}
    ]


def test_a_report_without_rows_and_without_results_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        in_february(received(service_month="2024-12")).when("ReportPerformance", service_month="2025-01")
    assert (refused.value.code, refused.value.field) == ("performance_missing", "services")


def test_a_month_without_use_is_reported_as_such_and_no_claim_is_owed() -> None:
    """T-32, T-33: the person was in hospital; no service office says anything."""
    (event,) = in_february().when("ReportPerformance", service_month="2025-01", nothing_used=True).events
    assert (event.data["services"], event.data["nothing_used"]) == ([], True)
    report = made("PerformanceReported", OFFICE, date(2025, 2, 3), event.data)
    assert [each.row for each in owed(report, today=date(2025, 2, 4))] == []
    at = in_february(report)
    assert at.situation().case.performances == {}
    began = internal("ServiceStarted", date(2025, 1, 6), started_on="2025-01-06", month="2025-01")
    assert only("T-32-own", began, report, today=date(2025, 2, 11), period="2025-01").state == "done"


def test_a_report_of_a_used_month_says_so_and_a_later_one_takes_it_back() -> None:
    """T-32."""
    (event,) = in_february().when("ReportPerformance", **JANUARY).events
    assert event.data["nothing_used"] is None
    used = made("PerformanceReported", OFFICE, date(2025, 2, 3), event.data)
    nothing = made("PerformanceReported", OFFICE, date(2025, 2, 4), {**event.data, "services": []})
    assert list(in_february(used).situation().case.performances) == ["2025-01"]
    assert in_february(used, nothing).situation().case.performances == {}


def test_what_was_used_and_was_not_used_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        in_february().when("ReportPerformance", **JANUARY, nothing_used=True)
    assert (refused.value.code, refused.value.field) == ("used_and_not_used", "nothing_used")


def test_a_report_that_differs_from_what_was_received_warns() -> None:
    decision = in_february(received(3000)).when("ReportPerformance", **JANUARY)
    assert [each.rule for each in decision.advice] == ["T-32"]
    assert "3000単位" in decision.advice[0].message
    assert not in_february(received()).when("ReportPerformance", **JANUARY).advice


def test_results_that_come_after_the_report_ask_to_report_again() -> None:
    reported = made("PerformanceReported", "1371600014", date(2025, 2, 3))
    decision = in_february(received(3000), reported).when("ReceiveProviderPerformance", **RECEIVED)
    assert "もう一度報告" in decision.advice[-1].message


def test_a_centre_does_not_receive_the_results_of_an_office_s_case() -> None:
    at = desk(CENTRE, *office(*IN_JANUARY).events, today=date(2025, 2, 3))
    with pytest.raises(Refused) as refused:
        at.when("ReceiveProviderPerformance", **RECEIVED)
    assert refused.value.code == "not_carer"
