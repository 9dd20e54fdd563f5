"""The list of cases: how each stands, as one row that says what the case itself says.

A view sees one event at a time and no case, so what the case's fold passes by (``shared.care.folds.agreements``)
or holds back (``shared.care.contradictions``) is asked of the tables, in the same words.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar, Final

from shared.care.modes import ModeMark, mark_of
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View, insertion


class CaseList(View):
    """Which cases are there, and how does each stand?

    ``marks`` say what is known of a case's modes; they are joined when read: ``shared.care.modes.timeline``.
    ``held_ends`` contradict the end that is known; a person may let one stand.
    """

    NAME: ClassVar[str] = "case_list"
    TITLE: ClassVar[str] = "ケースの一覧"
    VERSION: ClassVar[str] = "8"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.cases (
            case_id uuid primary key,
            insurer text,
            parties jsonb,
            office text,
            centre text,
            opened_on date,
            procedure text,
            status text,
            certified_to date,
            ended_on date,
            end_reason text,
            last_type text,
            last_on date
        )""",
        """create table {view}.marks (
            case_id uuid not null,
            position bigint not null,
            kind text not null,
            effective_from date not null,
            type text not null,
            track text not null,
            office text not null,
            centre text not null,
            sender text not null,
            event text not null,
            disputed boolean not null default false
        )""",
        "create index on {view}.marks (case_id)",
        """create table {view}.held_ends (
            case_id uuid not null,
            sender text not null,
            event text not null,
            ended_on date not null,
            end_reason text not null,
            primary key (case_id, sender, event)
        )""",
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        return self.fold_all((event,))

    def fold_all(self, events: Sequence[Event]) -> Iterable[Statement]:
        latest = {event.case_id: event.position for event in events}
        marks: list[Mapping[str, Any]] = []
        for event in events:
            if event.case_id is None:
                continue
            # What only says which event is the last is soon overwritten by a later one of the case.
            if event.type in _COLUMNS or latest[event.case_id] == event.position:
                yield _upsert(event, _COLUMNS.get(event.type, _no_columns)(event.data))
            mark = mark_of(event.type, event.data) if event.type != "OfficeAssigned" else None
            if mark is not None:
                marks.append(_mark_row(event, mark))
            further = _further(event)
            if further and marks:
                yield insertion("marks", marks)
                marks = []
            yield from further
        if marks:
            yield insertion("marks", marks)


def _mark_row(event: Event, mark: ModeMark) -> Mapping[str, Any]:
    named = {"case_id": event.case_id, "position": event.position, "sender": event.sender, "event": event.id}
    return {**named, **asdict(mark), "disputed": False}


def _further(event: Event) -> Sequence[Statement]:
    """What depends on what the tables hold."""
    if event.type == "OfficeAssigned":
        return _joined(event)
    if event.type == "SupportEnded":
        return _ended(event)
    return _disputed(event) if _disputes(event) else ()


_MAY_JOIN: Final = (
    "where case_id = %s and parties ->> %s = 'hokatsu' and coalesce(office, %s) = %s"
    " and coalesce(parties ->> %s, 'kyotaku') = 'kyotaku'"
)
"""Only the centre of a case without another office lets one join, and no other party becomes its office."""
_JOINED: Final = (
    "update {view}.cases set office = %s, procedure = %s, parties = parties || %s::jsonb "  # noqa: S608
    + _MAY_JOIN
)


def _joined(event: Event) -> Sequence[Statement]:
    office, mark = event.data["office"], mark_of(event.type, event.data)
    joining = (event.case_id, event.data["centre"], office, office, office)
    known = (office, event.data["procedure"], json.dumps({office: "kyotaku"}))
    assert mark is not None
    where = f"where exists (select from {{view}}.cases {_MAY_JOIN})"
    text, rows = insertion("marks", [_mark_row(event, mark)], where)
    return [(text, (*rows, *joining)), (_JOINED, (*known, *joining))]


def _ended(event: Event) -> Sequence[Statement]:
    """The end of a support; a partner's that contradicts the end which is known is held."""
    end = (date.fromisoformat(event.data["ended_on"]), event.data["reason_code"])
    if not event.received:
        return [(_END, (*end, event.case_id))]
    held = (event.sender, str(event.id), *end, event.case_id, *end)
    return [(_HELD_END, held), (_FIRST_END, (*end, event.case_id))]


_END: Final = "update {view}.cases set ended_on = %s, end_reason = %s where case_id = %s"
_FIRST_END: Final = _END + " and ended_on is null"
_HELD_END: Final = (
    "insert into {view}.held_ends select case_id, %s, %s, %s, %s from {view}.cases"
    " where case_id = %s and ended_on is not null and (ended_on, end_reason) <> (%s, %s)"
)
_TAKEN_END: Final = (
    "with taken as (delete from {view}.held_ends where case_id = %s and sender = %s and event = %s returning *)"
    " update {view}.cases set ended_on = taken.ended_on, end_reason = taken.end_reason"
    " from taken where cases.case_id = taken.case_id"
)


def _disputed(event: Event) -> Sequence[Statement]:
    named = (event.case_id, event.data["about"], event.data["event_id"])
    found = event.type == "DiscrepancyFound"
    return [(_DISPUTED, (found, *named)), *([] if found else [(_TAKEN_END, named)])]


_DISPUTED: Final = "update {view}.marks set disputed = %s where case_id = %s and sender = %s and event = %s"


def _disputes(event: Event) -> bool:
    """Whether this node holds back an event of a partner from now on, or lets it stand."""
    if event.type == "DiscrepancyFound":
        return not event.received
    return event.type == "DiscrepancySettled" and event.data["outcome"] == "event_stands"


def _upsert(event: Event, known: Mapping[str, Any]) -> Statement:
    columns = {**known, "last_type": event.type, "last_on": event.occurred_on}
    # A case is opened once, and a result that overtook its opening is the newer.
    kept = "case when cases.opened_on is null then coalesce(cases.{0}, excluded.{0}) else cases.{0} end"
    opening = known if event.type == "CaseOpened" else {}
    changes = ", ".join(
        f"{name} = {kept.format(name) if name in opening else f'excluded.{name}'}" for name in columns
    )
    return (
        f"insert into {{view}}.cases (case_id, {', '.join(columns)})"  # noqa: S608 (names are constants of this module)
        f" values (%s{', %s' * len(columns)}) on conflict (case_id) do update set {changes}",
        (event.case_id, *columns.values()),
    )


def _opening(data: Mapping[str, Any]) -> dict[str, Any]:
    parties = {role: agency for agency, role in data["parties"].items()}
    card = data["certification"] or {}
    return {
        "insurer": data["insurer"],
        "parties": json.dumps(data["parties"]),
        "office": parties.get("kyotaku"),
        "centre": parties.get("hokatsu"),
        "opened_on": data["opened_on"],
        "procedure": data["procedure"],
        "status": data["status"],
        "certified_to": card.get("valid_to"),
    }


def _certification(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"status": data["status"], "certified_to": data["valid_to"] if data["status"] != "none" else None}


def _registered(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"status": "project_eligible"}


def _resumed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"ended_on": None, "end_reason": None}


def _no_columns(data: Mapping[str, Any]) -> dict[str, Any]:
    return {}


_COLUMNS: Final = {
    "CaseOpened": _opening,
    "CertificationResult": _certification,
    "ProjectEligibilityRegistered": _registered,
    "SupportResumed": _resumed,
}
