"""How soon every page of the console answers, for each role, at nodes with thousands of cases."""

import re
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle, islice
from statistics import median
from typing import Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen
from uuid import UUID

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from deploy.bench.figures import Figure, Tell, percentile
from deploy.bench.ground import Ground, Place
from deploy.bench.page_nodes import big_node_of
from deploy.bench.spent import Spent
from deploy.bench.town import resident, start
from deploy.local.processes import Processes
from deploy.web import application
from shared.console.accounts import Account, Accounts
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
_SEARCHED: Final = "%E8%A6%8B%E6%9C%AC"
"""What is searched for: a name that one person in eight has."""
_BEGIN: Final = (
    "/",
    "/cases/{case}",
    f"/cases?q={_SEARCHED}",
    "/cases?order=kana&support=all",
    "/cases?certification=60",
    f"/beneficiaries?q={_SEARCHED}",
    f"/register?q={_SEARCHED}",
    "/cases/{case}/replay?as_of=20241231",
)
"""Where every role begins: the first page, a case, and what people type into forms instead of following a link."""
_NOT_PAGES: Final = frozenset({"static", "signin.form", "ledger.file"})
_PAPERS: Final = frozenset({"printouts.pdf", "printouts.agency_pdf"})
"""Papers are typeset when they are asked for: measured, without a target."""
_LINK: Final = re.compile(r'(?:href|action)="(/[^"#]*)')
_TITLE: Final = re.compile(r"<title>([^<]*?)｜")


_FILE: Final = "csv"
"""What the address of a list asks for that is saved as a file."""
_PLAINEST: Final = "/signin"
"""A page without data: what the way to a page costs whatever is on it."""


@dataclass
class _Page:
    """One page with the addresses by which people come to it, each with the session of a role that may."""

    name: str
    title: str
    visits: list[tuple[str, str]] = field(default_factory=list)

    @property
    def target(self) -> float | None:
        """Papers are typeset when they are asked for: measured without a target."""
        return None if self.name in _PAPERS else TARGET

    @property
    def is_file(self) -> bool:
        """Whether it is the file of a whole list: what counts is when it begins to come, for it can be left then."""
        return self.name.endswith(_FILE)


@dataclass(frozen=True)
class _Answer:
    """How long one visit took until the answer began and until it was whole, what it cost both processes in CPU
    (None where nobody can tell), and what came."""

    begun: float
    seconds: float
    cpu: float | None
    status: int
    text: str


def page_figures(ground: Ground, cases: int, visits: int, tell: Tell) -> list[Figure]:
    """Median and 95th percentile of at least ``visits`` to each page of each service's node, all roles taking turns."""
    found: list[Figure] = []
    for name, word in PLACES.items():
        with big_node_of(ground, name, cases, tell) as big, Processes(ground.folder / "logs") as processes:
            cookies = _signed_in(big.node)
            start(processes, big.place, parts=("web",))
            process = processes.child(f"{big.place.name}-web").pid
            desk = _Visitor(big.place, Spent((process, ground.server)))
            first = desk.visit("/", next(iter(cookies.values())))
            figures = list(_measured(desk, application(big.node), cookies, big.case_id, visits, word, tell))
            size = resident(process)
            events = big.node.log.head().position
        found += _summed_up(name, word, cases, events, figures)
        found.append(
            Figure(f"first_{name}", f"起動した直後の最初の画面（{word}）", "秒", first.seconds, at_most=True)
        )
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
        role: f"renkei-{node.agency}-session=" + sessions.open(_account(accounts, role)) for role in roles
    }


def _account(accounts: Accounts, role: str) -> Account:
    name = role.replace("_", ".")
    return accounts.get(name) or accounts.add(name, role, f"見本 {role}", "only-for-the-bench")


