"""設定: accounts given and taken by the administrator, and everybody's own password."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from shared.node.node import Node
from tests.console.conftest import PASSWORD, Browser

SignIn = Callable[[str], Browser]
NEW = "あたらしい合言葉-2026"


def password_in(text: str) -> str:
    found = re.search(r"<code>([^<]+)</code>", text)
    assert found is not None, text
    return found[1]


@pytest.fixture
def administrator(sign_in: SignIn) -> Browser:
    return sign_in("administrator")


def add(browser: Browser, **changes: str) -> str:
    form = {"name": "jiro", "role": "care_manager", "display": "見本 じろう", **changes}
    return browser.send("/people", form).text


def test_who_is_added_signs_in_with_the_password_that_is_shown_once(
    app: Flask, administrator: Browser, node: Node
) -> None:
    password = password_in(add(administrator))
    listed = administrator.get("/people").text
    assert "見本 じろう" in listed
    assert password not in listed
    assert Browser(app.test_client()).sign_in("jiro", password).status_code == 302
    assert "利用者の追加: jiro（介護支援専門員）" in [each.what for each in node.access.latest(20)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "administrator"}, "すでにあります"),
        ({"name": "見本"}, "英小文字で始まる"),
        ({"name": ""}, "英小文字で始まる"),
        ({"role": "king"}, "役割と表示名を入力してください"),
        ({"role": "clerk"}, "役割と表示名を入力してください"),  # nothing here is a clerk's to do
        ({"display": " "}, "役割と表示名を入力してください"),
    ],
)
def test_what_can_not_be_an_account_is_refused_and_what_was_typed_is_kept(
    administrator: Browser, changes: dict[str, str], said: str
) -> None:
    text = add(administrator, **changes)
    assert said in text
    assert "<code>" not in text
    if changes.get("display", "見本 じろう").strip():
        assert 'value="見本 じろう"' in text


def test_a_new_password_ends_the_sessions_that_the_old_one_began(app: Flask, administrator: Browser) -> None:
    first = password_in(add(administrator))
    jiro = Browser(app.test_client())
    assert jiro.sign_in("jiro", first).status_code == 302
    second = password_in(administrator.send("/people/password", {"name": "jiro"}).text)
    assert jiro.get("/").status_code == 302
    assert jiro.sign_in("jiro", first).status_code == 401
    assert jiro.sign_in("jiro", second).status_code == 302


def test_an_account_goes_only_when_one_is_sure(app: Flask, administrator: Browser) -> None:
    password = password_in(add(administrator))
    assert (
        "この人がした記録と、閲覧記録は残ります"
        in administrator.send("/people/removal", {"name": "jiro"}).text
    )
    jiro = Browser(app.test_client())
    assert jiro.sign_in("jiro", password).status_code == 302
    assert "削除しました" in administrator.send("/people/removal", {"name": "jiro", "sure": "1"}).text
    assert jiro.get("/").status_code == 302
    assert jiro.sign_in("jiro", password).status_code == 401
    assert "削除した人の利用者名も使えません" in add(administrator, display="見本 さぶろう")
    assert "「jiro」はありません" in administrator.send("/people/removal", {"name": "jiro", "sure": "1"}).text


@pytest.mark.parametrize("address", ["/people/removal", "/people/password"])
def test_nobody_shuts_oneself_out(administrator: Browser, address: str) -> None:
    text = administrator.post(address, {"name": "administrator", "sure": "1"}).text
    assert "ほかの管理者に頼んでください" in text
    assert administrator.get("/people").status_code == 200


@pytest.mark.parametrize("name", ["care.manager", "auditor"])
def test_only_the_administrator_gives_accounts(sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    assert 'href="/people"' not in browser.get("/").text
    assert browser.get("/people").status_code == 403
    for address in ("/people", "/people/password", "/people/removal"):
        response = browser.post(address, {"name": "administrator", "role": "auditor", "display": "見本"})
        assert response.status_code == 403


def test_everybody_changes_the_own_password_and_stays_signed_in(app: Flask, sign_in: SignIn) -> None:
    browser, elsewhere = sign_in("auditor"), sign_in("auditor")
    assert 'href="/password"' in browser.get("/").text
    browser.get("/password")
    form = {"present": PASSWORD, "new": NEW, "again": NEW}
    assert browser.post("/password", form).status_code == 302
    assert browser.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert Browser(app.test_client()).sign_in("auditor", NEW).status_code == 302
    assert Browser(app.test_client()).sign_in("auditor").status_code == 401


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"present": "ちがう合言葉-2024"}, "いまのパスワードが違います"),
        ({"again": NEW + "?"}, "2回で違います"),
        ({"new": "みじかい", "again": "みじかい"}, "パスワードは12文字以上にしてください"),
    ],
)
def test_a_password_that_can_not_be_changed_stays(
    app: Flask, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    browser = sign_in("auditor")
    browser.get("/password")
    form = {"present": PASSWORD, "new": NEW, "again": NEW, **changes}
    assert said in browser.post("/password", form).text
    assert Browser(app.test_client()).sign_in("auditor").status_code == 302


def test_a_password_that_another_issued_is_changed_before_anything_else(
    app: Flask, administrator: Browser, node: Node
) -> None:
    issued = password_in(add(administrator))
    jiro = Browser(app.test_client())
    assert jiro.sign_in("jiro", issued).status_code == 302
    for address in ("/", "/cases", "/exchange"):
        assert jiro.get(address).headers["Location"] == "/password"
    assert "管理者が発行したものです" in jiro.get("/password").text
    assert jiro.post("/password", {"present": issued, "new": NEW, "again": NEW}).status_code == 302
    assert jiro.get("/").status_code == 200
    assert "パスワードの変更" in [each.what for each in node.access.latest(20)]


def test_who_has_left_is_still_named_in_the_access_log(app: Flask, administrator: Browser) -> None:
    password = password_in(add(administrator))
    jiro = Browser(app.test_client())
    jiro.sign_in("jiro", password)
    jiro.get("/password")
    jiro.post("/password", {"present": password, "new": NEW, "again": NEW})
    administrator.send("/people/removal", {"name": "jiro", "sure": "1"})
    assert "見本 じろう" in administrator.get("/accesses").text
