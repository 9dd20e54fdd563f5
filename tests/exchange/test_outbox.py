"""What is published when: windows while receipts come, single probes while they don't."""

import pytest

from shared.exchange.outbox import (
    LONGEST_REFUSED_SECONDS,
    LONGEST_SECONDS,
    PATIENCE_SECONDS,
    WINDOW,
    Outbox,
    due_range,
    wait_seconds,
)


def outbox(
    sent: int = 0, receipted: int = 0, last: int = 0, attempts: int = 0, elapsed: bool = False
) -> Outbox:
    return Outbox("1301600019", 1, sent, receipted, last, attempts, elapsed)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (outbox(), None),
        (outbox(elapsed=True), None),
        (outbox(last=3, elapsed=True), (1, 3)),
        (outbox(last=500), (1, 200)),
        (outbox(sent=200, last=500), (201, 400)),
        (outbox(sent=3, receipted=3, last=3), None),
        (outbox(sent=3, receipted=0, last=3), None),
    ],
)
def test_what_is_new_goes_out_in_batches_without_waiting_for_receipts(
    state: Outbox, expected: tuple[int, int] | None
) -> None:
    assert due_range(state, 200) == expected


def test_no_more_than_a_window_is_on_its_way_without_receipts() -> None:
    assert due_range(outbox(sent=WINDOW - 1, last=5 * WINDOW), 200) == (WINDOW, WINDOW)
    assert due_range(outbox(sent=WINDOW, last=5 * WINDOW), 200) is None
    assert due_range(outbox(sent=WINDOW, receipted=1, last=5 * WINDOW), 200) == (WINDOW + 1, WINDOW + 1)


def test_when_a_receipt_is_late_the_first_message_without_one_is_tried_alone() -> None:
    assert due_range(outbox(sent=9, receipted=4, last=20, elapsed=True), 200) == (5, 5)
    assert due_range(outbox(sent=5, receipted=4, last=20, attempts=1), 200) is None
    assert due_range(outbox(sent=5, receipted=4, last=20, attempts=1, elapsed=True), 200) == (5, 5)


def test_a_request_to_send_again_is_served_from_where_the_partner_asks() -> None:
    # A partner restored from a backup asks for what it had receipted before.
    assert due_range(outbox(sent=2, receipted=9, last=9), 200) == (3, 9)


def test_attempts_become_rarer_but_never_cease() -> None:
    patient = [wait_seconds(attempts, failed=False) for attempts in range(20)]
    assert patient[0] == PATIENCE_SECONDS
    assert patient == sorted(patient)
    assert patient[-1] == LONGEST_SECONDS
    assert wait_seconds(50, failed=True) == LONGEST_REFUSED_SECONDS
