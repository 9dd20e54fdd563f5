"""People and systems that may sign in to a node, and how a guess at a password is slowed down."""

import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from psycopg.errors import CheckViolation, UniqueViolation

from shared.eventlog.database import Database

ROLES: Final[Mapping[str, str]] = {
    "care_manager": "介護支援専門員",
    "staff": "職員",
    "dementia_specialist": "認知症専門員",
    "clerk": "窓口担当",
    "billing": "請求担当",
    "administrator": "管理者",
    "auditor": "監査担当",
}
"""Role of an account → its Japanese term."""

EVERYTHING: Final = UUID(int=0)
"""What stands for all cases where an account's marks are kept of what it has seen."""
SHORTEST_PASSWORD: Final = 12
FAILURES_BEFORE_LOCK: Final = 5
SHORTEST_LOCK: Final = 60
LONGEST_LOCK: Final = 900

# OWASP's second choice for argon2id: 19 MiB a hash, so that a burst of sign-ins stays inside a small node's
# memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_HASHING = threading.BoundedSemaphore(2)
_NOBODY = _HASHER.hash("nobody has this password")

_CLAIM = """
update accounts set failures = failures + 1,
    locked_until = case when failures + 1 < %(allowed)s then null else clock_timestamp() + make_interval(
        secs => least(%(longest)s, %(shortest)s * power(2, least(failures + 1 - %(allowed)s, 10)))) end
where name = %(name)s and removed_at is null and (locked_until is null or locked_until <= clock_timestamp())
returning role, display, must_change, password_hash
"""


def _named_roles() -> str:
    return "、".join(f"{code}（{title}）" for code, title in ROLES.items())


class AccountRefused(ValueError):
    """An account that can't be made as asked; the message is Japanese and says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person or system. ``role`` is a key of :data:`ROLES`, ``display`` what colleagues read.

    ``must_change``: somebody else issued the password. ``removed``: nobody signs in under it any more.
    """

    name: str
    role: str
    display: str
    must_change: bool = False
    removed: bool = False

    @property
    def role_title(self) -> str:
        """The role in Japanese."""
        return ROLES.get(self.role, self.role)


class Accounts:
    """The accounts of one node, kept in its database; passwords only as argon2id hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, role: str, display: str, password: str, issued: bool = False) -> Account:
        """Make an account. An ``issued`` password must be changed by its person before anything else.

        :raises AccountRefused: the name is or was taken, or is malformed, the role unknown, the password too short.
        """
        if role not in ROLES:
            raise AccountRefused(f"役割「{role}」はありません。{_named_roles()}から選んでください。")
        hashed = _hashed(password)
        try:
            with self._database.connection() as connection, connection.transaction():
                connection.execute(
                    "insert into accounts (name, role, display, password_hash, must_change)"
                    " values (%s, %s, %s, %s, %s)",
                    (name, role, display, hashed, issued),
                )
                connection.execute(
                    "insert into read_marks (account, case_id, position) select %s, %s, position from head",
                    (name, EVERYTHING),
                )
        except UniqueViolation:
            raise AccountRefused(
                f"利用者名「{name}」はすでにあります。削除した人の利用者名も使えません。別の名前にしてください。"
            ) from None
        except CheckViolation:
            raise AccountRefused(
                "利用者名は英小文字で始まる2文字から41文字の英小文字、数字、「_」「.」「-」にしてください。"
            ) from None
        return Account(name, role, display, issued)

    def set_password(self, name: str, password: str, issued: bool = False) -> None:
        """Give an account a new password; every session it has ends, and a lock is lifted.

        :raises AccountRefused: no such account, or the password is too short.
        """
        hashed = _hashed(password)
        with self._database.connection() as connection:
            changed = connection.execute(
                "update accounts set password_hash = %s, must_change = %s, failures = 0, locked_until = null"
                " where name = %s and removed_at is null",
                (hashed, issued, name),
            )
            if changed.rowcount == 0:
                raise AccountRefused(f"利用者名「{name}」はありません。")
            connection.execute("delete from sessions where account = %s", (name,))

    def remove(self, name: str) -> bool:
        """Let nobody sign in under a name any more, and end its sessions; true if there was such an account.

        The name is never given to anybody else: what was recorded and viewed under it stays that person's.
        """
        with self._database.connection() as connection:
            removed = connection.execute(
                "update accounts set removed_at = clock_timestamp(), password_hash = ''"
                " where name = %s and removed_at is null",
                (name,),
            )
            connection.execute("delete from sessions where account = %s", (name,))
            return removed.rowcount > 0

    def get(self, name: str) -> Account | None:
        """The account of that name."""
        with self._database.connection() as connection:
            row = connection.execute(
                "select name, role, display, must_change from accounts where name = %s and removed_at is null",
                (name,),
            ).fetchone()
        return Account(*row) if row else None

    def all(self) -> list[Account]:
        """Every account that there ever was, by name."""
        with self._database.connection() as connection:
            rows = connection.execute(
                "select name, role, display, must_change, removed_at is not null from accounts order by name"
            ).fetchall()
        return [Account(*row) for row in rows]

    def sign_in(self, name: str, password: str) -> Account | None:
        """The account, when the password is right and the account is not locked.

        Every attempt is counted as a failure before the hash is computed and forgiven when it was right, so
        many guesses at once get no further than guesses in a row. After five failures the account rests for a
        minute, then two, four, up to fifteen. A name that does not exist takes as long and gets the same answer.
        """
        with self._database.connection() as connection:
            claimed = connection.execute(
                _CLAIM,
                {
                    "name": name,
                    "allowed": FAILURES_BEFORE_LOCK,
                    "shortest": SHORTEST_LOCK,
                    "longest": LONGEST_LOCK,
                },
            ).fetchone()
        role, display, must_change, hashed = claimed or ("", "", False, _NOBODY)
        if not _matches(hashed, password) or claimed is None:
            return None
        with self._database.connection() as connection:
            connection.execute(
                "update accounts set failures = 0, locked_until = null where name = %s", (name,)
            )
        return Account(name, role, display, must_change)


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。")
    with _HASHING:
        return _HASHER.hash(_normalised(password))


def _matches(hashed: str, password: str) -> bool:
    with _HASHING:
        try:
            return _HASHER.verify(hashed, _normalised(password))
        except (VerifyMismatchError, InvalidHashError):
            return False


def _normalised(password: str) -> str:
    # An input method may give full-width letters; RFC 8265 compares passwords after normalisation.
    return unicodedata.normalize("NFKC", password)
