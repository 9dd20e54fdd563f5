"""Plan reviews: the nine documents, one case an office in one to two years, and who owes what (T-50 to T-55)."""

from datetime import date
from uuid import UUID

import pytest

from contracts.codes import STARRED
from contracts.events.review import ReviewConcluded
from contracts.events.sample import CENTRE, OFFICE, REVIEW, WARD
from services.hokatsu.events import CENTRE_EVENTS
from services.ward.events import WARD_EVENTS
from services.ward.proposals import Candidate, Proposal, proposals, window_of
from shared.care.agency import AgencyState
from shared.care.case import Case, evolve_case
from shared.care.folds.register import evolve_agency
from shared.care.starred import starred_documents
from shared.eventlog.model import Event
from shared.policy.dates import Month
from shared.policy.documents import starred
from shared.policy.obligations import Obligation
from tests.care.stage import made, opened
from tests.care.test_planning import ASSESSED, DELIVERED, DRAFTED, MET, internal
from tests.rules.owing import only, owed

TOSHIMA = "131169"
OTHER_OFFICE = "1371600030"
DESIGNATED = made("OfficeDesignated", WARD, date(2024, 10, 1))
MONITORED = internal("MonitoringRecorded", date(2024, 11, 20))
EVALUATED = internal("EvaluationRecorded", date(2025, 3, 24))
REQUESTED = made("ReviewRequested", WARD, date(2025, 9, 1))
SUBMITTED = made("ReviewDocumentsSubmitted", OFFICE, date(2025, 9, 12))
ALL_IN = made("ReviewDocumentsSubmitted", OFFICE, date(2025, 9, 19), missing=[])
HELD = made("ReviewMeetingHeld", CENTRE, date(2025, 10, 15), kinds=CENTRE_EVENTS)
CONCLUDED = made("ReviewConcluded", CENTRE, date(2025, 10, 17))


def case_of(*events: Event) -> Case:
    case = Case.empty()
    for event in (opened(), *events):
        case = evolve_case(case, event)
    return case


def knowing(*events: Event) -> AgencyState:
    state = AgencyState.empty()
    for event in events:
        state = evolve_agency(state, event)
    return state


def planned(on: date, review: str = REVIEW, office: str = OFFICE) -> Event:
    return made("ReviewPlanned", WARD, on, kinds=WARD_EVENTS, office=office, review_id=review, planned_on=on)


def counted(on: date, review: str = REVIEW, office: str = OFFICE) -> Event:
    return made("ReviewCounted", WARD, on, kinds=WARD_EVENTS, office=office, review_id=review, held_on=on)


# --- the nine documents (T-50) ---


def test_the_codes_of_a_bundle_are_the_nine_of_the_document_table() -> None:
    """T-50."""
    assert list(STARRED) == [row.code for row in starred(TOSHIMA, date(2025, 9, 1))]


def test_a_case_with_the_whole_process_behind_it_lacks_none_of_the_nine() -> None:
    documents, missing = starred_documents(
        case_of(ASSESSED, DRAFTED, MET, DELIVERED, MONITORED, EVALUATED), date(2025, 9, 12)
    )
    assert [each.kind for each in documents] == list(STARRED)
    assert missing == ()
    days = {each.kind: (each.first, each.last) for each in documents}
    assert days["plan"] == days["weekly_plan"] == (date(2024, 10, 18), date(2024, 10, 18))
    assert days["monitoring"] == (date(2024, 11, 1), date(2024, 11, 30))


STEPS = [
    ((), list(STARRED)),
    ((ASSESSED,), ["plan", "weekly_plan", "meeting_record", "monitoring", "evaluation"]),
    ((ASSESSED, DRAFTED), ["plan", "weekly_plan", "meeting_record", "monitoring", "evaluation"]),
    ((ASSESSED, DRAFTED, MET), ["plan", "weekly_plan", "monitoring", "evaluation"]),
    ((ASSESSED, DRAFTED, MET, DELIVERED), ["monitoring", "evaluation"]),
    ((ASSESSED, DRAFTED, MET, DELIVERED, MONITORED), ["evaluation"]),
]


