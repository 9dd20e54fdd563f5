"""設定: who may sign in here and as what. Everybody changes the own password, the administrator gives the accounts."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.console.accounts import ROLES, SHORTEST_PASSWORD, AccountRefused
from shared.console.frame import OVERSEERS, account, console, node, only, record_view, shown_again
from shared.console.once import FIELD, key_of, key_or_new
from shared.console.pages.settings import tabs
from shared.console.security import set_cookie
from shared.policy.full_width import one_width

blueprint = Blueprint("people", __name__)

_ADMINISTRATORS: Final = frozenset({"administrator"})
_NOT_ONESELF: Final = "自分の{}はできません。ほかの管理者に頼んでください。"


@dataclass(frozen=True, slots=True)
class _Done:
    """What a form brought about: a sentence, and the name and password of an account, to be told once."""

    said: str = ""
    made: tuple[str, str] | None = None


def again(sent: MultiDict[str, str]) -> str:
    """The page with what was typed, after the session had ended."""
    return _page(typed=sent)


@blueprint.get("/people")
@only(_ADMINISTRATORS)
def page() -> str:
    """The accounts of this node; it names no person who is cared for. ``done`` tells what a form brought about."""
    return _page(done=console().once.take(account().name, key_of(request.args.get("done"))))


@blueprint.post("/people")
@only(_ADMINISTRATORS)
@shown_again(again)
def add() -> str | Response:
    """Make an account; its password is shown once."""
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    display = one_width(request.form.get("display", "")).strip()
    if role not in roles_here() or not display:
        return _page("役割と表示名を入力してください。", typed=request.form)

    def made() -> _Done:
        password = secrets.token_urlsafe(12)
        console().accounts.add(name, role, display, password, issued=True)
        record_view(None, f"利用者の追加: {name}（{ROLES[role]}）")
        return _Done(made=(name, password))

    return _once(made)


@blueprint.post("/people/password")
@only(_ADMINISTRATORS)
def reset() -> str | Response:
    """Give an account a new password, which is shown once; its sessions end."""
    name = request.form.get("name", "")
    if name == account().name:
        return _page(_NOT_ONESELF.format("パスワードの再発行"))

    def made() -> _Done:
        password = secrets.token_urlsafe(12)
        console().accounts.set_password(name, password, issued=True)
        record_view(None, f"パスワードの再発行: {name}")
        return _Done(made=(name, password))

    return _once(made)


@blueprint.post("/people/removal")
@only(_ADMINISTRATORS)
def remove() -> str | Response:
    """Ask whether an account shall go; with ``sure`` it goes. What its person recorded and viewed stays recorded."""
    name = request.form.get("name", "")
    if name == account().name:
        return _page(_NOT_ONESELF.format("削除"))
    found = console().accounts.get(name)
    if found is not None and "sure" not in request.form:
        return render_template("person_removal.html", person=found)

    def removed() -> _Done:
        if found is None:
            raise AccountRefused(f"利用者名「{name}」はありません。")
        record_view(None, f"利用者の削除: {name}")
        console().accounts.remove(name)
        return _Done(
            f"{found.display}（{name}）を削除しました。この人の記録と閲覧記録は残り、利用者名はほかの人に使えません。"
        )

    return _once(removed)


def _once(work: Callable[[], _Done]) -> str | Response:
    """Do what a form asks for once, and lead to the page that tells of it."""
    key = key_or_new(request.form.get(FIELD))
    try:
        console().once.run(account().name, key, work)
    except AccountRefused as problem:
        return _page(str(problem), typed=request.form)
    return redirect(url_for("people.page", done=key))


@blueprint.get("/password")
def password_form() -> str:
    """Where everybody changes the own password."""
    return render_template("password.html", problem="", shortest=SHORTEST_PASSWORD)


@blueprint.post("/password")
def change_password() -> Response | str:
    """Change the own password: the present one is asked for, every other session of the account ends."""
    who, new = account(), request.form.get("new", "")
    problem = ""
    if new != request.form.get("again", ""):
        problem = "新しいパスワードが2回で違います。もう一度入力してください。"
    elif console().accounts.sign_in(who.name, request.form.get("present", "")) is None:
        problem = "いまのパスワードが違います。5回続けて間違えると、しばらく変更できません。"
    else:
        try:
            console().accounts.set_password(who.name, new)
        except AccountRefused as refused:
            problem = str(refused)
    if problem:
        return render_template("password.html", problem=problem, shortest=SHORTEST_PASSWORD)
    record_view(None, "パスワードの変更")
    response = redirect(url_for("today.page"))
    set_cookie(response, "session", console().sessions.open(who))
    return response


def roles_here() -> dict[str, str]:
    """The roles that have something to do at this node: code → term."""
    used = {role for spec in node().service.commands.values() for role in spec.roles} | OVERSEERS
    return {role: title for role, title in ROLES.items() if role in used}


def _page(problem: str = "", done: _Done | None = None, typed: Mapping[str, str] | None = None) -> str:
    return render_template(
        "people.html",
        tabs=tabs(),
        people=[each for each in console().accounts.all() if not each.removed],
        roles=roles_here(),
        me_name=account().name,
        problem=problem,
        made=done.made if done else None,
        done=done.said if done else "",
        typed=typed or {},
    )
