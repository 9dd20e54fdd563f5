"""The nodes with thousands of cases whose pages are measured: made once, kept for the runs that follow."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import getsourcefile
from pathlib import Path
from types import ModuleType
from typing import Final
from uuid import UUID

from contracts.catalogue import CROSSING
from contracts.json_text import written
from deploy.bench import big_node, case_events, claim_month, writing
from deploy.bench.figures import Tell
from deploy.bench.ground import Ground, Place
from deploy.composition import node_from
from shared.care.events import CARE_EVENTS
from shared.node.node import Node

_MADE_BY: Final[tuple[ModuleType, ...]] = (big_node, case_events, claim_month, writing)


@dataclass(frozen=True)
class BigNode:
    """An open node with ``cases`` cases, where it is, and one of its cases."""

    place: Place
    node: Node
    case_id: UUID


@contextmanager
def big_node_of(ground: Ground, name: str, cases: int, tell: Tell) -> Iterator[BigNode]:
    """The node ``name`` with its cases: what an earlier run left, if it was made alike, else made now.

    Nodes of other sizes stay beside it. Its views are folded anew where their versions have changed since.
    """
    prefix = f"pages{cases}_"
    known = _left(ground.folder / "nodes" / f"{prefix}{name}", cases)
    if known is None:
        ground.forget(name, prefix)
    place = ground.node(name, prefix=prefix, training=True)
    node = node_from(place.config)
    try:
        if known is None:
            known = _made(ground, place, node, cases, tell)
        else:
            tell(f"画面（{node.service.title}）: 前に作ったノードを使います")
            node.open()
        ground.analyse(f"{prefix}{name}", f"{prefix}{name}_keys")
        yield BigNode(place, node, known)
    finally:
        node.close()


def _made(ground: Ground, place: Place, node: Node, cases: int, tell: Tell) -> UUID:
    node.open(big_node.BEGAN)
    case_id = big_node.fill(node, cases, tell)
    _mark(place.config.parent).write_text(
        json.dumps({"cases": cases, "made_by": _fingerprint(), "case_id": str(case_id)}), encoding="utf-8"
    )
    return case_id


def _left(folder: Path, cases: int) -> UUID | None:
    """A case of the node that an earlier run left, where that was made by the same code from the same events."""
    mark = _mark(folder)
    if not mark.exists():
        return None
    told = json.loads(mark.read_text(encoding="utf-8"))
    alike = told["cases"] == cases and told["made_by"] == _fingerprint()
    return UUID(told["case_id"]) if alike else None


def _mark(folder: Path) -> Path:
    return folder / "made.json"


def _fingerprint() -> str:
    """What the nodes' content depends on: the code that makes it, and the examples of all events."""
    sources = [Path(getsourcefile(each) or "").read_bytes() for each in _MADE_BY]
    examples = {name: kind.example for name, kind in sorted({**CROSSING, **CARE_EVENTS}.items())}
    return hashlib.sha256(b"".join([*sources, written(examples).encode()])).hexdigest()
