"""How a case is run over time: the case and the list of cases say the same, in whatever order events arrive."""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from itertools import permutations
from typing import Any

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.care.case import Case, evolve_case
from shared.care.case_list import CaseList
from shared.care.modes import ModeMark, timeline
from shared.care.parts import Mode
from shared.eventlog.model import Event
from tests.care.stage import CENTRE_OUTSIDE, made, opened, signed_by_both

SIGNED, SIGNED_BY_CENTRE = signed_by_both()[2:]
SWITCHED = made("ModeSwitched", OFFICE, date(2024, 12, 27))
STARTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
BACK = made(
    "ModeSwitched",
    OFFICE,
    date(2025, 3, 3),
    from_type="care_management_a",
    to_type="preventive_support",
    from_track="entrusted",
    to_track="designated",
    effective_from="2025-03-01",
    reported_on="2025-03-03",
)
DESIGNATED = Mode(date(2024, 10, 10), "preventive_support", "designated", OFFICE, OFFICE)
ENTRUSTED = Mode(date(2025, 1, 1), "care_management_a", "entrusted", OFFICE, CENTRE)
AGAIN = Mode(date(2025, 3, 1), "preventive_support", "designated", OFFICE, OFFICE)


def of_the_case(events: Iterable[Event]) -> tuple[Mode, ...]:
    case = Case.empty()
    for event in events:
        case = evolve_case(case, event)
    assert case.unread == {}
    return case.modes


def of_the_list(events: Iterable[Event]) -> tuple[Mode, ...]:
    """What the list reads: the marks that its view keeps, and the parties of its row."""
    marks = [
        ModeMark(**{each.name: row[each.name] for each in fields(ModeMark)})
        for event in events
        for statement, (rows, *_) in CaseList().fold(event)
        if statement.startswith("insert into {view}.marks")
        for row in json.loads(rows, object_hook=with_its_day)
    ]
    return timeline(marks, {OFFICE: "kyotaku", CENTRE: "hokatsu"})


def with_its_day(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "effective_from": date.fromisoformat(row["effective_from"])}


def test_case_and_list_know_the_same_modes_in_whatever_order_the_events_arrive() -> None:
    for order in permutations((SIGNED, SIGNED_BY_CENTRE, SWITCHED, STARTED, ENDED, BACK)):
        events = (opened(), *order)
        if order.index(ENDED) < order.index(STARTED):
            continue  # both come from the centre, in order
        assert of_the_case(events) == of_the_list(events) == (DESIGNATED, ENTRUSTED, AGAIN)


def test_a_billing_desk_sees_the_return_to_designated_which_is_not_reported_to_it() -> None:
    """It follows the entrustment alone; its list stood at ケアマネジメントA・再委託 for ever."""
    events = (opened(), SIGNED, SIGNED_BY_CENTRE, STARTED, ENDED)
    assert of_the_case(events) == of_the_list(events) == (DESIGNATED, ENTRUSTED, AGAIN)


def test_when_the_contract_between_agencies_ends_the_centre_does_the_case_itself() -> None:
    over = made(
        "EntrustmentEnded", CENTRE, date(2025, 6, 30), ended_on="2025-06-30", reason_code="contract_ended"
    )
    events = (opened(), SIGNED, SIGNED_BY_CENTRE, SWITCHED, STARTED, over)
    direct = Mode(date(2025, 7, 1), "care_management_a", "direct", None, CENTRE)
    assert of_the_case(events) == of_the_list(events) == (DESIGNATED, ENTRUSTED, direct)
    another = made("EntrustmentStarted", CENTRE, date(2025, 6, 20), starts_on="2025-07-01")
    for order in ((over, another), (another, over)):
        assert of_the_list((*events[:-1], *order))[-1].track == "entrusted"


def test_a_centre_s_own_contract_begins_its_own_care_and_not_a_designation() -> None:
    own = made(
        "ContractSigned", CENTRE, date(2024, 5, 1), agency=CENTRE, signed_on="2024-05-01", simultaneous=False
    )
    direct = Mode(date(2024, 5, 1), "preventive_support", "direct", None, CENTRE)
    assert of_the_case((opened(), own)) == of_the_list((opened(), own)) == (direct,)


def test_at_a_transfer_from_the_centre_the_office_s_contract_begins_the_designated_track() -> None:
    """T-07M."""
    own = made(
        "ContractSigned", CENTRE, date(2024, 5, 1), agency=CENTRE, signed_on="2024-05-01", simultaneous=False
    )
    assert of_the_case((opened(), own, SIGNED))[-1] == DESIGNATED


def test_a_new_contract_of_the_office_does_not_end_an_entrustment() -> None:
    """Outside the model every switch has a new contract (T-66); the switch says from when it holds."""
    new = made("ContractSigned", OFFICE, date(2025, 2, 26), signed_on="2025-02-26", simultaneous=False)
    assert of_the_case((opened(), SIGNED, SWITCHED, STARTED, new)) == (DESIGNATED, ENTRUSTED)
    assert of_the_case((opened(), SIGNED, SWITCHED, STARTED, new, BACK)) == (DESIGNATED, ENTRUSTED, AGAIN)


def test_a_contract_that_overtakes_the_opening_counts_once_the_parties_are_known() -> None:
    assert of_the_case((SIGNED, opened())) == (DESIGNATED,)


def test_a_stranger_s_contract_begins_nothing() -> None:
    stranger = made("ContractSigned", CENTRE_OUTSIDE, date(2024, 10, 1), agency=CENTRE_OUTSIDE)
    assert of_the_case((opened(), stranger)) == ()


# --- the other columns of the list ---


def upserts(*events: Event) -> list[tuple[str, tuple[object, ...]]]:
    found = [(text, tuple(values)) for event in events for text, values in CaseList().fold(event)]
    return [each for each in found if "{view}.cases" in each[0]]


def test_whatever_is_reported_late_is_still_the_last_event_of_the_case() -> None:
    for event in (BACK, SWITCHED, ENDED, STARTED):
        ((text, values),) = upserts(event)
        assert values[-2:] == (event.type, event.occurred_on)
        assert " where " not in text


def test_a_second_opening_changes_no_column_of_the_list() -> None:
    again = made(
        "CaseOpened", CENTRE, date(2024, 10, 8), parties={CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}
    )
    ((text, _),) = upserts(again)
    for column in ("insurer", "office", "centre", "opened_on", "procedure", "status", "certified_to"):
        kept = f"coalesce(cases.{column}, excluded.{column}) else cases.{column} end"
        assert f"{column} = case when cases.opened_on is null then {kept}" in text
