"""The ward's receipt desk: what is awaited, what was in the bag, what is returned, what is decided (A-S1 to A-S11)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import BILLING, CENTRE, WARD
from services.ward.receipts import Receipt, receipts
from shared.eventlog.model import Event
from shared.node.recording import plain
from tests.care.stage import ADACHI, CASE, Desk, desk, directory, made, model, opened
from tests.services.test_submission import refused, take

SENT = date(2017, 10, 5)
ON_TIME = "2017-10-10T11:59:00+09:00"
BAG = ["medium", "receipt_slip"]


LINE = {**CROSSING["ClaimSubmitted"].example["lines"][0], "case": str(CASE)}


def submitted(**changes: Any) -> Event:
    """A centre's medium for Adachi, sent on the dispatch day of October 2017."""
    told = {
        "lines": [LINE],
        "insurer": ADACHI,
        "examination_month": "2017-10",
        "submitted_on": SENT,
        "counted": None,
    }
    return made("ClaimSubmitted", BILLING, SENT, **{**told, **changes})


def ward(*events: Event, today: date = date(2017, 10, 10)) -> Desk:
    case = opened(date(2017, 9, 1), insurer=ADACHI, parties={CENTRE: "hokatsu", ADACHI: "ward"})
    return desk(ADACHI, *directory(on=date(2017, 9, 1)), case, *events, today=today)


def at_desk(at: Desk) -> list[Receipt]:
    return receipts(at.situation().agency.submissions, ADACHI)


def act(at: Desk, name: str, **fields: Any) -> Any:
    (submission,) = at.situation().agency.submissions.by_id
    decision = at.when(name, None, case_id=None, submission_id=submission, **fields)
    take(at, decision, at.today, ADACHI)
    return decision


def test_a_medium_is_awaited_received_emptied_and_returned() -> None:
    """A-S1, A-S2, A-S5, A-S9: with the published days beside it."""
    at = ward(submitted())
    (found,) = at_desk(at)
    assert (found.state, found.lacking, found.desk) == ("awaited", (), "介護保険課 介護給付係")
    assert (found.dispatch, f"{found.cut_off:%m-%d %H:%M}") == (SENT, "10-10 12:00")
    assert (found.count("claim"), found.yen) == (1, 8458)
    received = act(at, "ReceiveSubmission", received_at=ON_TIME, contents=["medium"])
    assert received.events[0].data["counted"] is True
    (found,) = at_desk(at)
    assert found.state == "to_return"
    assert found.lacking == ("総合事業ケアマネジメント費請求 受取確認書／受領書",)
    at.today = date(2017, 10, 12)
    returned = act(at, "ReturnMedium", returned_on="2017-10-12")
    assert returned.events[0].to == (BILLING, CENTRE)
    data = plain(returned.events[0].data)
    assert (data["received_at"], data["contents"], data["counted"]) == (ON_TIME, ["medium"], True)
    (found,) = at_desk(at)
    assert (found.state, found.submission.medium_returned_on) == ("done", date(2017, 10, 12))


@pytest.mark.parametrize(
    ("amounts", "yen"),
    [({"claim": 8458}, 8458), ({"cancellation": 8458}, -8458), ({"claim": 8458, "cancellation": 5000}, 3458)],
    ids=["a claim", "a cancellation alone", "both in one file"],
)
def test_a_cancellation_takes_its_amount_back(amounts: dict[str, int], yen: int) -> None:
    """A-Q53: what a medium takes back counts against what it claims."""
    lines = [{**LINE, "kind": kind, "yen": amount} for kind, amount in amounts.items()]
    (found,) = at_desk(ward(submitted(lines=lines)))
    assert (found.count("claim"), found.yen) == (int("claim" in amounts), yen)


def test_no_medium_is_returned_that_did_not_arrive() -> None:
    with refused("not_received", "A-S9"):
        act(ward(submitted()), "ReturnMedium", returned_on="2017-10-12")


