"""事業所のファイル: what service offices hand in, taken in from a CSV (T-29, T-32)."""

from datetime import date
from typing import Final

from flask import Blueprint, Response, abort, make_response, render_template, request

from shared.care.csv_file import FaultyFile, Problem
from shared.care.provider_file import COLUMNS
from shared.console.acting import allowed_command
from shared.console.frame import account, console, node, record_view
from shared.console.problems import Problem as Refusal
from shared.console.problems import problem_of
from shared.console.wareki import wareki
from shared.node.errors import Conflict, InvalidFields
from shared.node.provider_import import TakenLine, import_provider_file
from shared.policy.dates import DateError, parse_date

blueprint = Blueprint("provider_files", __name__)

NEEDED: Final = ("ReceiveProviderPerformance", "ReceiveProviderDocument")
"""The commands that stand behind the lines of a file."""


@blueprint.get("/provider-files")
def page() -> Response:
    """The form, with the columns that a file has."""
    _must_be_allowed()
    return _shown(wareki(node().today()))


@blueprint.post("/provider-files")
def take() -> Response:
    """Take a file in, or show every problem in it; nothing is recorded then."""
    _must_be_allowed()
    record_view(None, "事業所のファイルの取り込み")
    text, try_only = request.form.get("received_on", ""), "check" in request.form
    sent = request.files.get("file")
    content = sent.stream.read() if sent is not None and sent.filename else b""
    try:
        if not content:
            raise FaultyFile([Problem(1, "", "", "ファイルを選んでください（空のファイルは取り込めません）")])
        taken = import_provider_file(node(), content, account().name, _day(text), try_only=try_only)
    except FaultyFile as faulty:
        return _shown(text, problems=faulty.problems, status=422)
    except (InvalidFields, Conflict) as problem:
        refusal = problem_of(problem)
        return _shown(text, refusal=refusal, status=refusal.status)
    return _shown(text, taken=taken, only_checked=try_only)


def _must_be_allowed() -> None:
    if any(name not in node().service.commands for name in NEEDED):
        abort(404)
    for name in NEEDED:
        allowed_command(name)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return parse_date(text)
    except DateError as problem:
        raise InvalidFields({"received_on": [str(problem)]}) from problem


def _shown(
    received_on: str,
    *,
    problems: tuple[Problem, ...] = (),
    refusal: Refusal | None = None,
    taken: list[TakenLine] | None = None,
    only_checked: bool = False,
    status: int = 200,
) -> Response:
    names = console().names.of({each.case_id for each in taken or ()})
    text = render_template(
        "provider_files.html",
        columns=COLUMNS,
        received_on=received_on,
        problems=problems,
        day_errors=(refusal.errors or {}).get("received_on", ()) if refusal else (),
        refusal=refusal,
        taken=taken,
        names=names,
        only_checked=only_checked,
    )
    return make_response(text, status)
