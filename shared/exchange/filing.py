"""Contents of attached files between nodes: asking for what is wanted, giving what a partner may have.

Neither is numbered or receipted. What was asked of us is remembered in memory only: a partner whose request was lost
asks again. One piece at a time is read, sealed and published, so a large file needs little memory on either side.
"""

import hashlib
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.file import FilePiece, FileRequest, build_file_piece, build_file_request
from shared.eventlog.arriving import DIFFERS
from shared.eventlog.model import case_stream
from shared.eventlog.personal import PersonDamaged, PersonErased
from shared.exchange import jose
from shared.exchange.authenticity import Authentic
from shared.exchange.post import Post
from shared.node.node import Node

MOST_OWED: Final = 100
"""Requests that are remembered; who asks when so many wait asks again later."""
_TOLD: Final = """
select 1 from events join deliveries using (position)
 where stream = %s and type = 'DocumentAttached' and partner = %s and data::json ->> 'digest' = %s limit 1
"""

logger = logging.getLogger("renkei.exchange.filing")


class Filing:
    """Sends one node's requests for files, and the pieces that it is asked for."""

    def __init__(self, node: Node, post: Post) -> None:
        self._node = node
        self._post = post
        self._owed: dict[tuple[str, UUID, bytes], int] = {}

    def asked(self, request: FileRequest) -> None:
        """Remember what a partner asks for; the newest request for a file counts."""
        key = (request.sender, request.case, request.digest)
        if key in self._owed or len(self._owed) < MOST_OWED:
            self._owed[key] = request.number

    def take(self, message: Authentic, piece: FilePiece) -> None:
        """Keep a piece that was asked for, or note why there is none; anything else leaves nothing behind.

        :raises psycopg.OperationalError: the database is away; nothing was stored.
        """
        arriving, named = self._node.arriving, (piece.case, piece.digest, piece.sender)
        if piece.code is not None:
            arriving.refuse(*named, piece.code)
            return
        content = _content(message.disclosures)
        if content is None or hashlib.sha256(content).digest() != piece.piece_digest:
            arriving.refuse(*named, DIFFERS)
            return
        try:
            wanted = arriving.take(*named, piece.number, content)
        except PersonErased:
            arriving.refuse(*named, "person_erased")
        except PersonDamaged:
            arriving.refuse(*named, "file_damaged")
        else:
            if not wanted:
                logger.info("a piece that nobody wants", extra={"facts": {"partner": piece.sender}})

    def answer(self) -> int:
        """Ask for what is wanted and give what is owed; returns how many messages the broker confirmed."""
        done = 0
        for wanted in self._node.arriving.due():
            request = FileRequest(
                *self._post.heading(wanted.partner), wanted.case_id, wanted.digest, wanted.next
            )
            payload = build_file_request(request)
            done += self._post.send(wanted.partner, "FileRequest", payload, jose.FILE_REQUEST)
        owed, self._owed = self._owed, {}
        for (partner, case_id, digest), number in owed.items():
            content, code = self._piece(partner, case_id, digest, number)
            own = hashlib.sha256(content).digest() if content is not None else None
            piece = FilePiece(*self._post.heading(partner), case_id, digest, number, own, code)
            beside = () if content is None else (urlsafe_b64encode(content).rstrip(b"=").decode("ascii"),)
            done += self._post.send(partner, "FilePiece", build_file_piece(piece), jose.FILE_PIECE, beside)
        return done

    def _piece(
        self, partner: str, case_id: UUID, digest: bytes, number: int
    ) -> tuple[bytes | None, str | None]:
        """A piece, or why there is none. Only a partner that we told of the file may have it."""
        with self._node.database.connection() as connection:
            told = connection.execute(_TOLD, (case_stream(case_id), partner, digest.hex())).fetchone()
        if told is None:
            logger.warning(
                "a file was asked for by one who may not have it", extra={"facts": {"partner": partner}}
            )
            return None, "file_not_allowed"
        try:
            content = self._node.files.piece(case_id, digest, number)
        except PersonErased:
            return None, "person_erased"
        except PersonDamaged:
            return None, "file_damaged"
        return content, None if content is not None else "file_not_here"


def _content(disclosures: Sequence[str]) -> bytes | None:
    if len(disclosures) != 1:
        return None
    try:
        return urlsafe_b64decode(disclosures[0] + "=" * (-len(disclosures[0]) % 4))
    except ValueError:
        return None
