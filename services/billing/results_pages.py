"""審査結果: the examiner's files, taken in on the console, all of a file or nothing (T-33, A-Q54b)."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.billing.results import TakenFile, take_in_results
from shared.care.csv_file import FaultyFile, Problem
from shared.console.acting import allowed_command
from shared.console.frame import account, console, names_shown, node, record_view
from shared.console.once import FIELD, key_of, key_or_new
from shared.console.problems import problem_of
from shared.node.errors import Conflict

_NEEDED = ("RecordReturn", "RecordDecision", "RecordSlipReturn")


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the page."""
    blueprint.add_url_rule("/results", view_func=results, methods=["GET"])
    blueprint.add_url_rule("/results", view_func=take_results, methods=["POST"])


def results() -> Response:
    """The form, with the kinds of files that are read. ``done`` tells what became of a file that was sent."""
    _must_be_allowed()
    done: tuple[TakenFile, bool] | None = console().once.result(
        account().name, key_of(request.args.get("done"))
    )
    if done is None:
        return _shown()
    taken, only_checked = done
    return _shown(taken=taken, only_checked=only_checked)


def take_results() -> AnyResponse:
    """Take a file in once, or show every problem in it; nothing is recorded then."""
    _must_be_allowed()
    record_view(None, "審査結果の取り込み")
    key, try_only = key_or_new(request.form.get(FIELD)), "check" in request.form
    sent = request.files.get("file")
    content = sent.stream.read() if sent is not None and sent.filename else b""

    def take_in() -> tuple[TakenFile, bool]:
        if not content:
            raise FaultyFile([Problem(1, "", "", "ファイルを選んでください（空のファイルは取り込めません）")])
        return take_in_results(node(), content, account().name, try_only=try_only), try_only

    try:
        console().once.run(account().name, key, take_in)
    except FaultyFile as faulty:
        return _shown(problems=faulty.problems, status=422)
    except Conflict as problem:
        refusal = problem_of(problem)
        return _shown(message=refusal.message, status=refusal.status)
    return redirect(url_for("billing.results", done=key))


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
    names = names_shown((each.case_id for each in taken.results) if taken else (), "審査結果の取り込み")
    text = render_template(
        "billing/results.html",
        problems=problems,
        message=message,
        taken=taken,
        names=names,
        only_checked=only_checked,
    )
    return make_response(text, status)
