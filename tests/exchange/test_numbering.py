"""Where a number stands: next, again, reused, too early, or of an epoch that is over."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Frame
from shared.exchange.numbering import Incoming, Place, Seen, chain_broken, lost_history, place

MOMENT = datetime.fromisoformat("2024-10-10T10:00:00+09:00")
DIGEST, OTHER = b"a" * 32, b"b" * 32


def frame(sequence: int, epoch: int = 1, previous: bytes | None = None) -> Frame:
    return Frame(UUID(int=1), "1371600014", "1301600019", epoch, sequence, MOMENT, True, previous)


def test_the_first_message_of_the_first_epoch_is_next() -> None:
    assert place(frame(1), DIGEST, Incoming(), None) is Place.NEXT
    assert place(frame(2), DIGEST, Incoming(), None) is Place.GAP


def test_the_same_number_is_a_duplicate_or_an_alarm() -> None:
    received = Incoming(1, 5, DIGEST)
    assert place(frame(3), DIGEST, received, Seen(DIGEST, True)) is Place.DUPLICATE
    assert place(frame(3), DIGEST, received, Seen(OTHER, True)) is Place.REUSED


def test_a_new_epoch_begins_with_its_first_number() -> None:
    received = Incoming(1, 5, DIGEST)
    assert place(frame(1, epoch=2), OTHER, received, None) is Place.NEXT
    assert place(frame(2, epoch=2), OTHER, received, None) is Place.GAP
    assert place(frame(6, epoch=2), OTHER, received, None) is Place.GAP


def test_an_unknown_message_of_a_closed_epoch_is_told_apart() -> None:
    assert place(frame(6, epoch=1), OTHER, Incoming(2, 1, DIGEST), None) is Place.OLD_EPOCH
    assert place(frame(5, epoch=1), DIGEST, Incoming(2, 1, DIGEST), Seen(DIGEST, True)) is Place.DUPLICATE


@given(st.lists(st.integers(1, 30), max_size=60))
def test_whatever_the_order_each_number_is_taken_once_and_in_turn(order: list[int]) -> None:
    taken: list[int] = []
    for number in order:
        seen = Seen(DIGEST, True) if number in taken else None
        incoming = Incoming(1, len(taken), DIGEST)
        if place(frame(number), DIGEST, incoming, seen) is Place.NEXT:
            taken.append(number)
    assert taken == list(range(1, len(taken) + 1))


def test_a_message_names_the_one_before_it() -> None:
    received = Incoming(1, 1, DIGEST)
    assert not chain_broken(frame(2, previous=DIGEST), received)
    assert chain_broken(frame(2, previous=OTHER), received)
    assert chain_broken(frame(2), received)
    assert not chain_broken(frame(1, epoch=2), received)


def test_a_restored_sender_tells_what_it_no_longer_knows() -> None:
    first = replace(frame(1, epoch=2), former_epoch=1, former_through=3)
    assert lost_history(first, Incoming(1, 5, DIGEST)) == 2
    assert lost_history(first, Incoming(1, 3, DIGEST)) == 0
    assert lost_history(first, Incoming(1, 2, DIGEST)) == 0
    assert lost_history(frame(6), Incoming(1, 5, DIGEST)) == 0
