"""Views of an office: the shared ones, and what each month still lacks."""

from collections.abc import Iterable
from typing import ClassVar, Final

from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class MonthlyRecords(View):
    """Which months of a case are monitored and reported?"""

    NAME: ClassVar[str] = "monthly_records"
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
        monitored = event.type == "MonitoringRecorded"
        yield (
            "insert into {view}.months values (%s, %s, %s, %s) on conflict (case_id, month) do update"
            " set monitored_on = coalesce(excluded.monitored_on, months.monitored_on),"
            " reported_on = coalesce(excluded.reported_on, months.reported_on)",
            (
                event.case_id,
                event.data["month" if monitored else "service_month"],
                event.occurred_on if monitored else None,
                None if monitored else event.occurred_on,
            ),
        )


VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, MonthlyRecords)
