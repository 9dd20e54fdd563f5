"""Sessions end by themselves; the database never holds their secret."""

from datetime import timedelta

import psycopg
import pytest

from shared.console.accounts import Account, Accounts
from shared.console.sessions import IDLE, LIFETIME, REMEMBERED, Sessions
from shared.eventlog.database import Database
from tests.conftest import NodeDatabases


@pytest.fixture
def account(databases: NodeDatabases) -> Account:
    return Accounts(Database(databases.application)).add(
        "hanako", "staff", "見本 花子", "とてもながい合言葉-2024"
    )


@pytest.fixture
def sessions(databases: NodeDatabases) -> Sessions:
    return Sessions(Database(databases.application))


def age(databases: NodeDatabases, column: str, by: timedelta) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(f"update sessions set {column} = {column} - %s".encode(), (by,))


def test_a_session_is_found_by_its_secret_alone(sessions: Sessions, account: Account) -> None:
    secret = sessions.open(account)
    found = sessions.find(secret, "browser")
    assert found is not None
    assert found.account == account
    assert sessions.find(secret + "x", "browser") is None


def test_the_database_holds_a_digest_and_not_the_secret(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    secret = sessions.open(account)
    with psycopg.connect(databases.owner) as connection:
        (row,) = connection.execute("select sessions::text from sessions").fetchone() or ("",)
    assert secret not in row


def test_a_browser_session_is_no_token_and_a_token_no_browser_session(
    sessions: Sessions, account: Account
) -> None:
    browser, token = sessions.open(account), sessions.open(account, "token")
    assert sessions.find(browser, "token") is None
    assert sessions.find(token, "browser") is None
    assert sessions.find(token, "token") is not None


def test_an_idle_browser_has_to_sign_in_again(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    browser, token = sessions.open(account), sessions.open(account, "token")
    age(databases, "last_used_at", IDLE)
    assert sessions.find(browser, "browser") is None
    assert sessions.find(token, "token") is not None


def test_a_session_ends_however_busy_it_was(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    secret = sessions.open(account)
    age(databases, "expires_at", LIFETIME)
    assert sessions.find(secret, "browser") is None


def test_signing_out_ends_the_session(sessions: Sessions, account: Account) -> None:
    secret = sessions.open(account)
    sessions.close(secret)
    assert sessions.find(secret, "browser") is None


def test_a_new_password_ends_every_session(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    secret = sessions.open(account)
    Accounts(Database(databases.application)).set_password(account.name, "とてもべつの合言葉-2025")
    assert sessions.find(secret, "browser") is None


@pytest.mark.parametrize(("since_the_end", "left"), [(REMEMBERED - timedelta(minutes=1), 2), (REMEMBERED, 1)])
def test_ended_sessions_are_cleared_away_once_no_late_form_can_come(
    sessions: Sessions, account: Account, databases: NodeDatabases, since_the_end: timedelta, left: int
) -> None:
    sessions.open(account)
    age(databases, "expires_at", LIFETIME + since_the_end)
    sessions.open(account)
    with psycopg.connect(databases.owner) as connection:
        assert connection.execute("select count(*) from sessions").fetchone() == (left,)


def test_what_a_page_asks_by_itself_does_not_put_off_the_end(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    secret = sessions.open(account)
    age(databases, "last_used_at", IDLE - timedelta(seconds=30))
    assert sessions.find(secret, "browser", in_use=False) is not None
    age(databases, "last_used_at", timedelta(seconds=30))
    assert sessions.find(secret, "browser") is None


def test_an_ended_session_opens_nothing_but_is_known_as_its_owners(
    sessions: Sessions, account: Account, databases: NodeDatabases
) -> None:
    secret, other = sessions.open(account), sessions.open(account)
    found = sessions.find(secret, "browser")
    assert found is not None
    sessions.end(secret)
    assert sessions.find(secret, "browser") is None
    assert sessions.owner(found.csrf, secret) == account.name
    assert sessions.owner(found.csrf, other) is None
    assert sessions.owner("x" * 43) is None
    sessions.close(secret)
    assert sessions.owner(found.csrf, secret) is None
