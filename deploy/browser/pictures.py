"""Pictures of every page of every role of running nodes, at two widths."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deploy.browser.chromium import fetching, person, sign_in
from deploy.browser.life import SHOWN, first_addresses
from deploy.browser.pages import Page, pages_of, said_by
from deploy.composition import node_from
from deploy.demo.nodes import MadeNode
from deploy.web import application

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

WIDTHS: Final = (1366, 768)
"""CSS pixels: an old PC and a tablet."""


def take_pictures(
    browser: "Browser", made: MadeNode, cases: Mapping[str, str], folder: Path, tell: Callable[[Path], None]
) -> None:
    """Write ``<folder>/<node>/<role>/<page>-<width>.png`` of each page of each role of a node; ``tell`` hears of each.

    What one role sees as another did is shown once. ``cases`` are the numbers of the cases by their names in the plays.
    """
    seen: set[str] = set()
    for account, role, _ in made.member.accounts:
        with person(browser) as context:
            window = context.new_page()
            sign_in(window, made.url, account, made.passwords[account])
            for page in _new(window, made, cases, seen):
                for width in WIDTHS:
                    path = folder / made.member.name / role / f"{page.name}-{width}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    window.set_viewport_size({"width": width, "height": 768})
                    window.goto(made.url + page.path)
                    window.screenshot(path=path, full_page=True)
                    tell(path)


def _new(window: "Window", made: MadeNode, cases: Mapping[str, str], seen: set[str]) -> Iterator[Page]:
    """The pages that somebody who signed in reaches and nobody before saw so."""
    fetch = fetching(window.context, made.url)
    node = node_from(made.config)
    try:
        app = application(node)
        shown = {cases[name] for name in SHOWN}
        for page in pages_of(app, node, fetch, shown, first_addresses(cases)):
            said = said_by(fetch(page.path) or "")
            if said not in seen:
                seen.add(said)
                yield page
    finally:
        node.close()