@pytest.mark.parametrize(("events", "lacking"), STEPS, ids=[str(len(events)) for events, _ in STEPS])
def test_what_a_case_does_not_hold_yet_is_named(events: tuple[Event, ...], lacking: list[str]) -> None:
    """T-51: 「missing ones listed」."""
    assert list(starred_documents(case_of(*events), date(2025, 9, 12))[1]) == lacking


@pytest.mark.parametrize(
    ("sheets", "lacking"),
    [
        (["A", "B", "C"], ["weekly_plan"]),
        (["A", "B", "D"], ["plan"]),
        (["D"], ["plan"]),
    ],
)
def test_sheets_a_to_c_are_one_document_and_d_another(sheets: list[str], lacking: list[str]) -> None:
    delivered = internal("PlanDelivered", date(2024, 10, 18), sheets=sheets)
    held = case_of(ASSESSED, DRAFTED, MET, delivered, MONITORED, EVALUATED)
    assert list(starred_documents(held, date(2025, 9, 12))[1]) == lacking


@pytest.mark.parametrize(("on", "there"), [(date(2025, 3, 23), False), (date(2025, 3, 24), True)])
def test_a_document_counts_from_its_day_on(on: date, there: bool) -> None:
    documents, _ = starred_documents(case_of(ASSESSED, DRAFTED, DELIVERED, EVALUATED), on)
    assert ("evaluation" in [each.kind for each in documents]) is there


# --- the rhythm (T-54) ---


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 9, 30), "early"),
        (date(2026, 10, 1), "open"),
        (date(2027, 10, 31), "open"),
        (date(2027, 11, 1), "overdue"),
    ],
)
def test_after_a_review_in_2025_10_the_next_is_proposed_from_2026_10_to_2027_10(on: date, state: str) -> None:
    """T-54."""
    agency = knowing(DESIGNATED, planned(date(2025, 9, 1)), counted(date(2025, 10, 15)))
    window = window_of(agency, OFFICE, TOSHIMA, on)
    assert window is not None
    assert (window.since, window.first, window.last) == (Month(2025, 10), Month(2026, 10), Month(2027, 10))
    assert window.state(on) == state


def test_the_last_of_several_reviews_counts_whatever_their_order() -> None:
    for days in ((date(2025, 10, 15), date(2026, 12, 1)), (date(2026, 12, 1), date(2025, 10, 15))):
        agency = knowing(DESIGNATED, *(counted(day, str(UUID(int=day.toordinal()))) for day in days))
        window = window_of(agency, OFFICE, TOSHIMA, date(2027, 1, 4))
        assert window is not None
        assert window.first == Month(2027, 12)


@pytest.mark.parametrize(("on", "state"), [(date(2024, 10, 1), "open"), (date(2026, 11, 1), "overdue")])
def test_an_office_that_was_never_reviewed_is_proposed_from_its_designation_on(on: date, state: str) -> None:
    window = window_of(knowing(DESIGNATED), OFFICE, TOSHIMA, on)
    assert window is not None
    assert (window.first, window.last, window.state(on)) == (Month(2024, 10), Month(2026, 10), state)


def test_an_office_without_a_designation_and_a_ward_without_reviews_have_no_window() -> None:
    assert window_of(knowing(), OFFICE, TOSHIMA, date(2025, 9, 1)) is None
    assert window_of(knowing(DESIGNATED), OFFICE, "131219", date(2025, 9, 1)) is None
    assert window_of(knowing(DESIGNATED), OFFICE, TOSHIMA, date(2024, 9, 30)) is None


def candidate(number: int, certified_to: date | None, office: str = OFFICE) -> Candidate:
    return Candidate(UUID(int=number), office, certified_to)


def proposed(*candidates: Candidate, agency: AgencyState, on: date = date(2025, 9, 1)) -> list[Proposal]:
    return proposals(candidates, agency, TOSHIMA, on)


def test_the_case_nearest_to_its_renewal_comes_first() -> None:
    far, near, nearer, unknown = (
        candidate(1, date(2026, 3, 31)),
        candidate(2, date(2025, 10, 31)),
        candidate(3, date(2025, 9, 30)),
        candidate(4, None),
    )
    (found,) = proposed(far, near, nearer, unknown, agency=knowing(DESIGNATED))
    assert (found.state, found.at_renewal, found.others) == ("open", [nearer, near], [far, unknown])


