"""The private PostgreSQL server and the nodes' databases on it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local.databases import create_node_databases, drop_node_databases
from deploy.local.errors import AlreadyRunning
from deploy.local.folders import remove
from deploy.local.postgres import PrivatePostgres


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "server"
    remove(tmp_path / "server")


def test_a_committed_row_outlives_a_killed_server_and_the_address_stays(folder: Path) -> None:
    with PrivatePostgres(folder, durable=False) as server:
        before = server.dsn
        with psycopg.connect(before) as connection:
            connection.execute("create table kept as select 1 as one")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(before)
        assert server.restart() == before
        with psycopg.connect(before) as connection:
            assert connection.execute("select one from kept").fetchone() == (1,)


def test_a_killed_server_comes_back_although_a_session_of_its_predecessor_lingers(folder: Path) -> None:
    with PrivatePostgres(folder, durable=False) as server:
        connection = psycopg.connect(server.dsn)
        lingering = connection.info.backend_pid
        os.kill(lingering, signal.SIGSTOP)
        server.kill()
        heard = server.log.stat().st_size

        def let_go() -> None:
            for _ in range(400):
                if b"pre-existing shared memory block" in server.log.read_bytes()[heard:]:
                    break
                time.sleep(0.05)
            with server.log.open("ab") as log:  # what other sessions of the predecessor say meanwhile
                log.write(b"FATAL:  terminating connection due to unexpected postmaster exit\n" * 100)
            os.kill(lingering, signal.SIGCONT)

        releasing = threading.Thread(target=let_go)
        releasing.start()
        try:
            with psycopg.connect(server.restart()) as again:
                assert again.execute("select 1").fetchone() == (1,)
        finally:
            releasing.join()
            connection.close()


def test_a_second_run_finds_the_data_of_the_first(folder: Path) -> None:
    with PrivatePostgres(folder, durable=False) as first, psycopg.connect(first.dsn) as connection:
        connection.execute("create table kept as select 1 as one")
    with PrivatePostgres(folder, durable=False) as second, psycopg.connect(second.dsn) as connection:
        assert connection.execute("select one from kept").fetchone() == (1,)


def test_two_runs_cannot_share_a_folder(folder: Path) -> None:
    second = PrivatePostgres(folder, durable=False)
    with PrivatePostgres(folder, durable=False), pytest.raises(AlreadyRunning, match="別の実行が使用中"):
        second.start()


def test_the_server_listens_on_no_network_address_and_asks_for_the_password(folder: Path) -> None:
    with PrivatePostgres(folder, durable=False) as server:
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.dsn, password="wrong")


def test_a_folder_deep_below_a_closed_one_works_too(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    deep = closed / ("d" * 120)
    with PrivatePostgres(deep, durable=False) as server, psycopg.connect(server.dsn) as connection:
        connection.execute("create table kept as select 1 as one")
    with PrivatePostgres(deep, durable=False) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select one from kept").fetchone() == (1,)
    assert closed.stat().st_mode & 0o777 == 0o700
    remove(deep)


def test_a_node_reaches_its_own_databases_only(postgres_server: str) -> None:
    ours = create_node_databases(postgres_server, "reach_a", "owner secret", "secret 'quoted'")
    theirs = create_node_databases(postgres_server, "reach_b", "owner secret", "secret")
    try:
        for dsn in (ours.owner, ours.application, ours.keys_owner, ours.keys_application):
            psycopg.connect(dsn).close()
        for database in ("reach_b", "reach_b_keys"):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(ours.application, dbname=database)
        with psycopg.connect(theirs.owner) as connection:
            connection.execute("create table owned (a int)")
        with (
            psycopg.connect(theirs.application) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("create table not_owned (a int)")
    finally:
        drop_node_databases(postgres_server, "reach_a")
        drop_node_databases(postgres_server, "reach_b")


def test_creating_twice_brings_the_passwords_up_to_date(postgres_server: str) -> None:
    create_node_databases(postgres_server, "twice", "first", "first")
    again = create_node_databases(postgres_server, "twice", "second", "second")
    try:
        psycopg.connect(again.application).close()
        psycopg.connect(again.owner).close()
    finally:
        drop_node_databases(postgres_server, "twice")
