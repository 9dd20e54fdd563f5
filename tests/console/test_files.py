"""Files of documents on the console and in the API: attached, listed, handed out, erased, verified."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from werkzeug.test import TestResponse

from contracts.catalogue import CROSSING
from contracts.events.documents import MOST_FILE_BYTES
from contracts.events.sample import CENTRE
from shared.care.process import HANDING_COMMANDS
from shared.console.files import MOST_REQUEST_BYTES
from shared.eventlog.model import NewEvent
from shared.exchange.erasing import erase_person
from shared.exchange.evidence import verify_node
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Api, Browser, MakeNode, take_in
from tests.services.test_attaching import PDF, PNG

DIGEST = sha256(PDF).hexdigest()
SERVICE = replace(
    sample.SERVICE,
    commands={**sample.SERVICE.commands, "AttachDocument": HANDING_COMMANDS["AttachDocument"]},
)
SignIn = Callable[[str], Browser]
WithToken = Callable[[str], Api]
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def node(make_node: MakeNode) -> Node:
    return make_node(service=SERVICE)


@pytest.fixture
def documented(node: Node, case_id: UUID) -> UUID:
    """The case with one document: a monitoring record of October."""
    fields = {"month": "2024-10", "findings": "歩行は安定"}
    node.handle(node.parse("RecordSample", fields, actor="care.manager", case_id=case_id))
    return case_id


def upload(browser: Browser, case_id: UUID, content: bytes = PDF, **form: Any) -> TestResponse:
    address = f"/cases/{case_id}/commands/AttachDocument"
    browser.get(address)
    sent = {"command_id": str(uuid4()), "document": "monitoring", "file": (BytesIO(content), "見本はな.pdf")}
    return browser.post(address, {**sent, **form})


def posted(vendor: Api, case_id: UUID, content: bytes = PDF, **changes: Any) -> TestResponse:
    command = {"id": str(uuid4()), "case": str(case_id), "fields": {"document": "monitoring"}, **changes}
    return vendor.client.post(
        "/api/v1/commands/AttachDocument",
        data={"command": json.dumps(command), "file": (BytesIO(content), "見本はな.pdf")},
        headers={"Authorization": f"Bearer {vendor.token}"},
    )


def seen(rows: Rows, case_id: UUID) -> list[Any]:
    return [
        what for (what,) in rows("select what from accesses where case_id = %s order by position", case_id)
    ]


def test_a_person_attaches_a_file_finds_it_in_the_ledger_and_gets_it_back(
    sign_in: SignIn, documented: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    page = browser.get(f"/cases/{documented}/documents").text
    assert "添付する" in page
    assert upload(browser, documented).status_code == 302
    page = browser.get(f"/cases/{documented}/documents").text
    assert "見本はな.pdf" in page
    answer = browser.get(f"/cases/{documented}/files/{DIGEST}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%A6%8B")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert seen(rows, documented)[-1] == "書類のファイル"
    assert "操作「書類にファイルを添付する」" in seen(rows, documented)


def test_the_form_of_a_document_in_the_ledger_names_it_already(sign_in: SignIn, documented: UUID) -> None:
    browser = sign_in("care.manager")
    page = browser.get(f"/cases/{documented}/documents").text
    assert f"/cases/{documented}/commands/AttachDocument?document=monitoring" in page
    form = browser.get(f"/cases/{documented}/commands/AttachDocument?document=monitoring&month=2024-10").text
    assert 'enctype="multipart/form-data"' in form
    assert '<option value="monitoring" selected>' in form


def test_nothing_of_a_file_is_in_the_clear_in_the_database(
    sign_in: SignIn, documented: UUID, rows: Rows
) -> None:
    assert upload(sign_in("care.manager"), documented).status_code == 302
    [(data,)] = rows("select data from events where type = 'DocumentAttached'")
    assert "見本" not in data
    assert json.loads(data)["digest"] == DIGEST
    assert all(PDF not in sealed for (sealed,) in rows("select sealed from file_pieces"))


@pytest.mark.parametrize(
    ("content", "status", "code", "says"),
    [
        (b"", 422, "file_missing", "空です"),
        (b"MZ", 422, "file_kind_not_accepted", "PDF・PNG・JPEG"),
        (PDF[:-6], 422, "file_incomplete", "途中で切れて"),
        (PDF + bytes(MOST_FILE_BYTES), 422, "file_too_large", "20 MiB"),
        (PDF + bytes(MOST_REQUEST_BYTES), 422, "file_too_large", "20 MiB"),
    ],
)
def test_a_file_that_can_t_be_kept_is_refused_in_words_and_leaves_nothing_behind(
    sign_in: SignIn,
    api: WithToken,
    documented: UUID,
    rows: Rows,
    content: bytes,
    status: int,
    code: str,
    says: str,
) -> None:
    page = upload(sign_in("care.manager"), documented, content)
    assert (page.status_code, says in page.text, code in page.text) == (status, True, True)
    answer = posted(api("care.manager"), documented, content)
    assert answer.status_code == status
    assert (answer.json or {})["code"] == code
    assert (answer.json or {})["field"] == "file"
    assert rows("select count(*) from file_pieces") == [(0,)]
    assert rows("select count(*) from events where type = 'DocumentAttached'") == [(0,)]


def test_only_a_command_that_takes_a_file_may_be_as_large_as_one(sign_in: SignIn, documented: UUID) -> None:
    browser = sign_in("care.manager")
    browser.get(f"/cases/{documented}/commands/RecordSample")
    sent = {"file": (BytesIO(bytes(2 * 1024 * 1024)), "x.pdf")}
    assert browser.post(f"/cases/{documented}/commands/RecordSample", sent).status_code == 413


def test_a_vendor_attaches_lists_and_gets_a_file(api: WithToken, documented: UUID, rows: Rows) -> None:
    vendor = api("care.manager")
    body = {"id": str(uuid4())}
    first, second = (posted(vendor, documented, **body).json or {} for _ in range(2))
    assert [each["type"] for each in first["events"]] == ["DocumentAttached"]
    assert second == {**first, "repeated": True}
    [row] = (vendor.get(f"/cases/{documented}/documents").json or {})["documents"]
    [file] = row["files"]
    assert (file["name"], file["here"], file["file"]["digest"]) == ("見本はな.pdf", True, DIGEST)
    answer = vendor.get(f"/cases/{documented}/files/{DIGEST}")
    assert (answer.status_code, answer.data) == (200, PDF)
    assert seen(rows, documented)[-1] == "API 書類のファイル"
    assert "API 操作「書類にファイルを添付する」" in seen(rows, documented)


def test_another_content_under_the_same_command_id_is_a_mistake_and_no_repeat(
    api: WithToken, documented: UUID
) -> None:
    vendor, body = api("care.manager"), {"id": str(uuid4())}
    assert posted(vendor, documented, **body).status_code == 200
    answer = posted(vendor, documented, PNG, **body)
    assert (answer.status_code, (answer.json or {})["code"]) == (422, "command_id_reused")


def test_a_command_without_its_file_says_how_to_send_it(api: WithToken, documented: UUID) -> None:
    body = {"id": str(uuid4()), "case": str(documented), "fields": {"document": "monitoring"}}
    answer = api("care.manager").post("/commands/AttachDocument", body)
    assert (answer.json or {})["code"] == "file_missing"
    assert "multipart/form-data" in (answer.json or {})["todo"]


def test_who_may_not_write_can_t_attach_and_who_is_unknown_gets_no_file(
    api: WithToken, app: Any, documented: UUID
) -> None:
    assert posted(api("care.manager"), documented).status_code == 200
    assert posted(api("auditor"), documented).status_code == 403
    assert Api(app.test_client(), "wrong").get(f"/cases/{documented}/files/{DIGEST}").status_code == 401
    assert app.test_client().get(f"/cases/{documented}/files/{DIGEST}").status_code == 302


def test_a_file_of_another_case_or_of_none_is_not_found(api: WithToken, node: Node, documented: UUID) -> None:
    vendor = api("care.manager")
    assert posted(vendor, documented).status_code == 200
    fields = {"name": "見本 二郎", "status": "support1"}
    other = node.handle(node.parse("OpenSample", fields, actor="care.manager")).case_id
    for case in (other, uuid4()):
        assert vendor.get(f"/cases/{case}/files/{DIGEST}").status_code == 404
    assert vendor.get(f"/cases/{documented}/files/{'0' * 64}").status_code == 404


def test_a_file_is_erased_with_its_person_and_every_proof_still_verifies(
    sign_in: SignIn, node: Node, documented: UUID
) -> None:
    browser = sign_in("care.manager")
    assert upload(browser, documented).status_code == 302
    assert verify_node(node).files == 1
    erase_person(node, documented, "administrator")
    answer = browser.get(f"/cases/{documented}/files/{DIGEST}")
    assert answer.status_code == 422
    assert "消去" in answer.text
    page = browser.get(f"/cases/{documented}/documents").text
    assert "見本はな.pdf" not in page
    assert "消去済み" in page
    assert verify_node(node).findings == []
    assert "person_erased" in upload(browser, documented, PNG).text


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("update file_pieces set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)", "一致しません"),
        ("delete from file_pieces", "ありません"),
    ],
)
def test_verify_and_the_download_name_a_content_that_is_not_what_its_event_says(
    api: WithToken, node: Node, documented: UUID, damage: str, finding: str
) -> None:
    vendor = api("care.manager")
    assert posted(vendor, documented).status_code == 200
    assert verify_node(node).findings == []
    with psycopg.connect(node.config.owner_database or "") as connection:
        connection.execute(damage.encode())
    [found] = verify_node(node).findings
    assert finding in found.problem
    answer = vendor.get(f"/cases/{documented}/files/{DIGEST}")
    assert (answer.json or {})["code"] in ("file_damaged", "file_not_here")


def test_the_openapi_document_tells_how_a_file_is_sent_and_got(api: WithToken) -> None:
    paths = (api("care.manager").get("/openapi.json").json or {})["paths"]
    sent = paths["/commands/AttachDocument"]["post"]["requestBody"]["content"]
    assert set(sent) == {"multipart/form-data"}
    assert "application/pdf" in paths["/cases/{id}/files/{digest}"]["get"]["responses"]["200"]["content"]


@pytest.fixture
def from_partner(node: Node, documented: UUID) -> UUID:
    """The case, with a file of the centre's of which only hash and size are here."""
    example = CROSSING["DocumentAttached"].example
    told = {**example, "agency": CENTRE, "document": "evaluation", "digest": DIGEST, "size": len(PDF)}
    take_in(node, CENTRE, NewEvent("DocumentAttached", told, case_id=documented))
    return documented


