"""How many cases each care manager has, and what counts towards the standard (A-Q32). It advises, it never refuses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from uuid import UUID

from contracts.codes import TRACKS, TYPES
from shared.policy.parameter_files import Entry
from shared.policy.parameters import ParameterError, parameters

NOBODY: Final = ""
"""Stands for the cases that nobody was given."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts on a day: ``standard`` cases a care manager, one of 介護予防支援 counting as one in ``parts``.

    介護予防ケアマネジメント does not count (A-Q32). ``standard`` is None where nobody has stated one. ``used`` are the
    parameters that say so.
    """

    standard: int | None
    parts: int
    used: Sequence[Entry]

    @property
    def assumed(self) -> bool:
        """Whether some of it is stated by no document that was seen."""
        return any(each.assumed for each in self.used)


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """One case whose support goes on, as its mode stands today; type and track are None while undecided."""

    case_id: UUID
    type: str | None
    track: str | None


@dataclass(frozen=True, slots=True)
class Load:
    """The cases of one care manager: by type and track in Japanese, and how much of the standard they take."""

    planner: str
    all: int
    by_mode: Mapping[str, int]
    counted: Fraction
    standard: int | None

    @property
    def counted_text(self) -> str:
        """The counted number to one decimal, cut and not rounded up, so that nobody seems to be over who is not."""
        tenths = int(self.counted * 10)
        return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"

    @property
    def full(self) -> bool:
        """Whether the cases reach the standard: then load is considered before another case is given (A-Q32)."""
        return self.standard is not None and self.counted >= self.standard


def counting_on(insurers: Iterable[str], on: date) -> Counting:
    """How cases are counted on ``on``: by the national rule where it holds, else by what a ward's manual says.

    Decision 14: a manual's figure is good until the national figure changes.
    """
    known = []
    for insurer in insurers:
        try:
            known.append(parameters(insurer))
        except ParameterError:
            continue
    for each in known:
        standard, parts = each.find("caseload.standard", on), each.find("caseload.preventive_parts", on)
        if standard is not None:
            used = (standard, parts) if parts else (standard,)
            return Counting(int(standard.value), int(parts.value) if parts else 1, used)
    return Counting(None, 1, ())


def loads(
    cases: Iterable[PlannedCase],
    planners: Mapping[UUID, str],
    counting: Counting,
    everybody: Iterable[str] = (),
) -> list[Load]:
    """The load of each care manager, the heaviest first, those of ``everybody`` too who have no case; nobody's last."""
    of: dict[str, list[PlannedCase]] = {each: [] for each in everybody}
    for case in cases:
        of.setdefault(planners.get(case.case_id, NOBODY), []).append(case)
    found = [_load(planner, theirs, counting) for planner, theirs in of.items()]
    return sorted(found, key=lambda each: (each.planner == NOBODY, -each.counted, -each.all, each.planner))


def _load(planner: str, cases: Sequence[PlannedCase], counting: Counting) -> Load:
    by_mode: dict[str, int] = {}
    for case in cases:
        by_mode[_mode(case)] = by_mode.get(_mode(case), 0) + 1
    preventive = sum(1 for case in cases if case.type == "preventive_support")
    standard = counting.standard if planner != NOBODY else None
    return Load(planner, len(cases), by_mode, Fraction(preventive, counting.parts), standard)


def _mode(case: PlannedCase) -> str:
    if case.type is None or case.track is None:
        return "未定"
    return f"{TYPES.get(case.type, case.type)}・{TRACKS.get(case.track, case.track)}"
