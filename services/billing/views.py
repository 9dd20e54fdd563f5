"""Views of a billing desk: the shared ones, and the service months with their claims."""

from collections.abc import Iterable
from typing import ClassVar, Final

from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class ClaimMonths(View):
    """Which service months are reported, and what was claimed for each?"""

    NAME: ClassVar[str] = "claim_months"
    VERSION: ClassVar[str] = "3"
    TABLES: ClassVar[tuple[str, ...]] = (
        """create table {view}.months (
            case_id uuid not null,
            service_month text not null,
            reported_on date,
            claim_id text,
            examination_month text,
            claimant text,
            type text,
            units integer,
            yen integer,
            office_yen integer,
            centre_yen integer,
            split_assumed boolean,
            slip_on date,
            slip_units integer,
            primary key (case_id, service_month)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {"PerformanceReported", "ClaimDrafted", "BenefitSlipPrepared"}
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "PerformanceReported":
            yield (
                "insert into {view}.months (case_id, service_month, reported_on) values (%s, %s, %s)"
                " on conflict (case_id, service_month) do update set reported_on = excluded.reported_on",
                (event.case_id, data["service_month"], data["reported_on"]),
            )
        elif event.type == "BenefitSlipPrepared":
            yield (
                "insert into {view}.months (case_id, service_month, slip_on, slip_units) values (%s, %s, %s, %s)"
                " on conflict (case_id, service_month) do update set (slip_on, slip_units)"
                " = (excluded.slip_on, excluded.slip_units)",
                (event.case_id, data["service_month"], data["prepared_on"], data["units"]),
            )
        else:
            split = data["split"] or {}
            yield (
                "insert into {view}.months (case_id, service_month, claim_id, examination_month, claimant, type,"
                " units, yen, office_yen, centre_yen, split_assumed)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " on conflict (case_id, service_month) do update set (claim_id, examination_month, claimant, type,"
                " units, yen, office_yen, centre_yen, split_assumed) = (excluded.claim_id,"
                " excluded.examination_month, excluded.claimant, excluded.type, excluded.units, excluded.yen,"
                " excluded.office_yen, excluded.centre_yen, excluded.split_assumed)",
                (
                    event.case_id,
                    data["service_month"],
                    data["claim_id"],
                    data["examination_month"],
                    data["claimant"],
                    data["type"],
                    data["units"],
                    data["yen"],
                    split.get("office"),
                    split.get("centre"),
                    data["split_assumed"],
                ),
            )


VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, ClaimMonths)
