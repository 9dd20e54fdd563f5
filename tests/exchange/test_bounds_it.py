"""Whoever reaches the broker and proves nothing, and every partner, can make a node store only so much."""

import tracemalloc
from uuid import UUID, uuid4

import pytest

from shared.exchange import keeping, parking, waiting
from shared.exchange.inbox import Inbox
from shared.exchange.parked import parked_list, retry
from shared.node.agency_keys import AgencyKeys
from tests.exchange.conftest import (
    CENTRE,
    OFFICE,
    WARD,
    Town,
    Voice,
    example,
    open_case,
    parked,
    receipted,
    received,
    record,
    rows,
    stored,
)


def stranger(town: Town, agency: str = "1371699999") -> Voice:
    return Voice(AgencyKeys.generate(agency), town.maker.keys_of(CENTRE))


def lying(town: Town) -> list[tuple[object, ...]]:
    return rows(
        town.centre,
        "select code, body is not null, body_bytes, body_digest is not null, detail from parked order by id",
    )


@pytest.fixture
def inbox(town: Town) -> Inbox:
    return Inbox(town.centre)


def test_beyond_so_many_bodies_only_digest_size_and_code_of_what_proves_nothing_are_kept(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "MOST_BODIES", 2)
    for number in range(4):
        inbox.receive(b"this is no message %d" % number)
    assert lying(town) == [
        ("unreadable", True, 20, True, ""),
        ("unreadable", True, 20, True, ""),
        ("unreadable", False, 20, True, ""),
        ("unreadable", False, 20, True, ""),
    ]


def test_beyond_so_many_bytes_the_same(town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "MOST_BODY_BYTES", 1000)
    for size in (600, 500, 400):
        inbox.receive(b"x" * size)
    assert [(kept, size) for _, kept, size, *_ in lying(town)] == [(True, 600), (False, 500), (True, 400)]


def test_beyond_so_many_messages_one_row_a_reason_is_kept(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "MOST_UNAUTHENTIC", 3)
    for number in range(20):
        inbox.receive(b"this is no message %d" % number)
        inbox.receive(
            stranger(town).say("PlanSubmitted", case=uuid4(), training=False, sender=f"13716{number:05}")
        )
    assert len(lying(town)) == 5
    assert [each[0] for each in lying(town) if each[4] == parking.MORE] == ["training_mismatch", "unreadable"]


def test_what_proves_nothing_does_not_displace_what_authentic_partners_send(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "MOST_UNAUTHENTIC", 1)
    for number in range(3):
        inbox.receive(b"this is no message %d" % number)
    case_id, voice = open_case(town.centre), town.voice(OFFICE, CENTRE)
    inbox.receive(voice.say("SomethingElse", {}, case=case_id))
    assert ("message", "unknown_type", OFFICE) in parked(town.centre)
    assert received(town.centre, OFFICE) == [(1, "refused", "unknown_type")]