def _measured(
    desk: "_Visitor",
    app: Flask,
    cookies: Mapping[str, str],
    case_id: UUID,
    visits: int,
    word: str,
    tell: Tell,
) -> Iterator[Figure]:
    pages = _pages(desk, app, cookies, case_id, lambda text: tell(f"画面（{word}）: {text}"))
    for number, page in enumerate(pages, 1):
        tell(f"画面（{word}）: {number}/{len(pages)} {page.title}を測っています")
        wanted = max(visits, len(page.visits))
        taken, plain = [], []
        for each in islice(cycle(page.visits), wanted):  # in turns, so that both meet the same weather
            taken.append(desk.visit(*each))
            plain.append(desk.visit(_PLAINEST, "").seconds)
        name, title = f"page_{desk.place.name}_{page.name}", f"画面（{word}）{page.title}"
        cpu = [each.cpu for each in taken if each.cpu is not None]
        if page.is_file:
            begun = [each.begun for each in taken]
            yield _figure(f"{name}_begun", f"{title} 届き始めるまで", begun, [], plain, page.target)
        whole = [each.seconds for each in taken]
        yield _figure(name, title, whole, cpu, plain, None if page.is_file else page.target)


def _figure(
    name: str,
    title: str,
    seconds: Sequence[float],
    cpu: Sequence[float],
    plain: Sequence[float],
    target: float | None,
) -> Figure:
    return Figure(
        name,
        title,
        "秒",
        percentile(seconds, 0.95),
        target=target,
        at_most=True,
        half=median(seconds),
        cpu=median(cpu) if cpu else None,
        times=median(seconds) / median(plain),
    )


def _pages(
    desk: "_Visitor", app: Flask, cookies: Mapping[str, str], case_id: UUID, tell: Tell
) -> list[_Page]:
    """Every page to which links lead, role by role, beginning with the first page and one case."""
    pages: dict[str, _Page] = {}
    routes = app.url_map.bind("localhost")
    for role, cookie in cookies.items():
        tell(f"{role} の画面をたどっています")
        waiting = deque(each.format(case=case_id) for each in _BEGIN)
        seen = dict.fromkeys(waiting)
        counted: dict[str, int] = {}
        while waiting:
            address = waiting.popleft()
            name = _page_at(routes, address)
            if name is None or counted.get(name, 0) >= _most(name):
                continue
            answer = desk.visit(address, cookie)
            if answer.status != 200:
                continue
            counted[name] = counted.get(name, 0) + 1
            page = pages.setdefault(name, _Page(name, _title(name, answer.text, pages)))
            if name != "command.form" or all(address != other for other, _ in page.visits):
                page.visits.append((address, cookie))
            for link in map(unescape, _LINK.findall(answer.text)):
                if link not in seen:
                    seen[link] = None
                    waiting.append(link)
    return list(pages.values())


def _title(name: str, text: str, known: Mapping[str, _Page]) -> str:
    found = _TITLE.search(text)
    if found:
        return unescape(found[1])
    of = known.get(name.removesuffix(f" {_FILE}"))
    return f"{of.title}（CSV）" if of else name


def _most(name: str) -> int:
    return 100 if name == "command.form" else _ADDRESSES


def _page_at(routes: MapAdapter, address: str) -> str | None:
    """The name of the page at an address; a list as a file is a page of its own."""
    asked = urlsplit(address)
    try:
        endpoint, _ = routes.match(asked.path, method="GET")
    except HTTPException:
        return None
    if endpoint in _NOT_PAGES:
        return None
    return f"{endpoint} {_FILE}" if _FILE in parse_qs(asked.query) else str(endpoint)


@dataclass(frozen=True)
class _Visitor:
    """Somebody at a desk of a node, who visits one page after the other."""

    place: Place
    spent: Spent

    def visit(self, address: str, cookie: str) -> _Answer:
        """Look at one page."""
        request = Request(f"http://127.0.0.1:{self.place.web.number}{address}", headers={"Cookie": cookie})
        cpu, begun = self.spent.seconds(), time.perf_counter()
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310 (our own process)
                first = answer.read(1)
                seen = time.perf_counter() - begun
                content, status = first + answer.read(), int(answer.status)
        except HTTPError as problem:
            content, status, seen = b"", problem.code, time.perf_counter() - begun
        seconds, after = time.perf_counter() - begun, self.spent.seconds()
        used = after - cpu if cpu is not None and after is not None else None
        return _Answer(seen, seconds, used, status, content.decode(errors="replace"))
