"""A month submitted, returned, decided, corrected and settled (T-33, A-Q35a, A-Q35c, A-Q36, A-Q53, A-S1 to A-S9)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import BILLING, CENTRE, OFFICE, WARD
from services.billing.filing import bundle
from services.billing.formats import benefit_slip, support_claim, ward_medium
from services.billing.preparing import due_of
from services.billing.settlement import Due
from services.billing.worksheet import reported_late, worksheet
from shared.node.errors import Refused
from shared.node.recording import plain
from shared.node.service import Decision
from shared.policy.dates import Month
from shared.policy.parameters import parameters
from tests.care.stage import CASE, Desk, desk, made, model, opened
from tests.services.test_claims import (
    DAY_CARE,
    DECEMBER,
    JANUARY,
    NOVEMBER,
    RENTED,
    STARTED,
    billing,
    used,
)
from tests.services.test_worksheet import PAPERS, with_papers

OCTOBER = with_papers(used("2024-10", RENTED, DAY_CARE))
A_MONTH = with_papers(JANUARY, planned=PAPERS["planned"][1:], notified_on="2025-01-06")
FILE = {"format": "8125", "name": "S202411.CSV", "sha256": "0" * 64, "size": 100, "records": 3}


def take(at: Desk, decision: Decision, on: date, sender: str = BILLING) -> Decision:
    """What was decided becomes known at the desk."""
    for event in decision.events:
        at.given(made(event.type, sender, on, plain(event.data)))
    return decision


def prepared(at: Desk, month: str, on: date, *, confirmed: bool = True) -> Desk:
    """A month drafted, with its slip, confirmed by its claimant."""
    at.today = on
    take(at, at.when("PrepareBenefitSlip", service_month=month), on)
    draft = take(at, at.when("DraftClaim", service_month=month), on).events[0].data
    if confirmed:
        confirm(at, draft, on)
    return at


def confirm(at: Desk, draft: Any, on: date) -> None:
    claimant = desk(
        draft["claimant"], *model(), opened(), made("ClaimDrafted", BILLING, on, plain(draft)), today=on
    )
    decision = claimant.when("ConfirmClaim", service_month=draft["service_month"])
    take(at, decision, on, draft["claimant"])


def chosen(month: str, *kinds: str, case: UUID = CASE) -> list[dict[str, Any]]:
    return [{"case": case, "kind": kind, "service_month": month} for kind in kinds]


def submit(at: Desk, on: date, month: str, *kinds: str, **fields: Any) -> Decision:
    at.today = on
    given: dict[str, Any] = {
        "claimant": OFFICE,
        "route": "federation",
        "examination_month": f"{on:%Y-%m}",
        "means": "transmission",
        "lines": chosen(month, *kinds),
        **fields,
    }
    return at.when("SubmitClaims", None, case_id=None, **given)


def to_ward(at: Desk, on: date, month: str = "2025-01", *kinds: str, **fields: Any) -> Decision:
    given: dict[str, Any] = {
        "claimant": CENTRE,
        "route": "ward",
        "means": "courier",
        "contents": ["medium", "receipt_slip"],
        **fields,
    }
    return submit(at, on, month, *(kinds or ("claim",)), **given)


def refused(code: str, rule: str) -> Any:
    class Wanted:
        def __enter__(self) -> None:
            self.raises = pytest.raises(Refused)
            self.found = self.raises.__enter__()

        def __exit__(self, *problem: Any) -> bool:
            done = bool(self.raises.__exit__(*problem))
            assert (self.found.value.code, self.found.value.rule) == (code, rule)
            assert self.found.value.todo
            return done

    return Wanted()


NOVEMBER_8, FEBRUARY_7 = date(2024, 11, 8), date(2025, 2, 7)


def october(*, confirmed: bool = True) -> Desk:
    return prepared(billing(OCTOBER), "2024-10", NOVEMBER_8, confirmed=confirmed)


def january(*, confirmed: bool = True) -> Desk:
    return prepared(
        billing(OCTOBER, NOVEMBER, DECEMBER, STARTED, A_MONTH), "2025-01", FEBRUARY_7, confirmed=confirmed
    )


# --- what goes where, and to whom ---


def test_a_confirmed_month_is_submitted_with_its_slip_and_its_claimant_is_told() -> None:
    (event,) = submit(october(), NOVEMBER_8, "2024-10", "slip", "claim").events
    assert event.to == (OFFICE,)
    slip, claim = event.data["lines"]
    assert (slip["kind"], slip["units"], slip["yen"]) == ("slip", 4121, 0)
    assert (claim["units"], claim["yen"], claim["late"], claim["entrusted_office"]) == (772, 8800, None, None)
    assert event.data["counted"] is True


def test_the_ward_sees_a_claim_only_when_it_is_submitted_to_it() -> None:
    """A-Q35a; the draft went to claimant and office alone."""
    (event,) = to_ward(january(), FEBRUARY_7).events
    assert event.to == (CENTRE, WARD)
    (line,) = event.data["lines"]
    assert (line["yen"], line["office_yen"], line["centre_yen"]) == (8458, 7613, 845)


def test_the_slip_of_a_month_that_the_ward_pays_goes_to_the_federation() -> None:
    """A-Q36."""
    (event,) = submit(january(), FEBRUARY_7, "2025-01", "slip", claimant=CENTRE).events
    assert event.to == (CENTRE,)
    with refused("other_submission", "A-Q36"):
        to_ward(january(), FEBRUARY_7, "2025-01", "slip")


def test_a_claim_goes_by_its_own_route_and_claimant() -> None:
    with refused("other_submission", "A-Q35a"):
        submit(january(), FEBRUARY_7, "2025-01", "claim", claimant=CENTRE)


# --- nothing goes that can't be right ---


def test_without_the_claimants_confirmation_nothing_is_submitted() -> None:
    with refused("not_confirmed", "T-33"):
        submit(october(confirmed=False), NOVEMBER_8, "2024-10", "slip", "claim")


def test_a_new_draft_has_to_be_confirmed_anew() -> None:
    at = october()
    take(at, at.when("DraftClaim", service_month="2024-10"), NOVEMBER_8)
    with refused("not_confirmed", "T-33"):
        submit(at, NOVEMBER_8, "2024-10", "slip", "claim")


@pytest.mark.parametrize(("by", "yen"), [(OFFICE, 8458), (OFFICE, 1), (CENTRE, 8457), (CENTRE, 8459)])
def test_what_the_entrusted_office_says_or_of_another_amount_confirms_no_claim(by: str, yen: int) -> None:
    """T-33: not even when a person lets it stand."""
    at = january(confirmed=False)
    draft = at.situation().case.claims["2025-01"]
    assert (draft.claimant, draft.yen) == (CENTRE, 8458)
    said = {"claim_id": draft.id, "service_month": "2025-01", "claimant": by, "yen": yen}
    confirmed = made("ClaimConfirmed", by, FEBRUARY_7, **said)._replace(received=True)
    at.given(confirmed)
    (found,) = at.service.reactions["ClaimConfirmed"].react(at.situation(), confirmed)
    assert (found.data["code"], found.to) == ("confirmed_otherwise", (by,))
    take(at, Decision([found]), FEBRUARY_7)
    with refused("not_confirmed", "T-33"):
        to_ward(at, FEBRUARY_7)
    stands = {"event_id": found.data["event_id"], "outcome": "event_stands", "note": "電話で確かめた"}
    take(at, at.when("SettleDiscrepancy", **stands), FEBRUARY_7)
    with refused("not_confirmed", "T-33"):
        to_ward(at, FEBRUARY_7)


def test_only_the_claimant_confirms_and_only_once() -> None:
    draft = made("ClaimDrafted", BILLING, FEBRUARY_7)
    office = desk(OFFICE, *model(), opened(), draft, today=FEBRUARY_7)
    with refused("not_claimant", "T-33"):
        office.when("ConfirmClaim", service_month="2025-01")
    centre = desk(CENTRE, *model(), opened(), draft, today=FEBRUARY_7)
    take(centre, centre.when("ConfirmClaim", service_month="2025-01"), FEBRUARY_7, CENTRE)
    with refused("already_confirmed", "T-33"):
        centre.when("ConfirmClaim", service_month="2025-01")
    with refused("claim_missing", "T-33"):
        centre.when("ConfirmClaim", service_month="2025-02")


def test_a_claim_at_the_federation_needs_its_slip_there() -> None:
    with refused("slip_not_submitted", "T-33"):
        submit(october(), NOVEMBER_8, "2024-10", "claim")
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip"), NOVEMBER_8)
    assert submit(at, NOVEMBER_8, "2024-10", "claim").events


def test_a_blocked_month_is_named_with_its_rule() -> None:
    at = october()
    at.given(with_papers(used("2024-10", RENTED, DAY_CARE), notified_on=None))
    with refused("claim_blocked", "T-16"):
        submit(at, NOVEMBER_8, "2024-10", "slip", "claim")


def test_a_fact_that_came_after_the_draft_holds_the_claim_back() -> None:
    at = october()
    at.given(
        with_papers(used("2024-10", {**DAY_CARE})),
        made("EntrustmentStarted", CENTRE, date(2024, 10, 10), starts_on="2024-10-10"),
    )
    take(at, at.when("PrepareBenefitSlip", service_month="2024-10"), NOVEMBER_8)
    with refused("draft_outdated", "T-33"):
        to_ward(at, NOVEMBER_8, "2024-10")


def test_a_slip_over_the_limit_is_not_submitted() -> None:
    over = with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": 10532}))
    at = prepared(billing(over), "2024-10", NOVEMBER_8, confirmed=False)
    with refused("over_the_limit", "A-Q37"):
        submit(at, NOVEMBER_8, "2024-10", "slip")


def test_a_slip_of_services_that_were_reported_otherwise_since_is_not_submitted() -> None:
    at = october()
    at.given(with_papers(used("2024-10", RENTED, {**DAY_CARE, "units": 3000})))
    with refused("slip_outdated", "A-Q36"):
        submit(at, NOVEMBER_8, "2024-10", "slip")


def test_files_that_someone_says_are_others_than_these_lines_make_are_not_believed() -> None:
    """A-Q33: the event commits to what this node wrote, whatever hash comes with the command."""
    at = october()
    right = submit(at, NOVEMBER_8, "2024-10", "slip", "claim").events[0].data["files"]
    again = submit(at, NOVEMBER_8, "2024-10", "slip", "claim", files=right)
    assert again.events[0].data["files"] == right
    for wrong in ([FILE], right[:1], [right[0], {**right[1], "sha256": "f" * 64}], [*right, FILE]):
        with refused("files_differ", "A-Q33"):
            submit(at, NOVEMBER_8, "2024-10", "slip", "claim", files=wrong)


# --- what is owed until it is submitted ---


def owes(at: Desk, on: date) -> dict[str, str]:
    return {
        each.row: each.state
        for each in at.obligations(today=on)
        if each.row.startswith("T-33") and each.void_by is None
    }


def test_a_draft_is_no_claim_so_confirming_and_submitting_stay_owed() -> None:
    """T-33: the draft's own duty is done, the month's is not."""
    at = october(confirmed=False)
    assert owes(at, NOVEMBER_8) == {
        "T-33": "done",
        "T-33-slip": "done",
        "T-33-confirm": "due",
        "T-33-submit": "due",
        "T-33-submit-slip": "due",
    }
    assert owes(at, date(2024, 11, 11))["T-33-submit"] == "overdue"
    confirm(at, at.when("DraftClaim", service_month="2024-10").events[0].data, NOVEMBER_8)
    assert owes(at, NOVEMBER_8)["T-33-confirm"] == "due", "of another draft nothing is confirmed"
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    assert set(owes(at, NOVEMBER_8).values()) == {"done"}


def test_what_came_back_is_owed_again_until_its_new_draft_is_submitted() -> None:
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    on = date(2024, 11, 28)
    at.today = on
    take(at, at.when("RecordReturn", service_month="2024-10", returned_on=on, reason_code="data"), on)
    (again,) = [each for each in at.obligations(today=on) if each.row == "T-33-again"]
    assert (again.state, again.due) == ("open", date(2024, 12, 10))
    draft = take(at, at.when("DraftClaim", service_month="2024-10"), on).events[0].data
    found = [(each.row, each.state) for each in at.obligations(today=on)]
    assert ("T-33-again", "done") in found
    assert ("T-33-submit", "open") in found
    confirm(at, draft, on)
    december = date(2024, 12, 5)
    take(at, submit(at, december, "2024-10", "claim"), december)
    states = [each.state for each in at.obligations(today=december) if each.row.startswith("T-33-submit")]
    assert set(states) == {"done"}


def test_what_the_ward_ruled_too_late_is_still_owed() -> None:
    """A-S6."""
    at = january()
    submitted = take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7).events[0]
    assert owes(at, FEBRUARY_7)["T-33-submit"] == "done"
    late = {"submission_id": submitted.data["submission_id"], "counted": False, "claimant": CENTRE}
    at.given(made("SubmissionReceived", WARD, date(2025, 2, 12), **late))
    assert owes(at, date(2025, 2, 12))["T-33-submit"] == "overdue"


def test_whoever_learns_of_no_submission_follows_none() -> None:
    """The entrusted office sees the draft of its centre's month, but not whether it was confirmed or submitted."""
    at = january(confirmed=False)
    seen = [each for each in at.events if each.type in ("ClaimDrafted", "PerformanceReported")]
    office = desk(OFFICE, *model(), opened(), *seen, today=date(2025, 3, 1))
    centre = desk(CENTRE, *model(), opened(), *seen, today=date(2025, 3, 1))
    assert "T-33-submit" not in owes(office, office.today)
    assert (owes(centre, centre.today)["T-33-confirm"]) == "overdue"


