"""Views of a ward: the shared ones, the queue of each desk, the register of notifications, the plan reviews."""

from collections.abc import Iterable
from typing import ClassVar, Final

from contracts.codes import DESKS
from services.ward.person_views import PERSON_VIEWS
from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class DeskQueue(View):
    """What lies on which desk: notifications filed, and how each was decided?"""

    NAME: ClassVar[str] = "desk_queue"
    TITLE: ClassVar[str] = "届出書の受付"
    VERSION: ClassVar[str] = "4"
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
            reason_code text,
            office text,
            start_date date,
            held_since date,
            simultaneous boolean not null,
            signature_needed boolean not null,
            same_care_manager boolean,
            primary key (notification_id, revision)
        )""",
        "create index on {view}.filings (filed_on) where decision is null",
        "create index on {view}.filings (filed_on)",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {"NotificationFiled", "NotificationAccepted", "NotificationReturned"}
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "NotificationFiled":
            yield (
                "insert into {view}.filings values (%s, %s, %s, %s, %s, %s, %s, %s, %s, null, null, null,"
                " %s, %s, %s, %s, %s, %s)"
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
                    data["office"],
                    data["start_date"],
                    data.get("held_since"),
                    data["simultaneous_contract"],
                    data["signature_needed"],
                    data.get("same_care_manager"),
                ),
            )
        else:
            decision = "accepted" if event.type == "NotificationAccepted" else "returned"
            yield (
                "update {view}.filings set decision = %s, decided_on = %s, reason_code = %s"
                " where notification_id = %s and revision = %s",
                (
                    decision,
                    data["decided_on"],
                    data.get("reason_code"),
                    data["notification_id"],
                    data["revision"],
                ),
            )


class NotificationRegister(View):
    """Which notifications were accepted, and from when does each hold? Read by ``services.ward.register``."""

    NAME: ClassVar[str] = "notification_register"
    TITLE: ClassVar[str] = "届出書の台帳"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.notifications (
            notification_id text primary key,
            case_id uuid not null,
            filer text not null,
            type text not null,
            track text not null,
            desk text not null,
            start_date date,
            accepted_on date,
            accepted_at bigint
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"NotificationFiled", "NotificationAccepted"})

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "NotificationFiled":
            yield (
                "insert into {view}.notifications values (%s, %s, %s, %s, %s, %s, %s, null, null)"
                " on conflict (notification_id) do update set start_date = excluded.start_date,"
                " desk = excluded.desk",
                (
                    data["notification_id"],
                    event.case_id,
                    data["filer"],
                    data["type"],
                    data["track"],
                    data["desk"],
                    data["start_date"],
                ),
            )
        else:
            yield (
                "update {view}.notifications set accepted_on = %s, accepted_at = %s where notification_id = %s",
                (data["decided_on"], event.position, data["notification_id"]),
            )


class PlanReviews(View):
    """Which plans did we ask to be reviewed, and which were?"""

    NAME: ClassVar[str] = "plan_reviews"
    TITLE: ClassVar[str] = "計画の検証"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.reviews (
            review_id text primary key,
            case_id uuid not null,
            office text not null,
            centre text not null,
            requested_on date not null,
            submit_by date,
            held_on date,
            concluded_on date
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"ReviewRequested", "ReviewConcluded"})

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "ReviewRequested":
            yield (
                "insert into {view}.reviews values (%s, %s, %s, %s, %s, %s, null, null)",
                (
                    data["review_id"],
                    event.case_id,
                    data["office"],
                    data["centre"],
                    data["requested_on"],
                    data["submit_by"],
                ),
            )
        else:
            yield (
                "update {view}.reviews set held_on = %s, concluded_on = %s where review_id = %s",
                (data["held_on"], data["concluded_on"], data["review_id"]),
            )


class HeldForms(View):
    """Of the notifications that centres held: which were used for a switch, and which became void (decision 25)?"""

    NAME: ClassVar[str] = "held_forms"
    TITLE: ClassVar[str] = "包括が保管した届出書"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.forms (
            notification_id text primary key,
            case_id uuid not null,
            filer text not null,
            used_on date,
            voided_on date
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"NotificationFiled", "NotificationVoided"})

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        used = data.get("filed_on") if data.get("held_since") else None
        if used is None and event.type == "NotificationFiled":
            return
        yield (
            "insert into {view}.forms values (%s, %s, %s, %s, %s) on conflict (notification_id) do update set"
            " used_on = coalesce(forms.used_on, excluded.used_on),"
            " voided_on = coalesce(forms.voided_on, excluded.voided_on)",
            (data["notification_id"], event.case_id, data["filer"], used, data.get("voided_on")),
        )


class MovedCases(View):
    """Which cases ended because the person moved into another centre's area, and where did they go on?"""

    NAME: ClassVar[str] = "moved_cases"
    TITLE: ClassVar[str] = "区内で担当の包括が変わったケース"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.moves (
            case_id uuid primary key,
            moved_on date not null,
            new_centre text not null
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"CaseMoved"})

    def fold(self, event: Event) -> Iterable[Statement]:
        yield (
            "insert into {view}.moves values (%s, %s, %s) on conflict (case_id) do update set"
            " moved_on = excluded.moved_on, new_centre = excluded.new_centre",
            (event.case_id, event.data["moved_on"], event.data["new_centre"]),
        )


class DeskItems(View):
    """What else waits, and what was decided: viewing requests (T-18), risk reports (T-67), complaints (A-Q27)?

    A complaint stands once for each desk of a ward office at which it belongs.
    """

    NAME: ClassVar[str] = "desk_items"
    TITLE: ClassVar[str] = "窓口に届いたもの"
    VERSION: ClassVar[str] = "2"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.items (
            kind text not null,
            key text not null,
            case_id uuid not null,
            sender text not null,
            arrived_on date not null,
            decision text,
            decided_on date,
            desk text not null,
            primary key (kind, key, desk)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "RecordsRequested",
            "RecordsProvided",
            "RiskReported",
            "RiskReportAccepted",
            "RiskReportReturned",
            "ComplaintReceived",
            "ComplaintAnswered",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        kind, named = next(each for name, each in _KINDS.items() if event.type.startswith(name))
        key = event.data.get(named) or str(event.id)
        if event.type in ("RecordsRequested", "RiskReported", "ComplaintReceived"):
            for desk in (
                [each for each in event.data["desks"] if each in DESKS] if kind == "complaint" else [""]
            ):
                yield (
                    "insert into {view}.items values (%s, %s, %s, %s, %s, null, null, %s) on conflict do nothing",
                    (kind, key, event.case_id, event.sender, event.occurred_on, desk),
                )
        else:
            yield (
                "update {view}.items set decision = %s, decided_on = %s where kind = %s and key = %s",
                (_DECISIONS[event.type], event.occurred_on, kind, key),
            )


_KINDS: Final = {
    "Records": ("records", "request_id"),
    "RiskReport": ("risk_report", "report_id"),
    "Complaint": ("complaint", "complaint_id"),
}
"""How the names of its events begin → the kind of an item and the field with its number."""

_DECISIONS: Final = {
    "ComplaintAnswered": "answered",
    "RecordsProvided": "provided",
    "RiskReportAccepted": "accepted",
    "RiskReportReturned": "returned",
}

VIEWS: Final[tuple[type[View], ...]] = (
    *SHARED_VIEWS,
    DeskQueue,
    NotificationRegister,
    PlanReviews,
    HeldForms,
    DeskItems,
    MovedCases,
    *PERSON_VIEWS,
)
