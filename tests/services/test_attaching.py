"""Attaching a file to a document: its kind by its content, who may attach, who hears of it (T-35)."""

from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import RAISE

from contracts.events.documents import MOST_FILE_BYTES
from contracts.events.sample import CENTRE, OFFICE, WARD
from shared.care.attaching import file_kind
from shared.eventlog.model import Event
from shared.node.errors import Refused
from shared.node.recording import plain
from shared.node.service import Command, Decision
from tests.care.stage import CASE, Desk, desk, made, model, opened, signed_by_both
from tests.care.test_planning import internal

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40) + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9 written by a camera"
JANUARY = internal("MonitoringRecorded", date(2025, 1, 22), month="2025-01", recorded_on="2025-01-22")
FEBRUARY = internal("MonitoringRecorded", date(2025, 2, 19), month="2025-02", recorded_on="2025-02-19")
HANDED = made("DocumentHandedOver", OFFICE, date(2025, 2, 28))
DIGEST = sha256(PDF).hexdigest()
HELD = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
FILED = made("NotificationFiled", CENTRE, date(2025, 1, 6))


def at(agency: str, *events: Event) -> Desk:
    return desk(agency, *model(), opened(), *signed_by_both(), *events, today=date(2025, 3, 3))


def attach(where: Desk, content: bytes | None = PDF, **fields: Any) -> Decision:
    spec = where.service.commands["AttachDocument"]
    loaded = spec.schema(unknown=RAISE).load(plain({"document": "monitoring", **fields}))
    command = Command(uuid4(), spec.name, CASE, loaded, "tester", where.today, content)
    return spec.decide(where.situation(), command)


def attached(where: Desk, content: bytes = PDF, **fields: Any) -> Event:
    (new,) = attach(where, content, **fields).events
    return made(new.type, where.me, where.today, new.data)


def refused(where: Desk, content: bytes | None = PDF, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        attach(where, content, **fields)
    assert caught.value.todo
    return caught.value


def files(where: Desk, kind: str = "monitoring") -> list[tuple[str | None, list[str]]]:
    """Month and hashes of each document of a kind, as an agency's ledger has it."""
    known = [each for each in where.situation().case.documents if each.kind == kind]
    return [(each.month, [file.digest for file in each.attachments]) for each in known]


@pytest.mark.parametrize(
    ("content", "kind", "ending"), [(PDF, "pdf", "pdf"), (PNG, "png", "png"), (JPEG, "jpeg", "jpg")]
)
def test_what_a_file_is_follows_from_its_content_and_its_name_gets_the_ending_of_that(
    content: bytes, kind: str, ending: str
) -> None:
    data = attached(at(OFFICE, JANUARY), content, file_name="記録.exe")
    assert data.data["file_kind"] == kind
    assert data.personal == {"file_name": f"記録.exe.{ending}"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file_missing"),
        (b"", "file_missing"),
        (b"MZ\x90\x00", "file_kind_not_accepted"),
        (b"<html>%PDF-1.7 %%EOF", "file_kind_not_accepted"),
        (b"GIF89a" + bytes(20), "file_kind_not_accepted"),
        (PNG.replace(b"IHDR", b"XXXX"), "file_kind_not_accepted"),
        (PDF.replace(b"%%EOF", b""), "file_incomplete"),
        (PNG.replace(b"IEND", b""), "file_incomplete"),
        (JPEG.replace(b"\xff\xd9", b""), "file_incomplete"),
        (PDF + bytes(MOST_FILE_BYTES + 1 - len(PDF)), "file_too_large"),
    ],
)
def test_what_is_no_whole_pdf_png_or_jpeg_of_the_largest_size_is_refused(
    content: bytes | None, code: str
) -> None:
    problem = refused(at(OFFICE, JANUARY), content, file_name="記録.pdf")
    assert (problem.code, problem.field) == (code, "file")


def test_a_file_of_exactly_the_largest_size_is_accepted() -> None:
    largest = PDF[:-6] + bytes(MOST_FILE_BYTES - len(PDF)) + PDF[-6:]
    assert len(largest) == MOST_FILE_BYTES
    assert attached(at(OFFICE, JANUARY), largest).data["size"] == MOST_FILE_BYTES
    assert file_kind(largest) == "pdf"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("モニタリング.pdf", "モニタリング.pdf"),
        ("C:\\書類\\記録.PDF", "記録.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ('x"\r\ny.pdf', "xy.pdf"),
        (None, "ファイル.pdf"),
        (".pdf", "pdf.pdf"),
        ("あ" * 200, "あ" * 190 + ".pdf"),
    ],
)
def test_a_name_keeps_nothing_but_a_name(name: str | None, kept: str) -> None:
    (new,) = attach(at(OFFICE, JANUARY), file_name=name).events
    assert new.data["file_name"] == kept


def test_the_event_states_hash_and_size_and_only_the_name_is_personal() -> None:
    event = attached(at(OFFICE, JANUARY), file_name="記録.pdf")
    assert (event.data["digest"], event.data["size"]) == (sha256(PDF).hexdigest(), len(PDF))
    assert set(event.personal or {}) == {"file_name"}


