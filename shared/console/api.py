"""The HTTP API under ``/api/v1``: the same commands and the same answers as people get."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request
from psycopg import Error as DatabaseError

from shared.console.acting import allowed_command, give
from shared.console.cases import case_rows, with_names
from shared.console.duties import duty_rows
from shared.console.files import handed_out, named_files, sent_file, want_file
from shared.console.frame import case_id_of, console, node, only, public, record_view, record_views
from shared.console.moments import read_moment
from shared.console.openapi import openapi_document
from shared.console.papers import ledger_of, matrix_of
from shared.console.printouts import (
    agency_found,
    agency_listed,
    agency_printed,
    listed,
    matter_of,
    printed,
    refuse_erased,
)
from shared.node.errors import InvalidFields, Refused
from shared.node.recording import plain

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.post("/commands/<name>")
def command(name: str) -> Response:
    """Give a command. Body: ``{"id", "case", "occurred_on", "fields"}``.

    With a file: ``multipart/form-data``, the same as ``command``, and ``file``.
    """
    with_file = request.mimetype == "multipart/form-data"
    body = _body(
        {"id", "case", "occurred_on", "fields"}, request.form.get("command", "") if with_file else None
    )
    given = body.get("fields", {})
    if not isinstance(given, Mapping):
        raise InvalidFields({"fields": ["項目名と値のオブジェクトにしてください。"]})
    command_id = _uuid("id", body.get("id"))
    if command_id is None:
        raise InvalidFields({"id": ["操作ごとに新しい UUID を付けてください。再送では同じ値を使います。"]})
    case_id = _uuid("case", body.get("case"))
    if with_file:
        record_view(case_id, f"API 操作「{allowed_command(name).title}」")
    file = sent_file() if with_file else (None, None)
    result = give(name, given, command_id, case_id, _day("occurred_on", body), file)
    return jsonify(
        {
            "id": str(result.command_id),
            "case": str(result.case_id) if result.case_id else None,
            "events": [dict(each) for each in result.events],
            "advice": [asdict(each) for each in result.advice],
            "repeated": result.repeated,
        }
    )


@blueprint.get("/cases")
def cases() -> Response:
    """The cases this node knows; ``?q=`` searches name, kana and insured number."""
    what = "API 利用者一覧"
    record_view(None, what)
    rows = with_names(case_rows(request.args.get("q", "")), what)
    return jsonify({"cases": [_shaped(row) for row in rows]})


@blueprint.get("/cases/<case>")
def case(case: str) -> Response:
    """A case as it stood at the end of ``as_of``, as far as this node knew at ``known_at``."""
    case_id, as_of, known_at = _asked(case, "API ケース")
    replay = node().replay(case_id, as_of, known_at)
    state = _shaped(replay.case)
    del state["ledger"]  # the documents with what a program finds them by
    return jsonify(
        {
            **state,
            "documents": _shaped(replay.case.documents),
            "id": str(case_id),
            "as_of": as_of and as_of.isoformat(),
            "known_at": plain(known_at),
        }
    )


@blueprint.get("/cases/<case>/events")
def events(case: str) -> Response:
    """The events of a case, with personal fields where they can be read."""
    case_id, as_of, known_at = _asked(case, "API ケースの記録")
    replay = node().replay(case_id, as_of, known_at)
    return jsonify({"case": str(case_id), "events": [_shaped(each) for each in replay.events]})


@blueprint.get("/cases/<case>/documents")
def documents(case: str) -> Response:
    """The ledger of a case's documents, as this node knows it; with ``as_of`` of what was done by then."""
    case_id = case_id_of(case)
    record_view(case_id, "API 書類台帳")
    rows, files = ledger_of(node(), case_id, _day("as_of", request.args)), named_files(node(), case_id)
    found = [
        {**_shaped(each), "files": [_shaped(files[file.event]) for file in each.document.attachments]}
        for each in rows
    ]
    return jsonify({"case": str(case_id), "documents": found})


@blueprint.get("/cases/<case>/files/<digest>")
def file(case: str, digest: str) -> Response:
    """The content of a file that is attached to a document, by its SHA-256 in hexadecimal."""
    case_id = case_id_of(case)
    record_view(case_id, "API 書類のファイル")
    return handed_out(node(), case_id, digest)


@blueprint.post("/cases/<case>/files/<digest>/request")
def request_file(case: str, digest: str) -> Response:
    """Have the content of a partner's file sent here; answers how far it has come, ``null`` once it is here."""
    case_id = case_id_of(case)
    record_view(case_id, "API 書類のファイルの取り寄せ")
    want_file(node(), case_id, digest)
    return jsonify({"arriving": _shaped(node().arriving.progress(case_id).get(digest))})


@blueprint.get("/cases/<case>/forms")
def forms(case: str) -> Response:
    """The official forms that can be printed for a case; ``of`` tells those of the same form apart."""
    case_id = case_id_of(case)
    record_view(case_id, "API 様式の一覧")
    refuse_erased(node(), case_id)
    found = [
        {"form": each.printout.form, "of": each.printout.of, "title": each.printout.title}
        | {"dated": plain(each.printout.dated), "in_ledger": each.printout.document is not None}
        for each in listed(matter_of(node(), case_id))
    ]
    return jsonify({"case": str(case_id), "forms": found})


