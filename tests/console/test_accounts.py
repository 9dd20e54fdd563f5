"""Accounts: passwords, and how guessing is stopped."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shared.console.accounts import FAILURES_BEFORE_LOCK, AccountRefused, Accounts
from shared.eventlog.database import Database
from tests.conftest import NodeDatabases

PASSWORD = "ながい合言葉-2024-秋の空"


@pytest.fixture
def accounts(databases: NodeDatabases) -> Accounts:
    made = Accounts(Database(databases.application))
    made.add("hanako", "care_manager", "見本 花子", PASSWORD)
    return made


def lift_lock(databases: NodeDatabases) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute("update accounts set locked_until = clock_timestamp() - interval '1 second'")


def test_the_right_password_signs_in(accounts: Accounts) -> None:
    account = accounts.sign_in("hanako", PASSWORD)
    assert account is not None
    assert (account.name, account.role, account.role_title) == ("hanako", "care_manager", "介護支援専門員")


def test_full_width_letters_are_the_same_password(accounts: Accounts) -> None:
    accounts.set_password("hanako", "abcdefgh-1234")
    assert accounts.sign_in("hanako", "ａｂｃｄｅｆｇｈ－１２３４") is not None


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(accounts: Accounts) -> None:
    assert accounts.sign_in("hanako", "ちがう合言葉-2024") is None
    assert accounts.sign_in("nobody", PASSWORD) is None


def test_the_hash_is_argon2id_and_no_password_is_stored(accounts: Accounts, databases: NodeDatabases) -> None:
    with psycopg.connect(databases.owner) as connection:
        (stored,) = connection.execute("select password_hash from accounts").fetchone() or ("",)
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_repeated_failures_lock_the_account_even_for_the_right_password(accounts: Accounts) -> None:
    for _ in range(FAILURES_BEFORE_LOCK):
        assert accounts.sign_in("hanako", "ちがう合言葉-2024") is None
    assert accounts.sign_in("hanako", PASSWORD) is None


def test_a_lock_ends_and_a_right_password_forgives(accounts: Accounts, databases: NodeDatabases) -> None:
    for _ in range(FAILURES_BEFORE_LOCK):
        accounts.sign_in("hanako", "ちがう合言葉-2024")
    lift_lock(databases)
    assert accounts.sign_in("hanako", PASSWORD) is not None
    assert accounts.sign_in("hanako", "ちがう合言葉-2024") is None
    assert accounts.sign_in("hanako", PASSWORD) is not None


def test_each_failure_after_a_lock_locks_for_longer(accounts: Accounts, databases: NodeDatabases) -> None:
    def lock_seconds() -> float:
        with psycopg.connect(databases.owner) as connection:
            row = connection.execute(
                "select extract(epoch from locked_until - clock_timestamp()) from accounts where name = 'hanako'"
            ).fetchone()
        return float(row[0]) if row else 0.0

    for _ in range(FAILURES_BEFORE_LOCK):
        accounts.sign_in("hanako", "ちがう合言葉-2024")
    first = lock_seconds()
    lift_lock(databases)
    accounts.sign_in("hanako", "ちがう合言葉-2024")
    assert lock_seconds() > first


def test_many_guesses_at_once_get_no_further_than_guesses_in_a_row(
    accounts: Accounts, databases: NodeDatabases
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: accounts.sign_in("hanako", "ちがう合言葉-2024"), range(16)))
    with psycopg.connect(databases.owner) as connection:
        (failures,) = connection.execute("select failures from accounts").fetchone() or (0,)
    assert failures == FAILURES_BEFORE_LOCK


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("hanako", "staff", PASSWORD, "すでに"),
        ("Hanako!", "staff", PASSWORD, "英小文字"),
        ("taro", "boss", PASSWORD, "役割"),
        ("taro", "staff", "short", "12文字"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(
    accounts: Accounts, name: str, role: str, password: str, said: str
) -> None:
    with pytest.raises(AccountRefused, match=said):
        accounts.add(name, role, "見本", password)
