"""The envelope of an event between agencies: CloudEvents 1.0 in JSON, the payload of a signed JWS.

Attributes that CloudEvents does not have are extension attributes: lower-case letters and digits only.
Numbers count messages from one sender to one recipient within one epoch of the sender, without gaps from 1.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from contracts.definition import ContractError
from contracts.json_text import written

FORMAT: Final = 1
FRAME_BYTES: Final = 4096
"""More than the attributes beside ``data``, the headers and the signature ever take."""
TYPE_PATTERN: Final = re.compile(r"jp\.renkei\.([A-Z][A-Za-z0-9]*)\.v([1-9][0-9]*)")
AGENCY: Final = validate.Regexp(r"^[0-9A-Z]{6,12}$", error="事業所の番号は半角数字と大文字6～12字です")


@dataclass(frozen=True, slots=True)
class Frame:
    """What makes a message countable, even when the rest of it is wrong.

    ``previous_digest`` is the SHA-256 of the previous JWS to this recipient, ``None`` for the first of
    an epoch. On the first message of a later epoch ``former_epoch`` and ``former_through`` say the last
    number that the sender, restored from a backup, still knows to have used.
    """

    id: UUID
    sender: str
    recipient: str
    epoch: int
    sequence: int
    time: datetime
    training: bool
    previous_digest: bytes | None = None
    former_epoch: int | None = None
    former_through: int | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event on its way from one agency to another.

    ``data`` is the exact JSON text of the open fields and the digests (``_sd``) of the personal ones.
    """

    frame: Frame
    type: str
    version: int
    case: UUID | None
    causation: UUID | None
    correlation: UUID | None
    occurred_on: date
    recorded_at: datetime
    actor: str
    data: str


def digest_text(digest: bytes) -> str:
    """A SHA-256 as it stands in envelopes and receipts: base64url without padding."""
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class DigestField(fields.Field[bytes]):
    """A SHA-256 in base64url."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            digest = urlsafe_b64decode(value + "=")
        except (TypeError, ValueError) as problem:
            raise ValidationError("base64url の SHA-256 ではありません") from problem
        if len(digest) != 32:
            raise ValidationError("base64url の SHA-256 ではありません")
        return digest


class FlagField(fields.Boolean):
    """``true`` or ``false``, and nothing that merely counts as such."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("true か false を書いてください")
        return value


def counting(minimum: int = 1) -> fields.Integer:
    """A required whole number from ``minimum`` up to what CloudEvents allows (32 bits with a sign)."""
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=minimum, max=2**31 - 1))


class _Tolerant(Schema):
    """Unknown attributes are ignored, so that a later version may add some."""

    class Meta:
        unknown = EXCLUDE


class FrameSchema(_Tolerant):
    """The attributes without which a message can't be counted."""

    id = fields.UUID(required=True)
    sender = fields.String(required=True, validate=AGENCY)
    recipient = fields.String(required=True, validate=AGENCY)
    epoch = counting()
    sequence = counting()
    time = fields.AwareDateTime(required=True, format="iso")
    training = FlagField(required=True)
    previous_digest = DigestField(data_key="previousdigest", load_default=None)
    former_epoch = fields.Integer(
        data_key="formerepoch", strict=True, load_default=None, validate=validate.Range(min=1, max=2**31 - 1)
    )
    former_through = fields.Integer(
        data_key="formerthrough",
        strict=True,
        load_default=None,
        validate=validate.Range(min=0, max=2**31 - 1),
    )


class RestSchema(_Tolerant):
    """The other attributes."""

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    format = fields.Integer(
        data_key="formatversion", required=True, strict=True, validate=validate.Equal(FORMAT)
    )
    source = fields.String(required=True, validate=validate.Length(min=1))
    type = fields.String(required=True, validate=validate.Regexp(f"^{TYPE_PATTERN.pattern}$"))
    subject = fields.String()
    datacontenttype = fields.String(required=True, validate=validate.Equal("application/json"))
    case = fields.UUID(load_default=None)
    causation = fields.UUID(load_default=None)
    correlation = fields.UUID(load_default=None)
    occurred_on = fields.Date(data_key="occurredon", required=True, format="iso")
    recorded_at = fields.AwareDateTime(data_key="recordedat", required=True, format="iso")
    actor = fields.String(required=True, validate=validate.Length(min=1, max=200))
    data = fields.Dict(keys=fields.String(), required=True)