@pytest.mark.parametrize(
    ("means", "sent", "examined", "received", "counted"),
    [
        ("courier", "2017-10-05", "2017-10", "2017-10-10T14:00:00+09:00", True),
        ("courier", "2017-10-05", "2017-10", "2017-10-11T09:00:00+09:00", True),
        ("courier", "2017-10-06", "2017-10", "2017-10-10T11:00:00+09:00", False),
        ("courier", "2017-10-06", "2017-10", "2017-10-11T09:00:00+09:00", False),
        ("transmission", "2017-10-06", "2017-10", "2017-10-06T09:00:00+09:00", False),
        ("brought", "2017-10-06", "2017-10", "2017-10-10T12:00:00+09:00", True),
        ("brought", "2017-10-06", "2017-10", "2017-10-10T12:01:00+09:00", False),
        ("brought", "2017-10-10", "2017-10", "2017-10-10T02:59:00+00:00", True),
        ("courier", "2017-12-08", "2017-12", "2017-12-12T10:00:00+09:00", True),
        ("courier", "2017-12-11", "2017-12", "2017-12-11T11:00:00+09:00", False),
        ("courier", "2018-10-09", "2018-10", "2018-10-10T10:00:00+09:00", False),
    ],
)
def test_the_desk_judges_by_the_way_it_came_and_the_day_it_left(
    means: str, sent: str, examined: str, received: str, counted: bool
) -> None:
    """A-S3 to A-S8: as its claimant was told, whatever the hour at which a courier arrives."""
    told = {"means": means, "submitted_on": sent, "examination_month": examined}
    at = ward(submitted(**told), today=date(2018, 10, 12))
    decision = act(at, "ReceiveSubmission", received_at=received, contents=BAG)
    assert decision.events[0].data["counted"] is counted
    assert ("A-S6" in [each.rule for each in decision.advice]) is not counted


def test_what_left_too_late_by_courier_and_was_then_brought_counts_by_the_hour() -> None:
    """A-S4, A-S6."""
    for received, counted in ((ON_TIME, True), ("2017-10-10T12:01:00+09:00", False)):
        at = ward(submitted(submitted_on="2017-10-06", brought_at="2017-10-10T11:00:00+09:00"))
        decision = act(at, "ReceiveSubmission", received_at=received, contents=BAG)
        assert decision.events[0].data["counted"] is counted


def test_without_a_table_of_dispatch_days_the_ward_says_whether_it_counts() -> None:
    """A-S12: an early arrival does not stand in for a table."""
    told = {"submitted_on": "2018-10-05", "examination_month": "2018-10"}
    at, received = ward(submitted(**told), today=date(2018, 10, 9)), "2018-10-09T10:00:00+09:00"
    with refused("not_published", "A-S12"):
        act(at, "ReceiveSubmission", received_at=received, contents=BAG)
    decision = act(at, "ReceiveSubmission", received_at=received, contents=BAG, counted=True)
    assert decision.events[0].data["counted"] is True


@pytest.mark.parametrize(
    ("received", "returned", "code", "rule"),
    [
        ("2017-10-04T23:59:00+09:00", None, "received_before_dispatch", "A-S8"),
        ("2017-10-04T14:59:00+00:00", None, "received_before_dispatch", "A-S8"),
        ("2017-10-11T00:00:00+09:00", None, "received_in_future", "A-S5"),
        (ON_TIME, "2017-10-09", "returned_before_receipt", "A-S9"),
        (ON_TIME, "2017-10-11", "returned_in_future", "A-S9"),
    ],
)
def test_a_receipt_or_return_that_cannot_be_is_refused(
    received: str, returned: str | None, code: str, rule: str
) -> None:
    """A-S8, A-S9: nothing arrives before it left, goes back before it came, or did so tomorrow."""
    with refused(code, rule):
        act(
            ward(submitted()),
            "ReceiveSubmission",
            received_at=received,
            contents=BAG,
            medium_returned_on=returned,
        )


def test_a_receipt_on_the_day_of_dispatch_and_a_return_on_the_day_of_receipt_are_possible() -> None:
    for received, on in (("2017-10-05T00:00:00+09:00", "2017-10-05"), (ON_TIME, "2017-10-10")):
        told = {"received_at": received, "contents": BAG, "medium_returned_on": on}
        assert act(ward(submitted()), "ReceiveSubmission", **told).events


