"""Folding is total: whatever arrives, in whatever order, a case and an agency's state come of it."""

from datetime import date
from decimal import InvalidOperation
from functools import reduce
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.ward.events import WARD_EVENTS
from shared.care import case as folding
from shared.care import contradictions
from shared.care.agency import AgencyState
from shared.care.case import Case, evolve_case, evolve_case_through
from shared.care.events import CARE_EVENTS
from shared.care.folds import documents
from shared.care.folds import register as registering
from shared.care.folds.register import evolve_agency
from shared.eventlog.model import Event, case_stream
from tests.care.stage import CASE, directory, made, model, opened

KINDS = {**CROSSING, **CARE_EVENTS, **WARD_EVENTS}
DAY = date(2024, 10, 10)
ONE_OF_EACH = [
    made(name, OFFICE, DAY, kinds=KINDS)
    for name, kind in KINDS.items()
    if kind.scope == "case" and name != "ServiceEnded"
]


def raw(name: str, data: dict[str, Any]) -> Event:
    """An event of any data, as a faulty or newer partner could have sent it."""
    found = made("AgencyDelisted", WARD, DAY)
    return Event(
        0, case_stream(CASE), 0, uuid4(), name, 9, CASE, OFFICE, DAY, found.recorded_at, "x", None, None, data
    )


def fold(*events: Event) -> Case:
    case = Case.empty()
    for event in events:
        case = evolve_case(case, event)
    assert evolve_case_through(Case.empty(), events) == case
    return case


def test_every_type_of_the_case_is_read() -> None:
    case = fold(*ONE_OF_EACH)
    assert case.unread == {}
    assert case.id == CASE


def test_an_unknown_type_is_counted_and_changes_nothing_else() -> None:
    before = fold(opened())
    after = fold(opened(), raw("PlanWithdrawn", {"a": 1}), raw("PlanWithdrawn", {}))
    assert after.unread == {"PlanWithdrawn": 2}
    assert after.parties == before.parties


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*KINDS]), st.data())
@settings(max_examples=400, deadline=None)
def test_data_that_surprises_is_counted_and_never_raises(name: str, data: st.DataObject) -> None:
    example = dict(KINDS[name].example)
    for field in example:
        if data.draw(st.booleans(), label=field):
            example[field] = data.draw(anything)
    case = evolve_case(fold(opened()), raw(name, example))
    assert sum(case.unread.values()) <= 1
    state = evolve_agency(AgencyState.empty(), raw(name, example))
    assert sum(state.unread.values()) <= 1


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_many_events_folded_at_once_make_the_same_case_as_one_after_the_other(data: st.DataObject) -> None:
    known = fold(opened(), *data.draw(st.lists(st.sampled_from(ONE_OF_EACH), max_size=8), label="before"))
    before = dict(known.__dict__, ledger={**known.ledger})
    events = [
        each._replace(id=uuid4(), received=data.draw(st.booleans()), data=_surprising(data, each))
        for each in data.draw(st.lists(st.sampled_from(ONE_OF_EACH), max_size=25), label="events")
    ]
    assert evolve_case_through(known, events) == reduce(evolve_case, events, known)
    assert known.__dict__ == before  # whoever has the case from before sees nothing of it


def _surprising(data: st.DataObject, event: Event) -> dict[str, Any]:
    """An event's data, now and then with a field of which no fold knows what to do."""
    if data.draw(st.integers(0, 19)):
        return dict(event.data)
    return {**event.data, data.draw(st.sampled_from(sorted(event.data) or ["x"])): data.draw(anything)}


FAULTS = [
    KeyError,
    AttributeError,
    ZeroDivisionError,
    InvalidOperation,
    AssertionError,
    RecursionError,
    RuntimeError,
    UnicodeError,
]


