"""Errors as part of the interface: problem+json for systems, a page in plain Japanese for people."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from werkzeug.exceptions import HTTPException

from shared.node.errors import Conflict, InvalidFields, Refused, UnknownCase, UnknownCommand

logger = logging.getLogger("renkei.console")


class NotSignedIn(Exception):
    """No session and no valid token."""


class NotAllowed(Exception):
    """Signed in, but without the right; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: an HTTP status, a stable code, a Japanese message, the place, the rule and what to do."""

    status: int
    code: str
    message: str
    field: str | None = None
    rule: str | None = None
    todo: str | None = None
    errors: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The members of an RFC 9457 body."""
        body: dict[str, Any] = {
            "type": f"urn:renkei:problem:{self.code}",
            "title": self.message,
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "rule": self.rule,
            "todo": self.todo,
        }
        if self.errors is not None:
            body["errors"] = dict(self.errors)
        return body

    def by_field(self) -> dict[str, Any]:
        """The messages by field, nested as the schema of the form is; empty where it is no field's."""
        if self.errors is not None:
            return dict(self.errors)
        if self.field is None:
            return {}
        nested: Any = [self.message]
        for part in reversed(self.field.split(".")):
            nested = {part: nested}
        return dict(nested)


_HTTP: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "送られた内容を読み取れませんでした。", "内容を確認して、もう一度送ってください。"),
    404: (
        "not_found",
        "その画面や記録は見つかりません。",
        "アドレスを確認するか、一覧から選び直してください。",
    ),
    405: ("method_not_allowed", "この操作は受け付けていません。", "画面のボタンから操作し直してください。"),
    413: ("too_large", "送られた内容が大きすぎます。", "1MB以下に分けて送ってください。"),
    415: ("json_expected", "JSON で送ってください。", "Content-Type: application/json を付けてください。"),
}


def problem_of(error: Exception) -> Problem:
    """The problem that an exception stands for; one that nobody foresaw says nothing about itself."""
    match error:
        case Refused():
            return Problem(422, error.code, error.message, error.field, error.rule, error.todo)
        case InvalidFields():
            message = "入力に誤りがあります。"
            todo = "印の付いた項目を直して、もう一度送ってください。"
            return Problem(400, "invalid_fields", message, error.field, None, todo, error.errors)
        case UnknownCommand():
            return Problem(404, "unknown_command", str(error), todo="操作の名前を確認してください。")
        case UnknownCase():
            return Problem(404, "unknown_case", str(error), todo="一覧から選び直してください。")
        case Conflict():
            return Problem(409, "conflict", str(error), todo="少し待って、同じ内容をもう一度送ってください。")
        case NotSignedIn():
            return Problem(
                401,
                "not_signed_in",
                str(error),
                todo="画面ではサインインし、API では Bearer トークンを付けてください。",
            )
        case NotAllowed():
            return Problem(403, error.code, error.message)
        case OperationalError() | PoolTimeout():
            message = "データベースにつながりません。入力した内容は記録されていません。"
            return Problem(503, "database_unreachable", message, todo="少し待って、もう一度送ってください。")
        case HTTPException():
            status = error.code or 500
            code, message, todo = _HTTP.get(
                status, ("error", "処理できませんでした。", "管理者に連絡してください。")
            )
            return Problem(status, code, message, todo=todo)
    message = "処理の途中で問題が起きました。入力した内容は記録されていません。"
    return Problem(
        500, "internal_error", message, todo="もう一度試しても同じときは、管理者に連絡してください。"
    )


_KEY_REUSED: Final = "command_id_reused"
_SAID_BEFORE: Final = (
    "前の内容はもう記録済みです。変えた内容を別に記録するときは、確かめてからもう一度押してください"
)


def key_was_used(error: Exception) -> bool:
    """Whether what was sent comes under the key of something else that is recorded already."""
    return isinstance(error, Refused) and error.code == _KEY_REUSED


def problem_for_people(error: Exception) -> Problem:
    """As :func:`problem_of`, without keys: a person who went back and changed a form knows nothing of them."""
    if key_was_used(error):
        return Problem(422, "already_recorded", _SAID_BEFORE)
    return problem_of(error)


def install(app: Flask) -> None:
    """Answer every exception of ``app`` with a problem."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    to_system = request.path.startswith("/api/")
    problem = problem_of(error) if to_system else problem_for_people(error)
    if problem.status >= 500:
        facts = {"code": problem.code, "route": str(request.url_rule or "")}
        logger.error("request failed", exc_info=error, extra={"facts": facts})
    if to_system:
        return problem_response(problem)
    signed_in = getattr(g, "session", None) is not None
    return make_response(
        render_template("problem.html", problem=problem, signed_in=signed_in), problem.status
    )


def problem_response(problem: Problem) -> Response:
    """An ``application/problem+json`` answer."""
    response = jsonify(problem.as_json())
    response.status_code = problem.status
    response.mimetype = "application/problem+json"
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
