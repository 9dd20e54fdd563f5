"""Signing and encrypting messages in standard JOSE, so that a partner in any language can take part.

A message on the wire is a JWE (ECDH-ES to the recipient's X25519 key, A256GCM). Its plaintext is a compact
JWS (Ed25519), followed for an event by the disclosures of its personal fields in the compact form of
RFC 9901: ``<jws>~<disclosure>~...~``. The JWS is kept as proof; the JWE is made anew at every publish.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contracts.events.agency import CURVES
from shared.node.agency_keys import AgencyKeys

EVENT: Final = "renkei-event+jwt"
RECEIPT: Final = "renkei-receipt+jws"
RESEND: Final = "renkei-resend+jws"
FILE_REQUEST: Final = "renkei-file-request+jws"
FILE_PIECE: Final = "renkei-file-piece+jws"
OPENING_REQUEST: Final = "renkei-opening-request+jws"

_MEMBERS: Final = ("kty", "crv", "x", "kid", "use")
"""What this exchange reads of a JWK; other members would only restrict what its library lets it do."""

MAX_AUTHENTICATED_BYTES: Final = 8 * 1024 * 1024
"""Above this a body is not even decrypted. Between the contract's limit and this, a message is authenticated,
so that its number can be consumed and its refusal signed; otherwise everything behind it would stay held."""


class _SignatureRules(jws.JWSRegistry):
    max_payload_length = MAX_AUTHENTICATED_BYTES


class _EncryptionRules(jwe.JWERegistry):
    max_ciphertext_length = MAX_AUTHENTICATED_BYTES


_SIGNATURE: Final = _SignatureRules(algorithms=["Ed25519"], strict_check_header=False)
_ENCRYPTION: Final = _EncryptionRules(algorithms=["ECDH-ES", "A256GCM"], strict_check_header=False)


class Unreadable(ValueError):
    """Bytes that are not a message to this node: not JOSE, to another key, or altered."""


class Forged(ValueError):
    """A signature that does not verify with the key it names."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted message, not verified yet. ``erased``: the sender no longer has the disclosures."""

    jws: str
    disclosures: tuple[str, ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class Peeked:
    """What a JWS claims about itself before its signature is verified."""

    typ: str
    kid: str
    payload: Mapping[str, Any]


def public_key(jwk: Mapping[str, Any]) -> OKPKey:
    """Import a public JWK and try it, as far as a public key alone can be tried.

    :raises ValueError: not a key with which this exchange can verify (Ed25519) or encrypt (X25519).
    """
    try:
        key = OKPKey.import_key({name: jwk[name] for name in _MEMBERS if name in jwk})
        use = str(jwk.get("use", "sig" if key.curve_name == CURVES["sig"] else "enc"))
        if key.curve_name != CURVES.get(use):
            raise ValueError("of another curve than its use needs")
        if key.curve_name == CURVES["enc"]:
            OKPKey.generate_key("X25519").exchange_derive_key(key)  # some points share no secret with anybody
    except (JoseError, KeyError, TypeError, ValueError) as problem:
        raise ValueError("not a usable public key") from problem
    return key


def same(one: OKPKey, other: OKPKey) -> bool:
    """Whether two keys are the same point of the same curve, whatever they are called."""
    return one.thumbprint() == other.thumbprint()


def sign(payload: str, key: OKPKey, typ: str) -> str:
    """A compact JWS over ``payload`` (JSON text), its header naming key and kind."""
    header = {"alg": "Ed25519", "kid": key.kid, "typ": typ}
    return jws.serialize_compact(header, payload, key, registry=_SIGNATURE)


def verify(token: str, key: OKPKey) -> None:
    """Check a JWS against the key that the directory gives for it. :raises Forged: it does not verify."""
    try:
        jws.deserialize_compact(token, key, registry=_SIGNATURE)
    except (JoseError, ValueError) as problem:
        raise Forged("the signature does not verify") from problem


def peek(token: str) -> Peeked:
    """What a JWS claims. Trust nothing of it before :func:`verify`. :raises Unreadable: not a JWS of ours."""
    try:
        header_part, payload_part, _ = token.split(".")
        header, payload = json.loads(_decode(header_part)), json.loads(_decode(payload_part))
        typ, kid = header["typ"], header["kid"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise Unreadable("not a compact JWS with kid and typ") from problem
    if not (isinstance(typ, str) and isinstance(kid, str) and isinstance(payload, dict)):
        raise Unreadable("not a compact JWS with kid and typ")
    return Peeked(typ, kid, payload)


def seal(token: str, disclosures: Sequence[str], key: OKPKey, erased: bool = False) -> bytes:
    """The body of a message to the holder of ``key``: a fresh JWE at every call."""
    header: dict[str, Any] = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.kid}
    if erased:
        header["erased"] = True
    plaintext = "~".join([token, *disclosures, ""])
    return jwe.encrypt_compact(header, plaintext, key, registry=_ENCRYPTION).encode("ascii")


def unseal(body: bytes, keys: AgencyKeys) -> Opened:
    """Decrypt a message with the own key that it names.

    :raises Unreadable: too large to try, not a JWE, to a key that this node does not have, or altered.
    """
    if len(body) > MAX_AUTHENTICATED_BYTES:
        raise Unreadable("too large to be read")
    try:
        header = json.loads(_decode(body[: body.index(b".")].decode("ascii")))
        key = next(each for each in keys.encryption if each.kid == header.get("kid"))
        opened = jwe.decrypt_compact(body, key, registry=_ENCRYPTION)
        text = (opened.plaintext or b"").decode("ascii")
    except StopIteration as problem:
        raise Unreadable("encrypted to a key that this node does not have") from problem
    except (JoseError, ValueError, AttributeError, TypeError, RecursionError) as problem:
        raise Unreadable("not a JWE that can be decrypted") from problem
    token, *disclosures = text.split("~")
    if not disclosures or disclosures.pop() != "":
        raise Unreadable("not in the form <jws>~<disclosure>~")
    return Opened(token, tuple(disclosures), header.get("erased") is True)


def digest(token: str) -> bytes:
    """SHA-256 of a JWS: what the next message to the same recipient and the receipt refer to."""
    return sha256(token.encode("ascii")).digest()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
