"""The service month as a board: how far each person's claim is, from open to decided, with what stops it (T-33)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from shared.console.paging import paged

STAGES: Final = {
    "collecting": "集計中",
    "blocked": "止まっている",
    "to_confirm": "確認待ち",
    "confirmed": "確認済み（提出待ち）",
    "submitted": "提出済み",
    "returned": "返戻・過誤",
    "decided": "決定",
}
"""The stages of a service month, in their order."""
BAD: Final = ("blocked", "returned")
WAITING: Final = ("collecting", "to_confirm", "confirmed")
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Reason:
    """What stops a claim or is to be minded: the rule, why, and what to do."""

    rule: str
    text: str
    todo: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """Where something about a claim is done or seen."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person's month; ``said`` are short Japanese remarks: days, 月遅れ, what was decided."""

    case_id: UUID
    claimant: str | None
    stage: str
    type: str | None = None
    units: int | None = None
    yen: int | None = None
    office_yen: int | None = None
    centre_yen: int | None = None
    split_assumed: bool = False
    reasons: tuple[Reason, ...] = ()
    said: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """A stage of a month: how many persons, and yen of those whose claim is reckoned."""

    key: str
    title: str
    persons: int
    yen: int


@dataclass(frozen=True, slots=True)
class Board:
    """A month's board as it is asked for: sums of every stage, and one page of the rows of the stage chosen."""

    month: str
    claimant: str
    stage: str
    claimants: tuple[str, ...]
    sums: tuple[Sum, ...]
    rows: tuple[BoardRow, ...]
    shown: int
    number: int
    of: int

    @property
    def total(self) -> Sum:
        """All stages together."""
        return Sum("", "すべて", sum(each.persons for each in self.sums), sum(each.yen for each in self.sums))


class Standing(NamedTuple):
    """How far one person's month is; ``row`` makes what is shown of it, which only those on the page need."""

    claimant: str | None
    stage: str
    yen: int | None
    row: Callable[[], BoardRow]


def board(standings: Iterable[Standing], month: str, asked: Mapping[str, str]) -> Board:
    """The board of a month; ``asked`` may narrow it by claimant and stage, and name a page."""
    every = list(standings)
    claimants = tuple(sorted({each.claimant for each in every if each.claimant}))
    claimant = asked.get("claimant", "") if asked.get("claimant") in claimants else ""
    stage = asked.get("stage", "") if asked.get("stage") in STAGES else ""
    ours = [each for each in every if claimant in ("", each.claimant)]
    chosen = sorted(
        (each for each in ours if stage in ("", each.stage)), key=lambda each: _PLACES[each.stage]
    )
    page = paged(chosen, asked.get("page", ""), MOST)
    shown = tuple(each.row() for each in page.rows)
    return Board(month, claimant, stage, claimants, _sums(ours), shown, page.all, page.number, page.of)


_PLACES: Final = {stage: place for place, stage in enumerate(STAGES)}


def _sums(standings: Iterable[Standing]) -> tuple[Sum, ...]:
    persons, yen = dict.fromkeys(STAGES, 0), dict.fromkeys(STAGES, 0)
    for each in standings:
        persons[each.stage] += 1
        yen[each.stage] += each.yen or 0
    return tuple(Sum(key, title, persons[key], yen[key]) for key, title in STAGES.items())
