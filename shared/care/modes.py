"""How a case is run over time: the modes that its events make, the same in whatever order they become known.

Each event says one thing of the mode (a :class:`ModeMark`); :func:`timeline` makes the modes of them. The case and the
list of cases both keep marks and ask this one function.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from shared.care.parts import Mode


@dataclass(frozen=True, slots=True)
class ModeMark:
    """What one event says of the mode from a day on.

    ``kind``: ``assigned`` (an office is to take over from its centre), ``contract`` (an agency's own contract;
    ``office`` is who signed), ``determined`` (the type of a case that the centre does itself), ``returned`` or
    ``over`` (an entrustment's end, the first with a return to designated mode), ``started`` (an entrustment),
    ``undone`` (an entrustment that ended before its first day) or ``switched`` (reported by the office). ``type`` and
    ``track`` are empty where they follow from what was before.
    """

    kind: str
    effective_from: date
    type: str = ""
    track: str = ""
    office: str = ""
    centre: str = ""


def mark_of(event_type: str, data: Mapping[str, Any]) -> ModeMark | None:
    """What an event's open data says of the mode, or None if nothing."""
    read = _MARKS.get(event_type)
    return read(data) if read else None


def timeline(marks: Iterable[ModeMark], parties: Mapping[str, str]) -> tuple[Mode, ...]:
    """The modes of a case, in order, one a day at most. ``parties`` maps agencies to their roles."""
    modes: list[Mode] = []
    known = _without_undone(_not_before_taken_over(tuple(marks)))
    for mark in sorted(known, key=lambda each: (each.effective_from, _ORDER[each.kind])):
        begun = _BEGINNINGS[mark.kind](mark, modes[-1] if modes else None, parties)
        if begun is None:
            continue
        if modes and modes[-1].effective_from == begun.effective_from:
            modes.pop()
        modes.append(begun)
    return tuple(modes)


def taken_over_on(marks: Iterable[ModeMark], office: str | None) -> date | None:
    """The day on which ``office`` takes a case over from its centre, or None where it does not (T-07M)."""
    days = [
        each.effective_from
        for each in marks
        if (each.kind, each.track, each.office) == ("assigned", "designated", office)
    ]
    return max(days, default=None)


def _not_before_taken_over(marks: tuple[ModeMark, ...]) -> tuple[ModeMark, ...]:
    """The marks, with a contract that is signed before the office takes over counting from the day it does."""
    if not any(each.kind == "assigned" for each in marks):
        return marks
    return tuple(
        replace(each, effective_from=max(each.effective_from, day))
        if each.kind == "contract" and (day := taken_over_on(marks, each.office)) is not None
        else each
        for each in marks
    )


def _without_undone(marks: tuple[ModeMark, ...]) -> tuple[ModeMark, ...]:
    """The marks without the entrustments that never began: each that was undone takes one of its day with it."""
    undone = [each.effective_from for each in marks if each.kind == "undone"]
    if not undone:
        return marks
    left = []
    for each in marks:
        if each.kind == "started" and each.effective_from in undone:
            undone.remove(each.effective_from)
        elif each.kind != "undone":
            left.append(each)
    return tuple(left)


def _contract(data: Mapping[str, Any]) -> ModeMark | None:
    if data.get("provisional"):
        return None  # under a provisional plan the type is not known before the result
    if data["contract"] != "preventive_support" and data["simultaneous"]:
        return None  # it takes effect at a switch to A only (T-09N)
    signed_on = date.fromisoformat(data["signed_on"])
    return ModeMark("contract", signed_on, data.get("type") or "", office=data["agency"])


def _assigned(data: Mapping[str, Any]) -> ModeMark:
    taken_over = date.fromisoformat(data["taken_over_on"])
    return ModeMark("assigned", taken_over, track=data["track"], office=data["office"], centre=data["centre"])


def _determined(data: Mapping[str, Any]) -> ModeMark:
    effective_from = date.fromisoformat(data["effective_from"])
    return ModeMark("determined", effective_from, data["to_type"], "direct", centre=data["centre"])


def _switched(data: Mapping[str, Any]) -> ModeMark:
    effective_from = date.fromisoformat(data["effective_from"])
    return ModeMark(
        "switched", effective_from, data["to_type"], data["to_track"], data["office"], data["centre"]
    )


def _settled(data: Mapping[str, Any]) -> ModeMark | None:
    if not data["mode_changes"]:
        return None
    effective_from = date.fromisoformat(data["effective_from"])
    office, centre = data["office"] or "", data["centre"] or ""
    return ModeMark("switched", effective_from, data["type"], data["track"], office, centre)


def _started(data: Mapping[str, Any]) -> ModeMark:
    starts_on = date.fromisoformat(data["starts_on"])
    return ModeMark("started", starts_on, data["type"], "entrusted", data["office"], data["centre"])


def _ended(data: Mapping[str, Any]) -> ModeMark | None:
    if data.get("never_began"):
        first_day = date.fromisoformat(data["ended_on"]) + timedelta(days=1)
        return ModeMark("undone", first_day, office=data["office"], centre=data["centre"])
    kind = {"returned_to_designated": "returned", "contract_ended": "over"}.get(data["reason_code"])
    if kind is None:
        return None
    next_day = date.fromisoformat(data["ended_on"]) + timedelta(days=1)
    return ModeMark(kind, next_day, office=data["office"], centre=data["centre"])


_MARKS: Final[Mapping[str, Callable[[Mapping[str, Any]], ModeMark | None]]] = {
    "OfficeAssigned": _assigned,
    "TypeChanged": _determined,
    "ContractSigned": _contract,
    "ModeSwitched": _switched,
    "ProvisionalPlanSettled": _settled,
    "EntrustmentStarted": _started,
    "EntrustmentEnded": _ended,
}
MARKING: Final = frozenset(_MARKS)
"""Types of the events that say something of the mode."""


def _begun_by_contract(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    """An office's own contract begins the designated track, a centre's 直営, unless the case is already under way.

    At a transfer from the centre (T-07M) the office's contract follows the centre's.
    """
    role = parties.get(mark.office)
    if role == "kyotaku" and (before is None or before.track == "direct"):
        return Mode(mark.effective_from, "preventive_support", "designated", mark.office, mark.office)
    if role == "hokatsu" and before is None:
        return Mode(mark.effective_from, mark.type or "preventive_support", "direct", None, mark.office)
    return None


def _begun_by_nothing(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    """The office's contract begins its own care, or the entrustment; until then the centre goes on."""
    return None


def _begun_by_type(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    """The centre's own case takes the type that the services used make of the month (T-61)."""
    if before is not None and before.track != "direct":
        return None
    return Mode(mark.effective_from, mark.type, "direct", None, mark.centre)


def _begun_by_entrustment(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    if before is not None and before.track == "entrusted":
        return None  # the switch that led here said so
    return Mode(mark.effective_from, mark.type, "entrusted", mark.office, mark.centre)


def _begun_by_return(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    """For an agency that does not receive the switch itself (decision 24)."""
    if before is not None and before.track == "designated":
        return None
    return Mode(mark.effective_from, "preventive_support", "designated", mark.office, mark.office)


def _begun_by_end(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode | None:
    """Without an entrustment contract the centre, whose case it is, does it itself."""
    if before is None or before.track != "entrusted":
        return None
    return Mode(mark.effective_from, before.type, "direct", None, mark.centre)


def _begun_by_switch(mark: ModeMark, before: Mode | None, parties: Mapping[str, str]) -> Mode:
    provider = mark.office if mark.track == "designated" else mark.centre
    office = None if mark.track == "direct" else mark.office
    return Mode(mark.effective_from, mark.type, mark.track, office, provider)


_BEGINNINGS: Final[Mapping[str, Callable[[ModeMark, Mode | None, Mapping[str, str]], Mode | None]]] = {
    "assigned": _begun_by_nothing,
    "contract": _begun_by_contract,
    "determined": _begun_by_type,
    "returned": _begun_by_return,
    "over": _begun_by_end,
    "started": _begun_by_entrustment,
    "switched": _begun_by_switch,
}
_ORDER: Final = {kind: place for place, kind in enumerate(_BEGINNINGS)}
"""Of what names the same day, the higher in this order has the last word: the office's own report."""
