"""The months of a case: what was handed out, monitored, reported and claimed in each, as this agency knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.claim_codes import CLAIM_OUTCOMES, SLIP_KINDS
from contracts.codes import SERVICE_KINDS
from shared.care.case import Case
from shared.care.claim_parts import Claim, Performance
from shared.care.claim_stages import month_stage, settled
from shared.console.claim_board import BAD, STAGES
from shared.node.service import Situation


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One service month: whether each paper is there, and the units by kind of service that were reported."""

    month: str
    use_sheet: bool
    provision_sheet: bool
    monitored: bool
    used: Sequence[tuple[str, str, int]]
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One benefit slip as made last for its month; ``returned_on`` where the federation sent it back."""

    month: str
    kind: str
    prepared_on: date
    units: int
    limit: int
    returned_on: date | None


def month_rows(case: Case) -> list[MonthRow]:
    """The months of which anything is known here, the newest first."""
    received = {month for month, _, _ in case.received_use}
    months = {*case.use_sheets, *case.provision_sheets, *case.monitored, *case.performances, *received}
    return [_row(case, month) for month in sorted(months, reverse=True)]


def slips(case: Case) -> list[SlipRow]:
    """The benefit slips of the case, the newest month first."""
    return [
        SlipRow(
            month,
            SLIP_KINDS.get(slip.kind, slip.kind),
            slip.prepared_on,
            slip.units,
            slip.limit,
            back.on if (back := case.slip_returns.get(slip.id)) else None,
        )
        for month, slip in sorted(case.benefit_slips.items(), reverse=True)
    ]


def stage_of(case: Case, claim: Claim, situation: Situation) -> tuple[str, str]:
    """What this agency knows of a claim, in a word, and the look of its mark.

    Only its claimant and the desk that claims for it hear what comes after the draft; an entrusted office hears of the
    draft, and in the settlement statement of what was decided (A-Q35c).
    """
    if situation.role != "billing" and claim.claimant != situation.me:
        return _TOLD_OF_DRAFT[settled(claim, situation.agency.statements)]
    stage = month_stage(case, claim.service_month, situation.agency.submissions)
    result = case.claim_results.get(claim.id)
    if stage == "returned":
        return "過誤" if claim.id in case.corrections else "返戻", "mark-bad"
    if stage == "decided" and result is not None:
        return CLAIM_OUTCOMES.get(result.outcome or "", STAGES[stage]), "mark-good"
    if stage == "submitted":
        return f"{STAGES[stage]}・決定待ち", "mark-wait"
    return STAGES[stage], "mark-bad" if stage in BAD else "mark-wait"


_TOLD_OF_DRAFT: Final[Mapping[bool | None, tuple[str, str]]] = {
    None: ("請求する事業所が請求（結果は精算書で届きます）", "mark-own"),
    True: ("決定・精算書あり", "mark-good"),
    False: ("精算書で取消し", "mark-bad"),
}
"""Whether a claim is settled → what an agency says of it that is told of its draft alone."""


def _row(case: Case, month: str) -> MonthRow:
    reported = case.performances.get(month)
    return MonthRow(
        month,
        month in case.use_sheets,
        month in case.provision_sheets,
        month in case.monitored,
        _used(case, month, reported),
        reported.reported_on if reported else None,
    )


def _used(case: Case, month: str, reported: Performance | None) -> list[tuple[str, str, int]]:
    """Kind, provider and units: as reported, else as the service offices told so far."""
    if reported is not None:
        return [(_kind(each.service), each.provider, each.units) for each in reported.services]
    return [
        (_kind(service), provider, use.units)
        for (of, provider, service), use in case.received_use.items()
        if of == month
    ]


def _kind(service: str) -> str:
    return SERVICE_KINDS.get(service, service)
