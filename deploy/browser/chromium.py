"""A Chromium without a window that draws the same everywhere: one font, one colour space, nothing from the network.

It is driven by Playwright, which only developers have: the image for production leaves both out.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deploy.browser.pages import Fetch
from deploy.local.find_browser import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_FONT: Final = "noto_cjk_sans_jp_regular"
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # everything runs as root in a container; only our own pages are opened
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
_PATIENCE: Final = 120_000
"""Milliseconds to wait for a page: machines are busy, and nothing here measures speed."""
_ONE_FONT: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans CJK JP</string></edit></match>
</fontconfig>
"""


@contextmanager
def chromium(folder: Path, tell: Callable[[str], None]) -> "Iterator[Browser]":
    """A running Chromium; ``folder`` keeps its font configuration.

    :raises BrowserMissing: there is none, with what to install.
    """
    from playwright.sync_api import sync_playwright

    program = find_browser(tell)
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(one_font(folder))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS), env=environment)
        try:
            yield browser
        finally:
            browser.close()


def person(
    browser: "Browser", width: int = 1366, height: int = 768, scripts: bool = True
) -> "BrowserContext":
    """The browser of one person in Japan: cookies of its own, a window of that size in CSS pixels."""
    context = browser.new_context(
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE)
    return context


def sign_in(window: "Page", url: str, name: str, password: str) -> None:
    """Sign in at a console, as a person does."""
    window.goto(url)
    window.get_by_label("利用者名").fill(name)
    window.get_by_label("パスワード").fill(password)
    with window.expect_navigation(wait_until="domcontentloaded"):
        window.get_by_role("button", name="サインイン").click()


def fetching(context: "BrowserContext", url: str) -> Fetch:
    """Gets pages of a console for whoever is signed in there, without showing them."""

    def fetch(path: str) -> str | None:
        answer = context.request.get(url + path)
        page = answer.ok and answer.headers["content-type"].startswith("text/html")
        return answer.text() if page else None

    return fetch


def one_font(folder: Path) -> Path:
    """Write the configuration by which a program knows the Japanese font of our packages and no other; its path."""
    package = find_spec(_FONT)
    (fonts,) = list(package.submodule_search_locations or ()) if package else [""]
    assert fonts, f"the font of {_FONT} is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "fonts.conf"
    file.write_text(_ONE_FONT.format(fonts=fonts, cache=folder / "cache"), encoding="utf-8")
    return file