def fail(
    monkeypatch: pytest.MonkeyPatch, where: ModuleType, table: str, name: str, fault: type[Exception]
) -> None:
    """Let what reads events of one type meet a history that nobody thought of."""

    def fails(*given: object) -> None:
        raise fault

    monkeypatch.setattr(where, table, {**getattr(where, table), name: fails})


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("where", "table"), [(folding, "_FOLDS"), (documents, "FOLDS")])
def test_whatever_a_history_does_to_its_reader_the_event_is_counted_and_the_rest_is_read(
    where: ModuleType, table: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, where, table, "PlanSubmitted", fault)
    case = fold(opened(), made("PlanSubmitted", OFFICE, DAY), made("ContractSigned", OFFICE, DAY))
    assert (case.plans, case.unread, len(case.contracts)) == ((), {"PlanSubmitted": 1}, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_can_not_be_compared_contradicts_nothing(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, contradictions, "_QUESTIONS", "PlanSubmitted", fault)
    case = fold(opened(), made("PlanSubmitted", OFFICE, DAY)._replace(received=True))
    assert (len(case.plans), case.held_events, case.unread) == (1, {}, {})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_register_whose_history_surprises_is_read_on_too(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, registering, "_FOLDS", "AgencyListed", fault)
    state = know(made("AgencyListed", WARD, DAY), made("OfficeDesignated", WARD, DAY))
    assert (state.listings, state.unread, len(state.designations)) == ({}, {"AgencyListed": 1}, 1)


def test_a_process_without_memory_passes_nothing_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """The event is sound; a state without it would be remembered, and decided on."""
    fail(monkeypatch, folding, "_FOLDS", "PlanSubmitted", MemoryError)
    fail(monkeypatch, registering, "_FOLDS", "AgencyListed", MemoryError)
    with pytest.raises(MemoryError):
        fold(opened(), made("PlanSubmitted", OFFICE, DAY))
    with pytest.raises(MemoryError):
        know(made("AgencyListed", WARD, DAY))


@given(st.permutations(ONE_OF_EACH))
@settings(max_examples=40, deadline=None)
def test_events_in_any_order_never_raise_and_the_parties_are_known_in_the_end(order: list[Event]) -> None:
    assert fold(*order).parties == {OFFICE: "kyotaku", CENTRE: "hokatsu", WARD: "ward", BILLING: "billing"}


def test_a_certification_that_overtakes_the_opening_is_not_lost() -> None:
    result = made("CertificationResult", WARD, date(2025, 3, 21))
    for events in ((opened(), result), (result, opened())):
        case = fold(*events)
        assert case.status_on(date(2025, 4, 1)) == "support2"
        found = case.certification(date(2025, 4, 1))
        assert found is not None
        assert found.decided_on == date(2025, 3, 21)


def test_a_case_is_opened_once_and_nobody_exchanges_its_parties_by_opening_it_again() -> None:
    again = made("CaseOpened", CENTRE, DAY, parties={CENTRE: "hokatsu", WARD: "ward"})
    case = fold(opened(), again)
    assert case.parties == fold(opened()).parties
    assert case.unread == {"CaseOpened": 1}


def test_a_later_report_of_a_month_replaces_the_earlier() -> None:
    one = made("PerformanceReported", OFFICE, date(2025, 2, 4))
    rows = [{**one.data["services"][0], "units": 1810}]
    corrected = made(
        "PerformanceReported", OFFICE, date(2025, 2, 10), reported_on="2025-02-10", services=rows
    )
    assert fold(opened(), one, corrected).performances["2025-01"].services[0].units == 1810


# --- agencies ---


def know(*events: Event) -> AgencyState:
    state = AgencyState.empty()
    for event in events:
        state = evolve_agency(state, event)
    return state


def test_an_agency_is_known_by_the_name_in_the_directory() -> None:
    state = know(*directory())
    assert state.name_of(OFFICE) == f"事業所{OFFICE}"
    assert state.name_of("1371600030") == "1371600030"
    assert OFFICE not in state.others(OFFICE)
    assert set(state.others(WARD)) == {each.data["agency"] for each in directory()} - {WARD}


def test_an_agency_can_stand_in_two_directories_and_leave_one() -> None:
    here = made("AgencyListed", WARD, DAY)
    there = made("AgencyListed", "131219", DAY, insurer="131219")
    left = made("AgencyDelisted", WARD, DAY)
    assert know(here, there, left).has_role(OFFICE, "kyotaku")
    assert not know(here, left).has_role(OFFICE, "kyotaku")


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2024, 9, 30), False), (date(2024, 10, 1), True), (date(2026, 1, 1), True)]
)
def test_designation_enrolment_and_contracts_count_from_their_days(on: date, expected: bool) -> None:
    state = know(*model())
    assert state.designated(OFFICE, WARD, on) is expected
    assert state.enrolled(CENTRE, WARD, on) is expected
    assert (state.entrustment_contract(CENTRE, OFFICE, on) is not None) is expected
    assert (state.biller_of(OFFICE, on) == BILLING) is expected


def test_one_wards_designation_and_enrolment_are_nothing_in_another_wards_cases() -> None:
    elsewhere = {"insurer": "131219"}
    state = know(
        made("OfficeDesignated", "131219", DAY, **elsewhere),
        made("ModelEnrolled", "131219", DAY, **elsewhere),
    )
    assert state.designated(OFFICE, "131219", DAY)
    assert not state.enrolled(CENTRE, "131219", DAY), "a ward that runs no model has no place in one"
    assert not state.designated(OFFICE, WARD, DAY)
    assert not state.enrolled(CENTRE, WARD, DAY)


def test_a_designation_for_another_service_and_a_place_in_another_model_are_not_these() -> None:
    designated = raw("OfficeDesignated", {**CROSSING["OfficeDesignated"].example, "service": "care_support"})
    enrolled = raw("ModelEnrolled", {**CROSSING["ModelEnrolled"].example, "model": "adachi_2030"})
    state = know(designated, enrolled)
    assert not state.designated(OFFICE, WARD, date(2026, 1, 1))
    assert not state.enrolled(CENTRE, WARD, date(2026, 1, 1))


def test_the_newest_mandate_counts() -> None:
    other = made("BillingEntrusted", OFFICE, DAY, biller="131169B002", valid_from="2025-04-01")
    state = know(*model(), other)
    assert state.biller_of(OFFICE, date(2025, 3, 31)) == BILLING
    assert state.biller_of(OFFICE, date(2025, 4, 1)) == "131169B002"


def test_events_of_agencies_that_no_rule_reads_are_counted() -> None:
    assert know(raw("SomethingNew", {})).unread == {"SomethingNew": 1}