def test_a_partner_s_file_can_be_sent_for_and_how_it_stands_is_shown(
    sign_in: SignIn, node: Node, from_partner: UUID, rows: Rows
) -> None:
    browser = sign_in("care.manager")
    page = browser.get(f"/cases/{from_partner}/documents").text
    assert "取り寄せる" in page
    refused = browser.get(f"/cases/{from_partner}/files/{DIGEST}")
    assert (refused.status_code, "file_not_here" in refused.text) == (422, True)
    assert browser.post(f"/cases/{from_partner}/files/{DIGEST}/request").status_code == 302
    assert seen(rows, from_partner)[-1] == "書類のファイルの取り寄せ"
    assert "取り寄せ中（0/1）" in browser.get(f"/cases/{from_partner}/documents").text
    node.arriving.refuse(from_partner, bytes.fromhex(DIGEST), CENTRE, "file_not_allowed")
    page = browser.get(f"/cases/{from_partner}/documents").text
    assert "知らされていません" in page
    assert "取り寄せる" in page
    assert browser.post(f"/cases/{from_partner}/files/{DIGEST}/request").status_code == 302
    assert node.arriving.take(from_partner, bytes.fromhex(DIGEST), CENTRE, 0, PDF)
    assert browser.get(f"/cases/{from_partner}/files/{DIGEST}").data == PDF
    assert "取り寄せる" not in browser.get(f"/cases/{from_partner}/documents").text


