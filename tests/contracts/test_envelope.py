"""An envelope says what it must in CloudEvents' words, and what it says comes back unchanged."""

import json
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.definition import ContractError
from contracts.envelope import Envelope, Frame, build, parse, parse_frame, type_name
from contracts.receipt import (
    Answer,
    Receipt,
    ResendRequest,
    build_receipt,
    build_resend_request,
    parse_receipt,
    parse_resend_request,
)

MOMENT = datetime.fromisoformat("2024-10-10T10:00:00+09:00")
FRAME = Frame(
    UUID(int=1), "1371600014", "1301600019", 2, 1, MOMENT, True, b"p" * 32, former_epoch=1, former_through=7
)
ENVELOPE = Envelope(
    FRAME,
    "PlanSubmitted",
    1,
    UUID(int=2),
    UUID(int=3),
    UUID(int=4),
    date(2024, 10, 10),
    MOMENT,
    "tantou",
    '{"_sd":["x"],"plan_version":1}',
)


def payload(**changes: Any) -> dict[str, Any]:
    return {**json.loads(build(ENVELOPE)), **changes}


def test_an_envelope_comes_back_as_it_was_built() -> None:
    read = payload()
    assert parse_frame(read) == FRAME
    envelope, data = parse(read, FRAME)
    assert envelope == ENVELOPE
    assert data == {"_sd": ["x"], "plan_version": 1}


def test_attribute_names_are_those_that_cloudevents_allows() -> None:
    read = payload()
    assert {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"} <= set(read)
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in read)
    assert read["type"] == "jp.renkei.PlanSubmitted.v1"
    assert all(not isinstance(value, dict) for name, value in read.items() if name != "data")


def test_data_is_signed_exactly_as_it_stands_in_the_log() -> None:
    assert build(replace(ENVELOPE, data='{"b":1,"a":"え"}')).endswith('"data":{"b":1,"a":"え"}}')


def test_what_is_not_known_is_left_out() -> None:
    first = Envelope(
        Frame(UUID(int=1), "1371600014", "1301600019", 1, 1, MOMENT, False),
        "AgencyListed",
        1,
        None,
        None,
        None,
        date(2024, 10, 10),
        MOMENT,
        "tantou",
        "{}",
    )
    read = json.loads(build(first))
    assert {"case", "subject", "previousdigest", "formerepoch", "causation"}.isdisjoint(read)
    assert parse(read, parse_frame(read))[0] == first


def test_unknown_attributes_are_ignored() -> None:
    assert parse_frame(payload(later="addition")) == FRAME


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "not-a-uuid"),
        ("sender", "１３７１６０００１４"),
        ("recipient", ""),
        ("epoch", 0),
        ("sequence", "1"),
        ("sequence", 2**31),
        ("sequence", True),
        ("time", "2024-10-10T10:00:00"),
        ("training", "yes"),
        ("training", 1),
        ("previousdigest", "AAAA"),
        ("previousdigest", 5),
    ],
)
def test_a_frame_with_a_wrong_attribute_is_malformed(name: str, value: object) -> None:
    with pytest.raises(ContractError) as problem:
        parse_frame(payload(**{name: value}))
    assert (problem.value.code, problem.value.field) == ("malformed", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("formatversion", 2),
        ("type", "PlanSubmitted"),
        ("type", "jp.renkei.PlanSubmitted.v0"),
        ("datacontenttype", "text/plain"),
        ("case", "7"),
        ("occurredon", "2024-13-01"),
        ("recordedat", "yesterday"),
        ("actor", ""),
        ("data", []),
        ("data", None),
    ],
)
def test_an_envelope_with_another_wrong_attribute_names_it(name: str, value: object) -> None:
    with pytest.raises(ContractError) as problem:
        parse(payload(**{name: value}), FRAME)
    assert (problem.value.code, problem.value.field) == ("invalid_envelope", name)


def test_a_missing_attribute_is_named() -> None:
    read = payload()
    del read["actor"]
    with pytest.raises(ContractError) as problem:
        parse(read, FRAME)
    assert problem.value.field == "actor"


def test_a_type_name_carries_its_version() -> None:
    assert type_name("CertificationResult", 2) == "jp.renkei.CertificationResult.v2"


def test_a_receipt_comes_back_as_it_was_built() -> None:
    answers = (
        Answer(1, UUID(int=1), b"d" * 32, "stored", position=9),
        Answer(2, UUID(int=2), b"e" * 32, "refused", "invalid_field", "services.0.kind"),
        Answer(3, UUID(int=3), b"f" * 32, "waiting", "unknown_case"),
    )
    receipt = Receipt(UUID(int=9), "1301600019", "1371600014", True, MOMENT, 1, answers, 9, b"h" * 32)
    assert parse_receipt(json.loads(build_receipt(receipt))) == receipt


def test_a_request_to_send_again_comes_back_as_it_was_built() -> None:
    request = ResendRequest(UUID(int=9), "1301600019", "1371600014", True, MOMENT, 1, 0)
    assert parse_resend_request(json.loads(build_resend_request(request))) == request


def test_a_receipt_that_answers_nothing_is_malformed() -> None:
    receipt = Receipt(UUID(int=9), "1301600019", "1371600014", True, MOMENT, 1, (), 9, b"h" * 32)
    with pytest.raises(ContractError) as problem:
        parse_receipt(json.loads(build_receipt(receipt)))
    assert problem.value.code == "malformed"