@blueprint.get("/cases/<case>/forms/<name>")
def form(case: str, name: str) -> Response:
    """A form of a case as PDF, the newest of its kind or that of ``?of=``."""
    case_id = case_id_of(case)
    record_view(case_id, "API 様式の印刷")
    found = printed(node(), matter_of(node(), case_id), name, request.args.get("of"))
    if found is None:
        abort(404)
    return Response(found[1], mimetype="application/pdf")


@blueprint.get("/forms")
def agency_forms() -> Response:
    """The forms of this agency's own dealings that can be printed."""
    record_view(None, "API 事業所の様式の一覧")
    found = [
        {"form": each.printout.form, "of": each.printout.of, "title": each.printout.title}
        | {"dated": plain(each.printout.dated)}
        for each in agency_listed(node())
    ]
    return jsonify({"forms": found})


@blueprint.get("/forms/<name>")
def agency_form(name: str) -> Response:
    """One of them as PDF, the newest of its kind or that of ``?of=``."""
    record_view(None, "API 事業所の様式の印刷")
    found = agency_found(node(), name, request.args.get("of"))
    if found is None:
        abort(404)
    record_views(map(UUID, found.cases), "API 事業所の様式の印刷")
    return Response(agency_printed(node(), found), mimetype="application/pdf")


@blueprint.get("/cases/<case>/matrix")
def matrix(case: str) -> Response:
    """The process matrix of a case: each document of the procedure with how it stands today or stood on ``as_of``."""
    case_id = case_id_of(case)
    record_view(case_id, "API 工程表")
    found, _ = matrix_of(node(), case_id, _day("as_of", request.args))
    return jsonify({"case": str(case_id), "title": found.title, **_shaped(found)})


@blueprint.get("/obligations")
def obligations() -> Response:
    """What is owed, by whom, to whom, by when; ``?case=`` of one case."""
    case_id = _uuid("case", request.args.get("case"))
    record_view(case_id, "API すべきこと")
    found = [
        {"case_id": each.case_id and str(each.case_id), **_shaped(each.what)}
        for each in duty_rows(node(), case_id)
    ]
    return jsonify({"obligations": found})


@blueprint.get("/exchange")
def exchange() -> Response:
    """What was sent, received, waits or is parked, for each partner."""
    state = console().exchange_state
    return jsonify(_shaped(state(node())) if state else {"partners": []})


@blueprint.post("/training/clock")
@only(frozenset({"administrator"}))
def training_clock() -> Response:
    """Set the clock of a training log, forward only. Body: ``{"now": moment}``."""
    text = str(_body({"now"}).get("now", ""))
    moment = read_moment(text)
    if moment is None:
        raise InvalidFields({"now": ["2024-10-07T09:00:00+09:00 の形で書いてください。"]})
    try:
        node().set_clock(moment)
    except DatabaseError as problem:
        raise _clock_refusal(problem) from problem
    return jsonify({"now": node().now().isoformat()})


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """This description of the API, in OpenAPI 3.1."""
    return jsonify(openapi_document(node().service))


def _clock_refusal(problem: DatabaseError) -> Exception:
    if problem.sqlstate == "RK003":
        return Refused("not_training", "研修モードではないため、時計は変えられません。", field="now")
    if problem.sqlstate == "RK004":
        todo = "いまの研修日時より後の日時を指定してください。"
        return Refused("clock_backward", "時計は先にしか進められません。", field="now", todo=todo)
    return problem


def _body(known: set[str], text: str | None = None) -> Mapping[str, Any]:
    """The JSON object that was sent: the request's body, or the ``text`` of a form's part."""
    try:
        body = request.get_json() if text is None else json.loads(text)
    except ValueError:
        raise InvalidFields({"command": ["JSON のオブジェクトを送ってください。"]}) from None
    if not isinstance(body, Mapping):
        raise InvalidFields({"": ["JSON のオブジェクトを送ってください。"]})
    unknown = {name: ["知らない項目です。"] for name in sorted(set(body) - known)}
    if unknown:
        raise InvalidFields(unknown)
    return body


def _asked(case: str, what: str) -> tuple[UUID, date | None, datetime | None]:
    case_id, as_of, text = case_id_of(case), _day("as_of", request.args), request.args.get("known_at")
    known_at = read_moment(text) if text else None
    if text and known_at is None:
        raise InvalidFields({"known_at": ["2024-10-07T09:00:00+09:00 か 2024-10-07 の形で書いてください。"]})
    record_view(case_id, what)
    return case_id, as_of, known_at


def _uuid(name: str, value: Any) -> UUID | None:
    if value in (None, ""):
        return None
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise InvalidFields({name: ["UUID の形で書いてください。"]}) from None


def _day(name: str, source: Mapping[str, Any]) -> date | None:
    value = source.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidFields({name: ["2024-10-07 の形の、実在する日付にしてください。"]}) from None


def _shaped(found: Any) -> Any:
    """Anything that a node answers, as JSON-shaped data: dataclasses and named tuples by their fields."""
    if is_dataclass(found) and not isinstance(found, type):
        return {each.name: _shaped(getattr(found, each.name)) for each in fields(found)}
    if isinstance(found, tuple) and hasattr(found, "_asdict"):
        return {name: _shaped(each) for name, each in found._asdict().items()}
    if isinstance(found, Mapping):
        return {str(name): _shaped(each) for name, each in found.items()}
    if isinstance(found, (set, frozenset)):
        return sorted((_shaped(each) for each in found), key=str)
    if isinstance(found, (list, tuple)):
        return [_shaped(each) for each in found]
    return plain(found)
