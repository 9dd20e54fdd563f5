"""Views that every service keeps: the list of cases, what is owed, and what waits for a partner's answer.

Each folds one event at a time, and in any order of arrival between agencies.
"""

import json
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from shared.care.case_list import CaseList
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View, insertion
from shared.policy.obligation_facts import event_types, facts_of
from shared.policy.obligation_table import digest


class Obligations(View):
    """Who owes what to whom? The facts of each event, which are joined and dated when read.

    ``told`` holds them as :func:`shared.policy.obligation_facts.facts_from_text` reads them: an event tells several,
    and nobody asks for one of them alone. :func:`shared.policy.obligations.standing` joins them.
    """

    NAME: ClassVar[str] = "obligations"
    TITLE: ClassVar[str] = "すること（義務）"
    VERSION: ClassVar[str] = f"6 {digest()}"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.cases (
            case_id uuid primary key,
            insurer text not null,
            parties text not null
        )""",
        """create table {view}.facts (
            case_id uuid not null,
            position bigint not null,
            told text not null,
            primary key (case_id, position)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = event_types() | {"CaseOpened", "OfficeAssigned"}

    def fold(self, event: Event) -> Iterable[Statement]:
        return self.fold_all((event,))

    def fold_all(self, events: Sequence[Event]) -> Iterable[Statement]:
        for event in events:
            yield from _told_of_parties(event)
        told = [
            {"case_id": event.case_id, "position": event.position, "told": facts}
            for event in events
            if event.case_id is not None and (facts := facts_of(event))
        ]
        if told:
            yield insertion("facts", told)


def _told_of_parties(event: Event) -> Iterable[Statement]:
    if event.type == "CaseOpened":
        yield (
            "insert into {view}.cases values (%s, %s, %s) on conflict (case_id) do nothing",
            (event.case_id, event.data["insurer"], json.dumps(event.data["parties"])),
        )
    if event.type == "OfficeAssigned":
        yield (
            "update {view}.cases set parties = (parties::jsonb || %s::jsonb)::text"
            " where case_id = %s and parties not like '%%\"kyotaku\"%%'"
            " and parties::jsonb ->> %s = 'hokatsu' and not parties::jsonb ? %s",
            (
                json.dumps({event.data["office"]: "kyotaku"}),
                event.case_id,
                event.data["centre"],
                event.data["office"],
            ),
        )


class AwaitingPartner(View):
    """What was asked of another agency and not answered yet, since when? 受理・差戻し, 承諾, 提供."""

    NAME: ClassVar[str] = "awaiting_partner"
    TITLE: ClassVar[str] = "相手の返事待ち"
    VERSION: ClassVar[str] = "3"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.requests (
            case_id uuid not null,
            what text not null,
            key text not null,
            asked_by text,
            asked_on date,
            answered_by text,
            answered_on date,
            answer text,
            detail text,
            primary key (case_id, what, key)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "SimultaneousContractRequested",
            "SimultaneousContractAgreed",
            "SimultaneousContractDeclined",
            "NotificationFiled",
            "NotificationAccepted",
            "NotificationReturned",
            "RecordsRequested",
            "RecordsProvided",
            "DraftSubmitted",
            "DraftChecked",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        what, key, detail = _question(event)
        if key is None:
            return
        asked = event.type in _ASKING
        columns = "asked_by, asked_on" if asked else "answered_by, answered_on, answer"
        values = (event.sender, event.occurred_on, *(() if asked else (event.type,)))
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", "))
        if asked:
            # Asked again, as after a 辞退: the old answer answers no more. One that overtook its question stays.
            changes += "".join(
                f", {name} = case when requests.asked_by is null then requests.{name} end"
                for name in ("answered_by", "answered_on", "answer")
            )
        yield (
            f"insert into {{view}}.requests (case_id, what, key, detail, {columns})"  # noqa: S608 (constants only)
            f" values (%s, %s, %s, %s{', %s' * len(values)}) on conflict (case_id, what, key) do update set"
            f" {changes}, detail = coalesce(excluded.detail, requests.detail)",
            (event.case_id, what, key, detail, *values),
        )


_ASKING: Final = frozenset(
    {"SimultaneousContractRequested", "NotificationFiled", "RecordsRequested", "DraftSubmitted"}
)


def _question(event: Event) -> tuple[str, str | None, str | None]:
    """What is asked, which one of them, and what a person should see of it: a desk, or a reason for a return."""
    data = event.data
    if event.type.startswith("SimultaneousContract"):
        return "simultaneous_contract", str(data["office"]), None
    if event.type.startswith("Notification"):
        detail = data.get("reason_code") if event.type == "NotificationReturned" else data.get("desk")
        return "notification", f"{data['notification_id']}/{data['revision']}", detail
    if event.type.startswith("Draft"):
        return "draft", f"{data['plan_id']}/{data['plan_version']}/{data['submission']}", None
    return "records", data["request_id"], None


class Discrepancies(View):
    """Where do we and a partner contradict each other, who found it, and how was it settled?"""

    NAME: ClassVar[str] = "discrepancies"
    TITLE: ClassVar[str] = "記録の食い違い"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.found (
            case_id uuid not null,
            finder text not null,
            about text not null,
            event_id text not null,
            code text not null,
            found_on date not null,
            outcome text,
            settled_on date,
            primary key (case_id, finder, about, event_id)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"DiscrepancyFound", "DiscrepancySettled"})

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        named = (event.case_id, data["finder"], data["about"], data["event_id"])
        if event.type == "DiscrepancyFound":
            yield (
                "insert into {view}.found values (%s, %s, %s, %s, %s, %s, null, null) on conflict do nothing",
                (*named, data["code"], data["found_on"]),
            )
        else:
            yield (
                "update {view}.found set outcome = %s, settled_on = %s"
                " where case_id = %s and finder = %s and about = %s and event_id = %s",
                (data["outcome"], data["settled_on"], *named),
            )


class Planners(View):
    """Who of this agency plans each case, and since when (A-Q32)?"""

    NAME: ClassVar[str] = "planners"
    TITLE: ClassVar[str] = "担当者"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.planners (
            case_id uuid primary key,
            planner text not null,
            since date not null
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"PlannerAssigned"})

    def fold(self, event: Event) -> Iterable[Statement]:
        yield (
            "insert into {view}.planners values (%s, %s, %s) on conflict (case_id) do update set"
            " planner = excluded.planner, since = excluded.since",
            (event.case_id, event.data["planner"], event.data["assigned_on"]),
        )


SHARED_VIEWS: Final[tuple[type[View], ...]] = (CaseList, Obligations, AwaitingPartner, Discrepancies)
"""The views of every service."""
