"""Whether a body that arrived is what it claims: addressed to this node, signed by a key that counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from contracts.definition import ContractError
from contracts.envelope import Frame, parse_frame
from contracts.errors import MAX_BODY_BYTES
from contracts.file import FilePiece, FileRequest, parse_file_piece, parse_file_request
from contracts.opening import OpeningRequest, parse_opening_request
from contracts.receipt import Receipt, ResendRequest, parse_receipt, parse_resend_request
from shared.exchange import jose
from shared.exchange.directory import Directory, NotListed, NotValid
from shared.exchange.jose import Forged, Opened, Peeked, Unreadable
from shared.node.agency_keys import AgencyKeys

Claim = Frame | Receipt | ResendRequest | FileRequest | FilePiece | OpeningRequest


class Unauthentic(Exception):
    """A body that proves nothing. ``code`` is one of ``contracts.errors.UNAUTHENTIC``; ``claimed`` is the
    sender it names, if any, and ``case_id`` the case. ``personal``: disclosures came with it."""

    def __init__(self, code: str, claimed: str | None = None, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.claimed = claimed
        self.detail = detail
        self.case_id: UUID | None = None
        self.personal = False


class NotYet(Exception):
    """A message that can't be judged before more is known. ``code`` is one of
    ``contracts.errors.WAITING``."""

    def __init__(self, code: str, claimed: str, digest: bytes) -> None:
        super().__init__(code)
        self.code = code
        self.claimed = claimed
        self.digest = digest
        self.case_id: UUID | None = None
        self.personal = False


@dataclass(frozen=True, slots=True)
class Authentic:
    """A message whose signature counts. ``payload`` is not checked beyond ``claim`` yet."""

    claim: Claim
    payload: Mapping[str, Any]
    jws: str
    digest: bytes
    disclosures: tuple[str, ...]
    erased: bool
    body: bytes

    @property
    def too_large(self) -> bool:
        """Whether the body exceeds what the contract allows; such a message is counted and refused."""
        return len(self.body) > MAX_BODY_BYTES


class Reader(Protocol):
    """What reads the claim of one kind of message."""

    def __call__(self, payload: Mapping[str, Any]) -> Claim: ...


_READERS: Final[Mapping[str, Reader]] = {
    jose.EVENT: parse_frame,
    jose.RECEIPT: parse_receipt,
    jose.RESEND: parse_resend_request,
    jose.FILE_REQUEST: parse_file_request,
    jose.FILE_PIECE: parse_file_piece,
    jose.OPENING_REQUEST: parse_opening_request,
}


def authenticate(
    body: bytes,
    keys: AgencyKeys,
    directory: Directory,
    training: bool,
    of_directory: Callable[[Mapping[str, Any]], bool],
    insurer_of: Callable[[Mapping[str, Any]], str | None],
) -> Authentic:
    """Decrypt a body and verify its signature for the time at which it claims to have been signed.

    ``of_directory`` tells whether a payload is an event of a ward's directory: those are verified with the
    configured trust anchor while the ward itself is not listed. ``insurer_of`` gives the insurer of the case that a
    payload is about; it is asked only where more than one directory lists the sender.

    :raises Unauthentic: it is not acceptable, whatever becomes known later.
    :raises NotYet: its sender or key is not known; nothing of it may be believed.
    """
    opened, peeked = _opened(body, keys)
    try:
        return _verified(body, opened, peeked, keys.agency, directory, training, of_directory, insurer_of)
    except (Unauthentic, NotYet) as problem:
        problem.case_id, problem.personal = claimed_case(peeked.payload), bool(opened.disclosures)
        raise


def claimed_case(payload: Mapping[str, object]) -> UUID | None:
    """The case that a payload names, when it names one."""
    try:
        return UUID(str(payload.get("case")))
    except ValueError:
        return None


def _verified(
    body: bytes,
    opened: Opened,
    peeked: Peeked,
    me: str,
    directory: Directory,
    training: bool,
    of_directory: Callable[[Mapping[str, Any]], bool],
    insurer_of: Callable[[Mapping[str, Any]], str | None],
) -> Authentic:
    claim = _claim(peeked)
    if claim.recipient != me:
        raise Unauthentic("wrong_recipient", claim.sender)
    if claim.training != training:
        raise Unauthentic("training_mismatch", claim.sender)
    digest = jose.digest(opened.jws)
    anchor = directory.anchor(claim.sender, peeked.kid) if of_directory(peeked.payload) else None
    insurer = insurer_of(peeked.payload) if len(directory.of(claim.sender)) > 1 else None
    try:
        key = directory.signing_key(claim.sender, peeked.kid, claim.time, insurer)
    except NotValid as problem:
        raise Unauthentic(problem.code, claim.sender, f"鍵 {peeked.kid}") from problem
    except NotListed as problem:
        if anchor is None:
            raise NotYet(problem.code, claim.sender, digest) from problem
        key = anchor
    try:
        jose.verify(opened.jws, key)
    except Forged as problem:
        raise Unauthentic("forged_signature", claim.sender, f"鍵 {peeked.kid}") from problem
    return Authentic(claim, peeked.payload, opened.jws, digest, opened.disclosures, opened.erased, body)


def _opened(body: bytes, keys: AgencyKeys) -> tuple[Opened, Peeked]:
    if len(body) > jose.MAX_AUTHENTICATED_BYTES:
        raise Unauthentic("too_large", detail=f"{len(body)} バイト")
    try:
        opened = jose.unseal(body, keys)
        return opened, jose.peek(opened.jws)
    except Unreadable as problem:
        raise Unauthentic("unreadable") from problem


def _claim(peeked: Peeked) -> Claim:
    reader = _READERS.get(peeked.typ)
    if reader is None:
        raise Unauthentic("unreadable")
    try:
        return reader(peeked.payload)
    except ContractError as problem:
        raise Unauthentic("malformed", detail=f"項目 {problem.field}") from problem
