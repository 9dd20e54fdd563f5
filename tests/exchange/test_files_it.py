"""Contents of attached files between nodes: asked for piece by piece, verified, refused to whom they are not meant."""

import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.sample import OFFICE, WARD
from contracts.file import PIECE_BYTES, FilePiece, FileRequest, build_file_piece, build_file_request
from shared.eventlog.arriving import DIFFERS, Progress
from shared.exchange import jose
from shared.exchange.erasing import erase_person
from shared.exchange.evidence import verify_node
from shared.exchange.exchange import Exchange
from shared.node.node import Node
from tests.exchange.conftest import CENTRE, CLOCK, Town, example, open_case, record, rows, stored

CONTENT = os.urandom(2 * PIECE_BYTES + 1)
DIGEST = sha256(CONTENT).digest()


def attach(node: Node, case_id: UUID, content: bytes = CONTENT, to: tuple[str, ...] = (CENTRE,)) -> None:
    """What attaching a file leaves behind: its content, and the event that tells of it."""
    node.files.keep(case_id, content)
    told = {"agency": node.agency, "digest": sha256(content).hexdigest(), "size": len(content)}
    record(node, "DocumentAttached", example("DocumentAttached", **told), case_id=case_id, to=to)


@pytest.fixture
def case_id(town: Town) -> UUID:
    """A case that all three know, with a file of the office of which the centre was told."""
    made = open_case(town.office, to=(CENTRE, WARD))
    attach(town.office, made)
    town.drain()
    assert len(stored(town.centre, "DocumentAttached")) == 1
    return made


def want(node: Node, case_id: UUID, content: bytes = CONTENT, partner: str = OFFICE) -> None:
    node.arriving.want(case_id, sha256(content).digest(), partner, len(content))


def progress(node: Node, case_id: UUID) -> list[Progress]:
    return list(node.arriving.progress(case_id).values())


def asked(town: Town, sender: str, case_id: UUID, number: int = 0) -> None:
    """A request put into the office's inbox by whoever holds the sender's key."""
    request = FileRequest(uuid4(), sender, OFFICE, True, CLOCK, case_id, DIGEST, number)
    key = town.maker.keys_of(sender).signing_key()
    token = jose.sign(build_file_request(request), key, jose.FILE_REQUEST)
    town.send_raw(OFFICE, town.voice(sender, OFFICE).seal(token))


def given(town: Town, case_id: UUID, content: bytes, **changes: Any) -> None:
    """The first piece put into the centre's inbox, as the office or another would send it."""
    sender = changes.pop("sender", OFFICE)
    told = {"number": 0, "piece_digest": sha256(content).digest(), "code": None, **changes}
    piece = FilePiece(uuid4(), sender, CENTRE, True, CLOCK, case_id, DIGEST, **told)
    token = jose.sign(build_file_piece(piece), town.maker.keys_of(sender).signing_key(), jose.FILE_PIECE)
    beside = urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
    town.send_raw(CENTRE, town.voice(sender, CENTRE).seal(token, (beside,)))


def test_a_file_comes_piece_by_piece_and_is_the_same_byte_for_byte(town: Town, case_id: UUID) -> None:
    assert town.centre.files.content(case_id, DIGEST) is None
    want(town.centre, case_id)
    assert progress(town.centre, case_id) == [(0, 3, None)]
    town.drain()
    assert town.centre.files.content(case_id, DIGEST) == CONTENT
    assert progress(town.centre, case_id) == []
    assert rows(town.centre, "select count(*) from file_arriving") == [(0,)]
    assert verify_node(town.centre).files == 1
    assert verify_node(town.centre).findings == []


def test_nothing_is_sent_that_nobody_asked_for(town: Town, case_id: UUID) -> None:
    town.drain()
    assert town.centre.files.held(case_id) == set()
    assert rows(town.centre, "select count(*) from file_arriving") == [(0,)]


def test_a_piece_of_the_largest_size_is_no_larger_than_a_message_may_be(town: Town, case_id: UUID) -> None:
    asked(town, CENTRE, case_id)
    town.turn(OFFICE)
    [body] = town.take_raw(CENTRE)
    assert len(body) <= 1024 * 1024
    assert CONTENT[:100] not in body


