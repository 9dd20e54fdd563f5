"""The web process of a node: it serves, logs lines of JSON, and stops when it is told to."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
import tomli_w

from deploy.local.ports import Port, free_port
from shared.node.agency_keys import AgencyKeys
from tests.conftest import NodeDatabases

ROOT = Path(__file__).parents[2]
OFFICE = "1371600014"
PATIENCE = 30.0

Web = tuple[subprocess.Popen[str], Port]


@pytest.fixture
def web(databases: NodeDatabases, tmp_path: Path) -> Iterator[Web]:
    """An office's web process that answers."""
    AgencyKeys.generate(OFFICE).save(tmp_path / "keys.json")
    port = free_port()
    content = {
        "node": {
            "name": "office",
            "agency": OFFICE,
            "service": "kyotaku",
            "training": True,
            "key_file": "keys.json",
        },
        "database": {"dsn": databases.application, "keys_dsn": databases.keys},
        "broker": {"url": "amqp://127.0.0.1:1/"},
        "web": {"host": "127.0.0.1", "port": port.number, "trusted_proxy": "127.0.0.1"},
        "trust": {},
    }
    (tmp_path / "node.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "node", "web", "--config", str(tmp_path / "node.toml")],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_it_answers(process, port)
        yield process, port
    finally:
        process.kill()
        process.wait()
        port.release()


def wait_until_it_answers(process: subprocess.Popen[str], port: Port) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert json.loads(answer.read())["database"] is True
                return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail("the web process did not begin to answer")


@pytest.mark.processes
def test_it_stops_cleanly_when_told_to_and_has_logged_json_only(web: Web) -> None:
    process, port = web
    with urlopen(f"http://127.0.0.1:{port}/signin", timeout=5) as answer:
        assert "サインイン" in answer.read().decode()
        assert answer.headers["Server"] is None
    process.terminate()
    _, written = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    lines = [json.loads(line) for line in written.splitlines()]
    assert {(each["node"], each["process"]) for each in lines} == {("office", "web")}
    assert [each["route"] for each in lines if each["message"] == "request"] == ["/signin"]
    *_, stops, stopped = lines
    assert (stops["message"], stops["signal"]) == (
        "the web process stops after the requests at hand",
        "SIGTERM",
    )
    assert stopped["message"] == "the web process has stopped"


@pytest.mark.processes
def test_two_signals_at_once_stop_it_once(web: Web) -> None:
    process, _ = web
    for each in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
        process.send_signal(each)  # both wait for the process to go on
    _, written = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    told = [json.loads(line)["message"] for line in written.splitlines()]
    assert told[-2:] == ["the web process stops after the requests at hand", "the web process has stopped"]


def test_behind_the_named_proxy_cookies_are_secure_and_tls_is_insisted_on(web: Web) -> None:
    _, port = web
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with urlopen(Request(f"http://127.0.0.1:{port.number}/signin", headers=forwarded)) as answer:
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert all("Secure" in each for each in answer.headers.get_all("Set-Cookie", []))
    with urlopen(f"http://127.0.0.1:{port.number}/signin") as answer:
        assert "Strict-Transport-Security" not in answer.headers
