"""What a person does at a console: follow links, fill in a form by the labels they read, press its button."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator
from playwright.sync_api import Page as Window


def menu(window: Window, name: str) -> None:
    follow(window.get_by_role("navigation", name="メニュー").get_by_role("link", name=name, exact=True))


def case_of(window: Window, person: str) -> None:
    """Open somebody's case from the list of cases."""
    menu(window, "利用者・ケース")
    follow(window.locator("main").get_by_role("link", name=person, exact=True).first)


def open_form(window: Window, command: str) -> None:
    """Follow the page's link to a command's form, unfolding what it lies in."""
    link = window.locator(f'main a[href*="/commands/{command}"]').first
    for folded in link.locator("xpath=ancestor::details[not(@open)]/summary").all():
        folded.click()
    follow(link)


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait for it."""
    with link.page.expect_navigation(wait_until="domcontentloaded"):
        link.click()


def fill(form: Locator, answers: Mapping[str, str]) -> None:
    """Fill in by label: words, or the words of a choice."""
    for label, answer in answers.items():
        box = form.get_by_label(re.compile(rf"^\s*{re.escape(label)}(必須)?\s*$"))
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=answer)
        else:
            box.fill(answer)


def record(window: Window) -> str:
    """Press the button of a form; what the next page says became of it."""
    follow(window.get_by_role("button", name="記録する", exact=True))
    return outcome_shown(window)


def outcome_shown(window: Window) -> str:
    return window.locator(".message h2").first.inner_text()
