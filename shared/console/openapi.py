"""The OpenAPI 3.1 document of a service, made from the schemas of its commands."""

from collections.abc import Iterable
from typing import Any, Final

from contracts.json_schema import JsonSchema, json_schema
from shared.console.accounts import ROLES
from shared.forms.catalogue import AGENCY_FORMS, FORMS
from shared.node.service import CommandSpec, Service
from shared.policy.evaluator import Evaluator
from shared.policy.evaluators import EVALUATORS

_TEXT: Final[JsonSchema] = {"type": "string"}
_MAYBE_TEXT: Final[JsonSchema] = {"type": ["string", "null"]}
_UUID: Final[JsonSchema] = {"type": "string", "format": "uuid"}
_OBJECTS: Final[JsonSchema] = {"type": "array", "items": {"type": "object"}}

_PROBLEM: Final[JsonSchema] = {
    "type": "object",
    "description": "RFC 9457。code は変わらない符号、rule は規則の番号、todo は次にすること、errors は項目ごとの誤り。",
    "required": ["type", "title", "status", "code", "message"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "message": _TEXT,
        "field": _MAYBE_TEXT,
        "rule": _MAYBE_TEXT,
        "todo": _MAYBE_TEXT,
        "errors": {"type": "object"},
    },
}
_RESULT: Final[JsonSchema] = {
    "type": "object",
    "required": ["id", "case", "events", "advice", "repeated"],
    "properties": {
        "id": _UUID,
        "case": {"type": ["string", "null"], "format": "uuid"},
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": _UUID, "type": _TEXT, "position": {"type": "integer"}},
            },
        },
        "advice": {
            "type": "array",
            "items": {"type": "object", "properties": {"rule": _TEXT, "message": _TEXT}},
        },
        "repeated": {
            "type": "boolean",
            "description": "同じ id が前に送られていたとき true。結果は最初のもの。",
        },
    },
}
_REFUSALS: Final = {
    "400": "項目の誤り",
    "401": "トークンがない、または期限切れ",
    "403": "権限がない",
    "404": "見つからない",
    "409": "同時に記録が続いた。同じ id でもう一度",
    "422": "規則または状態により受け付けない",
    "503": "データベースにつながらない",
}


def openapi_document(service: Service) -> dict[str, Any]:
    """The document; each command is a path of its own with its own fields."""
    paths: dict[str, Any] = {
        f"/commands/{spec.name}": {"post": _command(spec)} for spec in service.commands.values()
    }
    paths["/cases/{id}/files/{digest}/request"] = {"post": _file_wanted()}
    paths |= {
        "/policy": {"get": _policies()},
        **{f"/policy/{each.name}": {"post": _policy(each)} for each in EVALUATORS.values()},
    }
    paths |= _READS | {"/training/clock": {"post": _training_clock()}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"連携 {service.title} API",
            "version": "1",
            "description": "画面と同じ操作を、システムから行うための API。日付は ISO 8601、月は YYYY-MM。",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM, "CommandResult": _RESULT},
        },
    }


def _command(spec: CommandSpec) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": {**_UUID, "description": "操作ごとに新しい値。再送では同じ値を使うと、二重に記録されない。"},
        "occurred_on": {"type": "string", "format": "date", "description": "実施日。省くと今日。"},
        "fields": json_schema(spec.schema),
    }
    required = ["id", "fields"]
    if spec.needs_case and not spec.opens_case:
        properties["case"] = {**_UUID, "description": "ケースの番号"}
        required.append("case")
    body = {"type": "object", "required": required, "properties": properties}
    return {
        "operationId": spec.name,
        "summary": spec.title,
        "description": "操作できる役割: "
        + "、".join(f"{ROLES.get(each, each)}（{each}）" for each in sorted(spec.roles)),
        "tags": ["commands"],
        "requestBody": _with_file(body) if spec.takes_file else _json_body(body),
        "responses": _answers({"$ref": "#/components/schemas/CommandResult"}),
    }


def _policies() -> dict[str, Any]:
    return {
        "operationId": "evaluators",
        "summary": "問い合わせできる規則の一覧（サインイン不要）",
        "tags": ["policy"],
        "security": [],
        "responses": _answers(_list_of("evaluators")),
    }


def _policy(each: Evaluator) -> dict[str, Any]:
    """A public rule: no person is named in it, so no token is asked for."""
    body = {
        "type": "object",
        "required": ["insurer", "input"],
        "properties": {
            "insurer": {**_TEXT, "description": "保険者番号6桁"},
            "input": {name: part for name, part in each.json_schema().items() if name != "$schema"},
        },
    }
    return {
        "operationId": f"policy-{each.name}",
        "summary": f"{each.title}（サインイン不要）",
        "tags": ["policy"],
        "security": [],
        "requestBody": _json_body(body),
        "responses": _answers({"type": "object", "required": ["rules"]}),
    }


