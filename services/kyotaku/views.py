"""Views of an office: the shared ones, and what each month still lacks."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from shared.care.own_months import OwnMonths
from shared.care.views import SHARED_VIEWS, Planners
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View, insertion


class MonthlyRecords(View):
    """Which months of a case are monitored and reported?"""

    NAME: ClassVar[str] = "monthly_records"
    TITLE: ClassVar[str] = "毎月の記録"
    VERSION: ClassVar[str] = "1"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.months (
            case_id uuid not null,
            month text not null,
            monitored_on date,
            reported_on date,
            primary key (case_id, month)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset({"MonitoringRecorded", "PerformanceReported"})

    def fold(self, event: Event) -> Iterable[Statement]:
        return self.fold_all((event,))

    def fold_all(self, events: Sequence[Event]) -> Iterable[Statement]:
        months: dict[tuple[UUID | None, str], dict[str, Any]] = {}
        for event in events:
            name, column = _RECORDS[event.type]
            month = event.data[name]
            row = {"case_id": event.case_id, "month": month, "monitored_on": None, "reported_on": None}
            months.setdefault((event.case_id, month), row)[column] = event.occurred_on
        if months:
            yield insertion(
                "months",
                [*months.values()],
                "on conflict (case_id, month) do update"
                " set monitored_on = coalesce(excluded.monitored_on, months.monitored_on),"
                " reported_on = coalesce(excluded.reported_on, months.reported_on)",
            )


_RECORDS: Final = {
    "MonitoringRecorded": ("month", "monitored_on"),
    "PerformanceReported": ("service_month", "reported_on"),
}
"""Type of an event → the field that names its month, and the column that it fills."""

VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, Planners, OwnMonths, MonthlyRecords)
