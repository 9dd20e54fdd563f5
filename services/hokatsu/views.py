"""Views of a centre: the shared ones, the notifications it holds, and the cases it entrusts."""

import json
from collections.abc import Iterable
from typing import ClassVar, Final

from shared.care.own_months import OwnMonths
from shared.care.views import SHARED_VIEWS, Planners
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class HeldNotifications(View):
    """Which notifications lie on our shelf (保管), which of them were filed since, and which are void?"""

    NAME: ClassVar[str] = "held_notifications"
    TITLE: ClassVar[str] = "保管している届出書"
    VERSION: ClassVar[str] = "2"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.held (
            notification_id text primary key,
            case_id uuid not null,
            prepared_on date not null,
            filed_on date,
            voided_on date
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {"NotificationPrepared", "NotificationFiled", "NotificationVoided"}
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "NotificationPrepared":
            yield (
                "insert into {view}.held values (%s, %s, %s, null, null)",
                (data["notification_id"], event.case_id, data["prepared_on"]),
            )
        elif event.type == "NotificationVoided":
            yield (
                "update {view}.held set voided_on = %s where notification_id = %s",
                (data["voided_on"], data["notification_id"]),
            )
        else:
            yield (
                "update {view}.held set filed_on = %s where notification_id = %s and filed_on is null",
                (data["filed_on"], data["notification_id"]),
            )


class EntrustedCases(View):
    """Which cases do we entrust, to whom, since when, and are the originals back, or which are not?"""

    NAME: ClassVar[str] = "entrusted_cases"
    TITLE: ClassVar[str] = "委託しているケース"
    VERSION: ClassVar[str] = "4"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.entrustments (
            case_id uuid not null,
            office text not null,
            starts_on date not null,
            ended_on date,
            originals_returned_on date,
            originals_out text not null,
            papers_out text not null,
            primary key (case_id, starts_on)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {"EntrustmentStarted", "EntrustmentEnded", "OriginalsReturned", "OriginalsListed"}
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "EntrustmentStarted":
            yield (
                "insert into {view}.entrustments values (%s, %s, %s, null, null, '', '[]') on conflict do nothing",
                (event.case_id, data["office"], data["starts_on"]),
            )
        elif event.type == "EntrustmentEnded" and data.get("never_began"):
            yield "delete from {view}.entrustments where case_id = %s and ended_on is null", (event.case_id,)
        elif event.type == "EntrustmentEnded":
            yield (
                "update {view}.entrustments set ended_on = %s where case_id = %s and ended_on is null",
                (data["ended_on"], event.case_id),
            )
        elif event.type == "OriginalsReturned":
            returned_on = None if data["remaining"] else data["returned_on"]
            changes = "originals_returned_on = %s, originals_out = %s"
            yield _settled(event, changes, returned_on, " ".join(data["remaining"]))
        else:
            papers = json.dumps(data["papers"], ensure_ascii=False)
            yield _settled(event, "papers_out = %s", papers)


def _settled(event: Event, changes: str, *values: object) -> Statement:
    """A change to the entrustment that an event about its originals names by its last day."""
    return (
        f"update {{view}}.entrustments set {changes}"  # noqa: S608 (constants of this module)
        " where case_id = %s and starts_on = (select max(starts_on) from {view}.entrustments"
        " where case_id = %s and starts_on <= %s)",
        (*values, event.case_id, event.case_id, event.data["entrustment_ended_on"]),
    )


VIEWS: Final[tuple[type[View], ...]] = (
    *SHARED_VIEWS,
    Planners,
    OwnMonths,
    HeldNotifications,
    EntrustedCases,
)
