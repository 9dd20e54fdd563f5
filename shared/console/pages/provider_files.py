"""事業所のファイル: what service offices hand in, taken in from a CSV (T-29, T-32)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from shared.care.csv_file import FaultyFile, Problem
from shared.care.provider_file import COLUMNS
from shared.console.acting import allowed_command
from shared.console.frame import account, console, names_shown, node, record_view, shown_again
from shared.console.once import FIELD, key_of, key_or_new
from shared.console.problems import Problem as Refusal
from shared.console.problems import problem_of
from shared.console.wareki import wareki
from shared.node.errors import Conflict, InvalidFields
from shared.node.provider_import import TakenLine, import_provider_file
from shared.policy.dates import DateError, parse_date

blueprint = Blueprint("provider_files", __name__)

NEEDED: Final = ("ReceiveProviderPerformance", "ReceiveProviderDocument")
"""The commands that stand behind the lines of a file."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a file: each of its lines, recorded or only checked."""

    received_on: str
    taken: list[TakenLine]
    only_checked: bool


@blueprint.get("/provider-files")
def page() -> Response:
    """The form, with the columns that a file has. ``done`` tells what became of a file that was sent."""
    _must_be_allowed()
    done: _Done | None = console().once.result(account().name, key_of(request.args.get("done")))
    if done is None:
        return _shown(wareki(node().today()))
    record_view(None, "事業所のファイルの取り込み")
    return _shown(done.received_on, taken=done.taken, only_checked=done.only_checked)


def again(sent: MultiDict[str, str]) -> Response:
    """The form with the day that was typed, after the session had ended; the file is chosen anew."""
    _must_be_allowed()
    return _shown(sent.get("received_on", ""))


@blueprint.post("/provider-files")
@shown_again(again)
def take() -> AnyResponse:
    """Take a file in once, or show every problem in it; nothing is recorded then."""
    _must_be_allowed()
    record_view(None, "事業所のファイルの取り込み")
    text, key = request.form.get("received_on", ""), key_or_new(request.form.get(FIELD))
    sent = request.files.get("file")
    content = sent.stream.read() if sent is not None and sent.filename else b""
    try:
        console().once.run(account().name, key, lambda: _taken(content, text, "check" in request.form))
    except FaultyFile as faulty:
        return _shown(text, problems=faulty.problems, status=422)
    except (InvalidFields, Conflict) as problem:
        refusal = problem_of(problem)
        return _shown(text, refusal=refusal, status=refusal.status)
    return redirect(url_for("provider_files.page", done=key))


def _taken(content: bytes, received_on: str, try_only: bool) -> _Done:
    if not content:
        raise FaultyFile([Problem(1, "", "", "ファイルを選んでください（空のファイルは取り込めません）")])
    day = _day(received_on)
    taken = import_provider_file(node(), content, account().name, day, try_only=try_only)
    return _Done(wareki(day) if day else "", taken, try_only)


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
    names = names_shown((each.case_id for each in taken or ()), "事業所のファイルの取り込み")
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
