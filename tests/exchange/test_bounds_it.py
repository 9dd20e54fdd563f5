"""Whoever reaches the broker and proves nothing can make a node store only so much."""

from uuid import UUID, uuid4

import pytest

from shared.exchange import keeping, parking
from shared.exchange.inbox import Inbox
from shared.node.agency_keys import AgencyKeys
from tests.exchange.conftest import CENTRE, OFFICE, Town, Voice, open_case, parked, received, rows


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
    monkeypatch.setattr(keeping, bound, 1 if bound == "MOST_UNKNOWN" else len(first) + len(second) // 2)
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

    monkeypatch.setattr(inbox, "_authenticated", stumble)
    monkeypatch.setattr(parking, "MOST_BODIES", 1)
    for number in range(3):
        inbox.receive(b"this is no message %d" % number)
    assert [(code, kept) for code, kept, *_ in lying(town)] == [
        ("unreadable", True),
        *[("unreadable", False)] * 2,
    ]
