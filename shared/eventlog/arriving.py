"""Files that a partner has and somebody here wants: what to ask for next, and the pieces that have come.

Kept in the database, so that a node that was stopped goes on where it was. At most one piece of a file is on its way.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from contracts.file import PIECE_BYTES
from shared.eventlog.database import Connection, Database
from shared.eventlog.files import pieces_of, place_of
from shared.eventlog.personal import PersonKeys

ASK_AGAIN_SECONDS: Final = 30.0
DIFFERS: Final = "file_differs"
"""Code of a content that came and was not what its event says."""


class Wanted(NamedTuple):
    """A file that is wanted from ``partner``, and the number of the piece to ask for."""

    case_id: UUID
    digest: bytes
    partner: str
    size: int
    next: int


class Progress(NamedTuple):
    """How far a wanted file has come: pieces here, pieces in all, and the code of what stopped it."""

    here: int
    whole: int
    code: str | None


class ArrivingFiles:
    """The files that one node is getting from its partners."""

    def __init__(self, database: Database, keys: PersonKeys) -> None:
        self._database = database
        self._keys = keys

    def want(self, subject: UUID, digest: bytes, partner: str, size: int) -> None:
        """Ask for a file from now on until it is here; one that was refused is asked for again."""
        with self._database.connection() as connection:
            connection.execute(
                "insert into file_wanted (case_id, digest, partner, size) values (%s, %s, %s, %s)"
                " on conflict (case_id, digest) do update set code = null, asked_at = '-infinity'",
                (subject, digest, partner, size),
            )

    def progress(self, subject: UUID) -> Mapping[str, Progress]:
        """Hash in hexadecimal → how far each wanted file of one person has come."""
        with self._database.connection() as connection:
            rows = connection.execute(
                "select digest, next, size, code from file_wanted where case_id = %s", (subject,)
            ).fetchall()
        return {
            bytes(digest).hex(): Progress(here, pieces_of(size), code) for digest, here, size, code in rows
        }

    def due(self) -> list[Wanted]:
        """What is to be asked for now; it is not due again for :data:`ASK_AGAIN_SECONDS`, or until a piece comes."""
        with self._database.connection() as connection:
            rows = connection.execute(
                "update file_wanted set asked_at = clock_timestamp() where code is null"
                " and asked_at < clock_timestamp() - make_interval(secs => %s)"
                " returning case_id, digest, partner, size, next",
                (ASK_AGAIN_SECONDS,),
            ).fetchall()
        return [Wanted(case_id, bytes(digest), *rest) for case_id, digest, *rest in rows]

    def refuse(self, subject: UUID, digest: bytes, partner: str, code: str) -> None:
        """Ask no more: the partner said why."""
        with self._database.connection() as connection:
            connection.execute(
                "update file_wanted set code = %s where (case_id, digest, partner) = (%s, %s, %s)",
                (code, subject, digest, partner),
            )

    def take(self, subject: UUID, digest: bytes, partner: str, number: int, piece: bytes) -> bool:
        """Keep a piece if it is the one that was asked for; the last one completes the file or shows that it differs.

        Returns whether it was wanted. :raises PersonErased, PersonDamaged: nothing can be kept of this person.
        """
        with self._database.connection() as connection, connection.transaction():
            row = connection.execute(
                "select size from file_wanted where (case_id, digest, partner, next) = (%s, %s, %s, %s)"
                " and code is null for update",
                (subject, digest, partner, number),
            ).fetchone()
            if row is None:
                return False
            last = number + 1 == pieces_of(row[0])
            if len(piece) != (row[0] - number * PIECE_BYTES if last else PIECE_BYTES):
                _start_over(connection, subject, digest)
                return True
            sealed = self._keys.seal_bytes(subject, place_of(digest, number), piece)
            connection.execute(
                "insert into file_arriving values (%s, %s, %s, %s)", (subject, digest, number, sealed)
            )
            connection.execute(
                "update file_wanted set next = next + 1, asked_at = '-infinity'"
                " where (case_id, digest) = (%s, %s)",
                (subject, digest),
            )
            if last:
                self._finish(connection, subject, digest)
        return True

    def _finish(self, connection: Connection, subject: UUID, digest: bytes) -> None:
        whole = hashlib.sha256()
        for piece in self._keys.open_bytes(subject, _sealed_pieces(connection, subject, digest)):
            whole.update(piece)
        if whole.digest() != digest:
            _start_over(connection, subject, digest)
            return
        connection.execute(
            "insert into file_pieces (case_id, digest, number, sealed)"
            " select case_id, digest, number, sealed from file_arriving where (case_id, digest) = (%s, %s)"
            " order by number on conflict do nothing",
            (subject, digest),
        )
        connection.execute("delete from file_wanted where (case_id, digest) = (%s, %s)", (subject, digest))


def _sealed_pieces(connection: Connection, subject: UUID, digest: bytes) -> Iterator[tuple[bytes, bytes]]:
    """One after the other: a whole file is never in memory."""
    number = 0
    while (
        row := connection.execute(
            "select sealed from file_arriving where (case_id, digest, number) = (%s, %s, %s)",
            (subject, digest, number),
            binary=True,
        ).fetchone()
    ) is not None:
        yield place_of(digest, number), row[0]
        number += 1


def _start_over(connection: Connection, subject: UUID, digest: bytes) -> None:
    """What came is not what its event says: none of it is kept, and a person decides whether to ask again."""
    connection.execute("delete from file_arriving where (case_id, digest) = (%s, %s)", (subject, digest))
    connection.execute(
        "update file_wanted set next = 0, code = %s where (case_id, digest) = (%s, %s)",
        (DIFFERS, subject, digest),
    )