def test_the_ledger_lists_a_file_with_the_document_that_it_was_attached_to() -> None:
    where = at(OFFICE, JANUARY, FEBRUARY)
    where.given(attached(where, month="2025-02"))
    assert files(where) == [("2025-01", []), ("2025-02", [sha256(PDF).hexdigest()])]


def test_of_several_documents_one_is_named_and_an_unknown_one_is_refused() -> None:
    where = at(OFFICE, JANUARY, FEBRUARY)
    assert refused(where).code == "document_ambiguous"
    assert refused(where, month="2025-03").code == "document_missing"
    assert refused(where, document="evaluation").code == "document_missing"
    assert attached(where, dated="2025-01-22").data["month"] == "2025-01"


def test_the_same_content_is_attached_to_a_document_once() -> None:
    where = at(OFFICE, JANUARY, FEBRUARY)
    where.given(attached(where, month="2025-01"))
    assert refused(where, month="2025-01").code == "file_known"
    assert attached(where, month="2025-02")


def test_the_parties_that_hold_the_document_hear_of_the_file_and_nobody_else() -> None:
    assert attach(at(OFFICE, JANUARY)).events[0].to == ()
    assert attach(at(OFFICE, JANUARY, HANDED)).events[0].to == (CENTRE,)
    assert attach(at(CENTRE, HELD, FILED), document="centre_notification").events[0].to == (WARD,)


def test_who_holds_no_copy_can_attach_nothing() -> None:
    where = at(CENTRE)
    where.events = [each for each in where.events if each.type != "ContractSigned" or each.sender == OFFICE]
    assert refused(where, document="office_contract").code == "document_missing"


def test_a_partner_sees_the_file_with_the_document_that_it_knows() -> None:
    event = attached(at(OFFICE, JANUARY, HANDED))
    where = at(CENTRE, HANDED, event._replace(received=True))
    assert files(where) == [("2025-01", [sha256(PDF).hexdigest()])]


def test_a_partner_that_was_told_of_the_document_without_its_number_sees_the_file_with_it() -> None:
    event = attached(at(OFFICE, JANUARY, HANDED))
    numbered = replace_data(event, document_number=str(uuid4()), version=1)
    assert files(at(CENTRE, HANDED, numbered)) == [("2025-01", [sha256(PDF).hexdigest()])]


def test_a_file_that_overtakes_its_document_makes_it_known_and_the_document_is_not_there_twice() -> None:
    event = attached(at(OFFICE, JANUARY, HANDED))
    where = at(CENTRE, event, HANDED)
    assert files(where) == [("2025-01", [sha256(PDF).hexdigest()])]
    (document,) = [each for each in where.situation().case.documents if each.kind == "monitoring"]
    assert document.held_by(CENTRE)


def replace_data(event: Event, **changes: Any) -> Event:
    return event._replace(data={**event.data, **changes})


# --- who comes to hold a document later ---


def handed(*known: Event) -> list[tuple[str, tuple[str, ...]]]:
    """What a hand-over of January's record brings, with whom it goes to."""
    entrusted = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
    where = at(OFFICE, entrusted, JANUARY, *known)
    rows = [{"document": "monitoring", "month": "2025-01"}]
    decision = where.when("HandOverDocuments", documents=rows, handed_as="copy")
    return [(each.type, each.to) for each in decision.events]


def test_who_gets_a_copy_after_a_file_was_attached_is_told_of_the_file() -> None:
    file = attached(at(OFFICE, JANUARY))
    assert handed(file) == [("DocumentHandedOver", (CENTRE,)), ("DocumentAttached", (CENTRE,))]
    assert handed() == [("DocumentHandedOver", (CENTRE,))]


def test_a_file_is_told_of_with_its_name_and_known_once_where_it_is_attached() -> None:
    file = attached(at(OFFICE, JANUARY))
    where = at(OFFICE, JANUARY, file)
    rows = [{"document": "monitoring", "month": "2025-01"}]
    _, told = where.when("HandOverDocuments", documents=rows, handed_as="copy").events
    assert told.personal_from == file.id
    again = made(told.type, OFFICE, where.today, {**told.data, **(file.personal or {})})
    assert files(at(OFFICE, JANUARY, file, again)) == [("2025-01", [DIGEST])]


def test_who_held_the_document_when_the_file_was_attached_is_not_told_twice() -> None:
    file = attached(at(OFFICE, JANUARY, HANDED))
    assert handed(HANDED, file) == [("DocumentHandedOver", (CENTRE,))]


def test_a_partner_s_own_file_is_not_told_back_to_it() -> None:
    file = made("DocumentAttached", CENTRE, date(2025, 3, 1), agency=CENTRE)
    assert handed(file) == [("DocumentHandedOver", (CENTRE,))]


def test_files_go_along_with_originals_that_come_back() -> None:
    entrusted = made("EntrustmentStarted", CENTRE, date(2025, 1, 6))
    over = made("EntrustmentEnded", CENTRE, date(2025, 3, 1), ended_on="2025-02-28")
    file = attached(at(OFFICE, JANUARY))
    decision = at(OFFICE, entrusted, JANUARY, file, over).when("ReturnOriginals", documents=["monitoring"])
    assert (decision.events[0].type, decision.events[-1].type) == ("OriginalsReturned", "DocumentAttached")
