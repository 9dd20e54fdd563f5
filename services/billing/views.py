"""Views of a billing desk: the shared ones, and the service months with their claims."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View


class ClaimMonths(View):
    """Which service months are reported, and what was claimed for each?"""

    NAME: ClassVar[str] = "claim_months"
    VERSION: ClassVar[str] = "6"
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
            confirmed_on date,
            submission_id text,
            submitted_by text,
            submitted_on date,
            submitted_yen integer,
            late text,
            slip_submission_id text,
            slip_submitted_on date,
            result text,
            result_on date,
            decided_yen integer,
            primary key (case_id, service_month)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "PerformanceReported",
            "ClaimDrafted",
            "BenefitSlipPrepared",
            "ClaimConfirmed",
            "ClaimSubmitted",
            "SubmissionReceived",
            "ClaimReturned",
            "ClaimDecided",
            "CorrectionFiled",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "PerformanceReported":
            yield _set(event, reported_on=data["reported_on"])
        elif event.type == "BenefitSlipPrepared":
            yield _set(event, slip_on=data["prepared_on"], slip_units=data["units"])
        elif event.type == "ClaimDrafted":
            yield _set(event, **_draft(data))
        elif event.type == "ClaimSubmitted":
            yield from _submitted(data)
        elif event.type == "SubmissionReceived":
            yield from _too_late(data["submission_id"]) if not data["counted"] else ()
        else:
            yield _of_claim(event, data)


def _set(event: Event, **values: Any) -> Statement:
    """The row of a case's month with these columns."""
    names = ", ".join(values)
    places = ", ".join(["%s"] * (len(values) + 2))
    changes = ", ".join(f"{name} = excluded.{name}" for name in values)
    return (
        f"insert into {{view}}.months (case_id, service_month, {names}) values ({places})"  # noqa: S608
        f" on conflict (case_id, service_month) do update set {changes}",
        (event.case_id, event.data["service_month"], *values.values()),
    )


def _draft(data: Mapping[str, Any]) -> dict[str, Any]:
    split = data["split"] or {}
    return {
        "claim_id": data["claim_id"],
        "examination_month": data["examination_month"],
        "claimant": data["claimant"],
        "type": data["type"],
        "units": data["units"],
        "yen": data["yen"],
        "office_yen": split.get("office"),
        "centre_yen": split.get("centre"),
        "split_assumed": data["split_assumed"],
        "confirmed_on": None,
    }


def _submitted(data: Mapping[str, Any]) -> Iterable[Statement]:
    if data["counted"] is False:
        return
    for line in data["lines"]:
        at = (line["case"], line["service_month"])
        if line["kind"] == "slip":
            yield (
                "update {view}.months set (slip_submission_id, slip_submitted_on) = (%s, %s)"
                " where case_id = %s and service_month = %s",
                (data["submission_id"], data["submitted_on"], *at),
            )
        elif line["kind"] == "claim":
            yield (
                "update {view}.months set (submission_id, submitted_by, submitted_on, submitted_yen, late,"
                " examination_month, result, result_on, decided_yen)"
                " = (%s, %s, %s, %s, %s, %s, null, null, null)"
                " where case_id = %s and service_month = %s",
                (
                    data["submission_id"],
                    data["claimant"],
                    data["submitted_on"],
                    line["yen"],
                    line["late"],
                    data["examination_month"],
                    *at,
                ),
            )


def _too_late(submission_id: str) -> Iterable[Statement]:
    yield (
        "update {view}.months set (submission_id, submitted_on, submitted_yen) = (null, null, null)"
        " where submission_id = %s",
        (submission_id,),
    )
    yield (
        "update {view}.months set (slip_submission_id, slip_submitted_on) = (null, null)"
        " where slip_submission_id = %s",
        (submission_id,),
    )


def _of_claim(event: Event, data: Mapping[str, Any]) -> Statement:
    """What became of the month's claim; a confirmation of an older draft, or not by its claimant, changes nothing."""
    if event.type == "ClaimConfirmed":
        return (
            "update {view}.months set confirmed_on = %s where claim_id = %s and claimant = %s and yen = %s",
            (data["confirmed_on"], data["claim_id"], event.sender, data["yen"]),
        )
    results = {
        "ClaimReturned": "returned",
        "ClaimDecided": data.get("outcome"),
        "CorrectionFiled": "corrected",
    }
    on = data.get("returned_on") or data.get("decided_on") or data.get("filed_on")
    return (
        "update {view}.months set (result, result_on, decided_yen) = (%s, %s, %s) where claim_id = %s",
        (results[event.type], on, data.get("yen"), data["claim_id"]),
    )


VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, ClaimMonths)
