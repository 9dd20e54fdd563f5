"""The service months of a claimant's own cases: reported, drafted, confirmed, with what their examiner said (T-33).

What ``shared.care.folds.claims`` knows of one case, as tables for a whole month. Each kind of event has columns of its
own, so that a batch of events is a few statements in whatever order they come; what belongs together is joined by
:mod:`shared.node.drafted` when it is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from contracts.json_text import written
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View, insertion


class OwnMonths(View):
    """Which months of which cases are reported, drafted, stated, confirmed, and what became of their claims?

    ``used`` is false where nothing was used in a reported month, null where nothing is reported. ``drafted_at`` is a
    position of the log: an older confirmation is of an older draft. ``results`` holds the first that partners told;
    ``held_results`` are those that contradict it, until a person lets one stand (A-Q54b).
    """

    NAME: ClassVar[str] = "own_months"
    TITLE: ClassVar[str] = "自分の事業所の請求月"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.months (
            case_id uuid not null,
            service_month text not null,
            used boolean,
            claim_id text,
            claimant text,
            type text,
            units integer,
            yen integer,
            drafted_at bigint,
            slip_id text,
            stated boolean,
            stated_units integer,
            stated_yen integer,
            blockers text,
            reopened text,
            asked_on date,
            primary key (service_month, case_id)
        )""",
        """create table {view}.confirmations (
            claim_id text not null,
            position bigint not null,
            sender text not null,
            yen integer not null,
            confirmed_on date not null,
            primary key (claim_id, position)
        )""",
        """create table {view}.results (
            claim_id text primary key,
            kind text not null,
            told_on date not null,
            outcome text,
            units integer,
            yen integer,
            reason_code text
        )""",
        """create table {view}.held_results (
            case_id uuid not null,
            sender text not null,
            event text not null,
            claim_id text not null,
            kind text not null,
            told_on date not null,
            outcome text,
            units integer,
            yen integer,
            reason_code text,
            primary key (case_id, sender, event)
        )""",
        "create table {view}.corrections (claim_id text primary key)",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "PerformanceReported",
            "ClaimDrafted",
            "BenefitSlipPrepared",
            "WorksheetStated",
            "MonthReopened",
            "MonthClosingRequested",
            "ClaimConfirmed",
            "ClaimReturned",
            "ClaimDecided",
            "CorrectionFiled",
            "DiscrepancySettled",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        return self.fold_all((event,))

    def fold_all(self, events: Sequence[Event]) -> Iterable[Statement]:
        months: dict[str, dict[tuple[UUID | None, str], Mapping[str, Any]]] = {}
        confirmed: list[Mapping[str, Any]] = []
        for event in events:
            columns = _COLUMNS.get(event.type)
            if columns is not None:
                month = event.data["service_month"]
                row = {"case_id": event.case_id, "service_month": month, **columns(event)}
                months.setdefault(event.type, {})[event.case_id, month] = row
            elif event.type == "ClaimConfirmed":
                confirmed.append(_confirmation(event))
            else:
                yield from _of_claim(event)
        for rows in months.values():
            yield _upsert([*rows.values()])
        if confirmed:
            yield insertion("confirmations", confirmed)


def _upsert(rows: Sequence[Mapping[str, Any]]) -> Statement:
    """Rows that all set the same columns of their months."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in rows[0] if name not in _KEY)
    return insertion("months", rows, f"on conflict (service_month, case_id) do update set {changes}")


_KEY: Final = ("case_id", "service_month")


def _drafted(event: Event) -> dict[str, Any]:
    told = {name: event.data[name] for name in ("claim_id", "claimant", "type", "units", "yen")}
    return {**told, "drafted_at": event.position}


def _stated(event: Event) -> dict[str, Any]:
    """What closing the month came to; ``blockers`` as JSON."""
    data = event.data
    return {
        "stated": True,
        "stated_units": data["units"],
        "stated_yen": data["yen"],
        "blockers": written(data["blockers"]),
    }


def _reopened(event: Event) -> dict[str, Any]:
    """What a later fact makes of the month, as JSON."""
    data = event.data
    told = {name: data[name] for name in ("claim_id", "as_claimed", "text", "todo")}
    return {"reopened": written({**told, "slip_id": data.get("slip_id")})}


_COLUMNS: Final[Mapping[str, Callable[[Event], dict[str, Any]]]] = {
    "PerformanceReported": lambda event: {"used": bool(event.data["services"])},
    "ClaimDrafted": _drafted,
    "BenefitSlipPrepared": lambda event: {"slip_id": event.data["slip_id"]},
    "WorksheetStated": _stated,
    "MonthReopened": _reopened,
    "MonthClosingRequested": lambda event: {"asked_on": event.data["requested_on"]},
}
"""Type of an event → what it says of its month. No two types say the same column."""


def _confirmation(event: Event) -> Mapping[str, Any]:
    told = {name: event.data[name] for name in ("claim_id", "yen", "confirmed_on")}
    return {**told, "position": event.position, "sender": event.sender}


def _of_claim(event: Event) -> Iterable[Statement]:
    """What became of a claim; a partner's second, other result of it is held until a person lets it stand."""
    data = event.data
    if event.type == "CorrectionFiled":
        yield "insert into {view}.corrections values (%s) on conflict do nothing", (data["claim_id"],)
        return
    if event.type == "DiscrepancySettled":
        if data["outcome"] == "event_stands":
            yield _TAKEN, (event.case_id, data["about"], data["event_id"])
        return
    returned = event.type == "ClaimReturned"
    row = (
        data["claim_id"],
        "returned" if returned else "decided",
        data["returned_on" if returned else "decided_on"],
        *(data.get(name) for name in ("outcome", "units", "yen", "reason_code")),
    )
    if event.received:
        yield _HELD, (event.case_id, event.sender, str(event.id), *row, row[0])
        yield _FIRST, row
    else:
        yield _FIRST.replace("nothing", _ANEW), row


_FIRST: Final = (
    "insert into {view}.results values (%s, %s, %s, %s, %s, %s, %s) on conflict (claim_id) do nothing"
)
_ANEW: Final = "update set " + ", ".join(
    f"{name} = excluded.{name}" for name in ("kind", "told_on", "outcome", "units", "yen", "reason_code")
)
_HELD: Final = (
    "insert into {view}.held_results select * from (values (%s::uuid, %s, %s, %s, %s, %s::date, %s, %s::integer,"
    " %s::integer, %s)) as told where exists (select 1 from {view}.results where claim_id = %s)"
    " on conflict do nothing"
)
_TAKEN: Final = (
    "with taken as (delete from {view}.held_results"  # noqa: S608 (constants of this module)
    " where case_id = %s and sender = %s and event = %s returning *)"
    " insert into {view}.results select claim_id, kind, told_on, outcome, units, yen, reason_code from taken"
    f" on conflict (claim_id) do {_ANEW}"
)
