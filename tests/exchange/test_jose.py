"""Messages can be read by their recipient only, and prove who signed them."""

import json
import stat
from base64 import urlsafe_b64encode
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwe, jws
from joserfc.jwk import OctKey, OKPKey

from contracts.envelope import FRAME_BYTES, Envelope, Frame, body_size, build
from shared.exchange import jose
from shared.exchange.jose import Forged, Unreadable
from shared.node.agency_keys import AgencyKeys

SENDER, RECIPIENT = AgencyKeys.generate("1371600014"), AgencyKeys.generate("1301600019")
TO = jose.public_key(RECIPIENT.public_jwks()[1])
MOMENT = datetime.fromisoformat("2024-10-10T10:00:00.123456+09:00")
PAYLOAD = '{"name":"値"}'


def signed() -> str:
    return jose.sign(PAYLOAD, SENDER.signing_key(), jose.EVENT)


def test_a_sealed_message_comes_back_with_its_disclosures() -> None:
    token = signed()
    opened = jose.unseal(jose.seal(token, ["aaa", "bbb"], TO), RECIPIENT)
    assert (opened.jws, opened.disclosures, opened.erased) == (token, ("aaa", "bbb"), False)
    jose.verify(opened.jws, jose.public_key(SENDER.anchor()))
    assert jose.peek(opened.jws).payload == {"name": "値"}


def test_a_message_without_disclosures_can_say_that_they_were_erased() -> None:
    opened = jose.unseal(jose.seal(signed(), [], TO, erased=True), RECIPIENT)
    assert (opened.disclosures, opened.erased) == ((), True)


def test_what_the_broker_sees_holds_nothing_of_the_message_and_differs_every_time() -> None:
    token = signed()
    first, second = jose.seal(token, ["aaa"], TO), jose.seal(token, ["aaa"], TO)
    assert first != second
    assert token.encode() not in first
    assert b"aaa" not in first


def test_a_large_message_can_be_sealed_and_read() -> None:
    token = jose.sign(json.dumps({"text": "x" * 1_500_000}), SENDER.signing_key(), jose.EVENT)
    assert jose.unseal(jose.seal(token, [], TO), RECIPIENT).jws == token


@pytest.mark.parametrize("number", [0, 1, 1000, 400_000])
def test_the_size_foretold_of_a_message_is_never_less_than_its_size_and_little_more(number: int) -> None:
    data, disclosures = json.dumps({"text": "長" * number}, ensure_ascii=False), ["a" * number, "b" * 40]
    frame = Frame(
        uuid4(),
        "1371600014",
        "1301600019",
        9**9,
        9**9,
        MOMENT,
        True,
        b"p" * 32,
        former_epoch=1,
        former_through=7,
    )
    ids = (uuid4(), uuid4(), uuid4())
    envelope = Envelope(
        frame, "SimultaneousContractRequested", 1, *ids, MOMENT.date(), MOMENT, "a" * 100, data
    )
    body = jose.seal(jose.sign(build(envelope), SENDER.signing_key(), jose.EVENT), disclosures, TO)
    assert len(body) <= body_size(data, disclosures) <= len(body) + 2 * FRAME_BYTES


def test_nobody_else_can_read_it() -> None:
    with pytest.raises(Unreadable):
        jose.unseal(jose.seal(signed(), [], TO), SENDER)


def _encrypted(**header: Any) -> bytes:
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "ECDH-ES+A128KW", "A256GCM", "A128CBC-HS256", "DEF"])
    chosen = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": TO.kid, **header}
    return jwe.encrypt_compact(chosen, signed() + "~", TO, registry=registry).encode()


BODY = jose.seal(signed(), ["aaa"], TO)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no message",
        b"....",
        "機密".encode(),
        BODY[:-1],
        BODY[: len(BODY) // 2],
        BODY[:-5] + b"AAAAA",
        BODY.replace(b".", b"..", 1),
        b"x" * (jose.MAX_AUTHENTICATED_BYTES + 1),
        _encrypted(zip="DEF"),
        _encrypted(enc="A128CBC-HS256"),
        _encrypted(alg="ECDH-ES+A128KW"),
        _encrypted(kid="another"),
        urlsafe_b64encode(b"[" * 100_000) + b"....",
        signed().encode(),
    ],
    ids=range(15),
)
def test_what_is_not_a_message_to_this_node_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        jose.unseal(body, RECIPIENT)


def test_a_changed_payload_or_another_key_does_not_verify() -> None:
    header, _, signature = signed().split(".")
    changed = urlsafe_b64encode(b'{"name":"x"}').rstrip(b"=").decode()
    for token, key in (
        (f"{header}.{changed}.{signature}", SENDER),
        (signed(), RECIPIENT),
        (signed()[:-4] + "AAAA", SENDER),
    ):
        with pytest.raises(Forged):
            jose.verify(token, jose.public_key(key.anchor()))


def test_no_other_algorithm_is_accepted_whatever_the_header_says() -> None:
    public = SENDER.signing_key().as_dict(private=False)
    secret = OctKey.import_key(public["x"])
    hmac = jws.serialize_compact({"alg": "HS256", "kid": "k", "typ": jose.EVENT}, PAYLOAD, secret)
    header = urlsafe_b64encode(b'{"alg":"none","kid":"k","typ":"t"}').rstrip(b"=").decode()
    unsigned = f"{header}.{hmac.split('.')[1]}."
    for token in (hmac, unsigned):
        with pytest.raises(Forged):
            jose.verify(token, jose.public_key(public))


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c", "e30.e30.x", signed().replace(".", "~", 1), "eyJ0eXAiOjEsImtpZCI6MX0.e30."]
)
def test_what_is_not_a_signed_message_is_not_peeked_into(token: str) -> None:
    with pytest.raises(Unreadable):
        jose.peek(token)


def test_keys_are_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    SENDER.save(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = AgencyKeys.load(file)
    assert again.public_jwks() == SENDER.public_jwks()
    assert again.node_key == SENDER.node_key
    assert jose.unseal(jose.seal("a.b.c", [], jose.public_key(again.public_jwks()[1])), again).jws == "a.b.c"


def test_a_broken_key_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="控え"):
        AgencyKeys.load(file)


def test_public_keys_hold_no_private_part() -> None:
    assert all("d" not in each for each in SENDER.public_jwks())
    assert "d" not in jose.public_key(OKPKey.generate_key("X25519").as_dict(private=True)).as_dict()


def test_the_newest_listed_key_signs() -> None:
    old, new = AgencyKeys.generate("1371600014"), AgencyKeys.generate("1371600014")
    both = AgencyKeys("1371600014", old.node_key, old.signing + new.signing, old.encryption)
    assert both.signing_key() is new.signing[0]
    assert both.signing_key([str(old.signing[0].kid)]) is old.signing[0]
