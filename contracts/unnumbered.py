"""What every unnumbered message has: receipts, requests to send again, requests for files and their pieces.

They are signed and encrypted like events, but neither numbered nor receipted: a lost one is simply made again.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from contracts.envelope import AGENCY, FORMAT, FlagField, contract_error


class Unnumbered(Protocol):
    """The common part, as a message's dataclass has it."""

    @property
    def id(self) -> UUID: ...
    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def training(self) -> bool: ...
    @property
    def time(self) -> datetime: ...


class UnnumberedSchema(Schema):
    """The common part on the wire."""

    class Meta:
        unknown = EXCLUDE

    format = fields.Integer(required=True, strict=True, validate=validate.Equal(FORMAT))
    id = fields.UUID(required=True)
    sender = fields.String(required=True, validate=AGENCY)
    recipient = fields.String(required=True, validate=AGENCY)
    training = FlagField(required=True)
    time = fields.AwareDateTime(required=True, format="iso")


def read_unnumbered(schema: Schema, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Read one, without its format number. :raises ContractError: ``malformed``, names the field."""
    try:
        read = dict(schema.load(dict(payload)))
    except ValidationError as problem:
        raise contract_error("malformed", problem) from problem
    del read["format"]
    return read


def build_unnumbered(message: Unnumbered, **more: Any) -> str:
    """The JSON text that is signed; ``more``, JSON-shaped, follows the common part."""
    common = {
        "format": FORMAT,
        "id": str(message.id),
        "sender": message.sender,
        "recipient": message.recipient,
        "training": message.training,
        "time": message.time.isoformat(),
    }
    return json.dumps({**common, **more}, ensure_ascii=False, separators=(",", ":"))
