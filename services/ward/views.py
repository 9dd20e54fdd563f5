"""Views of a ward: the shared ones, and the queue of each desk."""

from collections.abc import Iterable
from typing import ClassVar, Final

from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class DeskQueue(View):
    """What lies on which desk: notifications filed, and how each was decided?"""

    NAME: ClassVar[str] = "desk_queue"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.filings (
            notification_id text not null,
            revision integer not null,
            case_id uuid not null,
            desk text not null,
            filer text not null,
            type text not null,
            occasion text not null,
            filed_on date not null,
            blank integer not null,
            decision text,
            decided_on date,
            primary key (notification_id, revision)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {"NotificationFiled", "NotificationAccepted", "NotificationReturned"}
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "NotificationFiled":
            yield (
                "insert into {view}.filings values (%s, %s, %s, %s, %s, %s, %s, %s, %s, null, null)"
                " on conflict do nothing",
                (
                    data["notification_id"],
                    data["revision"],
                    event.case_id,
                    data["desk"],
                    data["filer"],
                    data["type"],
                    data["occasion"],
                    data["filed_on"],
                    len(data["blank"]),
                ),
            )
        else:
            decision = "accepted" if event.type == "NotificationAccepted" else "returned"
            yield (
                "update {view}.filings set decision = %s, decided_on = %s"
                " where notification_id = %s and revision = %s",
                (decision, data["decided_on"], data["notification_id"], data["revision"]),
            )


VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, DeskQueue)