# --- nothing twice ---


def test_what_came_back_goes_in_again_only_as_a_new_draft_that_was_confirmed() -> None:
    """T-33: the returned draft would be a claim of which the answer is known already."""
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    on, december = date(2024, 11, 28), date(2024, 12, 5)
    at.today = on
    assert worksheet(at.situation(), Month(2024, 10)).state == "submitted"
    take(at, at.when("RecordReturn", service_month="2024-10", returned_on=on, reason_code="data"), on)
    assert worksheet(at.situation(), Month(2024, 10)).state == "returned"
    with refused("draft_used", "T-33"):
        submit(at, december, "2024-10", "claim")
    assert [each.why.rule for each in bundle(at, OFFICE, "federation", Month(2024, 12)).left_out] == ["T-33"]
    draft = take(at, at.when("DraftClaim", service_month="2024-10"), on).events[0].data
    with refused("not_confirmed", "T-33"):
        submit(at, december, "2024-10", "claim")
    confirm(at, draft, on)
    (event,) = submit(at, december, "2024-10", "claim").events
    assert event.data["lines"][0]["claim_id"] == draft["claim_id"]


def test_what_is_taken_back_by_application_goes_in_again_only_as_a_new_draft() -> None:
    """A-Q54b."""
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    decided(at, "2024-10", date(2024, 11, 28))
    take(at, at.when("FileCorrection", service_month="2024-10", reason="誤り"), date(2024, 12, 2))
    assert worksheet(at.situation(), Month(2024, 10)).state == "taken_back"
    with refused("draft_used", "T-33"):
        submit(at, date(2024, 12, 5), "2024-10", "claim")


