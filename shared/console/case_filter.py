"""Which cases of the list are shown, in which order, page by page: what the address of the page asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.codes import TRACKS, TYPES
from shared.console.case_rows import CaseRow

SUPPORT: Final[Mapping[str, str]] = {
    "": "続いている人（さがすときはすべて）",
    "over": "終わった人",
    "all": "すべて",
}
CERTIFICATION: Final[Mapping[str, str]] = {
    "over": "期限切れ",
    "30": "30日以内に終わる",
    "60": "60日以内に終わる",
}
ORDER: Final[Mapping[str, str]] = {
    "last": "最後の記録が新しい順",
    "kana": "フリガナの順",
    "certification": "認定の終了が早い順",
}

NOBODY: Final = "none"
"""What is asked for instead of somebody's name: the cases that nobody plans yet."""

ASKED: Final = ("q", "support", "mode", "agency", "planner", "certification", "order")
"""The parts of the address that go on from page to page."""


def supports(asked: str, over: bool, searching: bool) -> bool:
    """Whether somebody whose support goes on or is over is asked for; a search without more looks among everybody."""
    if not asked:
        return searching or not over
    return asked == "all" or over


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked for. Empty means that it does not matter; ``mode`` is ``type.track``, of which one may be left out,
    ``agency`` takes part.

    Empty ``support`` means those whose support goes on, while ``searching`` everybody.
    """

    support: str
    searching: bool = False
    mode: str = ""
    agency: str = ""
    planner: str = ""
    certification: str = ""
    order: str = "last"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the usual is asked for."""
        return bool(self.support or self.mode or self.agency or self.planner or self.certification)

    def shows(self, row: CaseRow, today: date) -> bool:
        """Whether a case is one of those that are asked for."""
        return (
            supports(self.support, row.ended_on is not None and row.ended_on < today, self.searching)
            and _fits(self.mode, row)
            and self.agency in ("", row.office, row.centre)
            and self.planner in ("", row.planner or NOBODY)
            and self._ends(row.certified_to, today)
        )

    def _ends(self, certified_to: date | None, today: date) -> bool:
        if not self.certification:
            return True
        if certified_to is None:
            return False
        if self.certification == "over":
            return certified_to < today
        return today <= certified_to <= today + timedelta(days=int(self.certification))

    def sorted(self, rows: Iterable[CaseRow], kana: Callable[[CaseRow], str]) -> list[CaseRow]:
        """The cases in the order that is asked for; they come with the latest record first."""
        if self.order == "kana":
            return sorted(rows, key=lambda row: (kana(row) == "", kana(row)))
        if self.order == "certification":
            return sorted(rows, key=lambda row: row.certified_to or date.max)
        return list(rows)


def filter_of(asked: Mapping[str, str]) -> CaseFilter:
    """What an address asks for. A search looks among everybody; otherwise those whose support goes on are shown."""

    def one_of(name: str, known: Iterable[str], otherwise: str = "") -> str:
        value = asked.get(name, "")
        return value if value in known else otherwise

    return CaseFilter(
        one_of("support", SUPPORT),
        bool(asked.get("q", "").strip()),
        asked.get("mode", ""),
        asked.get("agency", ""),
        asked.get("planner", ""),
        one_of("certification", CERTIFICATION),
        one_of("order", ORDER, "last"),
    )


def mode_of(row: CaseRow) -> str:
    """A case's type and track as one word of the address."""
    return f"{row.type}.{row.track}" if row.type and row.track else "none"


def _fits(asked: str, row: CaseRow) -> bool:
    """Whether a case is of the type and track that are asked for; ``type.`` and ``.track`` ask for one of them."""
    if asked in ("", mode_of(row)):
        return True
    kind, _, track = asked.partition(".")
    return (asked.endswith(".") and row.type == kind) or (asked.startswith(".") and row.track == track)


def modes_among(rows: Sequence[CaseRow]) -> dict[str, str]:
    """The types and tracks that occur: word of the address → what people read, in the order of the codes.

    A type or track that occurs with several of the other stands there alone too.
    """
    order = [(kind, track) for kind in TYPES for track in TRACKS]
    found = {mode_of(row): row for row in rows}
    both = [each for each in order if ".".join(each) in found]
    kinds, tracks = [kind for kind, _ in both], [track for _, track in both]
    return {
        **{".".join(each): found[".".join(each)].mode_title for each in both},
        **{f"{each}.": f"{TYPES[each]}（すべての区分）" for each in TYPES if kinds.count(each) > 1},
        **{f".{each}": f"{TRACKS[each]}（すべての類型）" for each in TRACKS if tracks.count(each) > 1},
        **({"none": found["none"].mode_title} if "none" in found else {}),
    }


def agencies_among(rows: Sequence[CaseRow], me: str) -> list[str]:
    """The offices and centres that occur beside this node's own agency, by their numbers."""
    return sorted({each for row in rows for each in (row.office, row.centre) if each and each != me})