def test_what_was_asked_for_is_asked_again_after_a_restart_and_goes_on_where_it_was(
    town: Town, case_id: UUID
) -> None:
    want(town.centre, case_id)
    town.turn(CENTRE, 1)
    town.turn(OFFICE, 2)
    town.turn(CENTRE)
    assert progress(town.centre, case_id) == [(1, 3, None)]
    town.take_raw(OFFICE)
    town.exchanges[CENTRE].close()
    town.exchanges[CENTRE] = Exchange(town.centre)
    town.drain()
    assert progress(town.centre, case_id) == [(1, 3, None)], "its request was lost; it waits for a while"
    rows(town.centre, "update file_wanted set asked_at = '-infinity' returning 1")
    town.drain()
    assert town.centre.files.content(case_id, DIGEST) == CONTENT


@pytest.mark.parametrize("stranger", [WARD, CENTRE])
def test_a_partner_who_was_not_told_of_the_file_is_refused(town: Town, case_id: UUID, stranger: str) -> None:
    """The ward is a party of the case, but no holder of the document; the centre asks in another case."""
    case = case_id if stranger == WARD else open_case(town.office, to=(CENTRE,))
    node = town.exchanges[stranger].node
    town.drain()
    want(node, case)
    town.drain()
    assert progress(node, case) == [(0, 3, "file_not_allowed")]
    assert node.files.held(case) == set()
    want(node, case)
    assert progress(node, case) == [(0, 3, None)], "a person can have it asked for again"


def test_a_request_with_a_forged_signature_is_not_answered(town: Town, case_id: UUID) -> None:
    request = FileRequest(uuid4(), CENTRE, OFFICE, True, CLOCK, case_id, DIGEST, 0)
    key = town.maker.keys_of(WARD).signing_key()
    token = jose.sign(build_file_request(request), key, jose.FILE_REQUEST)
    town.send_raw(OFFICE, town.voice(CENTRE, OFFICE).seal(token))
    town.turn(OFFICE)
    assert town.take_raw(CENTRE) == []


def test_a_piece_that_is_not_what_was_signed_is_not_kept(town: Town, case_id: UUID) -> None:
    want(town.centre, case_id)
    given(town, case_id, CONTENT[:PIECE_BYTES], piece_digest=bytes(32))
    town.turn(CENTRE)
    assert progress(town.centre, case_id) == [(0, 3, DIFFERS)]


def test_a_whole_that_is_not_what_its_event_says_is_thrown_away(town: Town, case_id: UUID) -> None:
    other = bytes([CONTENT[0] ^ 1]) + CONTENT[1:PIECE_BYTES]
    want(town.centre, case_id)
    given(town, case_id, other)
    town.exchanges[CENTRE].reception.turn(0.5)
    assert progress(town.centre, case_id) == [(1, 3, None)]
    town.drain()
    assert progress(town.centre, case_id) == [(0, 3, DIFFERS)]
    assert rows(town.centre, "select count(*) from file_arriving") == [(0,)]
    assert town.centre.files.held(case_id) == set()
    want(town.centre, case_id)
    town.drain()
    assert town.centre.files.content(case_id, DIGEST) == CONTENT


@pytest.mark.parametrize(
    "changes",
    [{"sender": WARD}, {"number": 1}, {"code": "file_not_allowed", "sender": WARD}],
    ids=["of another", "out of turn", "refused by another"],
)
def test_a_piece_that_was_not_asked_for_changes_nothing(
    town: Town, case_id: UUID, changes: dict[str, Any]
) -> None:
    want(town.centre, case_id)
    given(town, case_id, CONTENT[:PIECE_BYTES], **changes)
    town.turn(CENTRE)
    assert progress(town.centre, case_id) == [(0, 3, None)]


def test_a_file_whose_person_was_erased_is_given_to_nobody(town: Town, case_id: UUID) -> None:
    erase_person(town.office, case_id, "admin")
    want(town.centre, case_id)
    town.drain()
    assert progress(town.centre, case_id) == [(0, 3, "person_erased")]


def test_erasing_a_person_ends_what_is_on_its_way_and_nothing_of_it_is_kept(
    town: Town, case_id: UUID
) -> None:
    want(town.centre, case_id)
    given(town, case_id, CONTENT[:PIECE_BYTES])
    town.exchanges[CENTRE].reception.turn(0.5)
    assert progress(town.centre, case_id) == [(1, 3, None)]
    erase_person(town.centre, case_id, "admin")
    given(town, case_id, CONTENT[PIECE_BYTES : 2 * PIECE_BYTES], number=1)
    town.drain()
    assert progress(town.centre, case_id) == []
    assert rows(town.centre, "select count(*) from file_arriving") == [(0,)]
    assert town.centre.files.held(case_id) == set()
