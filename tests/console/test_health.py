"""Health and metrics say how the node is, and nothing about anybody."""

from typing import Any
from uuid import UUID

from flask import Flask

from shared.node.node import Node
from tests.console import sample


def health(app: Flask) -> tuple[int, dict[str, Any]]:
    response = app.test_client().get("/healthz")
    return response.status_code, response.json or {}


def test_a_node_without_its_broker_is_degraded_and_still_serves(app: Flask) -> None:
    status, body = health(app)
    assert status == 200
    assert (body["status"], body["database"], body["broker"]) == ("degraded", True, False)


def test_undelivered_events_are_counted_with_the_age_of_the_oldest(
    app: Flask, node: Node, case_id: UUID
) -> None:
    assert health(app)[1]["undelivered"] == 0
    node.handle(node.parse("AskSample", {}, actor="care.manager", case_id=case_id))
    body = health(app)[1]
    assert body["undelivered"] == 2  # the opening event goes before the first event of the case
    assert body["oldest_undelivered_seconds"] >= 0


def test_metrics_name_routes_and_no_case(app: Flask, case_id: UUID) -> None:
    client = app.test_client()
    client.get(f"/cases/{case_id}")
    text = client.get("/metrics").text
    assert "renkei_database_up 1.0" in text
    assert "renkei_log_position" in text
    assert "/cases/<uuid:case_id>" in text
    assert str(case_id) not in text
    assert sample.NAME not in text
