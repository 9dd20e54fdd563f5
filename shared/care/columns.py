"""Which column of the document table and of the process matrix a case stands in."""

from datetime import date

from shared.care.parts import Mode
from shared.care.state import Case


def column_of(case: Case, on: date) -> str:
    """``entrusted``, ``designated_new``, ``designated_transfer`` (the centre did the case before) or ``direct``.

    A case without contract or entrustment stands where its parties will take it: with an office its opener's way, an
    office's in its own name and a centre's entrusted; without an office it is the centre's own.
    """
    mode = case.mode(on) or (case.modes[0] if case.modes else None)
    if mode is None:
        return _expected(case)
    if mode.track != "designated":
        return mode.track
    # An entrusted case is taken over by the centre's word alone: no mode of the centre's own came before.
    assigned = case.taken_over_on is not None and case.taken_over_on <= mode.effective_from
    return "designated_transfer" if assigned or _came_from_centre(case.modes, mode) else "designated_new"


def _expected(case: Case) -> str:
    if case.office is None:
        return "direct"
    opener = case.opening[0] if case.opening else case.office
    return "entrusted" if opener == case.centre else "designated_new"


def _came_from_centre(modes: tuple[Mode, ...], mode: Mode) -> bool:
    return any(each.track == "direct" for each in modes if each.effective_from < mode.effective_from)
