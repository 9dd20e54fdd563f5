"""Sessions of browsers and tokens of vendors' systems: the database keeps a digest, never the secret."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from shared.console.accounts import Account
from shared.eventlog.database import Database

Kind = Literal["browser", "token"]

IDLE: Final = timedelta(hours=1)
"""A browser that asked for nothing for so long has to sign in again."""
LIFETIME: Final = timedelta(hours=12)
TOKEN_LIFETIME: Final = timedelta(days=365)
REMEMBERED: Final = timedelta(hours=24)
"""How long a session is still known after its end, so that a form that was sent too late is known as its owner's."""
_TOUCH: Final = timedelta(minutes=1)

# The machine's clock, not the node's: a scenario that sets the node's clock must not end or prolong a session.
_FIND = """
select s.csrf, s.expires_at, a.name, a.role, a.display, a.must_change, s.last_used_at < clock_timestamp() - %(touch)s
from sessions s join accounts a on a.name = s.account and a.removed_at is null
where s.digest = %(digest)s and s.kind = %(kind)s and s.expires_at > clock_timestamp()
    and (s.kind = 'token' or s.last_used_at > clock_timestamp() - %(idle)s)
"""
_FORGET = """
delete from sessions
 where expires_at <= clock_timestamp() - %(remembered)s
    or (kind = 'browser' and last_used_at <= clock_timestamp() - %(idle)s - %(remembered)s)
"""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in. ``csrf`` must come back with every form of a browser's session."""

    account: Account
    kind: Kind
    csrf: str
    expires_at: datetime


class Sessions:
    """The sessions and tokens of one node."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, account: Account, kind: Kind = "browser", lifetime: timedelta | None = None) -> str:
        """Begin a session and return its secret; what ended long ago is cleared away on the way."""
        secret = secrets.token_urlsafe(32)
        period = lifetime or (LIFETIME if kind == "browser" else TOKEN_LIFETIME)
        with self._database.connection() as connection:
            connection.execute(_FORGET, {"remembered": REMEMBERED, "idle": IDLE})
            connection.execute(
                "insert into sessions (digest, account, kind, csrf, expires_at)"
                " values (%s, %s, %s, %s, clock_timestamp() + %s)",
                (digest_of(secret), account.name, kind, secrets.token_urlsafe(32), period),
            )
        return secret

    def find(self, secret: str, kind: Kind, *, in_use: bool = True) -> Session | None:
        """The session that the secret opens, with the account as it is now; ``None`` when it has ended.

        What is not ``in_use`` (a page that asks by itself) does not put off its end.
        """
        digest = digest_of(secret)
        with self._database.connection() as connection:
            row = connection.execute(
                _FIND, {"digest": digest, "kind": kind, "touch": _TOUCH, "idle": IDLE}
            ).fetchone()
            if row is None:
                return None
            csrf, expires_at, name, role, display, must_change, stale = row
            if stale and in_use:
                connection.execute(
                    "update sessions set last_used_at = clock_timestamp() where digest = %s", (digest,)
                )
        return Session(Account(name, role, display, must_change), kind, csrf, expires_at)

    def owner(self, csrf: str, secret: str | None = None) -> str | None:
        """The account of the browser's session that gave a form its token, whether it goes on or has ended.

        With a ``secret`` only if the session is that one.
        """
        with self._database.connection() as connection:
            row = connection.execute(
                "select account from sessions where kind = 'browser' and csrf = %s and digest = coalesce(%s, digest)",
                (csrf, digest_of(secret) if secret else None),
            ).fetchone()
        return str(row[0]) if row else None

    def known(self, secret: str) -> bool:
        """Whether the secret opens, or opened until lately, a browser's session."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select 1 from sessions where digest = %s and kind = 'browser'", (digest_of(secret),)
            ).fetchone()
        return row is not None

    def end(self, secret: str) -> None:
        """End a session because another begins; a form of it that is sent later is still known as its owner's."""
        with self._database.connection() as connection:
            connection.execute(
                "update sessions set expires_at = least(expires_at, clock_timestamp()) where digest = %s",
                (digest_of(secret),),
            )

    def close(self, secret: str) -> None:
        """End a session and forget it; its secret opens nothing any more."""
        with self._database.connection() as connection:
            connection.execute("delete from sessions where digest = %s", (digest_of(secret),))


def digest_of(secret: str) -> bytes:
    """What the database knows of a session's secret."""
    return sha256(secret.encode()).digest()
