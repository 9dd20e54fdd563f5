"""Every page of every role: no barrier that axe finds, nothing to scroll sideways, no complaint of the browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage
from playwright.sync_api import Page as Window

from deploy.browser.chromium import fetching, person
from deploy.browser.pages import ANONYMOUS, KEPT, built_of, page_endpoints
from tests.browser.conftest import Lived, Visits

WCAG_22_AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
WIDTHS = (1366, 768, 683)
"""CSS pixels: an old PC, a tablet, and the old PC at 200 %."""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def barriers(window: Window) -> list[str]:
    found = Axe().run(window, options=WCAG_22_AA).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def flaws_of_frame(window: Window) -> list[str]:
    found = []
    if window.locator("h1").count() != 1:
        found.append(f"{window.locator('h1').count()} h1")
    if not JAPANESE.search(window.title().split("｜")[0]):
        found.append(f"title {window.title()!r}")
    if window.locator("html").get_attribute("lang") != "ja":
        found.append("lang")
    return found


def sideways(window: Window) -> list[str]:
    found = []
    for width in reversed(WIDTHS):
        window.set_viewport_size({"width": width, "height": 768})
        beyond = window.evaluate(SIDEWAYS)
        if beyond > 0:
            found.append(f"{beyond} px beyond {width} px")
    return found


def test_the_plays_before_went_as_they_should(lived: Lived) -> None:
    assert lived.played.failures == []


def test_every_view_of_every_console_is_reached_by_links(lived: Lived, visits: Visits) -> None:
    views = {view for console in lived.town.consoles.values() for view in page_endpoints(console.app)}
    reached = {page.endpoint for pages in visits.values() for page in pages}
    assert views - reached == {ANONYMOUS, KEPT}


@pytest.fixture(scope="module")
def looked_at() -> set[object]:
    """What was looked at: a view of the same kinds of elements, or a form of the same shape, is not looked at twice."""
    return set()


def test_every_page_is_without_barriers(
    lived: Lived, visits: Visits, looked_at: set[object], node: str, role: str
) -> None:
    town, flaws = lived.town, {}
    window = town.window(node, role)
    fetch = fetching(window.context, town.consoles[node].url)
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    window.on("console", listen)
    window.on("pageerror", lambda error: said.append(str(error)))
    for page in visits[node, role]:
        url = town.consoles[node].url + page.path
        form = page.endpoint == "command.form"
        kind = page.endpoint, page.shape if form else built_of(fetch(page.path) or "")
        if kind in looked_at:
            continue
        looked_at.add(kind)
        window.goto(url)
        found = [*flaws_of_frame(window), *sideways(window), *barriers(window), *said]
        said.clear()
        if found:
            flaws[f"{page.name} {page.path}"] = found
    window.remove_listener("console", listen)
    assert visits[node, role]
    assert flaws == {}


def test_the_page_to_sign_in_is_without_barriers(lived: Lived, browser: Browser) -> None:
    with person(browser) as context:
        window = context.new_page()
        window.goto(lived.town.consoles["office"].url)
        assert (flaws_of_frame(window), sideways(window), barriers(window)) == ([], [], [])
