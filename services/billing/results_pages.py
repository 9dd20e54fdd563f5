"""審査結果: the examiner's files, taken in on the console, all of a file or nothing (T-33, A-Q54b)."""

from flask import Blueprint, Response, make_response, render_template, request

from services.billing.results import TakenFile, take_in_results
from shared.care.csv_file import FaultyFile, Problem
from shared.console.acting import allowed_command
from shared.console.frame import account, console, node, record_view, record_views
from shared.console.problems import problem_of
from shared.node.errors import Conflict

_NEEDED = ("RecordReturn", "RecordDecision")


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the page."""
    blueprint.add_url_rule("/results", view_func=results, methods=["GET"])
    blueprint.add_url_rule("/results", view_func=take_results, methods=["POST"])


def results() -> Response:
    """The form, with the kinds of files that are read."""
    _must_be_allowed()
    return _shown()


def take_results() -> Response:
    """Take a file in, or show every problem in it; nothing is recorded then."""
    _must_be_allowed()
    record_view(None, "審査結果の取り込み")
    try_only = "check" in request.form
    sent = request.files.get("file")
    content = sent.stream.read() if sent is not None and sent.filename else b""
    try:
        if not content:
            raise FaultyFile([Problem(1, "", "", "ファイルを選んでください（空のファイルは取り込めません）")])
        taken = take_in_results(node(), content, account().name, try_only=try_only)
    except FaultyFile as faulty:
        return _shown(problems=faulty.problems, status=422)
    except Conflict as problem:
        refusal = problem_of(problem)
        return _shown(message=refusal.message, status=refusal.status)
    record_views((each.case_id for each in taken.results), "審査結果の取り込み")
    return _shown(taken=taken, only_checked=try_only)


def _must_be_allowed() -> None:
    for name in _NEEDED:
        allowed_command(name)


def _shown(
    *,
    problems: tuple[Problem, ...] = (),
    message: str | None = None,
    taken: TakenFile | None = None,
    only_checked: bool = False,
    status: int = 200,
) -> Response:
    names = console().names.of({each.case_id for each in taken.results} if taken else set())
    text = render_template(
        "billing/results.html",
        problems=problems,
        message=message,
        taken=taken,
        names=names,
        only_checked=only_checked,
    )
    return make_response(text, status)
