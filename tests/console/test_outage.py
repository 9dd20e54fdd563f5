"""A node whose database is away says so, in the form that each reader wants, and says nothing else."""

from pathlib import Path

import pytest
from flask import Flask

from shared.console.app import create_app
from shared.node.agency_keys import AgencyKeys
from shared.node.config import NodeConfig
from shared.node.node import Node
from tests.console import sample

NOWHERE = "host=127.0.0.1 port=1 dbname=nowhere"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    key_file = tmp_path / "keys.json"
    AgencyKeys.generate(sample.AGENCY).save(key_file)
    config = NodeConfig(
        name="away",
        agency=sample.AGENCY,
        service="kyotaku",
        training=True,
        database=NOWHERE,
        keys_database=NOWHERE,
        broker="amqp://127.0.0.1:1/",
        key_file=key_file,
        trust={},
    )
    node = Node(config, sample.SERVICE)
    node.database._pool.timeout = 0.2
    return create_app(node)


def test_the_health_says_down_even_to_a_browser_with_a_session(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie(f"renkei-{sample.AGENCY}-session", "secret")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json or {})["status"] == "down"
    assert "renkei_database_up 0.0" in client.get("/metrics").text


def test_a_person_gets_a_page_and_a_system_a_problem(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie(f"renkei-{sample.AGENCY}-session", "secret")
    page = client.get("/cases")
    assert page.status_code == 503
    assert "データベースにつながりません" in page.text
    answer = client.get("/api/v1/cases", headers={"Authorization": "Bearer secret"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert (answer.json or {})["code"] == "database_unreachable"