def test_a_vendor_sends_for_a_partner_s_file_and_an_auditor_does_not(
    api: WithToken, from_partner: UUID, rows: Rows
) -> None:
    address = f"/cases/{from_partner}/files/{DIGEST}/request"
    assert api("auditor").post(address, {}).status_code == 403
    assert rows("select count(*) from file_wanted") == [(0,)]
    assert api("care.manager").post(address, {}).json == {"arriving": {"here": 0, "whole": 1, "code": None}}
    assert api("care.manager").post(address.replace(DIGEST, "0" * 64), {}).status_code == 404


def test_an_own_file_and_one_of_an_erased_person_are_not_sent_for(
    api: WithToken, node: Node, from_partner: UUID, rows: Rows
) -> None:
    vendor = api("care.manager")
    assert posted(vendor, from_partner, PNG).status_code == 200
    own = sha256(PNG).hexdigest()
    assert vendor.post(f"/cases/{from_partner}/files/{own}/request", {}).json == {"arriving": None}
    erase_person(node, from_partner, "administrator")
    answer = vendor.post(f"/cases/{from_partner}/files/{DIGEST}/request", {})
    assert (answer.status_code, (answer.json or {})["code"]) == (422, "person_erased")
    assert rows("select count(*) from file_wanted") == [(0,)]