def test_a_month_is_claimed_once() -> None:
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    with refused("already_claimed", "T-33"):
        submit(at, NOVEMBER_8, "2024-10", "claim")
    with refused("already_submitted", "T-33"):
        submit(at, NOVEMBER_8, "2024-10", "slip")
    with refused("already_claimed", "T-33"):
        at.when("DraftClaim", service_month="2024-10")


def test_a_line_twice_in_one_submission_is_refused() -> None:
    with refused("line_twice", "A-Q53"):
        submit(october(), NOVEMBER_8, "2024-10", "slip", "slip")


def test_the_ward_takes_one_file_a_month() -> None:
    """A-Q53."""
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    take(at, at.when("FileCorrection", service_month="2025-01", reason="単位数の誤り"), FEBRUARY_7)
    with refused("one_file", "A-Q53"):
        to_ward(at, FEBRUARY_7, "2025-01", "cancellation")


# --- calendars ---


@pytest.mark.parametrize("on", [date(2024, 11, 1), date(2024, 11, 10)])
def test_the_federation_takes_claims_from_the_1st_to_the_10th_open_or_closed(on: date) -> None:
    assert submit(october(), on, "2024-10", "slip", "claim").events[0].data["counted"] is True


def test_after_the_10th_a_claim_waits_for_the_next_examination_month_and_is_late() -> None:
    at = october()
    with refused("window_closed", "T-33"):
        submit(at, date(2024, 11, 11), "2024-10", "slip", "claim")
    (event,) = submit(at, date(2024, 12, 2), "2024-10", "slip", "claim").events
    assert event.data["lines"][1]["late"] == "other"


