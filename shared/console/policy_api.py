"""The public evaluators over HTTP: a rule is asked as on the command line. No person is named, so nobody signs in."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from shared.console.frame import public
from shared.console.problems import Problem, problem_response
from shared.policy.errors import PolicyError
from shared.policy.evaluators import EVALUATORS, evaluate, evaluator

blueprint = Blueprint("policy_api", __name__, url_prefix="/api/v1/policy")

_KNOWN: Final = ("insurer", "input")


@blueprint.get("")
@public
def listed() -> Response:
    """The names that can be asked, with a line each."""
    named = [{"name": each.name, "title": each.title} for each in EVALUATORS.values()]
    return jsonify({"evaluators": named})


@blueprint.get("/<name>")
@public
def schema(name: str) -> Response:
    """The JSON Schema of a rule's input."""
    return jsonify(evaluator(name).json_schema())


@blueprint.post("/<name>")
@public
def answer(name: str) -> Response:
    """The result for ``{"insurer", "input"}``; ``input`` is what a line of the command line is."""
    evaluator(name)
    body = _body()
    return jsonify(evaluate(name, body["insurer"], body["input"]))


def _body() -> Mapping[str, Any]:
    try:
        body = request.get_json()
    except BadRequest as problem:
        raise PolicyError(
            "invalid_json", None, "JSON として読めません。UTF-8 で入力してください。"
        ) from problem
    if not isinstance(body, Mapping):
        raise PolicyError("invalid_field", None, "JSON のオブジェクトで入力してください。")
    for field in sorted(set(body) - set(_KNOWN)):
        raise PolicyError("unknown_field", field, "この項目はありません。項目名を確かめてください。")
    for field in _KNOWN:
        if field not in body:
            raise PolicyError("missing_field", field, "この項目は必要です。")
    if not isinstance(body["insurer"], str):
        raise PolicyError("invalid_field", "insurer", "保険者番号は6桁の数字の文字列で入力してください。")
    return body


@blueprint.errorhandler(PolicyError)
def _refused(error: PolicyError) -> Response:
    """A problem as everywhere, with ``error`` as the command line writes it."""
    status = {"unknown_evaluator": 404, "invalid_json": 400}.get(error.code, 422)
    response = problem_response(Problem(status, error.code, error.message, error.field))
    response.set_data(jsonify({**(response.get_json(force=True) or {}), "error": error.as_json()}).get_data())
    return response
