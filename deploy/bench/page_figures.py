"""How soon every page of the console answers, for each role, at nodes with thousands of cases."""

import re
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle, islice
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import UUID

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from deploy.bench.big_node import BEGAN, EVENTS, fill
from deploy.bench.figures import Figure, Tell, percentile
from deploy.bench.ground import FOLDER, Ground, Place
from deploy.bench.town import resident, start
from deploy.composition import node_from
from deploy.local.processes import Processes
from deploy.web import application
from shared.console.accounts import Accounts
from shared.console.frame import EVERYBODY
from shared.console.sessions import Sessions
from shared.node.node import Node

TARGET: Final = 0.3
"""Seconds in which 95 of 100 visits to any page are answered (issue 6)."""
PLACES: Final[Mapping[str, str]] = {
    "office": "居宅",
    "centre": "包括",
    "ward": "区",
    "billing": "請求",
}
_ADDRESSES: Final = 6
"""Addresses that are visited of one page: of the forms of commands as many as there are."""
_BEGIN: Final = ("/", "/cases/{case}", "/cases?q=%E8%A6%8B%E6%9C%AC", "/cases/{case}/replay?as_of=20241231")
_NOT_PAGES: Final = frozenset({"static", "signin.form", "ledger.file"})
_PAPERS: Final = frozenset({"printouts.pdf", "printouts.agency_pdf"})
"""Papers are typeset when they are asked for: measured, without a target."""
_LINK: Final = re.compile(r'(?:href|action)="(/[^"#]*)')
_TITLE: Final = re.compile(r"<title>([^<]*?)｜")


@dataclass
class _Page:
    """One page with the addresses by which people come to it, each with the session of a role that may."""

    endpoint: str
    title: str
    visits: list[tuple[str, str]] = field(default_factory=list)


def page_figures(ground: Ground, cases: int, visits: int, tell: Tell) -> list[Figure]:
    """The 95th percentile of at least ``visits`` to each page of each service's node, all roles taking turns."""
    found: list[Figure] = []
    for name, word in PLACES.items():
        place = ground.node(name, prefix="pages_", training=True)
        node = node_from(place.config)
        node.open(BEGAN)
        case_id = fill(node, cases, tell)
        ground.analyse(f"pages_{name}")
        cookies = _signed_in(node)
        app = application(node)
        with Processes(FOLDER / "logs") as processes:
            start(processes, place, parts=("web",))
            figures = list(_measured(place, app, cookies, case_id, visits, word, tell))
            size = resident(processes.child(f"{place.name}-web").pid)
        node.close()
        found += _summed_up(name, word, cases, EVENTS[node.service.name] * cases, figures)
        if name == "office":
            found.append(
                Figure(
                    "page_memory",
                    f"常駐メモリ: 画面（{word}）",
                    "MB",
                    size,
                    target=130 if cases <= 500 else None,
                    at_most=True,
                )
            )
    return found


def _summed_up(name: str, word: str, cases: int, events: int, figures: Sequence[Figure]) -> list[Figure]:
    """Every page's figure, and before them that of the slowest."""
    slowest = max((each for each in figures if each.target), key=lambda each: each.ours or 0.0)
    scale = f"{cases:,}ケース、出来事 {events:,}"
    title = f"どの画面も（{word} {scale}）p95 最も遅いのは{slowest.title.removesuffix(' p95')}"
    return [Figure(f"pages_{name}", title, "秒", slowest.ours, target=TARGET, at_most=True), *figures]


def _signed_in(node: Node) -> dict[str, str]:
    """A session of each role that has something to do at this node."""
    accounts, sessions = Accounts(node.database), Sessions(node.database)
    used = {role for spec in node.service.commands.values() for role in spec.roles}
    roles = [role for role in sorted(EVERYBODY) if role in used | {"administrator", "auditor"}]
    return {
        role: f"renkei-{node.agency}-session="
        + sessions.open(accounts.add(role.replace("_", "."), role, f"見本 {role}", "only-for-the-bench"))
        for role in roles
    }


def _measured(
    place: Place,
    app: Flask,
    cookies: Mapping[str, str],
    case_id: UUID,
    visits: int,
    word: str,
    tell: Tell,
) -> Iterator[Figure]:
    for page in _pages(place, app, cookies, case_id, lambda text: tell(f"画面（{word}）: {text}")):
        tell(f"画面（{word}）: {page.title}を測っています")
        wanted = max(visits, len(page.visits))
        seconds = [_visit(place, *each)[0] for each in islice(cycle(page.visits), wanted)]
        paper = page.endpoint in _PAPERS
        yield Figure(
            f"page_{place.name}_{page.endpoint}",
            f"画面（{word}）{page.title} p95",
            "秒",
            percentile(seconds, 0.95),
            target=None if paper else TARGET,
            at_most=True,
        )


def _pages(place: Place, app: Flask, cookies: Mapping[str, str], case_id: UUID, tell: Tell) -> list[_Page]:
    """Every page to which links lead, role by role, beginning with the first page and one case."""
    pages: dict[str, _Page] = {}
    routes = app.url_map.bind("localhost")
    for role, cookie in cookies.items():
        tell(f"{role} の画面をたどっています")
        waiting = deque(
            [
                "/",
                f"/cases/{case_id}",
                "/cases?q=%E8%A6%8B%E6%9C%AC",
                f"/cases/{case_id}/replay?as_of=20241231",
            ]
        )
        seen = dict.fromkeys(waiting)
        counted: dict[str, int] = {}
        while waiting:
            address = waiting.popleft()
            endpoint = _endpoint(routes, address)
            if endpoint is None or counted.get(endpoint, 0) >= _most(endpoint):
                continue
            _, status, text = _visit(place, address, cookie)
            if status != 200:
                continue
            counted[endpoint] = counted.get(endpoint, 0) + 1
            title = (_TITLE.findall(text) or [endpoint])[0]
            page = pages.setdefault(endpoint, _Page(endpoint, title))
            if endpoint != "command.form" or all(address != other for other, _ in page.visits):
                page.visits.append((address, cookie))
            for link in map(unescape, _LINK.findall(text)):
                if link not in seen:
                    seen[link] = None
                    waiting.append(link)
    return list(pages.values())


def _most(endpoint: str) -> int:
    return 100 if endpoint == "command.form" else _ADDRESSES


def _endpoint(routes: MapAdapter, address: str) -> str | None:
    try:
        endpoint, _ = routes.match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return None if endpoint in _NOT_PAGES else endpoint


def _visit(place: Place, address: str, cookie: str) -> tuple[float, int, str]:
    """Seconds, status and text of one visit."""
    request = Request(f"http://127.0.0.1:{place.web.number}{address}", headers={"Cookie": cookie})
    begun = time.perf_counter()
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310 (our own process)
            content, status = answer.read(), int(answer.status)
    except HTTPError as problem:
        content, status = b"", problem.code
    return time.perf_counter() - begun, status, content.decode(errors="replace")