@pytest.mark.parametrize(
    ("certified_to", "near"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2025, 10, 31), True),  # sixty days on
        (date(2025, 11, 1), False),
    ],
)
def test_a_renewal_is_near_for_sixty_days_before_the_end(certified_to: date, near: bool) -> None:
    (found,) = proposed(candidate(1, certified_to), agency=knowing(DESIGNATED))
    assert bool(found.at_renewal) is near


def test_one_office_has_one_proposal_and_the_most_pressing_office_comes_first() -> None:
    designated = made("OfficeDesignated", WARD, date(2024, 10, 1), agency=OTHER_OFFICE)
    agency = knowing(DESIGNATED, designated, counted(date(2025, 8, 20)))
    cases = (candidate(1, None), candidate(2, None, OTHER_OFFICE), candidate(3, None))
    found = proposed(*cases, agency=agency)
    assert [(each.office, each.state) for each in found] == [(OTHER_OFFICE, "open"), (OFFICE, "early")]


def test_while_a_review_is_under_way_no_other_is_proposed() -> None:
    (found,) = proposed(candidate(1, None), agency=knowing(DESIGNATED, planned(date(2025, 9, 1))))
    assert found.state == "requested"


# --- who owes what (T-51, T-53, T-55) ---


def bundle(*events: Event, today: date) -> Obligation:
    return only("T-51", opened(), *events, today=today)


def test_the_office_owes_the_nine_documents_to_the_centre_by_the_day_that_the_ward_sets() -> None:
    """T-51, T-55: the office writes them; the centre owes none."""
    asked = bundle(REQUESTED, today=date(2025, 9, 29))
    assert (asked.debtor, asked.creditor, asked.due, asked.state) == (
        OFFICE,
        CENTRE,
        date(2025, 9, 30),
        "open",
    )
    assert bundle(REQUESTED, today=date(2025, 9, 30)).state == "due"
    assert bundle(REQUESTED, today=date(2025, 10, 1)).state == "overdue"


def test_without_such_a_day_nothing_is_overdue_because_the_document_states_none() -> None:
    asked = bundle(made("ReviewRequested", WARD, date(2025, 9, 1), submit_by=None), today=date(2026, 9, 1))
    assert (asked.due, asked.state, asked.assumed) == (None, "open", False)


def test_missing_documents_stay_owed_by_name_until_they_come_or_the_review_is_over() -> None:
    lacking = bundle(REQUESTED, SUBMITTED, today=date(2025, 9, 12))
    assert lacking.open
    assert lacking.rest == tuple(SUBMITTED.data["missing"])
    assert bundle(REQUESTED, SUBMITTED, ALL_IN, today=date(2025, 9, 19)).state == "done"
    assert not bundle(REQUESTED, SUBMITTED, CONCLUDED, today=date(2025, 10, 17)).open


def test_the_centre_owes_the_office_the_result_of_its_meeting() -> None:
    """T-53."""
    before = only("T-53", opened(), REQUESTED, SUBMITTED, ALL_IN, HELD, today=date(2025, 10, 16))
    assert (before.debtor, before.creditor, before.due, before.open) == (CENTRE, OFFICE, None, True)
    after = only("T-53", opened(), REQUESTED, SUBMITTED, HELD, CONCLUDED, today=date(2025, 10, 17))
    assert (after.state, after.done_on) == ("done", date(2025, 10, 17))


def test_the_result_of_one_review_settles_no_other() -> None:
    again = made("ReviewRequested", WARD, date(2026, 11, 2), review_id=str(UUID(int=7)), submit_by=None)
    rows = owed(opened(), REQUESTED, SUBMITTED, CONCLUDED, again, today=date(2026, 11, 2))
    assert [each.state for each in rows if each.row == "T-51"] == ["open", "late"]


def test_a_result_is_words_and_nobody_is_scored() -> None:
    """T-52."""
    assert set(ReviewConcluded().fields) == {
        "review_id",
        "office",
        "centre",
        "held_on",
        "concluded_on",
        "result",
    }
