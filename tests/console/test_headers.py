"""What a browser may do with our pages, and what every page says about training."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from shared.console.accounts import Accounts
from shared.console.app import create_app
from tests.console.conftest import PASSWORD, Browser, MakeNode

PAGES = ("/", "/cases", "/exchange", "/commands/OpenSample", "/nowhere")


@pytest.mark.parametrize("page", [*PAGES, "/signin", "/healthz", "/static/console.css"])
def test_every_answer_carries_the_security_headers(sign_in: Callable[[str], Browser], page: str) -> None:
    headers = sign_in("care.manager").get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_are_not_kept_by_caches(sign_in: Callable[[str], Browser]) -> None:
    assert sign_in("care.manager").get("/cases").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_inline_script_or_style(sign_in: Callable[[str], Browser], page: str) -> None:
    text = sign_in("care.manager").get(page).text
    scripts = re.findall(r"<script[^>]*>.*?</script>", text, re.DOTALL)
    assert all(
        re.fullmatch(r'<script src="/static/console\.js\?v=\w+" defer></script>', each) for each in scripts
    )
    assert "style=" not in text
    assert " onclick" not in text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_it_is_training(sign_in: Callable[[str], Browser], page: str) -> None:
    text = sign_in("care.manager").get(page).text
    assert "研修モード" in text


def test_the_sign_in_page_says_that_it_is_training(browser: Browser) -> None:
    assert "研修モード" in browser.get("/signin").text


def test_training_pages_show_the_day_of_the_scenario(sign_in: Callable[[str], Browser]) -> None:
    assert "令和6年10月7日（月）" in sign_in("care.manager").get("/").text


def test_a_production_node_says_nothing_of_training(make_node: MakeNode) -> None:
    node = make_node(training=False)
    Accounts(node.database).add("hanako", "staff", "見本 花子", PASSWORD)
    browser = Browser(create_app(node).test_client())
    browser.sign_in("hanako")
    assert "研修モード" not in browser.get("/").text


def test_the_language_and_the_way_past_the_menu_are_marked(sign_in: Callable[[str], Browser]) -> None:
    text = sign_in("care.manager").get("/").text
    assert '<html lang="ja">' in text
    assert 'href="#main"' in text


def test_a_page_that_does_not_exist_says_what_to_do(sign_in: Callable[[str], Browser], case_id: UUID) -> None:
    browser = sign_in("care.manager")
    for page in ("/nowhere", "/cases/nobody", "/cases/00000000-0000-0000-0000-000000000000"):
        response = browser.get(page)
        assert response.status_code == 404
        assert "見つかりません" in response.text