def test_a_late_report_makes_a_late_claim_and_says_why() -> None:
    reported = with_papers(used("2024-10", RENTED, DAY_CARE), reported_on="2024-11-11")
    at = prepared(billing(reported), "2024-10", date(2024, 12, 2))
    (event,) = submit(at, date(2024, 12, 2), "2024-10", "slip", "claim").events
    assert event.data["lines"][1]["late"] == "performance"


def test_whether_a_report_came_in_time_is_measured_by_the_published_day() -> None:
    known = parameters(WARD)
    entry = known.entry("claim.examination_day", date(2024, 11, 1))
    at_12th = replace(known, own={**known.own, entry.name: (replace(entry, value=12),)})
    for day, late, late_by_12th in (
        (10, False, False),
        (11, True, False),
        (12, True, False),
        (13, True, True),
    ):
        report = with_papers(used("2024-10", RENTED, DAY_CARE), reported_on=f"2024-11-{day}")
        performance = billing(report).situation().case.performances["2024-10"]
        assert (reported_late(performance, known), reported_late(performance, at_12th)) == (
            late,
            late_by_12th,
        )


def test_a_year_without_a_table_is_not_guessed() -> None:
    """A-S12: Toshima has published no calendar."""
    decision = to_ward(january(), FEBRUARY_7)
    assert decision.events[0].data["counted"] is None
    assert "A-S12" in [each.rule for each in decision.advice]


def test_a_bag_without_medium_or_receipt_slip_warns() -> None:
    """A-S1, A-S2."""
    assert {"A-S1", "A-S2"} <= {each.rule for each in to_ward(january(), FEBRUARY_7, contents=[]).advice}


