"""The contents of attached files (添付): ciphertext under the person's key, in pieces, beside the log.

They stand in the node's own database and not in that of the keys: contents are large and belong to the log's backups,
while the keys' backups are kept only briefly. So destroying a person's key suffices to erase the person's files, here
and in every backup; the rows may stay. A content is kept once a case, under the hash that its event states.

Pieces go in before their event, outside the log's head row, so that a large file keeps no other writer waiting. When
the node stops between the two, the content lies here without an event: nobody can find it on a page, the same upload
takes it up again, and it goes with the person's key.
"""

import hashlib
from uuid import UUID

from contracts.file import PIECE_BYTES
from shared.eventlog.database import Database
from shared.eventlog.personal import PersonDamaged, PersonKeys


class FileStore:
    """The files that one node has the content of."""

    def __init__(self, database: Database, keys: PersonKeys) -> None:
        self._database = database
        self._keys = keys

    def keep(self, subject: UUID, content: bytes) -> None:
        """Seal a content under the person's key; one that is there already is left as it is.

        :raises PersonErased: the person's key was destroyed. :raises PersonDamaged: it can't be read.
        """
        digest = hashlib.sha256(content).digest()
        with self._database.connection() as connection, connection.transaction():
            for number in range(pieces_of(len(content))):
                piece = content[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
                connection.execute(
                    "insert into file_pieces (case_id, digest, number, sealed) values (%s, %s, %s, %s)"
                    " on conflict do nothing",
                    (
                        subject,
                        digest,
                        number,
                        self._keys.seal_bytes(subject, place_of(digest, number), piece),
                    ),
                )

    def content(self, subject: UUID, digest: bytes) -> bytes | None:
        """A whole content, checked against its hash; ``None`` when nothing of it is here.

        :raises PersonErased: the person's key was destroyed.
        :raises PersonDamaged: a piece is missing or altered, or the key can't be read.
        """
        with self._database.connection() as connection:
            pieces = connection.execute(
                "select number, sealed from file_pieces where case_id = %s and digest = %s order by number",
                (subject, digest),
                binary=True,
            ).fetchall()
        if not pieces:
            return None
        placed = ((place_of(digest, number), sealed) for number, sealed in pieces)
        content = b"".join(self._keys.open_bytes(subject, placed))
        if hashlib.sha256(content).digest() != digest:
            raise PersonDamaged(str(subject))
        return content

    def piece(self, subject: UUID, digest: bytes, number: int) -> bytes | None:
        """One piece of a content, without the rest; ``None`` when it is not here.

        :raises PersonErased: the person's key was destroyed. :raises PersonDamaged: it can't be read.
        """
        with self._database.connection() as connection:
            row = connection.execute(
                "select sealed from file_pieces where (case_id, digest, number) = (%s, %s, %s)",
                (subject, digest, number),
                binary=True,
            ).fetchone()
        if row is None:
            return None
        [content] = self._keys.open_bytes(subject, [(place_of(digest, number), row[0])])
        return content

    def held(self, subject: UUID) -> set[str]:
        """The hashes, in hexadecimal, of the contents of one person that are here."""
        with self._database.connection() as connection:
            rows = connection.execute(
                "select distinct digest from file_pieces where case_id = %s", (subject,)
            ).fetchall()
        return {bytes(digest).hex() for (digest,) in rows}


def pieces_of(size: int) -> int:
    """How many pieces a content of ``size`` bytes has."""
    return -(-size // PIECE_BYTES)


def place_of(digest: bytes, number: int) -> bytes:
    """What a sealed piece is bound to: its file and its number."""
    return digest + number.to_bytes(4, "big")
