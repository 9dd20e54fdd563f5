"""Putting aside what a person must look at. Bodies are kept only as the ciphertext that arrived."""

from typing import Literal
from uuid import UUID

from shared.eventlog.database import Connection

Kind = Literal["message", "unauthentic", "alarm", "reaction"]

_PARK = """
    insert into parked (kind, partner, epoch, sequence, body, position, case_id, code, detail)
    select %(kind)s, %(partner)s, %(epoch)s, %(sequence)s, %(body)s, %(position)s, %(case_id)s, %(code)s,
    %(detail)s
     where not exists (
         select from parked
          where resolved_at is null and kind = %(kind)s and code = %(code)s
            and partner is not distinct from %(partner)s and epoch is not distinct from %(epoch)s
            and sequence is not distinct from %(sequence)s and position is not distinct from %(position)s
            and (sequence is not null or position is not null
                 or body_digest is not distinct from sha256(%(body)s)))
"""


def park(
    connection: Connection,
    kind: Kind,
    code: str,
    *,
    partner: str | None = None,
    epoch: int | None = None,
    sequence: int | None = None,
    body: bytes | None = None,
    position: int | None = None,
    case_id: UUID | None = None,
    detail: str = "",
) -> None:
    """Park something once, however often it comes again. ``detail`` is Japanese, without personal data."""
    connection.execute(
        _PARK,
        {
            "kind": kind,
            "partner": partner,
            "epoch": epoch,
            "sequence": sequence,
            "body": body,
            "position": position,
            "case_id": case_id,
            "code": code,
            "detail": detail,
        },
    )


def forget_case(connection: Connection, case_id: UUID) -> None:
    """Drop the parked bodies of a case: part of erasing its person."""
    connection.execute("update parked set body = null where case_id = %s and body is not null", (case_id,))
