"""What somebody sent after the session had ended: nothing is recorded, and nothing that was typed is lost.

It is kept for the account whose session the form came from, and for nobody else. Its content lies in the database
under a key that is derived from the session's secret, which only that browser holds.
"""

import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from werkzeug.datastructures import MultiDict

from shared.console.sessions import digest_of
from shared.eventlog.database import Database

KEPT_FOR: Final = timedelta(hours=24)
_NONCE: Final = 12
_LABEL: Final = b"renkei kept input"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: the path that it went to, with its query, and every field in the order of the form.

    ``files`` names the inputs whose files did not stay: they have to be chosen again.
    """

    path: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    @property
    def form(self) -> "MultiDict[str, str]":
        """The fields as a request would hold them."""
        return MultiDict(self.fields)


class KeptInput:
    """The kept input of one node."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, account: str, secret: str, sent: Sent) -> UUID:
        """Keep a form for an account, to be opened with the secret of its browser's session."""
        kept_id = uuid4()
        content = json.dumps([sent.path, [*map(list, sent.fields)], [*sent.files]], ensure_ascii=False)
        with self._database.connection() as connection:
            connection.execute("delete from kept_input where kept_at <= clock_timestamp() - %s", (KEPT_FOR,))
            connection.execute(
                "insert into kept_input (id, account, session, content) values (%s, %s, %s, %s)",
                (kept_id, account, digest_of(secret), _sealed(secret, kept_id, content.encode())),
            )
        return kept_id

    def find(self, kept_id: UUID, account: str, secret: str) -> Sent | None:
        """The form, if it was kept for this account and this browser's session."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select content from kept_input where id = %s and account = %s and session = %s"
                " and kept_at > clock_timestamp() - %s",
                (kept_id, account, digest_of(secret), KEPT_FOR),
            ).fetchone()
        content = _opened(secret, kept_id, row[0]) if row else None
        if content is None:
            return None
        path, fields, files = json.loads(content)
        return Sent(path, [(name, value) for name, value in fields], files)

    def hand_on(self, account: str, before: str, secret: str) -> None:
        """After a sign-in: what was kept under the session before opens with the new one, for the same account alone.

        What another account had left in this browser is deleted.
        """
        with self._database.connection() as connection, connection.transaction():
            rows = connection.execute(
                "delete from kept_input where session = %s returning id, account, content, kept_at",
                (digest_of(before),),
            ).fetchall()
            for kept_id, owner, sealed, kept_at in rows:
                content = _opened(before, kept_id, sealed)
                if owner == account and content is not None:
                    connection.execute(
                        "insert into kept_input (id, account, session, content, kept_at)"
                        " values (%s, %s, %s, %s, %s)",
                        (kept_id, owner, digest_of(secret), _sealed(secret, kept_id, content), kept_at),
                    )

    def drop(self, kept_id: UUID, account: str) -> None:
        """Delete what has been recorded by now."""
        with self._database.connection() as connection:
            connection.execute("delete from kept_input where id = %s and account = %s", (kept_id, account))

    def drop_all(self, secret: str) -> None:
        """Delete what was kept in a browser whose person signs out."""
        with self._database.connection() as connection:
            connection.execute("delete from kept_input where session = %s", (digest_of(secret),))


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hmac.new(secret.encode(), _LABEL, sha256).digest())


def _sealed(secret: str, kept_id: UUID, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(secret).encrypt(nonce, content, kept_id.bytes)


def _opened(secret: str, kept_id: UUID, sealed: bytes) -> bytes | None:
    try:
        return _cipher(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], kept_id.bytes)
    except InvalidTag:
        return None
