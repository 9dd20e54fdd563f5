"""Running nodes as the target of a play, through the HTTP interface that vendors use too."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from deploy.play.target import Answer, Listed, NotSettled, Order, Rejected

PATIENCE: Final = 120.0
"""Seconds to wait for a node that restarts, or for messages under way."""

BUSY: Final = frozenset({409, 502, 503, 504})
"""Answers after which the same request, with the same id, may be sent again."""

Found = TypeVar("Found")


class HttpTarget:
    """Nodes at their addresses. The file names for each node ``url``, ``tokens`` by account role, and keys."""

    def __init__(self, sign_ins: Path, patience: float = PATIENCE) -> None:
        self._nodes: Mapping[str, Mapping[str, Any]] = json.loads(sign_ins.read_text(encoding="utf-8"))
        self._patience = patience

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes that the file knows."""
        return tuple(self._nodes)

    def listed(self, node: str) -> Listed:
        entry = self._nodes[node]
        return Listed(entry["agency"], tuple(entry["public_keys"]))

    def give(self, order: Order) -> Answer:
        body = {
            "id": str(order.id),
            "case": order.case,
            "occurred_on": order.on.isoformat() if order.on else None,
            "fields": order.fields,
        }
        answer = self._ask(order.node, order.role, "POST", f"commands/{order.command}", body)
        return Answer(
            answer["case"], tuple(answer["events"]), tuple(each["rule"] for each in answer["advice"])
        )

    def set_clock(self, moment: datetime, away: Sequence[str] = ()) -> None:
        for node in self._present(away):
            self._ask(node, "administrator", "POST", "training/clock", {"now": moment.isoformat()})

    def settle(self, away: Sequence[str] = ()) -> None:
        until, quiet = time.monotonic() + self._patience, 0
        while quiet < 2:  # a reaction at one node may start another message after its look at rest
            busy = [node for node in self._present(away) if not self._at_rest(node, away)]
            quiet = 0 if busy else quiet + 1
            if busy and time.monotonic() > until:
                raise NotSettled(f"{self._patience:.0f}秒待っても送受信が終わりません: {'、'.join(busy)}")
            time.sleep(0.05 if busy else 0.01)

    def _at_rest(self, node: str, away: Sequence[str]) -> bool:
        state = self._ask(node, "auditor", "GET", "exchange")
        absent = {self._nodes[each]["agency"] for each in away}
        undelivered = [
            each
            for each in state["partners"]
            if each["partner"] not in absent and each.get("undelivered", 0) > 0
        ]
        return not undelivered and not state["waiting"] and (bool(away) or not state["undelivered"])

    def case(self, node: str, case: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self._ask(node, "auditor", "GET", f"cases/{quote(case)}")
        except Rejected as problem:
            if problem.detail.get("status") == 404:
                return None
            raise
        return found

    def events(self, node: str, case: str, known_at: datetime | None = None) -> Sequence[Mapping[str, Any]]:
        asked = f"?{urlencode({'known_at': known_at.isoformat()})}" if known_at else ""
        found: Sequence[Mapping[str, Any]] = self._ask(
            node, "auditor", "GET", f"cases/{quote(case)}/events{asked}"
        )["events"]
        return found

    def obligations(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        asked = urlencode({"case": case})
        found = self._ask(node, "auditor", "GET", f"obligations?{asked}")["obligations"]
        return [each.get("what", each) for each in found]

    def documents(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        found = self._ask(node, "auditor", "GET", f"cases/{quote(case)}/documents")["documents"]
        return [{**each["document"], **each} for each in found]

    def matrix(self, node: str, case: str) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._ask(node, "auditor", "GET", f"cases/{quote(case)}/matrix")[
            "places"
        ]
        return found

    def cases(self, node: str) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._ask(node, "auditor", "GET", "cases")["cases"]
        return found

    def _present(self, away: Sequence[str]) -> list[str]:
        return [node for node in self._nodes if node not in away]

    def _ask(
        self, node: str, role: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        entry = self._nodes[node]
        request = Request(  # noqa: S310 (the address comes from the file of sign-ins)
            f"{entry['url']}/api/v1/{path}",
            data=None if body is None else json.dumps(body, ensure_ascii=False, default=str).encode(),
            method=method,
            headers={"Authorization": f"Bearer {entry['tokens'][role]}", "Content-Type": "application/json"},
        )
        return self._patiently(lambda: _answer(request))

    def _patiently(self, attempt: Callable[[], Found]) -> Found:
        """Repeat while the node is restarting; a command's id makes the repetition harmless."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return attempt()
            except HTTPError as problem:
                detail = _problem(problem)
                if problem.code not in BUSY or time.monotonic() > until:
                    raise Rejected(detail) from problem
            except (URLError, ConnectionError, TimeoutError):
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)


def _answer(request: Request) -> Any:
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read())


def _problem(problem: HTTPError) -> dict[str, Any]:
    try:
        read = json.loads(problem.read())
    except ValueError:
        read = {}
    return {"status": problem.code, "message": str(problem), **(read if isinstance(read, dict) else {})}
