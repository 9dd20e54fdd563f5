"""A day's times side by side, for drawing a week (sheet D)."""

from collections.abc import Sequence

Span = tuple[int, int]
"""Minutes since midnight, from and to."""


def lanes(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """For each of a day's times, the first to begin first: its lane, from 0, and how many lanes share the width.

    Times that touch each other share it; what begins when everything before has ended has the width alone.
    """
    found: list[tuple[int, int]] = []
    group: list[Span] = []
    for each in spans:
        if group and each[0] >= max(until for _, until in group):
            found += _shared(group)
            group = []
        group.append(each)
    return [*found, *_shared(group)]


def _shared(group: Sequence[Span]) -> list[tuple[int, int]]:
    free_from: list[int] = []
    taken = []
    for begins, until in group:
        lane = next((at for at, free in enumerate(free_from) if free <= begins), len(free_from))
        free_from[lane : lane + 1] = [until]
        taken.append(lane)
    return [(lane, len(free_from)) for lane in taken]
