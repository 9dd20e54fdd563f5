"""The public evaluators over HTTP: the same answers and the same errors as on the command line."""

from typing import Any

import jsonschema
import pytest
from flask import Flask

from shared.policy.evaluators import EVALUATORS, evaluate

PRICE: dict[str, Any] = {"month": "2025-01", "service": "A6", "units": 1655}


def asked(app: Flask, name: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().post(f"/api/v1/policy/{name}", json=body)
    return answer.status_code, answer.json or {}


def test_a_rule_is_answered_without_a_token_as_on_the_command_line(app: Flask) -> None:
    """A-Q50."""
    status, found = asked(app, "price", {"insurer": "131219", "input": PRICE})
    assert (status, found["yen"]) == (200, 18039)
    assert found == evaluate("price", "131219", PRICE)


@pytest.mark.parametrize("insurer", ["131219", "１３１２１９"])
def test_full_width_numbers_are_numbers(app: Flask, insurer: str) -> None:
    assert asked(app, "calendar", {"insurer": insurer, "input": {"date": "２０２４-１０-０１"}})[0] == 200


@pytest.mark.parametrize(
    ("name", "body", "status", "code", "field"),
    [
        ("prise", {"insurer": "131219", "input": PRICE}, 404, "unknown_evaluator", "name"),
        ("price", {"insurer": "131219", "input": {**PRICE, "units": -1}}, 422, "invalid_field", "units"),
        ("price", {"insurer": "131219", "input": {**PRICE, "colour": 1}}, 422, "unknown_field", "colour"),
        (
            "price",
            {"insurer": "131219", "input": {**PRICE, "month": "1999-01"}},
            422,
            "not_published",
            "month",
        ),
        ("price", {"insurer": "131211", "input": PRICE}, 422, "unknown_insurer", "insurer"),
        ("price", {"insurer": 131219, "input": PRICE}, 422, "invalid_field", "insurer"),
        ("price", {"insurer": "131219"}, 422, "missing_field", "input"),
        ("price", {"insurer": "131219", "input": PRICE, "as": 1}, 422, "unknown_field", "as"),
        ("price", [], 422, "invalid_field", None),
    ],
)
def test_what_cannot_be_answered_names_the_field_and_what_was_expected(
    app: Flask, name: str, body: Any, status: int, code: str, field: str | None
) -> None:
    found, problem = asked(app, name, body)
    assert (found, problem["code"], problem["field"]) == (status, code, field)
    assert problem["error"] == {"code": code, "field": field, "message": problem["message"]}


def test_a_municipality_code_is_answered_with_the_right_number(app: Flask) -> None:
    """Decision 16."""
    assert (
        "保険者番号は 131219 です" in asked(app, "price", {"insurer": "131211", "input": PRICE})[1]["message"]
    )


def test_what_is_no_json_is_told(app: Flask) -> None:
    answer = app.test_client().post("/api/v1/policy/price", data="{", content_type="application/json")
    assert (answer.status_code, (answer.json or {})["code"]) == (400, "invalid_json")


def test_every_rule_is_listed_with_its_schema_and_described(app: Flask) -> None:
    client = app.test_client()
    named = [each["name"] for each in (client.get("/api/v1/policy").json or {})["evaluators"]]
    assert named == list(EVALUATORS)
    paths = (client.get("/api/v1/openapi.json").json or {})["paths"]
    for name in named:
        schema = client.get(f"/api/v1/policy/{name}").json or {}
        jsonschema.Draft202012Validator.check_schema(schema)
        assert f"/policy/{name}" in paths