def test_what_the_ward_received_too_late_is_claimed_next_month_as_late() -> None:
    """A-S6."""
    at = january()
    submitted = take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7).events[0]
    received = {"submission_id": submitted.data["submission_id"], "counted": False, "claimant": CENTRE}
    at.given(made("SubmissionReceived", WARD, date(2025, 2, 12), **received))
    (event,) = to_ward(at, date(2025, 3, 7)).events
    assert event.data["lines"][0]["late"] == "cut_off"


def test_the_ward_records_the_receipt_and_returns_the_emptied_medium() -> None:
    """A-S2, A-S9."""
    ward = desk(WARD, *model(), today=date(2025, 2, 10))
    ward.given(made("ClaimSubmitted", BILLING, FEBRUARY_7))
    submission = next(iter(ward.situation().agency.submissions.by_id))
    given = {"submission_id": submission, "received_at": "2025-02-10T10:00:00+09:00", "contents": ["medium"]}
    with refused("not_published", "A-S5"):
        ward.when("ReceiveSubmission", None, case_id=None, **given)
    decision = ward.when("ReceiveSubmission", None, case_id=None, counted=True, **given)
    assert decision.events[0].to == (BILLING, CENTRE)
    assert [each.rule for each in decision.advice] == ["A-S2", "A-S9"]


def test_what_was_ruled_too_late_counts_after_all_unless_it_went_in_again() -> None:
    """T-33, A-S6: a second ruling never makes two claims of one month."""
    ward = desk(WARD, *model(), today=date(2025, 2, 10))
    ward.given(made("ClaimSubmitted", BILLING, FEBRUARY_7))
    (submission,) = ward.situation().agency.submissions.by_id
    given = {"submission_id": submission, "received_at": "2025-02-10T10:00:00+09:00", "contents": []}
    ruled = ward.when("ReceiveSubmission", None, case_id=None, counted=False, **given)
    take(ward, ruled, ward.today, WARD)
    after_all = ward.when("ReceiveSubmission", None, case_id=None, counted=True, **given)
    assert after_all.events[0].data["counted"] is True
    ward.given(
        made(
            "ClaimSubmitted",
            BILLING,
            date(2025, 3, 7),
            submission_id=str(uuid4()),
            examination_month="2025-03",
        )
    )
    with refused("claimed_elsewhere", "T-33"):
        ward.when("ReceiveSubmission", None, case_id=None, counted=True, **given)


# --- returned, decided, corrected ---


def test_a_returned_claim_can_be_claimed_again_and_is_late_for_that() -> None:
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    on = date(2024, 11, 28)
    at.today = on
    returned = at.when("RecordReturn", service_month="2024-10", returned_on=on, reason_code="data")
    assert returned.events[0].to == (OFFICE,)
    take(at, returned, on)
    draft = take(at, at.when("DraftClaim", service_month="2024-10"), on).events[0].data
    confirm(at, draft, on)
    (event,) = submit(at, date(2024, 12, 5), "2024-10", "claim").events
    assert event.data["lines"][0]["late"] == "returned"


def test_the_ward_decides_what_was_submitted_to_it() -> None:
    at = january()
    submitted = take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7).events[0]
    ward = desk(WARD, *model(), opened(), made("ClaimSubmitted", BILLING, FEBRUARY_7, plain(submitted.data)))
    ward.today = date(2025, 2, 28)
    decision = ward.when("RecordDecision", service_month="2025-01", decided_on="2025-02-28")
    assert decision.events[0].to == (BILLING, CENTRE)
    assert (decision.events[0].data["outcome"], decision.events[0].data["yen"]) == ("as_claimed", 8458)
    with refused("more_than_claimed", "T-33"):
        ward.when("RecordDecision", service_month="2025-01", decided_on="2025-02-28", yen=8459)


def decided(at: Desk, month: str, on: date, **fields: Any) -> Desk:
    at.today = on
    take(at, at.when("RecordDecision", service_month=month, decided_on=on, **fields), on)
    return at


def test_a_decided_claim_is_neither_returned_nor_decided_again() -> None:
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    decided(at, "2024-10", date(2024, 11, 28))
    with refused("already_decided", "A-Q54b"):
        at.when("RecordReturn", service_month="2024-10", returned_on="2024-11-29", reason_code="data")
    with refused("already_decided", "A-Q54b"):
        at.when("RecordDecision", service_month="2024-10", decided_on="2024-11-29")


