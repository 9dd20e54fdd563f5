"""Figures and their targets: how one is taken, and how they are shown."""

import gc
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Final, Literal

from rich.console import Console
from rich.table import Table

Tell = Callable[[str], None]
"""Shows how far the bench is."""
Measure = Callable[[], float]
"""Does some work and returns its rate: so many a second."""


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    With a ``ratio`` the target is for the ratio, else for ``ours``. ``at_most`` tells which side of the target
    is good. A figure without a target only gives scale. Of a page ``ours`` is the 95th percentile, ``half`` the
    median, ``cpu`` the median of the CPU seconds, ``times`` its median as a multiple of the plainest page's.
    """

    name: str
    title: str
    unit: str
    ours: float | None
    theirs: float | None = None
    ratio: float | None = None
    target: float | None = None
    at_most: bool = False
    half: float | None = None
    cpu: float | None = None
    times: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        measured = self.ours if self.ratio is None else self.ratio
        if self.target is None or measured is None:
            return None
        return measured <= self.target if self.at_most else measured >= self.target


@dataclass
class Rounds:
    """Rates taken in turns, so that both sides meet the same weather."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def take(self, ours: Measure, theirs: Measure) -> None:
        """One round: both sides once, the one that begins changing from round to round."""
        if len(self.ours) % 2:
            self.theirs.append(theirs())
            self.ours.append(ours())
        else:
            self.ours.append(ours())
            self.theirs.append(theirs())

    def figure(self, name: str, title: str, unit: str, target: float | None) -> Figure:
        """The medians of both sides, and the median of the rounds' ratios."""
        ratio = median(one / other for one, other in zip(self.ours, self.theirs, strict=True))
        return Figure(name, title, unit, median(self.ours), median(self.theirs), ratio, target)


def rate(number: int, work: Callable[[], Any]) -> float:
    """``number`` divided by the seconds that ``work`` takes, in a process without a past.

    Both sides live in this process; neither shall pay for the garbage collector's walks through the other's objects.
    """
    gc.collect()
    gc.freeze()
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    gc.unfreeze()
    return number / seconds


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all ``values`` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)]


def as_json(figures: Sequence[Figure]) -> str:
    """One JSON list of all figures."""
    content = [{**asdict(each), "holds": each.holds} for each in figures]
    return json.dumps(content, ensure_ascii=False, indent=1)


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the tables for people: pages in one of their own, the slowest first."""
    pages = sorted((each for each in figures if each.half is not None), key=lambda each: -(each.ours or 0.0))
    others = [each for each in figures if each.half is None]
    if others:
        console.print(_table(others))
    if pages:
        console.print(_table_of_pages(pages))


def _table_of_pages(pages: Sequence[Figure]) -> Table:
    table = Table(title="画面（遅い順。比は、データのない画面の何倍か）", title_justify="left")
    table.add_column("画面", justify="left")
    for heading in ("p50 秒", "p95 秒", "CPU 秒", "比", "目標", "判定"):
        table.add_column(heading, justify="right")
    for each in pages:
        times = "" if each.times is None else f"{each.times:.1f}×"
        figures = (_number(each.half), _number(each.ours), _number(each.cpu))
        table.add_row(each.title, *figures, times, _target(each), _VERDICTS[each.holds])
    return table


_VERDICTS: Final = {True: "✓", False: "✗ 未達", None: "参考"}


def _table(figures: Sequence[Figure]) -> Table:
    table = Table(title="速さとメモリ（一度の実行での測定）", title_justify="left")
    for heading, justify in (
        ("項目", "left"),
        ("Renkei", "right"),
        ("eventsourcing", "right"),
        ("単位", "left"),
    ):
        table.add_column(heading, justify=_justify(justify))
    for heading in ("比", "目標", "判定"):
        table.add_column(heading, justify="right")
    for each in figures:
        table.add_row(
            each.title,
            _number(each.ours),
            _number(each.theirs),
            each.unit,
            "" if each.ratio is None else f"{each.ratio:.2f}×",
            _target(each),
            _VERDICTS[each.holds],
        )
    return table


def _justify(name: str) -> Literal["left", "right"]:
    return "right" if name == "right" else "left"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 10 else f"{value:.3f}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign, unit = ("≤" if figure.at_most else "≥"), ("×" if figure.ratio is not None else "")
    return f"{sign} {figure.target:g}{unit}"
