"""What a recipient answers: receipts (到達) for runs of messages, and requests to send again.

Both are signed and encrypted like events, but neither numbered nor receipted: a lost one is simply made
again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, validate

from contracts.envelope import DigestField, counting, digest_text
from contracts.unnumbered import UnnumberedSchema, build_unnumbered, read_unnumbered

STATUSES: Final = ("stored", "waiting", "refused")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message. ``stored`` has a position in the recipient's log, the others have a code.

    ``field`` names the place in the data that the code is about.
    """

    sequence: int
    id: UUID
    digest: bytes
    status: str
    code: str | None = None
    field: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A recipient's answer to messages of one epoch, with where its own log stood when it answered."""

    id: UUID
    sender: str
    recipient: str
    training: bool
    time: datetime
    epoch: int
    answers: Sequence[Answer]
    head_position: int
    head_hash: bytes


@dataclass(frozen=True, slots=True)
class ResendRequest:
    """A recipient's request to send everything of ``epoch`` behind number ``after`` again."""

    id: UUID
    sender: str
    recipient: str
    training: bool
    time: datetime
    epoch: int
    after: int


class _ReplySchema(UnnumberedSchema):
    epoch = counting()


class AnswerSchema(Schema):
    """What became of one message."""

    class Meta:
        unknown = EXCLUDE

    sequence = counting()
    id = fields.UUID(required=True)
    digest = DigestField(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    field = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    position = fields.Integer(load_default=None, allow_none=True, strict=True)


class HeadSchema(Schema):
    """Where the recipient's log ended."""

    class Meta:
        unknown = EXCLUDE

    position = counting(0)
    hash = DigestField(required=True)


class ReceiptSchema(_ReplySchema):
    """A receipt; published as JSON Schema."""

    answers = fields.List(
        fields.Nested(AnswerSchema), required=True, validate=validate.Length(min=1, max=1000)
    )
    head = fields.Nested(HeadSchema, required=True)


class ResendRequestSchema(_ReplySchema):
    """A request to send again; published as JSON Schema."""

    after = counting(0)


_RECEIPT: Final = ReceiptSchema()
_RESEND: Final = ResendRequestSchema()


def build_receipt(receipt: Receipt) -> str:
    """The JSON text that is signed."""
    return build_unnumbered(
        receipt,
        epoch=receipt.epoch,
        answers=[answer_json(each) for each in receipt.answers],
        head={"position": receipt.head_position, "hash": digest_text(receipt.head_hash)},
    )


def answer_json(answer: Answer) -> dict[str, Any]:
    """One answer as it stands in a receipt; what is not known is left out."""
    read = {
        "sequence": answer.sequence,
        "id": str(answer.id),
        "digest": digest_text(answer.digest),
        "status": answer.status,
        "code": answer.code,
        "field": answer.field,
        "position": answer.position,
    }
    return {name: value for name, value in read.items() if value is not None}


def parse_receipt(payload: Mapping[str, Any]) -> Receipt:
    """Read a receipt. :raises ContractError: ``malformed``, names the field."""
    read = read_unnumbered(_RECEIPT, payload)
    answers, head = read.pop("answers"), read.pop("head")
    return Receipt(
        **read,
        answers=tuple(Answer(**each) for each in answers),
        head_position=head["position"],
        head_hash=head["hash"],
    )


def build_resend_request(request: ResendRequest) -> str:
    """The JSON text that is signed."""
    return build_unnumbered(request, epoch=request.epoch, after=request.after)


def parse_resend_request(payload: Mapping[str, Any]) -> ResendRequest:
    """Read a request to send again. :raises ContractError: ``malformed``, names the field."""
    return ResendRequest(**read_unnumbered(_RESEND, payload))
