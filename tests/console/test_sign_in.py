"""Signing in, sessions and forms: nobody without a session sees anything, nobody else's page can act."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared.console.accounts import FAILURES_BEFORE_LOCK
from shared.console.security import visitor_token
from shared.console.throttle import FREE_FAILURES
from tests.console import sample
from tests.console.conftest import Browser

PAGES = ("/", "/cases", "/exchange", "/accesses", "/commands/OpenSample")


def cookies_of(response: TestResponse) -> list[str]:
    return response.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_session_every_page_leads_to_sign_in(browser: Browser, page: str) -> None:
    response = browser.get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/signin")


def test_no_answer_without_a_session_holds_personal_data(browser: Browser, app: Flask, case_id: UUID) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        values: dict[str, Any] = {
            "case_id": case_id,
            "case": case_id,
            "plan_id": UUID("6f1d7f0a-3f0e-4c39-8a8e-0c8f3a1f0b11"),
            "review_id": UUID("6f1d7f0a-3f0e-4c39-8a8e-0c8f3a1f0b11"),
            "name": "OpenSample",
            "filename": "console.css",
            "digest": "0" * 64,
            "kept_id": UUID("6f1d7f0a-3f0e-4c39-8a8e-0c8f3a1f0b11"),
        }
        with app.test_request_context():
            address = app.url_for(
                rule.endpoint, **{each: values.get(each, "sample") for each in rule.arguments}
            )
        text = browser.get(address).text
        assert sample.NAME not in text, rule
        assert sample.ADDRESS not in text, rule
        assert str(case_id) not in text.replace(f"%2F{case_id}", ""), (
            rule
        )  # the place to go on at after sign-in


def test_the_day_of_a_page_goes_on_through_the_sign_in_and_a_searched_name_does_not(browser: Browser) -> None:
    asked = browser.get("/cases?q=見本&as_of=2024-12-31&page=2").headers["Location"]
    assert asked == "/signin?next=%2Fcases%3Fas_of%3D2024-12-31%26page%3D2"
    assert browser.get("/cases?q=見本").headers["Location"] == "/signin?next=%2Fcases"


def test_after_sign_in_the_page_that_was_wanted_is_shown(browser: Browser) -> None:
    browser.get("/signin?next=/exchange")
    form = {"name": "care.manager", "password": "とてもながい合言葉-2024", "next": "/exchange"}
    assert browser.post("/signin", form).headers["Location"] == "/exchange"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:0"]
)
def test_sign_in_never_leads_to_another_site(browser: Browser, elsewhere: str) -> None:
    browser.get("/signin")
    form = {"name": "care.manager", "password": "とてもながい合言葉-2024", "next": elsewhere}
    assert browser.post("/signin", form).headers["Location"] == "/"


def test_the_session_cookie_is_http_only_and_same_site(browser: Browser) -> None:
    (cookie,) = (each for each in cookies_of(browser.sign_in("care.manager")) if "-session=" in each)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_secure_and_the_browser_stays_on_https(app: Flask) -> None:
    client = app.test_client()
    response = client.get("/signin", base_url="https://localhost/")
    assert all("Secure" in each and each.startswith("__Host-") for each in cookies_of(response))
    assert "max-age" in response.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/signin").headers


def test_each_nodes_cookie_has_a_name_of_its_own(browser: Browser) -> None:
    (cookie,) = (each for each in cookies_of(browser.sign_in("care.manager")) if "-session=" in each)
    assert sample.AGENCY in cookie.split("=", 1)[0]


def test_a_wrong_password_says_the_same_as_an_unknown_name(browser: Browser) -> None:
    wrong = browser.sign_in("care.manager", "まったくちがう合言葉")
    unknown = browser.sign_in("nobody", "まったくちがう合言葉")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "パスワードが違う" in wrong.text
    assert "パスワードが違う" in unknown.text


def test_a_locked_account_cannot_sign_in_with_the_right_password(browser: Browser) -> None:
    for _ in range(FAILURES_BEFORE_LOCK):
        browser.sign_in("care.manager", "まったくちがう合言葉")
    assert browser.sign_in("care.manager").status_code == 401


def test_one_address_that_keeps_failing_has_to_wait(browser: Browser) -> None:
    for number in range(FREE_FAILURES):
        browser.sign_in(f"nobody{number}", "まったくちがう合言葉")
    response = browser.sign_in("care.manager")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_signing_in_starts_a_new_session_and_ends_the_old_one(
    browser: Browser, rows: Callable[..., Any]
) -> None:
    browser.sign_in("care.manager")
    live = "select digest from sessions where expires_at > clock_timestamp()"
    (first,) = rows(live)
    browser.client.get("/signout")
    browser.get("/")
    form = {"name": "auditor", "password": "とてもながい合言葉-2024"}
    browser.post("/signin", form)
    digests = rows(live)
    assert len(digests) == 1
    assert first not in digests


def test_signing_out_ends_the_session_at_the_server(sign_in: Callable[[str], Browser]) -> None:
    browser = sign_in("care.manager")
    secret = [each.value for each in browser.client._cookies.values() if each.key.endswith("-session")]
    assert browser.post("/signout").status_code == 302
    browser.client.set_cookie(f"renkei-{sample.AGENCY}-session", secret[0])
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_form_without_its_own_token_is_refused(
    sign_in: Callable[[str], Browser], rows: Callable[..., Any], token: str
) -> None:
    browser = sign_in("care.manager")
    before = rows("select count(*) from events")
    form = {"csrf": token, "name": "見本 二郎", "status": "support1"}
    response = browser.post("/commands/OpenSample", form)
    assert response.status_code == 403
    assert "もう一度送ってください" in response.text
    assert rows("select count(*) from events") == before


def test_the_sign_in_form_too_must_be_our_own(app: Flask) -> None:
    form = {"name": "care.manager", "password": "とてもながい合言葉-2024"}
    assert app.test_client().post("/signin", data=form).status_code == 403


def test_a_form_from_another_site_is_refused_whatever_it_knows(sign_in: Callable[[str], Browser]) -> None:
    browser = sign_in("care.manager")
    response = browser.client.post(
        "/signout", data={"csrf": browser.csrf}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403


def test_another_persons_token_does_not_fit(sign_in: Callable[[str], Browser]) -> None:
    mine, theirs = sign_in("care.manager"), sign_in("auditor")
    mine.get("/cases")
    assert mine.post("/signout", {"csrf": theirs.csrf}).status_code == 403


def test_a_sign_in_page_that_was_left_open_still_works(browser: Browser) -> None:
    browser.get("/signin")
    browser.post("/signin", {"name": "care.manager", "password": "とてもながい合言葉-2024"})
    browser.client.set_cookie(f"renkei-{sample.AGENCY}-visitor", "left-open")
    with browser.client.application.test_request_context():
        stale = visitor_token("left-open")
    form = {"csrf": stale, "name": "auditor", "password": "とてもながい合言葉-2024"}
    assert browser.post("/signin", form).status_code == 302
    assert browser.post("/signout", {"csrf": stale}).status_code == 403
