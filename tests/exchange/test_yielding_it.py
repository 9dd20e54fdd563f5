"""A query is awaited at once; one that takes long is handed over to the way of waiting that lets others run."""

import psycopg
import pytest
from psycopg import waiting

from shared.exchange.yielding import yield_only_when_slow


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sockets whose queries went the patient way."""
    found: list[int] = []

    def patient(gen: object, fileno: int, interval: float = 0.0, timeout: float | None = None) -> object:
        found.append(fileno)
        return waiting.wait_selector(gen, fileno, interval, timeout)  # type: ignore[arg-type]

    monkeypatch.setattr(waiting, "wait", patient)
    yield_only_when_slow()
    return found


def test_a_slow_query_is_handed_over_and_its_answer_is_complete(
    handed_over: list[int], postgres_server: str
) -> None:
    with psycopg.connect(postgres_server) as connection:
        handed_over.clear()
        rows = connection.execute("select n, pg_sleep(0.001) from generate_series(1, 50) as n").fetchall()
        assert handed_over == [connection.fileno()]
        assert [row[0] for row in rows] == list(range(1, 51))


def test_what_fails_slowly_fails_with_its_own_error(handed_over: list[int], postgres_server: str) -> None:
    with (
        psycopg.connect(postgres_server, autocommit=True) as connection,
        connection.pipeline(),
        pytest.raises(psycopg.errors.DivisionByZero),
    ):
        connection.execute("select 1 / n, pg_sleep(0.01) from generate_series(5, 0, -1) as n").fetchall()


def test_waiting_for_notifications_with_a_time_limit_ends_at_the_limit(
    handed_over: list[int], postgres_server: str
) -> None:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("listen anything")
        assert list(connection.notifies(timeout=0.05)) == []
        connection.execute("notify anything")
        assert [each.channel for each in connection.notifies(timeout=5, stop_after=1)] == ["anything"]
