"""The pages of a console, found as a person finds them: by following links from the first one."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from shared.console.forms import Control, controls
from shared.node.node import Node

NOT_PAGES: Final[Mapping[str, str]] = {
    "static": "the style sheet, the script and the icon",
    "healthz": "for supervisors",
    "metrics_page": "for Prometheus",
    "printouts.pdf": "a PDF",
    "printouts.agency_pdf": "a PDF",
    "ledger.file": "a file that somebody attached",
    "billing.submitted_file": "a claim file",
    "arrivals.since": "for the console's script",
    "arrivals.reading": "for the console's script",
}
"""Endpoints that answer something else than a page, and what."""
API: Final = ("api", "policy_api")
"""Blueprints for other programs."""
ANONYMOUS: Final = "signin.form"
KEPT: Final = "kept.page"
"""What was typed before the session ended: shown once after signing in again, and by no link."""
_CASE: Final = re.compile(r"/(?:cases|claims/\d{4}-\d\d)/([0-9a-f-]{36})")
_ELEMENT: Final = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_KIND: Final = re.compile(r'\b((?:class|role|type|scope)="[^"]*"|aria-[a-z]+)')
_CHANGING: Final = re.compile(r' (?:value|href|id|for|aria-\w+)="[^"]*"')
_MOST_VARIANTS: Final = 3
"""How many addresses of one page that differ in their questions are looked at."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a console: which view answers it, at which address below the console's, and what kind of one it is.

    Forms of commands whose controls are of the same kinds have the same ``shape``.
    """

    endpoint: str
    path: str
    shape: str = ""

    @property
    def name(self) -> str:
        """A short name for files and messages."""
        words = [self.endpoint.removesuffix(".page").replace(".", "-")]
        if self.endpoint == "command.form":
            words.append(self.path.partition("?")[0].rsplit("/", 1)[-1])
        return "-".join([*words, *sorted({key for key, _ in parse_qsl(urlsplit(self.path).query)})])


Fetch = Callable[[str], str | None]
"""The HTML at a path for who is signed in; ``None`` when it is no page of theirs."""


def page_endpoints(app: Flask) -> set[str]:
    """The endpoints of a console that answer GET with a page."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods
        and "GET" in rule.methods
        and rule.endpoint not in NOT_PAGES
        and rule.endpoint.partition(".")[0] not in API
    }


def pages_of(
    app: Flask, node: Node, fetch: Fetch, cases: Container[str], first: Sequence[str] = ()
) -> list[Page]:
    """The pages that somebody reaches by links, breadth first: of each view one address, of each form each shape.

    Of the cases only those with these numbers are looked at. ``first`` are addresses to begin with, where one stands
    for its view better than whatever the links lead to.
    """
    wanted = page_endpoints(app)
    seen: dict[tuple[str, str], Page] = {}
    variants: dict[str, int] = {}
    waiting = [*first, "/"]
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if endpoint not in wanted:
            continue
        shape = (endpoint, _shape(node, endpoint, path))
        if shape in seen or variants.get(endpoint, 0) >= _most(endpoint):
            continue
        text = fetch(path)
        if text is None:
            continue
        seen[shape] = Page(endpoint, path, shape[1])
        variants[endpoint] = variants.get(endpoint, 0) + 1
        waiting += [link for link in links(text, path) if _is_about(link, cases)]
    return list(seen.values())


def endpoint_of(app: Flask, path: str) -> str | None:
    """Which view answers GET at a path."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def said_by(text: str) -> str:
    """What the main part of a page says, without tokens and addresses: two pages that say the same look the same."""
    return _CHANGING.sub("", text.partition("<main")[2].partition("</main>")[0])


def built_of(text: str) -> frozenset[str]:
    """Of which kinds of elements the main part of a page is made: two pages of one view with the same have the same
    flaws, whatever they say."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return frozenset(f"{tag} {sorted(_KIND.findall(settings))}" for tag, settings in _ELEMENT.findall(main))


def _is_about(link: str, cases: Container[str]) -> bool:
    found = _CASE.search(link)
    return found is None or found[1] in cases


def _most(endpoint: str) -> int:
    return 1000 if endpoint == "command.form" else _MOST_VARIANTS


def _shape(node: Node, endpoint: str, path: str) -> str:
    """What makes two addresses of one view look alike: the same kinds of controls, the same questions asked."""
    address = urlsplit(path)
    if endpoint == "command.form":
        spec = node.service.commands.get(address.path.rsplit("/", 1)[-1])
        return "" if spec is None else "+".join(sorted(set(_kinds(controls(spec.schema)))))
    return "&".join(sorted(key for key, _ in parse_qsl(address.query)))


def _kinds(shown: Sequence[Control], within: str = "") -> Iterator[str]:
    for each in shown:
        yield f"{within}{each.kind}"
        for row in each.rows:
            yield from _kinds(row, f"{each.kind}/")


def links(text: str, path: str) -> Iterator[str]:
    """The addresses of this console that a page leads to."""
    reader = _Links()
    reader.feed(text)
    for link in reader.found:
        address = urlsplit(urljoin(path, link))
        if not address.netloc and address.path:
            yield address.path + (f"?{address.query}" if address.query else "")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href")
        if tag == "a" and link:
            self.found.append(link)
