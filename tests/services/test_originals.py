"""Originals made under an entrustment go back to the centre, all of them (T-31R, T-35R)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.sample import CENTRE, OFFICE
from services.hokatsu.views import EntrustedCases
from shared.console.dossier import dossier
from shared.eventlog.model import Event
from shared.node.node import Replay
from shared.policy.obligations import Obligation, rest_text
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import CONSENTED, DELIVERED, DRAFTED, MET, internal

STARTED = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
ENDED = made("EntrustmentEnded", CENTRE, date(2025, 3, 3))
BACK = date(2025, 3, 4)
ASSESSMENT = ["basic_information", "basic_checklist", "assessment", "interest_checklist"]
MADE = (
    internal("UseSheetIssued", date(2024, 12, 27), month="2025-01", reason="changed"),
    internal("PlanContinued", date(2025, 1, 6)),
    internal("MonitoringRecorded", date(2025, 1, 22), month="2025-01", recorded_on="2025-01-22"),
    internal("MonitoringRecorded", date(2025, 3, 3), month="2025-02", recorded_on="2025-03-03"),
    internal("AssessmentRecorded", date(2025, 2, 26), assessed_on="2025-02-26", documents=ASSESSMENT),
)
OUTSIDE = (
    internal("AssessmentRecorded", date(2024, 10, 15)),
    DRAFTED,
    MET,
    CONSENTED,
    DELIVERED,
    internal("UseSheetIssued", date(2024, 10, 18)),
    internal("EvaluationRecorded", date(2025, 3, 24)),
    internal("MeetingHeld", date(2025, 3, 3), held_on="2025-03-03"),
)
ALL = [*ASSESSMENT, "use_sheet", "monitoring", "progress_record"]


def office(*events: Event, on: date = BACK) -> Desk:
    return desk(OFFICE, *model(), opened(), *signed_by_both(), *OUTSIDE, *events, today=on)


def give_back(at: Desk, *documents: str, on: date = BACK) -> Any:
    decision = at.when("ReturnOriginals", on, documents=list(documents))
    at.given(made("OriginalsReturned", OFFICE, on, decision.events[0].data))
    return decision


def owed(at: Desk, on: date = BACK) -> Obligation:
    (found,) = [each for each in at.obligations(today=on) if each.row == "T-35"]
    return found


def test_the_log_says_what_was_made_under_the_entrustment_and_what_is_made_monthly_by_its_month() -> None:
    case = office(STARTED, *MADE, ENDED).situation(CASE).case
    assert list(case.originals_out(case.entrustments[0], date(2025, 2, 28))) == ALL


def test_returning_some_leaves_the_obligation_open_and_names_the_rest() -> None:
    at = office(STARTED, *MADE, ENDED)
    some = give_back(at, "monitoring", "progress_record", "use_sheet")
    assert some.events[0].data["remaining"] == ASSESSMENT
    assert [each.rule for each in some.advice] == ["T-35"]
    assert "基本チェックリスト" in some.advice[0].message
    assert owed(at).open
    assert owed(at).rest == tuple(ASSESSMENT)
    assert "アセスメント" in rest_text(owed(at))

    rest = give_back(at, *ASSESSMENT, on=date(2025, 3, 5))
    assert rest.events[0].data["remaining"] == []
    assert rest.advice == []
    assert (owed(at).state, owed(at).done_on, owed(at).rest) == ("done", date(2025, 3, 5), ())


def test_the_centre_learns_what_is_still_out_from_the_office() -> None:
    some = made("OriginalsReturned", OFFICE, BACK, documents=["monitoring"], remaining=["assessment"])
    at = desk(CENTRE, opened(), STARTED, ENDED, some, today=BACK)
    assert (owed(at).open, owed(at).rest) == (True, ("assessment",))
    (entrustment,) = at.situation(CASE).case.entrustments
    assert entrustment.originals_returned_on is None
    at.given(made("OriginalsReturned", OFFICE, BACK, documents=["assessment"]))
    assert owed(at).state == "done"
    assert at.situation(CASE).case.entrustments[0].originals_returned_on == date(2025, 3, 5)


def test_returned_in_parts_by_whatever_order_the_parts_are_told() -> None:
    one = made("OriginalsReturned", OFFICE, BACK, documents=["plan"], remaining=["assessment", "monitoring"])
    other = made("OriginalsReturned", OFFICE, BACK, documents=["assessment"], remaining=["monitoring"])
    for parts in ((one, other), (other, one)):
        assert owed(desk(CENTRE, opened(), STARTED, ENDED, *parts, today=BACK)).rest == ("monitoring",)


def test_originals_of_the_first_entrustment_come_before_those_of_the_second() -> None:
    again = (
        made("EntrustmentStarted", CENTRE, date(2025, 6, 2), starts_on="2025-06-01"),
        made("EntrustmentEnded", CENTRE, date(2025, 9, 1), ended_on="2025-08-31"),
    )
    at = office(STARTED, *MADE, ENDED, *again, on=date(2025, 9, 1))
    first = give_back(at, *ALL, on=date(2025, 9, 1))
    assert first.events[0].data["entrustment_ended_on"] == date(2025, 2, 28)
    second = give_back(at, "monitoring", on=date(2025, 9, 1))
    assert second.events[0].data["entrustment_ended_on"] == date(2025, 8, 31)


@pytest.mark.parametrize(
    ("remaining", "returned_on", "out"),
    [(["assessment", "plan"], None, "assessment plan"), ([], "2025-03-05", "")],
)
def test_the_centre_s_shelf_counts_them_as_back_when_all_are(
    remaining: list[str], returned_on: str | None, out: str
) -> None:
    event = made("OriginalsReturned", OFFICE, date(2025, 3, 5), remaining=remaining)
    ((_, values),) = EntrustedCases().fold(event)
    assert tuple(values)[:2] == (returned_on, out)


def test_the_office_reads_on_the_case_what_is_still_here() -> None:
    def standing(*events: Event) -> dict[str, str]:
        at = office(*events)
        situation = at.situation(CASE)
        return dict(dossier(Replay(situation.case, tuple(at.events)), situation).standing)

    assert "返却していない原本" not in standing(STARTED, *MADE)
    assert "モニタリングの記録" in standing(STARTED, *MADE, ENDED)["返却していない原本"]