def test_the_wards_return_of_what_the_desk_recorded_as_decided_is_shown_and_the_month_stays_claimed() -> None:
    """A-Q54b: else it would be drafted and settled twice."""
    at = january()
    submitted = take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7).events[0]
    decided(at, "2025-01", date(2025, 2, 28))
    said = {"claim_id": submitted.data["lines"][0]["claim_id"], "service_month": "2025-01"}
    returned = made("ClaimReturned", WARD, date(2025, 3, 3), **said)._replace(received=True)
    at.given(returned)
    (found,) = at.service.reactions["ClaimReturned"].react(at.situation(), returned)
    assert (found.data["code"], found.to) == ("result_differs", (WARD,))
    assert at.situation().case.claim_results[said["claim_id"]].kind == "decided"
    with refused("already_claimed", "T-33"):
        at.when("DraftClaim", service_month="2025-01")


def test_a_fee_at_the_federation_is_taken_back_by_application_once_decided() -> None:
    """A-Q54b; form 41 and reason 02."""
    at = october()
    take(at, submit(at, NOVEMBER_8, "2024-10", "slip", "claim"), NOVEMBER_8)
    with refused("not_decided", "A-Q54b"):
        at.when("FileCorrection", service_month="2024-10", reason="誤り")
    decided(at, "2024-10", date(2024, 11, 28))
    filed = take(at, at.when("FileCorrection", service_month="2024-10", reason="誤り"), date(2024, 12, 2))
    assert (filed.events[0].data["route"], filed.events[0].data["code"]) == ("application", "4102")
    draft = take(at, at.when("DraftClaim", service_month="2024-10"), date(2024, 12, 2)).events[0].data
    confirm(at, draft, date(2024, 12, 2))
    (event,) = submit(at, date(2024, 12, 5), "2024-10", "claim").events
    assert event.data["lines"][0]["late"] == "corrected"


def test_a_fee_at_the_ward_is_taken_back_and_claimed_anew_in_one_file() -> None:
    """A-Q53."""
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28))
    take(at, at.when("FileCorrection", service_month="2025-01", reason="誤り"), date(2025, 3, 3))
    with refused("already_filed", "A-Q53"):
        at.when("FileCorrection", service_month="2025-01", reason="誤り")
    draft = take(at, at.when("DraftClaim", service_month="2025-01"), date(2025, 3, 3)).events[0].data
    confirm(at, draft, date(2025, 3, 3))
    with refused("already_claimed", "T-33"):
        to_ward(at, date(2025, 3, 7))
    take(at, to_ward(at, date(2025, 3, 7), "2025-01", "cancellation", "claim"), date(2025, 3, 7))
    standing = at.situation().agency.submissions.standing_claim(at.situation().case, "2025-01")
    assert standing is not None
    assert standing.claim_id == draft["claim_id"]


def test_a_cancellation_that_came_too_late_is_made_again_and_one_claim_is_left() -> None:
    """A-Q53, A-S6: also where the month's new claim was submitted meanwhile."""
    at = january()
    first = take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7).events[0].data["lines"][0]["claim_id"]
    march, april, may = date(2025, 3, 7), date(2025, 4, 7), date(2025, 5, 7)
    decided(at, "2025-01", date(2025, 2, 28))
    take(at, at.when("FileCorrection", service_month="2025-01", reason="誤り"), date(2025, 3, 3))
    draft = take(at, at.when("DraftClaim", service_month="2025-01"), date(2025, 3, 3)).events[0].data
    confirm(at, draft, date(2025, 3, 3))
    cancelled = take(at, to_ward(at, march, "2025-01", "cancellation"), march).events[0].data
    take(at, to_ward(at, april), april)
    late = {"submission_id": cancelled["submission_id"], "claimant": CENTRE, "counted": False}
    at.given(made("SubmissionReceived", WARD, april, **late))
    agency, case = at.situation().agency, at.situation().case
    assert [each.claim_id for each in agency.submissions.standing_claims(case, "2025-01")] == [
        first,
        draft["claim_id"],
    ]
    at.today = may
    with refused("already_claimed", "T-33"):
        at.when("DraftClaim", service_month="2025-01")
    with refused("already_claimed", "T-33"):
        to_ward(at, may, "2025-01", "cancellation", "claim")
    files = bundle(at, CENTRE, "ward", Month(2025, 5))
    assert [each["kind"] for each in files.lines] == ["cancellation"]
    again = take(at, to_ward(at, may, "2025-01", "cancellation"), may).events[0].data
    assert [each["claim_id"] for each in again["lines"]] == [first]
    agency = at.situation().agency
    (left,) = agency.submissions.standing_claims(case, "2025-01")
    assert left.claim_id == draft["claim_id"]
    with refused("nothing_to_cancel", "A-Q53"):
        to_ward(at, date(2025, 6, 6), "2025-01", "cancellation")


