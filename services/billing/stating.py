"""Telling a claimant what its month came to: every figure with its derivation, or what blocks (T-33)."""

from collections.abc import Iterable
from typing import Any

from services.billing.worksheet import Blocker, Figure, Worksheet, worksheet
from shared.care import requirements
from shared.care.folds.claims import print_of
from shared.eventlog.model import NewEvent
from shared.node.recording import plain
from shared.node.service import Situation
from shared.policy.dates import Month


def statement(
    at: Situation, month: Month, claimant: str, *, drafted: bool, refused: Blocker | None = None
) -> list[NewEvent]:
    """What a person's month comes to by what is known now; nothing where the very same was stated last.

    :param refused: why something could not be made, which the worksheet alone does not tell.
    """
    sheet = worksheet(at, month)
    blockers = list(sheet.blockers)
    if refused is not None and all(each.text != refused.text for each in blockers):
        blockers.insert(0, refused.of(at.case.insurer))
    claim = at.case.claims.get(str(month))
    amount = sheet.assessment.amount if sheet.assessment else None
    data = {
        "service_month": str(month),
        "biller": at.me,
        "claimant": claimant,
        "stated_on": at.today,
        "outcome": _outcome(sheet, drafted=drafted, blocked=bool(blockers)),
        "claim_id": claim.id if claim else None,
        "units": amount.units if amount else None,
        "yen": amount.yen if amount else None,
        "figures": [_figure(each) for each in sheet.figures],
        "blockers": _reasons(blockers),
        "notes": _reasons(sheet.notes),
    }
    last = at.case.worksheets.get(str(month))
    if last is not None and last.print == print_of(plain(data)):
        return []
    return [NewEvent("WorksheetStated", data, case_id=at.case.id, to=requirements.recipients(claimant))]


def _outcome(sheet: Worksheet, *, drafted: bool, blocked: bool) -> str:
    if drafted:
        return "drafted"
    if blocked:
        return "blocked"
    return "with_examiner" if sheet.state in ("submitted", "decided", "reopened") else "unchanged"


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title,
        "value": figure.value,
        "derivation": figure.derivation,
        "rules": list(figure.rules),
        "sources": list(figure.sources),
    }


def _reasons(blockers: Iterable[Blocker]) -> list[dict[str, Any]]:
    return [{"rule": each.rule, "text": each.text, "todo": each.todo or None} for each in blockers]
