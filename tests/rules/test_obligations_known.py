"""Who follows which obligation, and that only events, in any order, fulfil one."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from shared.eventlog.model import Event
from shared.policy.obligation_due import Ground
from shared.policy.obligation_facts import facts_of
from shared.policy.obligations import standing
from tests.care.stage import opened
from tests.care.test_notifications import filed_by_office
from tests.care.test_planning import CONSENTED, DELIVERED, DRAFTED, MET
from tests.rules.owing import (
    AGREED,
    ENDED,
    ENTRUSTED,
    HELD,
    PARTIES,
    RENEWED,
    REQUESTED,
    SIGNED_BY_CENTRE,
    SIGNED_BY_OFFICE,
    STOPPED,
    SWITCHED,
    filed_by_centre,
    owed,
    performance,
    start,
)

# --- who sees what, and order ---


def test_an_agency_follows_what_it_owes_what_is_owed_to_it_and_what_it_is_told_of() -> None:
    events = (opened(), REQUESTED, AGREED, SIGNED_BY_OFFICE, SIGNED_BY_CENTRE, SWITCHED, RENEWED)
    seen = {me: {each.row for each in owed(*events, today=date(2025, 3, 22), me=me)} for me in PARTIES}
    assert "T-68" in seen[OFFICE]
    assert "T-68" not in seen[CENTRE]  # its fulfilment stays on the office's node
    assert "T-16" in seen[CENTRE] & seen[WARD] & seen[OFFICE]
    assert "T-16" not in seen[BILLING]
    assert "renewal-plan" in seen[OFFICE]
    assert not {"renewal-plan", "renewal-meeting"} & (seen[CENTRE] | seen[WARD] | seen[BILLING])


def test_for_a_case_that_the_centre_does_itself_the_centre_is_the_debtor_of_the_care() -> None:
    own = {CENTRE: "hokatsu", WARD: "ward"}
    found = [
        each for each in owed(RENEWED, today=date(2025, 3, 21), parties=own) if each.row == "renewal-plan"
    ]
    assert [each.debtor for each in found] == [CENTRE]


def test_a_row_of_toshima_s_document_binds_in_toshima_only() -> None:
    facts = facts_of(SIGNED_BY_OFFICE)
    adachi = standing(facts, Ground.of("131219", PARTIES), date(2024, 10, 11))
    assert [each.row for each in adachi] == []


EVERYTHING = [
    opened(),
    REQUESTED,
    AGREED,
    SIGNED_BY_OFFICE,
    SIGNED_BY_CENTRE,
    filed_by_office(),
    HELD,
    DRAFTED,
    MET,
    CONSENTED,
    DELIVERED,
    start("67", date(2024, 10, 21)),
    STOPPED,
    SWITCHED,
    filed_by_centre(date(2025, 1, 6)),
    ENTRUSTED,
    performance("2025-01", date(2025, 2, 4)),
    ENDED,
    RENEWED,
]


@given(st.permutations(EVERYTHING))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_events_arrive_changes_nothing(order: list[Event]) -> None:
    assert owed(*order, today=date(2025, 3, 22)) == owed(*EVERYTHING, today=date(2025, 3, 22))


@given(st.sets(st.integers(0, len(EVERYTHING) - 1)))
@settings(max_examples=60, deadline=None)
def test_nothing_but_an_event_fulfils_an_obligation(known: set[int]) -> None:
    events = [EVERYTHING[index] for index in sorted(known)]
    ids = {str(event.id) for event in events}
    for each in owed(*events, today=date(2025, 6, 1)):
        assert each.made_by in ids
        assert each.done_by is None or each.done_by in ids
        assert each.open == (each.done_by is None)


def test_events_of_two_agencies_under_one_id_make_two_obligations_and_neither_hides_the_other() -> None:
    # An event's id is unique among its sender's events only: whoever sends chooses it.
    row = "T-08-answer"
    one, other = REQUESTED, REQUESTED._replace(sender=CENTRE, occurred_on=date(2024, 10, 8))
    assert one.id == other.id
    assert len([each for each in owed(one, other, today=date(2024, 10, 9)) if each.row == row]) == 2
    assert len([each for each in owed(one, one, today=date(2024, 10, 9)) if each.row == row]) == 1
