"""A person's support that goes on in a new case: after a move within the ward, or with another office (T-35).

Parties of a case never change. Who opens the new case and has the old one here need not type its number, nor who the
person is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from contracts.codes import PREVIOUS_KINDS
from shared.care.case import Case
from shared.console.cases import case_rows, with_names
from shared.console.forms import Control
from shared.console.wareki import wareki
from shared.eventlog.model import UNREADABLE, Event
from shared.node.node import Node, Replay
from shared.node.service import CommandSpec
from shared.policy.dates import Month

FIELD: Final = "previous_case"
_ENDS: Final = ("moved_within", "office_changed")
"""Why the support by these parties ends although the person's goes on."""
_NEXT: Final = {"CaseMoved": ("centre", "new_centre"), "OfficeChanged": ("office", "new_office")}
"""What tells of the new party → the field of the opening, the field of the event."""
_CHANGES: Final[Mapping[str, frozenset[str]]] = {"moved_within": frozenset({"address"})}
"""Why it ended → what of the person is no longer what the old case says."""


def next_opener(replay: Replay) -> str | None:
    """The agency of an ended case that opens the person's next one; None where it goes on nowhere, or elsewhere.

    After a move it is the office. A new office that is entrusted has its case from the centre; one with the designation
    opens its own, and was no party of this one.
    """
    case, end = replay.case, replay.case.support_end
    if end is None:
        return None
    if end.reason == "moved_within":
        return case.office
    changed = _last(replay.events, "OfficeChanged")
    return case.centre if changed is not None and changed.data["new_track"] == "entrusted" else None


def with_previous_cases(controls: Sequence[Control], what: str) -> list[Control]:
    """The controls of an opening, the number of the case before turned into a choice of those that ended so here.

    It is recorded that the persons of the choice are seen in ``what``.
    """
    if all(each.name != FIELD for each in controls):
        return list(controls)
    over = [each for each in case_rows() if each.end_reason in _ENDS and each.ended_on is not None]
    ended = [
        (str(row.case_id), f"{row.name} さん（{row.end_title}、{wareki(row.ended_on)}まで）")
        for row in with_names(over, what)
        if row.ended_on is not None
    ]
    return [
        replace(each, kind="choice", options=ended) if each.name == FIELD and ended else each
        for each in controls
    ]


def known_from(node: Node, spec: CommandSpec, case_id: UUID) -> dict[str, Any]:
    """What the case before says of the person and of who takes part next, for the fields of an opening.

    :raises UnknownCase: this node knows nothing of that case.
    """
    replay = node.replay(case_id)
    case, fields = replay.case, spec.schema().fields
    opening = next(each for each in replay.events if each.type == "CaseOpened")
    stale = _CHANGES.get(case.support_end.reason if case.support_end else "", frozenset())
    person = {
        name: value
        for name, value in (opening.personal or {}).items()
        if name not in stale and not (isinstance(value, str) and value in UNREADABLE)
    }
    found = {**person, **_of_case(case, node), **_next_parties(replay.events), FIELD: str(case_id)}
    return {name: value for name, value in found.items() if name in fields and value is not None}


def _of_case(case: Case, node: Node) -> dict[str, Any]:
    today = node.today()
    certification, mode, end = case.certification(today), case.latest_mode, case.support_end
    planned = case.delivered_plan is not None and end is not None
    kind = mode.type if mode is not None and mode.type in PREVIOUS_KINDS else None
    return {
        "insurer": case.insurer,
        "centre": case.centre,
        "office": None,
        "status": case.status_on(today),
        "certified_from": _text(certification.valid_from) if certification else None,
        "certified_to": _text(certification.valid_to) if certification else None,
        "previous_plan_end_month": str(Month.of(end.ended_on)) if planned and end else None,
        "previous_plan_kind": kind if planned else None,
    }


def _text(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _next_parties(events: Sequence[Event]) -> dict[str, str]:
    found = {}
    for name, (field, told) in _NEXT.items():
        event = _last(events, name)
        if event is not None:
            found[field] = str(event.data[told])
    return found


def _last(events: Sequence[Event], name: str) -> Event | None:
    return next((each for each in reversed(events) if each.type == name), None)
