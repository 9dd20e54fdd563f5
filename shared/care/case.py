"""Folding a case from its events; the functions, one a type, stand in ``shared/care/folds``."""

from collections.abc import Mapping
from typing import Final

from shared.care.folds import agreements, care, documents, notifications, provisional, reviews, risks
from shared.care.folds.reading import Fold, unchanged
from shared.care.state import Case
from shared.eventlog.model import Event

__all__ = ["Case", "evolve_case"]

_FOLDS: Final[Mapping[str, Fold]] = {
    **dict.fromkeys(documents.FOLDS, unchanged),
    **agreements.FOLDS,
    **notifications.FOLDS,
    **care.FOLDS,
    **provisional.FOLDS,
    **reviews.FOLDS,
    **risks.FOLDS,
}


def evolve_case(case: Case, event: Event) -> Case:
    """Fold one event.

    Total: a type without a rule here, or data that surprises it, is counted in ``unread`` and passed by.
    """
    if case.id is None and event.case_id is not None:
        case = case.but(id=event.case_id)
    fold = _FOLDS.get(event.type)
    if fold is None:
        return _pass_by(case, event)
    try:
        ledger = documents.FOLDS.get(event.type, unchanged)
        return ledger(fold(case, event, event.data), event, event.data)
    except (KeyError, TypeError, ValueError, IndexError, StopIteration, OverflowError):
        return _pass_by(case, event)


def _pass_by(case: Case, event: Event) -> Case:
    return case.but(unread={**case.unread, event.type: case.unread.get(event.type, 0) + 1})