class EnvelopeSchema(FrameSchema, RestSchema):
    """The whole envelope; published as JSON Schema."""


_FRAME: Final = FrameSchema()
_REST: Final = RestSchema()


def body_size(data: str, disclosures: Sequence[str]) -> int:
    """How many bytes a message with this data and these disclosures has on the wire at most, encrypted.

    Signing writes the payload in base64, encrypting writes what is signed and the disclosures in base64 again.
    """
    signed = _base64_size(FRAME_BYTES + len(data.encode()))
    return _base64_size(signed + sum(len(each) + 1 for each in disclosures) + 1)


def _base64_size(number: int) -> int:
    return (number + 2) // 3 * 4


def build(envelope: Envelope) -> str:
    """The JSON text that is signed. ``data`` goes in exactly as it stands in the log."""
    frame = envelope.frame
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "formatversion": FORMAT,
        "id": str(frame.id),
        "source": f"/agencies/{frame.sender}",
        "type": type_name(envelope.type, envelope.version),
        "subject": _text(envelope.case),
        "time": frame.time.isoformat(),
        "datacontenttype": "application/json",
        "sender": frame.sender,
        "recipient": frame.recipient,
        "epoch": frame.epoch,
        "sequence": frame.sequence,
        "previousdigest": digest_text(frame.previous_digest) if frame.previous_digest else None,
        "formerepoch": frame.former_epoch,
        "formerthrough": frame.former_through,
        "case": _text(envelope.case),
        "causation": _text(envelope.causation),
        "correlation": _text(envelope.correlation),
        "training": frame.training,
        "occurredon": envelope.occurred_on.isoformat(),
        "recordedat": envelope.recorded_at.isoformat(),
        "actor": envelope.actor,
    }
    given = {name: value for name, value in attributes.items() if value is not None}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))[:-1] + f',"data":{envelope.data}}}'


def parse_frame(payload: Mapping[str, Any]) -> Frame:
    """What makes a message countable. :raises ContractError: ``malformed``, names the attribute."""
    try:
        return Frame(**_FRAME.load(dict(payload)))
    except ValidationError as problem:
        raise contract_error("malformed", problem) from problem


def parse(payload: Mapping[str, Any], frame: Frame) -> tuple[Envelope, Mapping[str, Any]]:
    """The envelope around a ``frame`` that was read already, and its ``data`` as an object.

    ``Envelope.data`` is that object as compact JSON with sorted names.

    :raises ContractError: ``invalid_envelope``, names the attribute.
    """
    try:
        read = _REST.load(dict(payload))
    except ValidationError as problem:
        raise contract_error("invalid_envelope", problem) from problem
    matched = TYPE_PATTERN.fullmatch(read["type"])
    if matched is None:
        raise ContractError("invalid_envelope", "type", "種類の名前ではありません")
    try:
        data = written(read["data"])
    except UnicodeEncodeError as problem:
        raise ContractError("invalid_envelope", "data", "文字コードが正しくありません") from problem
    envelope = Envelope(
        frame,
        matched[1],
        int(matched[2]),
        read["case"],
        read["causation"],
        read["correlation"],
        read["occurred_on"],
        read["recorded_at"],
        read["actor"],
        data,
    )
    return envelope, read["data"]


def type_name(name: str, version: int) -> str:
    """CloudEvents ``type`` of one version of an event type."""
    return f"jp.renkei.{name}.v{version}"


def contract_error(code: str, problem: ValidationError) -> ContractError:
    """The first field that a schema refused, as an error with ``code``."""
    messages = problem.messages if isinstance(problem.messages, dict) else {"": problem.messages}
    name, reason = next(iter(messages.items()))
    text = "、".join(str(each) for each in reason) if isinstance(reason, list) else str(reason)
    return ContractError(code, str(name), text)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
