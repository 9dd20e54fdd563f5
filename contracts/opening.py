"""Asking whoever opened a case to tell one of its parties of it: signed and encrypted like events, never numbered.

The parties of a case speak to each other in any order, but only who opened it can tell a party what the case is. Where
another party speaks first, its message waits; its sender asks the opener, again and again until the message is judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from contracts.envelope import AGENCY
from contracts.unnumbered import UnnumberedSchema, build_unnumbered, read_unnumbered


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """A party's request that ``agency``, another party of ``case``, be sent the event that opened it."""

    id: UUID
    sender: str
    recipient: str
    training: bool
    time: datetime
    case: UUID
    agency: str


class OpeningRequestSchema(UnnumberedSchema):
    """A request to tell a party of a case's opening; published as JSON Schema."""

    case = fields.UUID(required=True)
    agency = fields.String(required=True, validate=AGENCY)


_REQUEST: Final = OpeningRequestSchema()


def build_opening_request(request: OpeningRequest) -> str:
    """The JSON text that is signed."""
    return build_unnumbered(request, case=str(request.case), agency=request.agency)


def parse_opening_request(payload: Mapping[str, Any]) -> OpeningRequest:
    """Read a request. :raises ContractError: ``malformed``, names the field."""
    return OpeningRequest(**read_unnumbered(_REQUEST, payload))
