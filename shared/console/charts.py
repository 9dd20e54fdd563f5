"""Bar charts made on the server: the geometry of an SVG picture, in which a hatch tells the kinds apart, not colour.

A picture never stands alone: the page shows the same figures as a table beside it (:class:`Chart` holds both).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 22, 34
"""Room for the axes' texts, in the picture's own units."""
_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a stacked bar; ``kind`` counts the kinds from 0 and chooses the hatch."""

    x: float
    y: float
    width: float
    height: float
    kind: int
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place of the picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars of several kinds, and the figures they are drawn from: ``rows`` of label and one figure a kind."""

    id: str
    title: str
    unit: str
    kinds: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    bars: Sequence[Bar]
    totals: Sequence[Mark]
    labels: Sequence[Mark]
    ticks: Sequence[Mark]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.bars


def stacked(
    name: str, title: str, unit: str, labels: Sequence[str], kinds: Mapping[str, Sequence[int]]
) -> Chart:
    """A chart of ``kinds`` (title → one figure a label), each label a bar on which the kinds stand on each other."""
    rows = [(label, [figures[place] for figures in kinds.values()]) for place, label in enumerate(labels)]
    top = _round_up(max((sum(figures) for _, figures in rows), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    bars: list[Bar] = []
    totals: list[Mark] = []
    for place, (label, figures) in enumerate(rows):
        x, below = _LEFT + step * place + step * 0.15, 0
        for kind, figure in enumerate(figures):
            if figure:
                high, low = _y(below + figure, top), _y(below, top)
                told = f"{label} {list(kinds)[kind]} {figure}{unit}"
                bars.append(Bar(round(x, 1), high, round(step * 0.7, 1), round(low - high, 1), kind, told))
            below += figure
        if below:
            totals.append(Mark(round(x + step * 0.35, 1), round(_y(below, top) - 4, 1), str(below)))
    every = -(-len(labels) // 12)
    return Chart(
        id=name,
        title=title,
        unit=unit,
        kinds=list(kinds),
        rows=rows,
        bars=bars,
        totals=totals if len(labels) <= 24 else (),
        labels=[
            Mark(round(_LEFT + step * (place + 0.5), 1), HEIGHT - _BOTTOM + 16, label)
            for place, label in enumerate(labels)
            if place % every == 0
        ],
        ticks=[Mark(_LEFT - 6, _y(value, top), str(value)) for value in _ticks(top)],
    )


def _y(value: float, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _ticks(top: int) -> list[int]:
    return sorted({top * part // _TICKS for part in range(_TICKS + 1)})


def _round_up(most: int) -> int:
    """A top of the axis that its ticks divide: 4, 8, 20, 40, 80, 200 …"""
    top = _TICKS
    while top < most:
        top = top * 2 if str(top)[0] != "8" else top // 2 * 5
    return top