def _roles(spec: CommandSpec) -> str:
    return "、".join(f"{ROLES.get(each, each)}（{each}）" for each in sorted(spec.roles))


def _training_clock() -> dict[str, Any]:
    moment = {
        "type": "object",
        "required": ["now"],
        "properties": {"now": {"type": "string", "format": "date-time"}},
    }
    return {
        "operationId": "setTrainingClock",
        "summary": "研修モードの時計を進める（管理者）",
        "tags": ["training"],
        "requestBody": _json_body(moment),
        "responses": _answers(moment),
    }


def _read(operation: str, summary: str, answer: JsonSchema, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": ["read"],
            "parameters": list(parameters),
            "responses": _answers(answer),
        }
    }


def _parameter(name: str, place: str, schema: JsonSchema, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": description,
    }


def _list_of(name: str) -> JsonSchema:
    return {"type": "object", "required": [name], "properties": {name: _OBJECTS}}


def _answers(schema: JsonSchema) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = {status: {"description": text, "content": problem} for status, text in _REFUSALS.items()}
    return {"200": {"description": "成功", "content": {"application/json": {"schema": schema}}}, **refusals}


def _json_body(schema: JsonSchema) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _with_file(command: JsonSchema) -> dict[str, Any]:
    file = {
        "type": "string",
        "format": "binary",
        "description": "PDF、PNG、JPEG。20MiB以下。種類は内容で判定する。",
    }
    both = {
        "type": "object",
        "required": ["command", "file"],
        "properties": {"command": command, "file": file},
    }
    encoding = {"command": {"contentType": "application/json"}}
    return {"required": True, "content": {"multipart/form-data": {"schema": both, "encoding": encoding}}}


def _file_wanted() -> dict[str, Any]:
    return {
        "operationId": "requestFile",
        "summary": "相手の事業所が添付したファイルの内容を取り寄せる",
        "tags": ["files"],
        "parameters": [_CASE, _digest()],
        "responses": _answers({"type": "object"}),
    }


def _digest() -> dict[str, Any]:
    return _parameter("digest", "path", _TEXT, "内容の SHA-256（16進）。書類台帳の files にある。")


def _file_read() -> dict[str, Any]:
    read = _read("file", "書類に添付されたファイルの内容", {}, _CASE, _digest())
    binary: JsonSchema = {"type": "string", "format": "binary"}
    kinds = ("application/pdf", "image/png", "image/jpeg")
    read["get"]["responses"]["200"]["content"] = {kind: {"schema": binary} for kind in kinds}
    return read


def _form_read(operation: str, names: Iterable[str], *place: dict[str, Any]) -> dict[str, Any]:
    name = _parameter("name", "path", {"type": "string", "enum": list(names)}, "様式の名前。一覧の form。")
    of = _parameter("of", "query", _TEXT, "同じ様式のうちのどれか。一覧の of。省くと最も新しいもの。")
    read = _read(operation, "様式の PDF", {}, *place, name, of)
    content = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    read["get"]["responses"]["200"]["content"] = content
    return read


_CASE: Final = _parameter("id", "path", _UUID, "ケースの番号")
_AS_OF: Final = _parameter("as_of", "query", {"type": "string", "format": "date"}, "この日の終わりの時点")
_KNOWN_AT: Final = _parameter("known_at", "query", _TEXT, "このノードがこの時までに知っていたことだけ")
_READS: Final[dict[str, Any]] = {
    "/cases": _read(
        "cases",
        "ケース一覧",
        _list_of("cases"),
        _parameter("q", "query", _TEXT, "氏名、カナ、被保険者番号の一部"),
    ),
    "/cases/{id}": _read("case", "ケース", {"type": "object"}, _CASE, _AS_OF, _KNOWN_AT),
    "/cases/{id}/events": _read("events", "ケースの記録", _list_of("events"), _CASE, _AS_OF, _KNOWN_AT),
    "/cases/{id}/documents": _read("documents", "書類台帳", _list_of("documents"), _CASE, _AS_OF),
    "/cases/{id}/files/{digest}": _file_read(),
    "/cases/{id}/forms": _read("forms", "印刷できる様式の一覧", _list_of("forms"), _CASE),
    "/cases/{id}/forms/{name}": _form_read("form", FORMS, _CASE),
    "/forms": _read("agencyForms", "印刷できる事業所の様式の一覧", _list_of("forms")),
    "/forms/{name}": _form_read("agencyForm", AGENCY_FORMS),
    "/cases/{id}/matrix": _read("matrix", "工程表", {"type": "object"}, _CASE, _AS_OF),
    "/obligations": _read(
        "obligations",
        "すべきこと",
        _list_of("obligations"),
        _parameter("case", "query", _UUID, "ケースの番号"),
    ),
    "/exchange": _read("exchange", "送受信の状態", {"type": "object"}),
}