def test_nothing_is_taken_back_that_was_not_submitted() -> None:
    with refused("not_submitted", "T-33"):
        october().when("FileCorrection", service_month="2024-10", reason="誤り")
    with refused("nothing_to_cancel", "A-Q53"):
        to_ward(january(), FEBRUARY_7, "2025-01", "cancellation")


# --- settlement ---


def settle(at: Desk, on: date, examined: str = "2025-02") -> Decision:
    at.today = on
    return at.when(
        "StateSettlement",
        None,
        case_id=None,
        centre=CENTRE,
        office=OFFICE,
        examination_month=examined,
        cases=[CASE],
    )


def test_a_statement_gives_each_its_share_and_the_shares_sum_to_the_fee() -> None:
    """A-Q35c, decision 1: 845 and 7,613 of 8,458."""
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    with refused("nothing_decided", "A-Q35c"):
        settle(at, date(2025, 2, 28))
    decided(at, "2025-01", date(2025, 2, 28))
    (event,) = settle(at, date(2025, 2, 28)).events
    assert event.to == (CENTRE, OFFICE)
    assert (event.data["yen"], event.data["office_yen"], event.data["centre_yen"]) == (8458, 7613, 845)
    assert event.data["split_assumed"] is True


def test_a_claim_is_settled_once_and_as_it_was_assessed() -> None:
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28), units=442, yen=5038)
    (event,) = take(at, settle(at, date(2025, 2, 28)), date(2025, 2, 28)).events
    assert (event.data["office_yen"], event.data["centre_yen"]) == (4535, 503)
    with refused("nothing_decided", "A-Q35c"):
        settle(at, date(2025, 3, 31))


def test_what_is_taken_back_comes_off_the_next_statement() -> None:
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28))
    take(at, settle(at, date(2025, 2, 28)), date(2025, 2, 28))
    take(at, at.when("FileCorrection", service_month="2025-01", reason="誤り"), date(2025, 3, 3))
    take(at, to_ward(at, date(2025, 3, 7), "2025-01", "cancellation"), date(2025, 3, 7))
    (event,) = settle(at, date(2025, 3, 31), "2025-03").events
    assert (event.data["yen"], event.data["office_yen"], event.data["centre_yen"]) == (-8458, -7613, -845)


def test_what_came_back_or_was_cancelled_undecided_is_not_waited_for() -> None:
    """A returned claim, and one that was cancelled before its decision, have nothing to state and wait for nothing."""
    back = january()
    take(back, to_ward(back, FEBRUARY_7), FEBRUARY_7)
    on = date(2025, 2, 28)
    take(back, back.when("RecordReturn", service_month="2025-01", returned_on=on, reason_code="data"), on)
    taken = january()
    take(taken, to_ward(taken, FEBRUARY_7), FEBRUARY_7)
    assert due_of(taken, CENTRE, OFFICE, Month(2025, 2)) == Due((), 1)
    take(taken, taken.when("FileCorrection", service_month="2025-01", reason="誤り"), on)
    take(taken, to_ward(taken, date(2025, 3, 7), "2025-01", "cancellation"), date(2025, 3, 7))
    for at in (back, taken):
        assert due_of(at, CENTRE, OFFICE, Month(2025, 3)) == Due((), 0)


def test_what_is_taken_back_by_application_comes_off_before_it_is_claimed_anew() -> None:
    """A-Q54b: no cancellation is submitted then; the office is not paid twice."""
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28))
    take(at, settle(at, date(2025, 2, 28)), date(2025, 2, 28))
    (filed,) = at.when("FileCorrection", service_month="2025-01", reason="誤り").events
    applied = {**plain(filed.data), "route": "application", "code": "4302"}
    at.given(made("CorrectionFiled", BILLING, date(2025, 3, 3), applied))
    draft = take(at, at.when("DraftClaim", service_month="2025-01"), date(2025, 3, 3)).events[0].data
    confirm(at, draft, date(2025, 3, 3))
    take(at, to_ward(at, date(2025, 3, 7)), date(2025, 3, 7))
    decided(at, "2025-01", date(2025, 3, 31), units=442, yen=5038)
    (event,) = take(at, settle(at, date(2025, 3, 31), "2025-03"), date(2025, 3, 31)).events
    assert [(each["kind"], each["office_yen"]) for each in event.data["lines"]] == [
        ("cancellation", 7613),
        ("claim", 4535),
    ]
    assert event.data["yen"] == 5038 - 8458
    with refused("nothing_decided", "A-Q35c"):
        settle(at, date(2025, 4, 30), "2025-04")


def test_a_statement_is_of_all_or_none() -> None:
    at = january()
    take(at, to_ward(at, FEBRUARY_7), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28))
    with refused("cases_incomplete", "A-Q35c"):
        at.when(
            "StateSettlement",
            None,
            case_id=None,
            centre=CENTRE,
            office=OFFICE,
            examination_month="2025-02",
            cases=[uuid4()],
        )