@pytest.mark.parametrize(
    ("returned", "code"), [("2017-10-09", "returned_before_receipt"), ("2017-10-11", "returned_in_future")]
)
def test_the_return_of_a_medium_lies_between_its_receipt_and_today(returned: str, code: str) -> None:
    """A-S9."""
    at = ward(submitted())
    act(at, "ReceiveSubmission", received_at=ON_TIME, contents=BAG)
    with refused(code, "A-S9"):
        act(at, "ReturnMedium", returned_on=returned)
    assert act(at, "ReturnMedium", returned_on="2017-10-10").events


@pytest.mark.parametrize(
    ("means", "where"), [("courier", "介護保険課 介護給付係"), ("brought", "地域包括ケア推進課")]
)
def test_what_is_brought_goes_to_another_desk_than_what_comes_by_courier(means: str, where: str) -> None:
    """A-S11."""
    (found,) = at_desk(ward(submitted(means=means, brought_at="2017-10-10T11:00:00+09:00")))
    assert found.desk == where


def test_a_year_without_a_table_shows_none() -> None:
    """A-S12: the cut-off is a rule, the dispatch day is not."""
    (found,) = at_desk(ward(submitted(examination_month="2018-10", submitted_on="2018-10-05")))
    assert (found.dispatch, f"{found.cut_off:%m-%d %H:%M}") == (None, "10-09 17:15")


def test_another_wards_medium_and_what_goes_to_the_federation_lie_elsewhere() -> None:
    other = submitted(insurer=WARD, submission_id=str(uuid4()))
    federation = submitted(route="federation", submission_id=str(uuid4()))
    assert at_desk(ward(other, federation)) == []


def test_a_month_that_lies_there_twice_is_shown_on_both() -> None:
    """T-33."""
    at = ward(submitted(), submitted(submission_id=str(uuid4()), examination_month="2017-11"))
    assert [len(each.again) for each in at_desk(at)] == [1, 1]
    cancelled = [{**LINE, "kind": "cancellation"}]
    taken = submitted(submission_id=str(uuid4()), examination_month="2017-11", lines=cancelled)
    assert [each.again for each in at_desk(ward(submitted(), taken))] == [(), ()]


# --- deciding all of it ---


def test_all_that_waits_in_a_submission_is_decided_as_claimed_in_one_act() -> None:
    at = ward(submitted())
    decision = act(at, "DecideSubmission", decided_on="2017-10-31")
    (event,) = decision.events
    assert (event.case_id, event.to) == (CASE, (BILLING, CENTRE))
    assert (event.data["outcome"], event.data["yen"]) == ("as_claimed", 8458)
    assert "1件 8,458円" in decision.advice[0].message
    assert "より後の日です" in decision.advice[1].message
    with refused("nothing_waits", "A-Q35a"):
        act(at, "DecideSubmission", decided_on="2017-10-31")


def test_a_decision_of_the_day_itself_has_nothing_to_mind() -> None:
    at = ward(submitted())
    decision = act(at, "DecideSubmission", decided_on=at.today.isoformat())
    assert len(decision.advice) == 1


def test_what_was_returned_or_came_too_late_is_not_decided_with_the_rest() -> None:
    at = ward(submitted())
    returned = at.when(
        "RecordReturn", service_month="2025-01", returned_on="2017-10-20", reason_code="notification"
    )
    take(at, returned, at.today, ADACHI)
    with refused("nothing_waits", "A-Q35a"):
        act(at, "DecideSubmission", decided_on="2017-10-31")
    with refused("submission_unknown", "A-Q35a"):
        act(ward(submitted(counted=False)), "DecideSubmission", decided_on="2017-10-31")


def test_the_billing_desk_records_the_federations_decisions_in_one_act() -> None:
    at = desk(BILLING, *model(), opened(), submitted(insurer=WARD, route="federation"))
    (event,) = act(at, "DecideSubmission", decided_on="2025-02-28", cases=[str(CASE)]).events
    assert event.to == (CENTRE,)
    assert UUID(str(event.case_id)) == CASE
