"""Personal data: every person has a key of their own at this node; without it nothing personal can be read.

AES-256-GCM, a random 96-bit nonce before each ciphertext. A person's key is wrapped by the node key, which is outside
the database; the table of wrapped keys stands in a database of its own, whose backups are kept only briefly.
"""

import hmac
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.eventlog.database import Database

_NONCE = 12
_SEAL_MEMORY = 5.0
"""Seconds for which a key is remembered for writing. What is sealed under a key destroyed meanwhile is unreadable,
which is what erasing means; reading always asks the database."""


class PersonErased(Exception):
    """The key of this person was destroyed at this node: nothing personal can be written or read any more."""


class PersonDamaged(Exception):
    """Personal data of this person can't be read, and nobody erased them: key or ciphertext were altered or lost."""


class _Key(NamedTuple):
    """A person's key as it is used: one part encrypts, the other, derived from it, makes fingerprints."""

    cipher: AESGCM
    marking: bytes


class PersonKeys:
    """The keys of the persons that this node knows. ``node_key`` has 32 bytes."""

    def __init__(self, database: Database, node_key: bytes) -> None:
        self._database = database
        self._wrap = AESGCM(node_key)
        self._marking = _marking_key(node_key)
        self._remembered: dict[UUID, tuple[float, _Key]] = {}

    def seal(self, subject: UUID, event_id: UUID, disclosures: Sequence[str]) -> bytes:
        """Encrypt an event's disclosures under the person's key, which is made at first use.

        :raises PersonErased: the key was destroyed. :raises PersonDamaged: it can't be unwrapped.
        """
        return self.seal_bytes(subject, event_id.bytes, "~".join(disclosures).encode())

    def seal_bytes(self, subject: UUID, place: bytes, content: bytes) -> bytes:
        """Encrypt bytes about a person; only with the same ``place`` do they open again.

        :raises PersonErased: the key was destroyed. :raises PersonDamaged: it can't be unwrapped.
        """
        nonce = os.urandom(_NONCE)
        return nonce + self._writing_key(subject).cipher.encrypt(nonce, content, place)

    def open_bytes(self, subject: UUID, sealed: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
        """Decrypt what :meth:`seal_bytes` made, pairs of place and ciphertext.

        :raises PersonErased: the key was destroyed. :raises PersonDamaged: key or ciphertext were altered or lost.
        """
        key = self._stored([subject]).get(subject)
        if key is None:
            raise self.unreadable(subject)
        try:
            for place, each in sealed:
                yield key.cipher.decrypt(each[:_NONCE], each[_NONCE:], place)
        except (InvalidTag, ValueError) as problem:
            raise PersonDamaged(str(subject)) from problem

    def fingerprint(self, subject: UUID | None, text: bytes) -> str:
        """A keyed digest of a text about a person, in hexadecimal: the same text again can be recognised.

        What people say of a person is short and guessable, so a bare digest of it would tell it to whoever tries
        guesses. The HMAC's key is derived from the person's key, not from a secret of the node: the node's secret
        lives on, and whoever runs the node could still try guesses after the person was erased. With the person's
        key the last means to check a guess is gone too. A text about nobody (no ``subject``) is keyed by the node.

        :raises PersonErased: the key was destroyed. :raises PersonDamaged: it can't be unwrapped.
        """
        key = self._marking if subject is None else self._writing_key(subject).marking
        return hmac.digest(key, text, "sha256").hex()

    def open(self, subject: UUID, event_id: UUID, sealed: bytes) -> list[str] | None:
        """Decrypt disclosures; ``None`` when they can't be read.

        That the key was destroyed, and not the ciphertext damaged, only :meth:`destroyed` tells.

        :raises PersonDamaged: the person's key was wrapped by another node key, or altered.
        """
        return self.open_many(subject, [(event_id, sealed)])[0]

    def open_many(self, subject: UUID, sealed: Iterable[tuple[UUID, bytes]]) -> list[list[str] | None]:
        """Like :meth:`open`, for many events of one person, in their order, with one look at the key table.

        :raises PersonDamaged: as :meth:`open`.
        """
        key = self._stored([subject]).get(subject)
        return [_decrypt(key, event_id, each) for event_id, each in sealed]

    def open_of_many(self, sealed: Sequence[tuple[UUID, UUID, bytes]]) -> list[list[str] | None]:
        """Like :meth:`open_many`, for events of many persons: triples of person, event and ciphertext.

        What is sealed under a key that can't be unwrapped can't be read, and spoils nobody else's.
        """
        wrapped = self._wrapped_keys({subject for subject, _, _ in sealed})
        keys: dict[UUID, _Key] = {}
        for subject, each in wrapped.items():
            with suppress(PersonDamaged):
                keys[subject] = self._unwrapped(subject, each)
        return [_decrypt(keys.get(subject), event_id, each) for subject, event_id, each in sealed]

    def destroy(self, subject: UUID) -> bool:
        """Destroy a person's key; everything sealed under it is unreadable from now on. True if there was one."""
        with self._database.connection() as connection:
            gone = connection.execute(
                "insert into person_keys (subject, destroyed_at) values (%s, clock_timestamp()) on conflict (subject)"
                " do update set wrapped = null, destroyed_at = clock_timestamp() where person_keys.wrapped is not null"
                " returning subject",
                (subject,),
            ).fetchone()
        self._remembered.pop(subject, None)
        return gone is not None

    def unreadable(self, subject: UUID) -> PersonErased | PersonDamaged:
        """What to raise when something of this person can't be read: whether it was erased or damaged."""
        return (PersonErased if subject in self.destroyed([subject]) else PersonDamaged)(str(subject))

    def destroyed(self, subjects: Sequence[UUID]) -> set[UUID]:
        """Which of these persons' keys were destroyed."""
        with self._database.connection() as connection:
            rows = connection.execute(
                "select subject from person_keys where subject = any(%s) and wrapped is null",
                (list(subjects),),
            ).fetchall()
        return {subject for (subject,) in rows}

    def _writing_key(self, subject: UUID) -> _Key:
        at, key = self._remembered.get(subject, (0.0, None))
        if key is not None and time.monotonic() - at < _SEAL_MEMORY:
            return key
        key = self._stored([subject]).get(subject) or self._made(subject)
        if len(self._remembered) > 1000:
            self._remembered.clear()
        self._remembered[subject] = (time.monotonic(), key)
        return key

    def _stored(self, subjects: Iterable[UUID]) -> Mapping[UUID, _Key]:
        wrapped = self._wrapped_keys(subjects)
        return {subject: self._unwrapped(subject, each) for subject, each in wrapped.items()}

    def _wrapped_keys(self, subjects: Iterable[UUID]) -> Mapping[UUID, bytes]:
        with self._database.connection() as connection:
            rows = connection.execute(
                "select subject, wrapped from person_keys where subject = any(%s) and wrapped is not null",
                (list(subjects),),
            ).fetchall()
        return dict(rows)

    def _made(self, subject: UUID) -> _Key:
        nonce = os.urandom(_NONCE)
        wrapped = nonce + self._wrap.encrypt(nonce, AESGCM.generate_key(256), subject.bytes)
        with self._database.connection() as connection:
            made = connection.execute(
                "insert into person_keys (subject, wrapped) values (%s, %s) on conflict (subject) do nothing"
                " returning wrapped",
                (subject, wrapped),
            ).fetchone()
        if made is not None:
            return self._unwrapped(subject, wrapped)
        key = self._stored([subject]).get(subject)  # another process was first
        if key is None:
            raise PersonErased(str(subject))
        return key

    def _unwrapped(self, subject: UUID, wrapped: bytes) -> _Key:
        try:
            key = self._wrap.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], subject.bytes)
            return _Key(AESGCM(key), _marking_key(key))
        except (InvalidTag, ValueError) as problem:
            raise PersonDamaged(str(subject)) from problem


def _marking_key(key: bytes) -> bytes:
    return hmac.digest(key, b"renkei fingerprint", "sha256")


def _decrypt(key: _Key | None, event_id: UUID, sealed: bytes) -> list[str] | None:
    if key is None:
        return None
    try:
        text = key.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], event_id.bytes)
    except (InvalidTag, ValueError):
        return None
    return text.decode().split("~") if text else []
