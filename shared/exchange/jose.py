"""Signing and encrypting messages in standard JOSE, so that a partner in any language can take part.

A message on the wire is a JWE (ECDH-ES to the recipient's X25519 key, A256GCM). Its plaintext is a compact
JWS (Ed25519), followed for an event by the disclosures of its personal fields in the compact form of
RFC 9901: ``<jws>~<disclosure>~...~``. The JWS is kept as proof; the JWE is made anew at every publish.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

EVENT: Final = "renkei-event+jwt"
RECEIPT: Final = "renkei-receipt+jws"
RESEND: Final = "renkei-resend+jws"

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


@dataclass(frozen=True)
class AgencyKeys:
    """The private keys of one node: of its agency, and ``node_key`` (32 bytes) which wraps the persons' keys.

    The last signing key is the newest; older ones stay while the directory still lists them.
    """

    agency: str
    node_key: bytes
    signing: tuple[OKPKey, ...]
    encryption: tuple[OKPKey, ...]

    @classmethod
    def generate(cls, agency: str) -> "AgencyKeys":
        """Fresh keys for ``agency``, with key ids that name it."""
        signing, encryption = _fresh_key(agency, "Ed25519", "sig"), _fresh_key(agency, "X25519", "enc")
        return cls(agency, os.urandom(32), (signing,), (encryption,))

    @classmethod
    def load(cls, path: Path) -> "AgencyKeys":
        """Read a key file as :meth:`save` wrote it.

        :raises OSError: unreadable. :raises ValueError: not a key file.
        """
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                read["agency"],
                _decode(read["node_key"]),
                tuple(OKPKey.import_key(each) for each in read["signing"]),
                tuple(OKPKey.import_key(each) for each in read["encryption"]),
            )
        except (KeyError, TypeError, ValueError, JoseError) as problem:
            raise ValueError(f"鍵ファイル {path} を読めません。控えから戻してください") from problem

    def save(self, path: Path) -> None:
        """Write the key file, readable for its owner only."""
        content = {
            "agency": self.agency,
            "node_key": _encode(self.node_key),
            "signing": [each.as_dict(private=True) for each in self.signing],
            "encryption": [each.as_dict(private=True) for each in self.encryption],
        }
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)

    def public_jwks(self) -> list[dict[str, Any]]:
        """The public keys, as they stand in a directory: JWKs with ``kid`` and ``use``."""
        return [each.as_dict(private=False) for each in (*self.signing, *self.encryption)]

    def anchor(self) -> dict[str, Any]:
        """The newest public signing key: what partners configure as trust anchor if this agency is a ward."""
        return self.signing[-1].as_dict(private=False)

    def signing_key(self, listed: Sequence[str] = ()) -> OKPKey:
        """The newest signing key whose id is in ``listed``; without any listed one, the newest."""
        return next((each for each in reversed(self.signing) if each.kid in listed), self.signing[-1])


def public_key(jwk: Mapping[str, Any]) -> OKPKey:
    """Import a public JWK. :raises ValueError: not an OKP key."""
    try:
        return OKPKey.import_key({name: value for name, value in jwk.items() if name != "d"})
    except (JoseError, KeyError, TypeError, ValueError) as problem:
        raise ValueError("not a usable public key") from problem


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


def _fresh_key(agency: str, curve: Any, use: str) -> OKPKey:
    key = OKPKey.generate_key(curve, private=True)
    parameters = {**key.as_dict(private=True), "use": use, "kid": f"{agency}.{use}.{key.thumbprint()[:10]}"}
    return OKPKey.import_key(parameters)


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