# --- the files, made where persons' data are ---


def made_by_itself(at: Desk, on: date, **fields: Any) -> Decision:
    return submit(at, on, "", lines=[], **fields)


def test_what_is_ready_goes_in_by_itself_with_its_files() -> None:
    """A-Q36, T-33: slips and claims of a designated month to the federation, two files."""
    (event,) = made_by_itself(october(), NOVEMBER_8).events
    assert [each["kind"] for each in event.data["lines"]] == ["slip", "claim"]
    assert [(each["format"], each["name"], each["records"]) for each in event.data["files"]] == [
        ("8222", "K202411.CSV", 3),
        ("8125", "S202411.CSV", 3),
    ]


def test_the_files_of_chosen_lines_are_made_and_hold_nothing_else() -> None:
    """T-33: the hash is that of the file which the desk makes of these lines."""
    at = october()
    (event,) = submit(at, NOVEMBER_8, "2024-10", "slip").events
    assert [each["kind"] for each in event.data["lines"]] == ["slip"]
    slips, _ = bundle(at, OFFICE, "federation", Month(2024, 11)).files
    assert event.data["files"] == [slips.row()]
    with refused("slip_not_submitted", "T-33"):
        submit(at, NOVEMBER_8, "2024-10", "claim")
    with refused("not_confirmed", "T-33"):
        submit(october(confirmed=False), NOVEMBER_8, "2024-10", "slip", "claim")
    with refused("nothing_to_cancel", "A-Q53"):
        to_ward(january(), FEBRUARY_7, "2025-01", "cancellation")


def test_what_is_not_ready_stays_out_with_its_reason() -> None:
    at = october(confirmed=False)
    found = bundle(at, OFFICE, "federation", Month(2024, 11))
    assert [each["kind"] for each in found.lines] == ["slip"]
    assert [(each.kind, each.why.rule) for each in found.left_out] == [("claim", "T-33")]
    assert "確認していません" in found.left_out[0].why.text


def test_the_medium_to_the_ward_holds_the_one_file_with_shares_and_no_af_code() -> None:
    """A-Q33, A-Q35c."""
    found = bundle(january(), CENTRE, "ward", Month(2025, 2))
    (file,) = found.files
    (row,) = ward_medium.read(file.written.content).rows
    assert (row.kana, row.yen, row.office_yen, row.centre_yen) == ("ﾐﾎﾝ ﾊﾅ", 8458, 7613, 845)
    assert (row.cost_code, row.notified_on) == (None, date(2025, 1, 6))
    assert b"AF" not in file.written.content


def test_a_claim_file_states_the_notification_and_the_certified_period() -> None:
    found = bundle(october(), OFFICE, "federation", Month(2024, 11))
    (claim,) = support_claim.read(found.files[1].written.content).claims
    assert (claim.notified_on, claim.certified_to) == (date(2024, 10, 10), date(2025, 3, 31))
    assert [each.code for each in claim.lines] == ["462121", "464001"]
    (slip,) = benefit_slip.read(found.files[0].written.content).slips
    assert (slip.total, slip.limit, slip.planner, slip.entrusted_office) == (4121, 10531, "3", None)


def test_a_person_whose_data_were_erased_can_not_be_written() -> None:
    at = october()
    at.events = [each._replace(personal={}) if each.type == "CaseOpened" else each for each in at.events]
    found = bundle(at, OFFICE, "federation", Month(2024, 11))
    assert (found.lines, found.files) == ((), ())
    assert {each.kind for each in found.left_out} == {"slip", "claim"}
    assert "被保険者番号" in found.left_out[0].why.text


def test_a_cancellation_and_the_new_claim_stand_in_one_file() -> None:
    """A-Q53."""
    at = january()
    take(at, made_by_itself(at, FEBRUARY_7, claimant=CENTRE, route="ward", means="courier"), FEBRUARY_7)
    decided(at, "2025-01", date(2025, 2, 28))
    take(at, at.when("FileCorrection", service_month="2025-01", reason="誤り"), date(2025, 3, 3))
    draft = take(at, at.when("DraftClaim", service_month="2025-01"), date(2025, 3, 3)).events[0].data
    confirm(at, draft, date(2025, 3, 3))
    (file,) = bundle(at, CENTRE, "ward", Month(2025, 3)).files
    assert [each.kind for each in ward_medium.read(file.written.content).rows] == ["2", "1"]


def test_nothing_ready_is_refused_with_where_to_look() -> None:
    with refused("nothing_to_submit", "T-33"):
        made_by_itself(billing(), NOVEMBER_8)
