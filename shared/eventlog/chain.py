"""The hash chain: what a row's hash covers, and finding the row where it does not hold.

The same bytes are hashed by ``append_events`` in the database (``migrations/0002_append.sql``); this is the second,
independent reading of that format. A row's hash is also its RFC 9162 leaf hash.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.eventlog.encoding import day, identifier, large, leaf, moment, octets, small, text
from shared.eventlog.log import EventLog, Row

GENESIS = bytes(32)
"""Previous hash of the first row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that does not hold; ``problem`` is Japanese and names no personal data."""

    position: int
    problem: str


def leaf_hash(row: Row) -> bytes:
    """SHA-256 over every column of a row; ``personal`` stands through its own SHA-256."""
    columns = (
        large(row.position),
        text(row.stream),
        large(row.version),
        identifier(row.id),
        text(row.type),
        small(row.schema_version),
        identifier(row.case_id),
        text(row.sender),
        day(row.occurred_on),
        moment(row.recorded_at),
        text(row.actor),
        identifier(row.causation),
        identifier(row.correlation),
        text(row.data),
        octets(None if row.personal is None else hashlib.sha256(row.personal).digest()),
        text(row.origin),
        octets(row.previous_hash),
    )
    return hashlib.sha256(leaf(*columns)).digest()


def verify_chain(log: EventLog, seen: Callable[[Row], None] = lambda row: None) -> Iterator[Finding]:
    """Check positions, stream versions, links and hashes of the whole log; yields each row that does not hold.

    ``seen`` is called for every row, in order, so that further checks share the one reading.
    """
    head = log.head()
    previous, position = GENESIS, 0
    versions: dict[str, int] = {}
    for rows in log.pages(through=head.position):
        for row in rows:
            yield from _row_findings(row, position, previous, versions)
            seen(row)
            previous, position = row.hash, row.position
            versions[row.stream] = row.version
    if position != head.position or previous != head.hash:
        yield Finding(
            position, f"ログの末尾（{head.position}）と一致しません。行が失われたか書き換えられています"
        )


def _row_findings(row: Row, position: int, previous: bytes, versions: dict[str, int]) -> Iterator[Finding]:
    if row.position != position + 1:
        yield Finding(row.position, f"位置{position + 1}の行がありません")
    if row.version != versions.get(row.stream, 0) + 1:
        yield Finding(row.position, "ストリームの版番号が連続していません")
    if row.previous_hash != previous:
        yield Finding(row.position, "直前の行のハッシュと一致しません")
    if leaf_hash(row) != row.hash:
        yield Finding(row.position, "行の内容がハッシュと一致しません。書き換えられています")
