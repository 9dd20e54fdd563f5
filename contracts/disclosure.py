"""Salted digests for the fields about a person, in the manner of SD-JWT (RFC 9901).

An event is signed with one digest for each personal field; the fields themselves travel beside it as
disclosures. Once the disclosures are destroyed, the signature and the hash chain still verify and the person
cannot be guessed from them, because each digest covers 128 random bits.

``_sd_alg`` is left out: RFC 9901 allows it only at the top level of a payload, ours is a CloudEvent whose
digests are inside ``data``, and its default is the SHA-256 that we use.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from contracts.json_text import written

DIGESTS: Final = "_sd"
SALT_BYTES: Final = 16
_RESERVED: Final = frozenset({DIGESTS, "_sd_alg", "..."})


class DisclosureMismatch(ValueError):
    """Disclosures that do not belong to the digests beside which they came. Never holds a field's value."""

    code = "disclosure_mismatch"


def conceal(
    data: Mapping[str, Any],
    personal_names: Collection[str],
    salt: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[dict[str, Any], list[str]]:
    """Split JSON-shaped ``data`` into what is signed and what is disclosed beside it.

    Returns the open fields with ``_sd`` (digests, sorted so that their order says nothing) and the
    disclosures, each ``base64url(JSON [salt, name, value])``. Without personal fields ``data`` comes back
    unchanged.

    :raises ValueError: ``data`` uses a reserved name at the top level.
    """
    if not _RESERVED.isdisjoint(data):
        raise ValueError(f"reserved field names: {sorted(_RESERVED & set(data))}")
    opened = {name: value for name, value in data.items() if name not in personal_names}
    disclosures = [
        _disclosure(salt(SALT_BYTES), name, value) for name, value in data.items() if name in personal_names
    ]
    if disclosures:
        opened[DIGESTS] = sorted(digest(each) for each in disclosures)
    return opened, disclosures


def reveal(opened: Mapping[str, Any], disclosures: Iterable[str], erased: bool = False) -> dict[str, Any]:
    """Check ``disclosures`` against the digests in ``opened`` and return the personal fields by name.

    Every digest needs its disclosure, unless the sender says that it has ``erased`` them.

    :raises DisclosureMismatch: a disclosure without a digest, twice, malformed, or naming an open field; a
        digest without a disclosure although nothing was erased; an unknown digest algorithm.
    """
    missing = _digests(opened)
    personal: dict[str, Any] = {}
    for each in disclosures:
        found = digest(each)
        if found not in missing:
            raise DisclosureMismatch("a disclosure matches no digest")
        missing.remove(found)
        name, value = _parse(each)
        if name in opened or name in personal or name in _RESERVED:
            raise DisclosureMismatch(f"field {name} is given twice")
        personal[name] = value
    if missing and not erased:
        raise DisclosureMismatch(f"{len(missing)} digests without a disclosure")
    return personal


def open_fields(opened: Mapping[str, Any]) -> dict[str, Any]:
    """The open fields alone, without the digests."""
    return {name: value for name, value in opened.items() if name not in _RESERVED}


def digest(disclosure: str) -> str:
    """``base64url(SHA-256(disclosure))``, over the disclosure as it is transmitted.

    :raises DisclosureMismatch: not ASCII.
    """
    try:
        return _base64url(sha256(disclosure.encode("ascii")).digest())
    except UnicodeEncodeError as problem:
        raise DisclosureMismatch("a disclosure is not ASCII") from problem


def _disclosure(salt: bytes, name: str, value: Any) -> str:
    parts = [_base64url(salt), name, value]
    return _base64url(written(parts).encode())


def _digests(opened: Mapping[str, Any]) -> set[str]:
    found = opened.get(DIGESTS, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise DisclosureMismatch("_sd is not a list of texts")
    if len(set(found)) != len(found):
        raise DisclosureMismatch("a digest is given twice")
    if opened.get("_sd_alg", "sha-256") != "sha-256":
        raise DisclosureMismatch("_sd_alg is not sha-256")
    return set(found)


def _parse(disclosure: str) -> tuple[str, Any]:
    try:
        content = json.loads(urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    except (Base64Error, ValueError, RecursionError) as problem:
        raise DisclosureMismatch("a disclosure is not base64url of JSON") from problem
    match content:
        case [str(), str(name), value]:
            return name, value
    raise DisclosureMismatch("a disclosure is not [salt, name, value]")


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
