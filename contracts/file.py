"""Asking for the content of an attached file, and its pieces: signed and encrypted like events, never numbered.

A piece's bytes travel in base64 as the one disclosure beside what is signed, which holds their hash. Who wants a file
asks piece by piece, so that a lost request or piece is simply asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import fields, validate

from contracts.envelope import DigestField, counting, digest_text
from contracts.unnumbered import UnnumberedSchema, build_unnumbered, read_unnumbered

PIECE_BYTES: Final = 512 * 1024
"""Every piece but the last of a file has this many bytes."""
MOST_PIECES: Final = 40

REFUSALS: Final[Mapping[str, str]] = {
    "file_not_allowed": "相手の記録では、この事業所にこのファイルは知らされていません",
    "file_not_here": "ファイルの内容は相手のノードにもありません",
    "file_damaged": "ファイルの内容が相手のノードで破損しています",
    "person_erased": "相手のノードでは、保存期間の終了により消去されています",
}
"""Why a piece is not given: code → what people read."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A request for one piece, counted from 0, of a case's file; ``digest`` is the SHA-256 of the whole content."""

    id: UUID
    sender: str
    recipient: str
    training: bool
    time: datetime
    case: UUID
    digest: bytes
    number: int


@dataclass(frozen=True, slots=True)
class FilePiece:
    """The answer: the SHA-256 of the piece that travels beside it, or the code of a refusal."""

    id: UUID
    sender: str
    recipient: str
    training: bool
    time: datetime
    case: UUID
    digest: bytes
    number: int
    piece_digest: bytes | None
    code: str | None


class FileRequestSchema(UnnumberedSchema):
    """A request for a piece; published as JSON Schema."""

    case = fields.UUID(required=True)
    digest = DigestField(required=True)
    number = counting(0)


class FilePieceSchema(FileRequestSchema):
    """A piece, or its refusal; published as JSON Schema."""

    piece_digest = DigestField(data_key="piecedigest", load_default=None)
    code = fields.String(load_default=None, validate=validate.Length(max=100))


_REQUEST: Final = FileRequestSchema()
_PIECE: Final = FilePieceSchema()


def build_file_request(request: FileRequest) -> str:
    """The JSON text that is signed."""
    return _build(request)


def build_file_piece(piece: FilePiece) -> str:
    """The JSON text that is signed."""
    told = {"code": piece.code, "piecedigest": piece.piece_digest and digest_text(piece.piece_digest)}
    return _build(piece, **{name: value for name, value in told.items() if value is not None})


def parse_file_request(payload: Mapping[str, Any]) -> FileRequest:
    """Read a request. :raises ContractError: ``malformed``, names the field."""
    return FileRequest(**read_unnumbered(_REQUEST, payload))


def parse_file_piece(payload: Mapping[str, Any]) -> FilePiece:
    """Read a piece. :raises ContractError: ``malformed``, names the field."""
    return FilePiece(**read_unnumbered(_PIECE, payload))


def _build(message: FileRequest | FilePiece, **more: Any) -> str:
    digest = digest_text(message.digest)
    return build_unnumbered(message, case=str(message.case), digest=digest, number=message.number, **more)
