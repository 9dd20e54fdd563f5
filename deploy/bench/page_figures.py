"""How soon the console's main pages answer at an office with many cases."""

import time
from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

from deploy.bench.case_events import life_of_a_case, register
from deploy.bench.figures import Figure, Tell, percentile
from deploy.bench.ground import FOLDER, Ground
from deploy.bench.town import resident, start
from deploy.bench.writing import ACTOR, record
from deploy.composition import node_from
from deploy.local.processes import Processes
from shared.console.accounts import Accounts
from shared.console.sessions import Sessions
from shared.node.node import Node

EVENTS: Final = 12
"""Events of each case."""
BATCH: Final = 25
"""Cases that are made in one commit."""
_PAGES: Final[Mapping[str, str]] = {
    "today": "/",
    "cases": "/cases",
    "search": "/cases?q=%E8%A6%8B%E6%9C%AC",
    "case": "/cases/{case}",
    "replay": "/cases/{case}/replay?as_of={day}",
    "exchange": "/exchange",
    "months": "/months",
}
_TITLES: Final[Mapping[str, str]] = {
    "today": "今日の仕事",
    "cases": "ケース一覧",
    "search": "氏名での検索",
    "case": "ケース",
    "replay": "履歴の再現",
    "exchange": "送受信",
    "months": "月ごとの記録",
}


def page_figures(ground: Ground, cases: int, visits: int, tell: Tell) -> list[Figure]:
    """The 95th percentile of ``visits`` to each main page, and the web process's memory after them."""
    place = ground.node("office", prefix="pages_")
    node = node_from(place.config)
    node.open()
    case_id = _fill(node, cases, tell)
    cookie = _signed_in(node)
    node.close()
    with Processes(FOLDER / "logs") as processes:
        start(processes, place, parts=("web",))
        figures = []
        for name, path in _PAGES.items():
            tell(f"画面: {_TITLES[name]}")
            address = f"http://127.0.0.1:{place.web}{path.format(case=case_id, day=date(2024, 12, 31))}"
            seconds = [_visit(address, cookie) for _ in range(visits)]
            title = f"画面「{_TITLES[name]}」{cases:,}ケース p95"
            figures.append(Figure(f"page_{name}", title, "秒", percentile(seconds, 0.95)))
        size = resident(processes.child(f"{place.name}-web").pid)
    return [
        *figures,
        Figure(
            "page_memory", f"常駐メモリ: office-web {cases:,}ケース", "MB", size, target=130, at_most=True
        ),
    ]


def _fill(node: Node, cases: int, tell: Tell) -> UUID:
    record(node, register())
    for begun in range(0, cases, BATCH):
        tell(f"画面: ケースを作成しています {begun:,}/{cases:,}")
        made = [uuid4() for _ in range(min(BATCH, cases - begun))]
        record(node, [event for case_id in made for event in life_of_a_case(case_id, EVENTS)])
    return made[-1]


def _signed_in(node: Node) -> str:
    account = Accounts(node.database).add(ACTOR, "care_manager", "見本の担当", "only-for-the-bench")
    return f"renkei-{node.agency}-session={Sessions(node.database).open(account)}"


def _visit(address: str, cookie: str) -> float:
    request = Request(address, headers={"Cookie": cookie})  # noqa: S310 (our own process)
    begun = time.perf_counter()
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()
        assert answer.url == address, f"{address} は {answer.url} へ移りました"
    return time.perf_counter() - begun
