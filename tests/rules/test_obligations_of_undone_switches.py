"""A benefit in what was to be the first month of ケアマネジメントA: nothing of that switch is owed (T-16, T-61)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE
from shared.eventlog.model import Event
from tests.care.stage import made
from tests.rules.owing import BACK, filed_by_centre, only, owed

REPORTED = made(
    "ModeSwitched",
    OFFICE,
    date(2025, 1, 6),
    effective_from="2025-02-01",
    reported_on="2025-01-06",
    progress_record_enclosed=False,
)
ENTRUSTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 8), starts_on="2025-02-01")
ENDED = made(
    "EntrustmentEnded",
    CENTRE,
    date(2025, 1, 27),
    ended_on="2025-01-31",
    reason_code="returned_to_designated",
    never_began=True,
)


def undone(filed: bool = False, **changes: Any) -> Event:
    day = {"effective_from": "2025-02-01", "reported_on": "2025-01-27", "never_began": "2025-02-01"}
    return made(
        "ModeSwitched", OFFICE, date(2025, 1, 27), **{**BACK, **day, "notification_needed": filed, **changes}
    )


def open_rows(*events: Event, today: date = date(2025, 3, 31)) -> set[str]:
    return {each.row for each in owed(*events, today=today) if each.open}


def test_before_it_is_undone_everything_of_the_switch_is_owed() -> None:
    found = open_rows(REPORTED, ENTRUSTED, today=date(2025, 2, 28))
    assert {"T-15", "T-16", "T-32", "T-68"} <= found


def test_once_undone_neither_notification_nor_record_nor_results_are_owed() -> None:
    found = open_rows(REPORTED, ENTRUSTED, undone(), ENDED)
    assert not found & {"T-15", "T-16", "T-17-office", "T-32", "T-35", "T-60-entrust", "T-68"}
    void = only("T-16", REPORTED, undone(), today=date(2025, 3, 31))
    assert (void.state, void.due) == ("void", date(2025, 2, 28))
    assert void.void_by is not None


@pytest.mark.parametrize("filed", [True, False])
def test_the_office_files_again_only_if_the_centre_had_filed(filed: bool) -> None:
    """T-17: the ward has the centre's notification as the current one."""
    sent = [filed_by_centre(date(2025, 1, 20), start_date="2025-02-01")] if filed else []
    assert ("T-17-office" in open_rows(REPORTED, *sent, undone(filed))) is filed


def test_what_was_done_before_stays_done() -> None:
    sent = filed_by_centre(date(2025, 1, 20), start_date="2025-02-01")
    assert only("T-16", REPORTED, sent, undone(True), today=date(2025, 3, 31)).state == "done"


def test_a_switch_that_is_reported_again_for_the_same_day_is_owed_again() -> None:
    again = made(
        "ModeSwitched", OFFICE, date(2025, 1, 30), effective_from="2025-02-01", reported_on="2025-01-30"
    )
    found = only("T-16", REPORTED, undone(), again, today=date(2025, 2, 28))
    assert (found.state, found.since, found.due) == ("due", date(2025, 1, 30), date(2025, 2, 28))


def test_results_are_owed_again_for_an_entrustment_that_follows() -> None:
    again = made("EntrustmentStarted", CENTRE, date(2025, 2, 3), starts_on="2025-02-01")
    found = [each for each in owed(ENTRUSTED, ENDED, again, today=date(2025, 3, 10)) if each.row == "T-32"]
    assert [(each.period, each.due) for each in found] == [
        ("2025-02", date(2025, 3, 5)),
        ("2025-03", date(2025, 4, 5)),
    ]


def test_an_entrustment_that_follows_another_on_the_next_day_owes_its_months() -> None:
    """The end of the one before names the day before its beginning too."""
    first = made("EntrustmentStarted", CENTRE, date(2024, 12, 27), starts_on="2025-01-01")
    over = made(
        "EntrustmentEnded", CENTRE, date(2025, 1, 31), ended_on="2025-01-31", reason_code="contract_ended"
    )
    after = made("EntrustmentStarted", CENTRE, date(2025, 2, 3), starts_on="2025-02-01")
    found = [each.period for each in owed(first, over, after, today=date(2025, 2, 10)) if each.row == "T-32"]
    assert sorted(str(each) for each in found) == ["2025-01", "2025-02"]


def test_outside_the_model_no_new_contract_and_no_notification_is_owed_for_what_never_began() -> None:
    """T-66."""
    outside = {"simultaneous_contract": False}
    to_a = made("ModeSwitched", OFFICE, date(2025, 1, 6), effective_from="2025-02-01", **outside)
    assert {"T-66-contract-centre", "T-66-notification-centre"} <= open_rows(to_a)
    back = undone(**outside, contract_stays=True)
    assert not {each for each in open_rows(to_a, back) if each.startswith("T-66")}
