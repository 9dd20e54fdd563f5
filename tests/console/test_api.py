"""The HTTP API: the same commands as people have, problems as problem+json."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import jsonschema
import pytest
from flask import Flask

from tests.console import sample
from tests.console.conftest import Api, Browser

WithToken = Callable[[str], Api]
Rows = Callable[..., list[tuple[Any, ...]]]


def opening(**changes: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "fields": {"name": "見本 二郎", "status": "support1"}, **changes}


def recording(case_id: UUID, **changes: Any) -> dict[str, Any]:
    fields = {"month": "2024-10", "findings": "歩行は安定"}
    return {"id": str(uuid4()), "case": str(case_id), "fields": fields, **changes}


def test_a_command_returns_its_case_events_and_advice(api: WithToken, case_id: UUID) -> None:
    body = recording(case_id, occurred_on="2024-10-04")
    answer = api("care.manager").post("/commands/RecordSample", body)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["case"] == str(case_id)
    assert answer.json["repeated"] is False
    assert [each["type"] for each in answer.json["events"]] == ["MonitoringRecorded"]
    assert answer.json["advice"][0]["rule"] == "T-28"


def test_a_repeat_returns_the_first_result(api: WithToken, rows: Rows) -> None:
    vendor, body = api("care.manager"), opening()
    first, second = (vendor.post("/commands/OpenSample", body).json or {} for _ in range(2))
    assert second["repeated"] is True
    assert {**second, "repeated": False} == first
    assert rows("select count(*) from events where type = 'CaseOpened'") == [(1,)]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (opening(fields={"name": "見本 二郎", "status": "dragon"}), 400, "invalid_fields", "status"),
        (opening(fields={"name": "見本 二郎"}), 400, "invalid_fields", "status"),
        (opening(fields={**opening()["fields"], "colour": "red"}), 400, "invalid_fields", "colour"),
        (opening(fields=[]), 400, "invalid_fields", "fields"),
        (opening(id=None), 400, "invalid_fields", "id"),
        (opening(id="7"), 400, "invalid_fields", "id"),
        (opening(occurred_on="2024-02-30"), 400, "invalid_fields", "occurred_on"),
        (opening(occurred_on="2024-10-08"), 400, "invalid_fields", "occurred_on"),
        (opening(colour="red"), 400, "invalid_fields", "colour"),
        ([], 400, "invalid_fields", ""),
    ],
)
def test_wrong_bodies_name_the_field(api: WithToken, body: Any, status: int, code: str, field: str) -> None:
    answer = api("care.manager").post("/commands/OpenSample", body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert (answer.json["code"], answer.json["field"]) == (code, field)
    assert field in answer.json["errors"]


def test_a_refusal_has_code_message_field_rule_and_todo(api: WithToken, case_id: UUID) -> None:
    body = {"id": str(uuid4()), "case": str(case_id), "fields": {}}
    answer = api("care.manager").post("/commands/RefuseSample", body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert {key: answer.json[key] for key in ("code", "message", "field", "rule", "todo")} == {
        "code": "start_date_missing",
        "message": "開始日がありません",
        "field": "start_date",
        "rule": "T-16",
        "todo": "開始日を入力してください",
    }


def test_an_unknown_command_and_an_unknown_case_are_not_found(api: WithToken) -> None:
    vendor = api("care.manager")
    assert (vendor.post("/commands/Fly", opening()).json or {})["code"] == "unknown_command"
    answer = vendor.post("/commands/RecordSample", recording(uuid4()))
    assert (answer.status_code, (answer.json or {})["code"]) == (404, "unknown_case")
    assert vendor.get(f"/cases/{uuid4()}").status_code == 404
    assert vendor.get("/nowhere").mimetype == "application/problem+json"


def test_a_token_without_the_role_is_refused(api: WithToken, case_id: UUID) -> None:
    for name in ("billing", "auditor"):
        answer = api(name).post("/commands/RefuseSample", recording(case_id))
        assert (answer.status_code, (answer.json or {})["code"]) == (403, "role_not_allowed")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_a_valid_token_nothing_is_told(app: Flask, case_id: UUID, token: str) -> None:
    stranger = Api(app.test_client(), token)
    answers = [
        stranger.get(f"/cases/{case_id}"),
        stranger.get("/cases"),
        stranger.get("/obligations"),
        stranger.get("/exchange"),
        stranger.post("/commands/OpenSample", opening()),
        stranger.post("/training/clock", {"now": "2024-10-08T09:00:00+09:00"}),
    ]
    assert {each.status_code for each in answers} == {401}
    assert all(sample.NAME not in each.text for each in answers)


def test_a_browsers_cookie_cannot_write_through_the_api(
    sign_in: Callable[[str], Browser], rows: Rows
) -> None:
    browser = sign_in("care.manager")
    answer = browser.client.post("/api/v1/commands/OpenSample", json=opening())
    assert answer.status_code == 401
    assert rows("select count(*) from events where type = 'CaseOpened'") == [(0,)]


def test_cases_can_be_listed_and_searched(api: WithToken, case_id: UUID) -> None:
    vendor = api("care.manager")
    (found,) = (vendor.get("/cases?q=ミホン").json or {})["cases"]
    assert (found["case_id"], found["name"]) == (str(case_id), sample.NAME)
    assert (vendor.get("/cases?q=zzz").json or {})["cases"] == []


def test_a_case_is_read_by_both_clocks(api: WithToken, case_id: UUID) -> None:
    vendor = api("care.manager")
    case = vendor.get(f"/cases/{case_id}").json or {}
    assert case["id"] == str(case_id)
    assert case["parties"][sample.AGENCY] == "kyotaku"
    assert vendor.get(f"/cases/{case_id}?as_of=2024-10-06").status_code == 404
    assert vendor.get(f"/cases/{case_id}?known_at=2024-10-07T10:00:00%2B09:00").status_code == 200
    assert vendor.get(f"/cases/{case_id}?known_at=2024-10-07T08:59:00%2B09:00").status_code == 404
    assert vendor.get(f"/cases/{case_id}?known_at=later").status_code == 400


def test_events_hold_the_personal_fields_for_those_who_may_read_them(api: WithToken, case_id: UUID) -> None:
    (event,) = (api("care.manager").get(f"/cases/{case_id}/events").json or {})["events"]
    assert event["type"] == "CaseOpened"
    assert event["personal"]["name"] == sample.NAME
    assert "name" not in event["data"]


def test_reading_a_case_through_the_api_is_recorded(api: WithToken, case_id: UUID, rows: Rows) -> None:
    vendor = api("care.manager")
    vendor.get(f"/cases/{case_id}")
    vendor.get(f"/cases/{case_id}/events")
    vendor.get(f"/obligations?case={case_id}")
    found = rows("select actor, what, purpose from accesses where case_id = %s order by position", case_id)
    assert found == [
        ("care.manager", "API ケース", "支援"),
        ("care.manager", "API ケースの記録", "支援"),
        ("care.manager", "API すべきこと", "支援"),
    ]


def test_the_training_clock_is_the_administrators_and_goes_forward_only(api: WithToken) -> None:
    body = {"now": "2024-10-10T09:00:00+09:00"}
    assert api("care.manager").post("/training/clock", body).status_code == 403
    administrator = api("administrator")
    answer = administrator.post("/training/clock", body)
    assert (answer.status_code, answer.json) == (200, body)
    backward = administrator.post("/training/clock", {"now": "2024-10-09T09:00:00+09:00"})
    assert (backward.status_code, (backward.json or {})["code"]) == (422, "clock_backward")
    assert administrator.post("/training/clock", {"now": "soon"}).status_code == 400


def test_the_openapi_document_describes_every_command(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json or {}
    assert document["openapi"] == "3.1.0"
    for name in sample.SERVICE.commands:
        body = document["paths"][f"/commands/{name}"]["post"]["requestBody"]
        jsonschema.Draft202012Validator.check_schema(body["content"]["application/json"]["schema"])
    schema = document["paths"]["/commands/OpenSample"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    jsonschema.validate(opening(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"fields": {}}, schema)


def test_every_documented_path_answers(api: WithToken, case_id: UUID) -> None:
    vendor = api("administrator")
    document = vendor.get("/openapi.json").json or {}
    for path, methods in document["paths"].items():
        if "get" in methods:
            named = path.replace("{id}", str(case_id)).replace("{digest}", "0" * 64)
            address = named.replace("{name}", "timeline")
            # The case has no file yet, the agency no paper of its own: test_files.py, test_agency_printouts.py.
            known = "{digest}" not in path and path != "/forms/{name}"
            assert vendor.get(address).status_code == (200 if known else 404), path
