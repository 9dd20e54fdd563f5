"""The nine ★ documents of a plan review as a case holds them (T-50, T-51)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from shared.care.parts import Original
from shared.care.state import Case
from shared.policy.documents import starred

_SHEETS: Final = {"plan": frozenset("ABC"), "weekly_plan": frozenset("D")}


def starred_documents(case: Case, on: date) -> tuple[tuple[Original, ...], tuple[str, ...]]:
    """The newest of each ★ document that the case held by ``on``, and the codes of those that it lacks.

    Sheets A to C are one document and count only together; they and sheet D are those of the delivered plan.
    """
    held = {each.kind: each for each in _held(case, on)}
    asked = [row.code for row in starred(case.insurer, on)]
    return (
        tuple(held[kind] for kind in asked if kind in held),
        tuple(kind for kind in asked if kind not in held),
    )


def _held(case: Case, on: date) -> Iterator[Original]:
    """In order of time, so that the newest of a kind comes last."""
    made = [each for each in case.originals if each.first <= on and each.kind not in _SHEETS]
    yield from sorted(made, key=lambda each: (each.first, each.last))
    delivered = [each for each in case.plans if each.delivered_on is not None and each.delivered_on <= on]
    if delivered:
        plan = delivered[-1]
        for kind, sheets in _SHEETS.items():
            if sheets <= set(plan.sheets) and plan.delivered_on is not None:
                yield Original(kind, plan.delivered_on, plan.delivered_on)
