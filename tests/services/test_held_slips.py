"""What becomes of a benefit slip that the federation has: corrected, cancelled, sent back (T-33, A-Q36)."""

from datetime import date
from typing import Any

from contracts.events.sample import CENTRE, OFFICE
from services.billing.filing import bundle
from services.billing.formats import benefit_slip
from services.billing.held_slips import held_slip, kind_of_next
from services.billing.worksheet import worksheet
from shared.eventlog.model import Event
from shared.policy.dates import Month
from tests.care.stage import CASE, Desk, made
from tests.services.test_claims import DAY_CARE, RENTED, used
from tests.services.test_submission import NOVEMBER_8, october, refused, submit, take
from tests.services.test_worksheet import with_papers

OCTOBER = Month(2024, 10)
NOVEMBER_28, DECEMBER_6 = date(2024, 11, 28), date(2024, 12, 6)


def submitted() -> Desk:
    """October's slip and claim of the office, at the federation."""
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    at.today = DECEMBER_6
    return at


def claim_returned(at: Desk) -> Desk:
    on = NOVEMBER_28
    take(at, at.when("RecordReturn", service_month="2024-10", returned_on=on, reason_code="person"), on)
    return at


def cancelled(at: Desk) -> dict[str, Any]:
    (event,) = take(at, at.when("CancelBenefitSlip", service_month="2024-10"), DECEMBER_6).events
    return dict(event.data)


def files(at: Desk) -> Any:
    return bundle(at, OFFICE, "federation", Month(2024, 12))


def test_a_cancellation_repeats_the_slip_and_is_written_with_kind_3() -> None:
    """作成区分 3: read back, it is the slip that went in, taken back."""
    at = claim_returned(submitted())
    data = cancelled(at)
    assert (data["kind"], data["claimant"], data["units"]) == ("3", OFFICE, 4121)
    (file,) = files(at).files
    (record,) = benefit_slip.read(file.written.content).slips
    assert (file.format, record.kind, record.office, record.total) == ("8222", "3", OFFICE, 4121)
    assert len(record.rows) == 2
    (event,) = submit(at, DECEMBER_6, "2024-10", "slip", files=[file.row()]).events
    assert [each["kind"] for each in event.data["lines"]] == ["slip"]


def test_once_cancelled_nothing_is_held_and_the_next_slip_is_new() -> None:
    at = claim_returned(submitted())
    cancelled(at)
    assert held_slip(at.situation(), OCTOBER) is not None, "it is there until the cancellation went in"
    with refused("already_cancelled", "A-Q36"):
        at.when("CancelBenefitSlip", service_month="2024-10")
    take(at, submit(at, DECEMBER_6, "2024-10", "slip"), DECEMBER_6)
    assert held_slip(at.situation(), OCTOBER) is None
    with refused("slip_not_held", "A-Q36"):
        at.when("CancelBenefitSlip", service_month="2024-10")
    (event,) = at.when("PrepareBenefitSlip", service_month="2024-10").events
    assert event.data["kind"] == "1"


def test_what_was_never_submitted_is_not_cancelled() -> None:
    with refused("slip_not_held", "A-Q36"):
        october().when("CancelBenefitSlip", service_month="2024-10")


def test_a_cancellation_beside_a_claim_that_stands_warns() -> None:
    advice = submitted().when("CancelBenefitSlip", service_month="2024-10").advice
    assert [each.rule for each in advice] == ["A-Q36"]
    assert "過誤を申し立てる" in advice[0].message


def nothing_used() -> Event:
    return made(
        "PerformanceReported",
        OFFICE,
        NOVEMBER_28,
        service_month="2024-10",
        office=OFFICE,
        reported_on=NOVEMBER_28,
        services=[],
        nothing_used=True,
    )


def test_a_month_reported_as_unused_since_leaves_its_slip_and_closing_it_cancels_that() -> None:
    at = claim_returned(submitted()).given(nothing_used())
    notes = [each for each in worksheet(at.situation(), OCTOBER).notes if "国保連に残っています" in each.text]
    assert [each.rule for each in notes] == ["A-Q36"]
    decision = at.when("CloseMonth", None, case_id=None, service_month="2024-10", claimant=OFFICE)
    made_here = [each for each in decision.events if each.type == "BenefitSlipPrepared"]
    assert [(each.data["kind"], each.data["claimant"]) for each in made_here] == [("3", OFFICE)]
    assert "取消 1件" in decision.advice[0].message
    take(at, decision, DECEMBER_6)
    assert not [each for each in worksheet(at.situation(), OCTOBER).notes if "残っています" in each.text]


def test_a_month_with_the_examiner_is_not_cancelled_by_closing_it() -> None:
    at = submitted().given(nothing_used())
    decision = at.when("CloseMonth", None, case_id=None, service_month="2024-10")
    assert not [each for each in decision.events if each.type == "BenefitSlipPrepared"]


def slip_returned(at: Desk, **fields: Any) -> Desk:
    said = {"service_month": "2024-10", "returned_on": NOVEMBER_28, "reason_code": "person", **fields}
    take(at, at.when("RecordSlipReturn", **said), NOVEMBER_28)
    return at


def again(at: Desk) -> list[str]:
    return [each.state for each in at.obligations(CASE, DECEMBER_6) if each.row == "T-33-slip-again"]


def test_what_came_back_is_owed_for_the_month_of_the_service_not_of_the_return() -> None:
    at = claim_returned(slip_returned(submitted()))
    found = {each.row: each.month for each in at.obligations(CASE, DECEMBER_6)}
    assert (found["T-33-slip-again"], found["T-33-again"]) == ("2024-10", "2024-10")


def test_a_returned_slip_is_made_anew_and_goes_in_again_with_its_claim() -> None:
    """The federation has none then: the next is new, and no claim goes without it."""
    at = claim_returned(slip_returned(submitted()))
    assert held_slip(at.situation(), OCTOBER) is None
    blockers = [each.text for each in worksheet(at.situation(), OCTOBER).blockers]
    assert [each for each in blockers if "返戻" in each]
    with refused("slip_returned", "A-Q36"):
        submit(at, DECEMBER_6, "2024-10", "slip")
    assert again(at) == ["open"]
    (event,) = take(at, at.when("PrepareBenefitSlip", service_month="2024-10"), DECEMBER_6).events
    assert event.data["kind"] == "1"
    assert again(at) == ["done"]
    assert [each["kind"] for each in submit(at, DECEMBER_6, "2024-10", "slip").events[0].data["lines"]] == [
        "slip"
    ]


def test_a_returned_correction_leaves_the_first_slip_there() -> None:
    at = claim_returned(submitted())
    at.given(with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": 3000})))
    (event,) = take(at, at.when("PrepareBenefitSlip", service_month="2024-10"), DECEMBER_6).events
    assert event.data["kind"] == "2"
    take(at, submit(at, DECEMBER_6, "2024-10", "slip"), DECEMBER_6)
    slip_returned(at)
    held = held_slip(at.situation(), OCTOBER)
    assert held is not None
    assert (held.kind, held.units) == ("1", 4121)


def test_a_return_of_what_is_not_there_is_refused() -> None:
    with refused("slip_not_held", "A-Q36"):
        slip_returned(october())


def test_a_slip_of_another_claimant_waits_for_the_cancellation_of_the_first() -> None:
    """A person has one slip a month (A-Q36)."""
    situation = claim_returned(submitted()).situation()
    with refused("slip_of_another", "A-Q36"):
        kind_of_next(situation, OCTOBER, CENTRE)
    assert kind_of_next(situation, OCTOBER, OFFICE) == "2"
