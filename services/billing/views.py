"""Views of a billing desk: the shared ones, and the service months with their claims."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final

from contracts.json_text import written
from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import Event
from shared.eventlog.views import Statement, View, insertion


class ClaimMonths(View):
    """Which service months are reported, and what was claimed for each?"""

    NAME: ClassVar[str] = "claim_months"
    TITLE: ClassVar[str] = "請求の月"
    VERSION: ClassVar[str] = "11"
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
            slip_kind text,
            slip_claimant text,
            slip_returned_on date,
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
            answered text,
            back text,
            stated_for text,
            stated_units integer,
            stated_yen integer,
            blockers text,
            reopened text,
            primary key (case_id, service_month)
        )""",
        """create table {view}.lines (
            submission_id text not null,
            case_id uuid not null,
            service_month text not null,
            kind text not null,
            submitted_by text not null,
            submitted_on date not null,
            yen integer not null,
            late text,
            examination_month text not null,
            primary key (submission_id, case_id, service_month, kind)
        )""",
        """create table {view}.held_results (
            case_id uuid not null,
            sender text not null,
            event text not null,
            claim_id text not null,
            result text,
            result_on date,
            decided_yen integer,
            primary key (case_id, sender, event)
        )""",
    )
    TYPES: ClassVar[frozenset[str] | None] = frozenset(
        {
            "PerformanceReported",
            "ClaimDrafted",
            "BenefitSlipPrepared",
            "BenefitSlipReturned",
            "ClaimConfirmed",
            "ClaimSubmitted",
            "SubmissionReceived",
            "ClaimReturned",
            "ClaimDecided",
            "CorrectionFiled",
            "WorksheetStated",
            "MonthReopened",
            "DiscrepancySettled",
        }
    )

    def fold(self, event: Event) -> Iterable[Statement]:
        data = event.data
        if event.type == "PerformanceReported":
            yield _set(event, reported_on=data["reported_on"]) if data["services"] else _unused(event)
        elif event.type == "BenefitSlipPrepared":
            yield from (_set(event, **_slip(data)), (_SLIP_MADE_ANEW, (event.case_id, data["service_month"])))
        elif event.type in _COLUMNS_OF:
            yield _set(event, **_COLUMNS_OF[event.type](data))
        elif event.type == "ClaimSubmitted":
            yield from _submitted(data)
        elif event.type == "SubmissionReceived":
            yield from (_counts if data["counted"] else _too_late)(data["submission_id"])
        elif event.type == "ClaimConfirmed":
            yield _confirmed(event, data)
        elif event.type == "DiscrepancySettled":
            if data["outcome"] == "event_stands":
                yield _TAKEN_RESULT, (event.case_id, data["about"], data["event_id"])
        else:
            yield from _of_claim(event, data)


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


def _unused(event: Event) -> Statement:
    """Nothing was used in the month: there is nothing to claim, also where something else was reported before."""
    return (
        "update {view}.months set reported_on = null where (case_id, service_month) = (%s, %s)",
        (event.case_id, event.data["service_month"]),
    )


_SLIP_MADE_ANEW: Final = (
    "update {view}.months set reopened = null where (case_id, service_month) = (%s, %s)"
    " and reopened::jsonb ->> 'claim' = 'false'"
)
"""Where only the slip was to be made anew, the month is as it should be once that is done."""


def _slip(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slip_on": data["prepared_on"],
        "slip_units": data["units"],
        "slip_kind": data["kind"],
        "slip_claimant": data["claimant"],
        "slip_returned_on": None,
    }


def _slip_back(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slip_returned_on": data["returned_on"],
        "slip_submission_id": None,
        "slip_submitted_on": None,
    }


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
        "reopened": None,
    }


def _stated(data: Mapping[str, Any]) -> dict[str, Any]:
    """What closing the month came to; ``blockers`` as JSON, null where nothing blocks."""
    return {
        "stated_for": data["claimant"],
        "stated_units": data["units"],
        "stated_yen": data["yen"],
        "blockers": written(data["blockers"]) if data["blockers"] else None,
    }