@pytest.mark.parametrize("bound", ["MOST_UNKNOWN", "MOST_UNKNOWN_BYTES"])
def test_beyond_so_much_of_unknown_senders_only_digest_size_and_code_are_kept(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    voice = stranger(town)
    first, second = (voice.say("PlanSubmitted", case=UUID(int=7)) for _ in range(2))
    monkeypatch.setattr(waiting, bound, 1 if bound == "MOST_UNKNOWN" else len(first) + len(second) // 2)
    for body in (first, second, first, second):
        inbox.receive(body)
    assert rows(town.centre, "select partner, bytes from waiting") == [("1371699999", len(first))]
    assert lying(town) == [("unknown_sender", False, len(second), True, "")]


def test_a_body_that_stops_the_reader_itself_is_bounded_too(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing unforeseen may be a way around the bounds."""

    def stumble(body: bytes) -> None:
        raise ArithmeticError

    monkeypatch.setattr(inbox._judge, "authenticated", stumble)
    monkeypatch.setattr(parking, "MOST_BODIES", 1)
    for number in range(3):
        inbox.receive(b"this is no message %d" % number)
    assert [(code, kept) for code, kept, *_ in lying(town)] == [
        ("unreadable", True),
        *[("unreadable", False)] * 2,
    ]


# --- authentic messages that wait ---


@pytest.mark.parametrize("bound", ["MOST_WAITING", "MOST_WAITING_BYTES"])
def test_beyond_so_much_of_one_partner_that_waits_the_rest_is_refused_and_others_wait_on(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    voice, other = town.voice(OFFICE, CENTRE), town.voice(WARD, CENTRE)
    [(other.sequence, other.previous)] = rows(
        town.centre, "select received_through, received_digest from partners where partner = %s", WARD
    )
    bodies = [voice.say("PlanSubmitted", case=UUID(int=number)) for number in range(1, 5)]
    room = len(bodies[0]) + len(bodies[1]) + len(bodies[2]) // 2
    monkeypatch.setattr(waiting, bound, 2 if bound == "MOST_WAITING" else room)
    for body in bodies:
        inbox.receive(body)
    inbox.receive(other.say("CertificationResult", case=UUID(int=1)))
    assert received(town.centre, OFFICE) == [
        (1, "waiting", "unknown_case"),
        (2, "waiting", "unknown_case"),
        (3, "refused", "too_many_waiting"),
        (4, "refused", "too_many_waiting"),
    ]
    assert received(town.centre, WARD)[-1][1:] == ("waiting", "unknown_case")
    assert lying(town) == [("too_many_waiting", False, len(body), True, "") for body in bodies[2:]]
    inbox.receive(bodies[0])  # what waits may come again
    assert len(lying(town)) == 2


def test_what_found_no_room_to_wait_is_asked_for_again_when_its_case_is_known(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    case_id = uuid4()
    for name in ("PlanSubmitted", "CircumstanceChanged", "PlanSubmitted"):
        record(town.office, name, example(name), case_id=case_id, to=(CENTRE,))
    town.drain()
    assert receipted(town.office, CENTRE) == [
        (1, "waiting", "unknown_case"),
        (2, "refused", "too_many_waiting"),
        (3, "refused", "too_many_waiting"),
    ]
    open_case(town.centre, case_id=case_id)
    town.drain()
    first, _ = parked_list(town.centre)
    inbox = Inbox(town.centre)
    assert retry(town.centre, inbox, first.id) == "asked"
    inbox.close()
    town.drain()
    assert parked_list(town.centre) == []
    assert receipted(town.office, CENTRE) == [(number, "stored", None) for number in (1, 2, 3)]
    assert len(stored(town.centre, "PlanSubmitted")) == 2


def test_a_message_of_a_case_that_has_no_room_to_wait_for_an_office_is_put_aside_without_its_body(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 0)
    case_id = open_case(town.centre, parties={CENTRE: "hokatsu", WARD: "ward"})
    inbox.receive(town.voice(OFFICE, CENTRE).say("PlanSubmitted", case=case_id))
    assert [each[:2] for each in lying(town)] == [("too_many_waiting", False)]


def test_room_that_becomes_free_is_used_again(
    town: Town, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    voice, case_id = town.voice(OFFICE, CENTRE), uuid4()
    inbox.receive(voice.say("PlanSubmitted", case=case_id))
    open_case(town.centre, case_id=case_id)
    inbox.retry_waiting()
    inbox.receive(voice.say("PlanSubmitted", case=uuid4()))
    assert [each[1] for each in received(town.centre, OFFICE)] == ["stored", "waiting"]


def test_what_waits_is_tried_again_without_all_of_it_in_memory(town: Town, inbox: Inbox) -> None:
    voice, size = town.voice(OFFICE, CENTRE), 100_000
    for number in range(30):
        changed = example("CircumstanceChanged", detail="あ" * (size // 3))
        inbox.receive(voice.say("CircumstanceChanged", changed, case=UUID(int=number + 1)))
    rows(town.centre, "update waiting set since = since - interval '25 hours' returning 1")
    tracemalloc.start()
    try:
        everything = sum(len(each.body) for each in waiting.waiting_messages(town.centre, None, False))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert everything > 30 * size
    assert peak < everything / 3


def test_beyond_so_many_bytes_behind_a_gap_later_messages_are_let_go_and_come_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = open_case(town.office, to=(CENTRE,))
    for _ in range(4):
        record(town.office, "PlanSubmitted", example("PlanSubmitted"), case_id=case_id, to=(CENTRE,))
    town.turn(OFFICE)
    _, *later = town.take_raw(CENTRE)
    monkeypatch.setattr(keeping, "MOST_HELD_BYTES", len(later[0]) + len(later[1]) + 10)
    for body in later:
        town.send_raw(CENTRE, body)
    town.turn(CENTRE)
    assert rows(town.centre, "select sequence from held order by sequence") == [(2,), (3,)]
    town.drain()
    assert [each[:2] for each in received(town.centre, OFFICE)] == [
        (number, "stored") for number in range(1, 6)
    ]
    assert rows(town.centre, "select count(*) from held") == [(0,)]
