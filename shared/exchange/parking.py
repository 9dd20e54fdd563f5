"""Putting aside what a person must look at. Bodies are kept only as the ciphertext that arrived.

A body may hold what a person can be known by, so it is kept only where erasing that person will reach it: of a case
that this node knows, and that is not erased. What the node failed to store is kept until somebody has looked at it.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

from contracts.envelope import Frame
from contracts.errors import ASKED_AGAIN, NOT_STORED
from shared.eventlog.database import Connection

Kind = Literal["message", "unauthentic", "alarm", "reaction"]

KINDS: Final[Mapping[str, str]] = {
    "message": "拒否",
    "unauthentic": "署名・暗号を確かめられないもの",
    "alarm": "警告",
    "reaction": "自動処理の失敗",
}
"""Kind of what is parked → its term."""

MOST_UNAUTHENTIC: Final = 2000
"""Unauthentic messages that lie here one by one; what comes beyond them is one row a reason.

With :data:`MOST_BODIES` and :data:`MOST_BODY_BYTES` this bounds what somebody who can reach the broker, and proves
nothing, can make this node store.
"""
MOST_BODIES: Final = 500
MOST_BODY_BYTES: Final = 32 * 1024 * 1024
"""Of unauthentic messages; beyond these their digest, size and code are kept without the body."""
MORE: Final = "これより多くは1件ずつ残していません"

_PARK: Final = """
    insert into parked (kind, partner, epoch, sequence, body, body_digest, body_bytes, position, case_id, code, detail)
    select %(kind)s, %(partner)s, %(epoch)s, %(sequence)s,
           case when %(case_id)s::uuid is null
                  or not exists (select from events where case_id = %(case_id)s and type = 'PersonErased')
                     and (%(code)s = %(not_stored)s or exists (select from events where case_id = %(case_id)s))
                then %(body)s::bytea end,
           %(digest)s, %(bytes)s, %(position)s, %(case_id)s, %(code)s, %(detail)s
     where not exists (
         select from parked
          where resolved_at is null and kind = %(kind)s and code = %(code)s
            and partner is not distinct from %(partner)s and epoch is not distinct from %(epoch)s
            and sequence is not distinct from %(sequence)s and position is not distinct from %(position)s
            and (sequence is not null or position is not null
                 or body_digest is not distinct from %(digest)s))
"""


def is_erased(connection: Connection, case_id: UUID | None) -> bool:
    """Whether the person of a case was erased at this node; to be asked under the head row's lock."""
    row = connection.execute(
        "select exists (select from events where case_id = %s and type = 'PersonErased')", (case_id,)
    ).fetchone()
    return row is not None and bool(row[0])


def park(
    connection: Connection,
    kind: Kind,
    code: str,
    *,
    partner: str | None = None,
    epoch: int | None = None,
    sequence: int | None = None,
    body: bytes | None = None,
    digest: bytes | None = None,
    size: int | None = None,
    position: int | None = None,
    case_id: UUID | None = None,
    detail: str = "",
) -> None:
    """Park something once, however often it comes again. ``detail`` is Japanese, without personal data.

    ``digest`` and ``size`` tell of a body that is not to be kept; they follow from ``body`` where it is given.
    """
    connection.execute(
        _PARK,
        {
            "kind": kind,
            "partner": partner,
            "epoch": epoch,
            "sequence": sequence,
            "body": body,
            "digest": sha256(body).digest() if digest is None and body is not None else digest,
            "bytes": len(body) if size is None and body is not None else size,
            "position": position,
            "case_id": case_id,
            "code": code,
            "detail": detail,
            "not_stored": NOT_STORED,
        },
    )


def resolve_come_again(connection: Connection, frame: Frame) -> None:
    """Note that a message that was refused for now came again and is stored."""
    connection.execute(
        "update parked set resolved_at = clock_timestamp(), body = null"
        " where partner = %s and epoch = %s and sequence = %s and code = any(%s) and resolved_at is null",
        (frame.sender, frame.epoch, frame.sequence, list(ASKED_AGAIN)),
    )


def park_unauthentic(
    connection: Connection,
    code: str,
    body: bytes,
    *,
    partner: str | None = None,
    digest: bytes | None = None,
    case_id: UUID | None = None,
    keep: bool = True,
    detail: str = "",
) -> None:
    """Park a body that proves nothing, within bounds; without ``keep`` only its digest and size.

    ``partner`` and ``case_id`` are what it claims. ``digest`` is of what stays the same when it is sent again, because
    a body is encrypted anew each time; by default it is the body's.
    """
    row = connection.execute(
        "select (select count(*) from parked where kind = 'unauthentic' and resolved_at is null),"
        " count(*), coalesce(sum(body_bytes), 0) from parked where kind = 'unauthentic' and body is not null"
    ).fetchone()
    assert row is not None
    lying, bodies, held = row
    if lying >= MOST_UNAUTHENTIC:
        park(connection, "unauthentic", code, detail=MORE)
        return
    fits = bodies < MOST_BODIES and held + len(body) <= MOST_BODY_BYTES
    park(
        connection,
        "unauthentic",
        code,
        partner=partner,
        body=body if keep and fits else None,
        digest=digest or sha256(body).digest(),
        size=len(body),
        case_id=case_id,
        detail=detail,
    )
