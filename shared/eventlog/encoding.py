"""The bytes that hashes cover: PostgreSQL's binary form of a row, read here a second, independent time.

The number of columns, then for each column the number of its type, its length (-1 for null) and its bytes; all integers
are big-endian and have 32 bits but for the values of type ``integer``, which have 64.
"""

import struct
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.date()
_BYTES, _LARGE, _SMALL, _TEXT, _IDENTIFIER = 17, 20, 23, 25, 2950
"""PostgreSQL's numbers of its types bytea, bigint, integer, text and uuid, fixed in its source."""


def leaf(*columns: bytes) -> bytes:
    """What is hashed of a row: the leaf prefix of RFC 9162, the number of columns, the columns."""
    return b"\x00" + struct.pack(">i", len(columns)) + b"".join(columns)


def octets(value: bytes | None) -> bytes:
    """A column of type bytea."""
    return _column(_BYTES, value)


def text(value: str | None) -> bytes:
    """A column of type text, as UTF-8."""
    return _column(_TEXT, None if value is None else value.encode())


def large(value: int) -> bytes:
    """A column of type bigint."""
    return _column(_LARGE, struct.pack(">q", value))


def small(value: int) -> bytes:
    """A column of type integer."""
    return _column(_SMALL, struct.pack(">i", value))


def identifier(value: UUID | None) -> bytes:
    """A column of type uuid."""
    return _column(_IDENTIFIER, None if value is None else value.bytes)


def moment(value: datetime) -> bytes:
    """A moment as integer microseconds since 1970-01-01T00:00Z."""
    return large((value - _EPOCH) // timedelta(microseconds=1))


def day(value: date) -> bytes:
    """A date as days since 1970-01-01."""
    return small((value - _EPOCH_DAY).days)


def _column(kind: int, value: bytes | None) -> bytes:
    if value is None:
        return struct.pack(">ii", kind, -1)
    return struct.pack(">ii", kind, len(value)) + value
