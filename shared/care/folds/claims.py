"""How a case takes in claims and benefit slips: drafted, confirmed, returned, decided, taken back."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from contracts.json_text import written
from shared.care.claim_parts import (
    BenefitSlip,
    Claim,
    ClaimItems,
    ClaimResult,
    ClosingRequest,
    Correction,
    ProjectCorrection,
    Reopening,
    SlipReturn,
    StatedReason,
    StatedWorksheet,
)
from shared.care.folds.reading import Data, Fold, day, maybe
from shared.care.state import Case
from shared.eventlog.model import Event
from shared.policy.citing import cited


def _linkage(insurer: str) -> tuple[str, str]:
    """How the reasons of a claim name the linkage addition: by its rule, or what is cited instead."""
    return "T-69", cited("T-69", insurer)


def _drafted(case: Case, event: Event, data: Data) -> Case:
    claim = Claim(
        data["claim_id"],
        data["service_month"],
        data["examination_month"],
        data["claimant"],
        data["type"],
        data["units"],
        data["yen"],
        linkage=any(each["rule"] in _linkage(case.insurer) for each in data["reasons"]),
        items=_items(data),
    )
    return case.but(claims={**case.claims, claim.service_month: claim})


def _items(data: Data) -> ClaimItems | None:
    if "notified_on" not in data:
        return None  # drafted before a draft told them
    dates = (maybe(data[each]) for each in ("certified_from", "certified_to", "notified_on"))
    return ClaimItems(data["status"], *dates)


def _confirmed(case: Case, event: Event, data: Data) -> Case:
    claim = case.claims.get(data["service_month"])
    if claim is None or claim.id != data["claim_id"]:
        return case  # a newer draft took the place of the one that was confirmed
    if (event.sender, data["yen"]) != (claim.claimant, claim.yen):
        return case  # only its claimant confirms a claim, to the yen
    confirmed = replace(claim, confirmed_on=day(data["confirmed_on"]))
    return case.but(claims={**case.claims, claim.service_month: confirmed})


def _returned(case: Case, event: Event, data: Data) -> Case:
    result = ClaimResult("returned", day(data["returned_on"]), reason_code=data["reason_code"])
    return _with_result(case, data["claim_id"], result)


def _decided(case: Case, event: Event, data: Data) -> Case:
    result = ClaimResult(
        "decided", day(data["decided_on"]), None, data["outcome"], data["units"], data["yen"]
    )
    return _with_result(case, data["claim_id"], result)


def _with_result(case: Case, claim_id: str, result: ClaimResult) -> Case:
    """The same result from a second agency changes nothing, not even its day."""
    known = case.claim_results.get(claim_id)
    if known is not None and replace(known, on=result.on) == result:
        return case
    return case.but(claim_results={**case.claim_results, claim_id: result})


def _correction_filed(case: Case, event: Event, data: Data) -> Case:
    filed = Correction(
        data["claim_id"], data["service_month"], day(data["filed_on"]), data["route"], data["code"]
    )
    return case.but(corrections={**case.corrections, filed.claim_id: filed})


def _project_correction_applied(case: Case, event: Event, data: Data) -> Case:
    applied = ProjectCorrection(
        data["application_id"],
        data["service_month"],
        data["service"],
        data["provider"],
        day(data["decided_on"]),
        day(data["applied_on"]),
        data["code"],
    )
    return case.but(project_corrections=(*case.project_corrections, applied))


def _slip_prepared(case: Case, event: Event, data: Data) -> Case:
    slip = BenefitSlip(
        data["slip_id"],
        data["service_month"],
        data["kind"],
        day(data["prepared_on"]),
        data["claimant"],
        data["planner"],
        data["entrusted_office"],
        data["entrusted_care_manager"],
        data["status"],
        data["limit"],
        tuple((each["service"], each["provider"], each["units"]) for each in data["rows"]),
        data["units"],
        (maybe(data["limit_from"]), maybe(data["limit_to"])) if "limit_from" in data else None,
    )
    return case.but(
        benefit_slips={**case.benefit_slips, slip.service_month: slip},
        prepared_slips={**case.prepared_slips, slip.id: slip},
    )


def _slip_returned(case: Case, event: Event, data: Data) -> Case:
    slip = case.prepared_slips.get(data["slip_id"])
    if slip is None:
        return case  # of a slip that is not known here
    returned = SlipReturn(slip.id, slip.service_month, day(data["returned_on"]), data["reason_code"])
    return case.but(slip_returns={**case.slip_returns, slip.id: returned})


def _closing_requested(case: Case, event: Event, data: Data) -> Case:
    asked = ClosingRequest(
        data["service_month"],
        data["claimant"],
        day(data["requested_on"]),
        frozenset((each["service"], each["provider"], each["units"]) for each in data["services"]),
    )
    return case.but(closing_requests={**case.closing_requests, asked.month: asked})


def print_of(data: Data) -> str:
    """What tells one statement of a month from another: not its day, nor whether the draft was made just then."""
    outcome = "unchanged" if data["outcome"] == "drafted" else data["outcome"]
    same = {**data, "stated_on": None, "outcome": outcome}
    return hashlib.sha256(written(same).encode()).hexdigest()


def _worksheet_stated(case: Case, event: Event, data: Data) -> Case:
    sheet = StatedWorksheet(
        data["service_month"],
        data["biller"],
        data["claimant"],
        day(data["stated_on"]),
        data["outcome"],
        data["claim_id"],
        data["units"],
        data["yen"],
        _reasons(data["blockers"]),
        _reasons(data["notes"]),
        event.id,
        print_of(data),
    )
    return case.but(worksheets={**case.worksheets, sheet.month: sheet})


def _reasons(rows: Iterable[Mapping[str, Any]]) -> tuple[StatedReason, ...]:
    return tuple(StatedReason(each["rule"], each["text"], each["todo"]) for each in rows)


def _reopened(case: Case, event: Event, data: Data) -> Case:
    now = data["now"]
    found = Reopening(
        data["service_month"],
        data["claim_id"],
        data["claimant"],
        data["stage"],
        data["cause"],
        (now["claimant"], now["type"], now["units"], now["yen"]) if now else None,
        data["as_claimed"],
        day(data["reopened_on"]),
        data["text"],
        data["todo"],
        data.get("slip_id"),
    )
    return case.but(reopenings={**case.reopenings, found.month: found})


FOLDS: Final[Mapping[str, Fold]] = {
    "ClaimDrafted": _drafted,
    "ClaimConfirmed": _confirmed,
    "ClaimReturned": _returned,
    "ClaimDecided": _decided,
    "CorrectionFiled": _correction_filed,
    "ProjectCorrectionApplied": _project_correction_applied,
    "BenefitSlipPrepared": _slip_prepared,
    "BenefitSlipReturned": _slip_returned,
    "MonthClosingRequested": _closing_requested,
    "WorksheetStated": _worksheet_stated,
    "MonthReopened": _reopened,
}
