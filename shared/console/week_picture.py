"""A week as a picture: what happens on which day at what hour, side by side where it happens at once (T-24).

Only where things stand is worked out here; the template draws it. The list of the same entries is its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.forms.week import lanes

HOUR: Final = 36
HEAD: Final = 30
LEFT: Final = 54
DAY: Final = 112
_CHARACTER: Final = 14
_LINE: Final = 18
_SHORTEST: Final = 20
_USUAL: Final = (6, 20)
"""Hours that every week shows; a longer day is shown whole."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on one day: where it stands, and ``lines`` of its text as far as they fit. ``number`` is its line's."""

    number: int
    kind: str
    left: float
    top: float
    width: float
    height: float
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A week in a box of ``width`` by ``height``; ``hours`` are texts and heights of the lines across."""

    width: int
    height: int
    hours: Sequence[tuple[str, int]]
    days: Sequence[tuple[str, int]]
    blocks: Sequence[Block]


def picture(entries: Sequence[Mapping[str, Any]], days: Sequence[str]) -> Picture:
    """The picture of ``entries`` (see :func:`shared.forms.plan.week_on_paper`) in the ``days`` of a week."""
    first = min([_USUAL[0], *(each["from"] // 60 for each in entries)])
    last = max([_USUAL[1], *(-(-each["to"] // 60) for each in entries)])
    blocks = [
        block for day in range(len(days)) for block in _blocks_of_day(_on_day(entries, day), day, first * 60)
    ]
    hours = [(f"{hour}:00", HEAD + (hour - first) * HOUR) for hour in range(first, last + 1)]
    return Picture(
        LEFT + DAY * len(days),
        HEAD + (last - first) * HOUR + HEAD // 2,
        hours,
        [(name, LEFT + DAY * place) for place, name in enumerate(days)],
        blocks,
    )


def _on_day(entries: Sequence[Mapping[str, Any]], day: int) -> list[tuple[int, Mapping[str, Any]]]:
    """The numbered entries of a day, the first to begin first."""
    found = [(number, each) for number, each in enumerate(entries, start=1) if day in each["places"]]
    return sorted(found, key=lambda each: (each[1]["from"], each[1]["to"], each[0]))


def _blocks_of_day(entries: Sequence[tuple[int, Mapping[str, Any]]], day: int, begin: int) -> list[Block]:
    """The blocks of a day; those that touch each other in time share its width."""
    shared = lanes([(each["from"], each["to"]) for _, each in entries])
    return [
        _block(number, each, day, begin, lane, of)
        for (number, each), (lane, of) in zip(entries, shared, strict=True)
    ]


def _block(number: int, each: Mapping[str, Any], day: int, begin: int, lane: int, lanes: int) -> Block:
    width = (DAY - 4) / lanes
    height = max((each["to"] - each["from"]) * HOUR / 60, _SHORTEST)
    return Block(
        number,
        each["kind_code"],
        LEFT + DAY * day + 2 + width * lane,
        HEAD + (each["from"] - begin) * HOUR / 60,
        width - 1,
        height,
        _fitted(f"{number} {each['what']}", int((width - 8) // _CHARACTER), int((height - 2) // _LINE)),
    )


def _fitted(text: str, characters: int, lines: int) -> list[str]:
    """The text in lines that fit; what does not fit stands in the list, to which the number leads."""
    characters, lines = max(characters, 1), max(lines, 1)
    cut = [text[at : at + characters] for at in range(0, len(text), characters)]
    if len(cut) <= lines:
        return cut
    return [*cut[: lines - 1], cut[lines - 1][: max(characters - 1, 1)] + "…"]