def _reopened(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a later fact makes of the month; nothing once it fits again."""
    slip = data.get("slip_id") is not None
    if data["as_claimed"] and not slip:
        return {"reopened": None}
    told = {"text": data["text"], "todo": data["todo"], "slip": slip, "claim": not data["as_claimed"]}
    return {"reopened": written(told)}


_COLUMNS_OF: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "BenefitSlipReturned": _slip_back,
    "ClaimDrafted": _draft,
    "WorksheetStated": _stated,
    "MonthReopened": _reopened,
}
"""What an event changes in the row of its case's month."""


def _submitted(data: Mapping[str, Any]) -> Iterable[Statement]:
    """The lines are kept, so that a ward can say later that they count after all."""
    lines = [
        {
            "submission_id": data["submission_id"],
            "case_id": line["case"],
            "service_month": line["service_month"],
            "kind": line["kind"],
            "submitted_by": data["claimant"],
            "submitted_on": data["submitted_on"],
            "yen": line["yen"],
            "late": line["late"],
            "examination_month": data["examination_month"],
        }
        for line in data["lines"]
    ]
    yield insertion("lines", lines, "on conflict do nothing")
    if data["counted"] is not False:
        yield _TAKES_CLAIMS, (data["submission_id"],)
        yield _TAKES_SLIPS, (data["submission_id"],)


_TAKES_CLAIMS: Final = (
    "update {view}.months set (submission_id, submitted_by, submitted_on, submitted_yen, late, examination_month,"
    " result, result_on, decided_yen, back) = (lines.submission_id, lines.submitted_by, lines.submitted_on, lines.yen,"
    " lines.late, lines.examination_month, null, null, null, null) from {view}.lines"
    " where lines.submission_id = %s and lines.kind = 'claim' and months.case_id = lines.case_id"
    " and months.service_month = lines.service_month"
)
_TAKES_SLIPS: Final = (
    "update {view}.months set (slip_submission_id, slip_submitted_on) = (lines.submission_id, lines.submitted_on)"
    " from {view}.lines where lines.submission_id = %s and lines.kind = 'slip'"
    " and months.case_id = lines.case_id and months.service_month = lines.service_month"
)


def _counts(submission_id: str) -> Iterable[Statement]:
    """What was ruled too late and counts after all; where the month went in elsewhere meanwhile, that stays."""
    yield _TAKES_CLAIMS + " and months.submission_id is null", (submission_id,)
    yield _TAKES_SLIPS + " and months.slip_submission_id is null", (submission_id,)


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


def _confirmed(event: Event, data: Mapping[str, Any]) -> Statement:
    """A confirmation of an older draft, or not by its claimant to the yen, changes nothing."""
    return (
        "update {view}.months set confirmed_on = %s where claim_id = %s and claimant = %s and yen = %s",
        (data["confirmed_on"], data["claim_id"], event.sender, data["yen"]),
    )


def _of_claim(event: Event, data: Mapping[str, Any]) -> Iterable[Statement]:
    """What became of the month's claim; a partner's second result of it is held until a person lets it stand."""
    claim_id = data["claim_id"]
    if event.type == "CorrectionFiled":
        yield (_RESULT + " where claim_id = %s", ("corrected", data["filed_on"], None, claim_id))
        yield _BACK, (claim_id, claim_id)
        return
    returned = event.type == "ClaimReturned"
    on = data["returned_on"] if returned else data["decided_on"]
    result = ("returned" if returned else data["outcome"], on, data.get("yen"))
    if event.received:
        yield (_HELD_RESULT, (event.sender, str(event.id), claim_id, *result, claim_id, claim_id))
        yield (_RESULT + _OF_UNCORRECTED + " and answered is distinct from claim_id", (*result, claim_id))
    else:
        yield (_RESULT + _OF_UNCORRECTED, (*result, claim_id))
    if returned:
        yield _BACK, (claim_id, claim_id)
    yield ("update {view}.months set answered = claim_id where claim_id = %s", (claim_id,))


_BACK: Final = "update {view}.months set back = %s where claim_id = %s"
"""Which claim came back or was taken back: a newer draft of the month is another one."""
_RESULT: Final = "update {view}.months set (result, result_on, decided_yen) = (%s, %s, %s)"
_OF_UNCORRECTED: Final = " where claim_id = %s and result is distinct from 'corrected'"
"""What is taken back waits for its cancellation, whatever was decided of it."""
_HELD_RESULT: Final = (
    "insert into {view}.held_results select case_id, %s, %s, %s, %s, %s, %s from {view}.months"
    " where claim_id = %s and answered = %s on conflict do nothing"
)
_TAKEN_RESULT: Final = (
    "with taken as (delete from {view}.held_results where case_id = %s and sender = %s and event = %s returning *)"
    " update {view}.months set result = taken.result, result_on = taken.result_on, decided_yen = taken.decided_yen"
    " from taken where months.case_id = taken.case_id and months.claim_id = taken.claim_id"
    " and months.result is distinct from 'corrected'"
)


VIEWS: Final[tuple[type[View], ...]] = (*SHARED_VIEWS, ClaimMonths)
