"""A fact that comes after a month's claim was made: what it changes is told, the claim itself stays (T-33, T-61)."""

from collections.abc import Iterator, Sequence

from contracts.codes import TYPES
from services.billing.case import assess
from services.billing.closing import close_for, command_of
from services.billing.stating import statement
from shared.care import requirements
from shared.care.claim_parts import Claim
from shared.eventlog.model import Event, NewEvent
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, month_text

Now = tuple[str, str, int, int]
"""Claimant, type, units and yen of a month's claim."""

FACTS = frozenset(
    {
        "PerformanceReported",
        "ContractSigned",
        "ContractSupplemented",
        "OfficeAssigned",
        "TypeChanged",
        "EntrustmentStarted",
        "EntrustmentEnded",
        "CertificationResult",
        "ProjectEligibilityRegistered",
        "SelfPlanAccepted",
        "ProvisionalPlanSettled",
        "PublicAssistanceRecorded",
        "SupportEnded",
        "SupportResumed",
    }
)
"""Partners' events that can change what a month's claim should be."""


def answer_request(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """A claimant asks to close a month: its slip, its draft and what they follow from, or why there are none (T-33)."""
    return close_for(situation, Month.parse(event.data["service_month"]), command_of(situation, event))


def take_in_fact(situation: Situation, event: Event) -> Sequence[NewEvent]:
    """What a partner's fact reopens, the closings asked for that are possible now, and the worksheets that it changes.

    A report changes no month before its own.
    """
    found = [*_reopened(situation, event)]
    since = str(event.data.get("service_month", ""))
    for month, asked in situation.case.closing_requests.items():
        last = situation.case.worksheets.get(month)
        if month not in situation.case.claims and (last is None or last.outcome == "blocked"):
            command = command_of(situation, event)
            found += close_for(situation, Month.parse(asked.month), command)
    told = {each.data["service_month"] for each in found if each.type == "WorksheetStated"}
    for month, stated in situation.case.worksheets.items():
        if month >= since and month not in told and month in situation.case.claims:
            found += statement(situation, Month.parse(month), stated.claimant, drafted=False)
    return found


def _reopened(situation: Situation, event: Event) -> Iterator[NewEvent]:
    case = situation.case
    for month, claim in case.claims.items():
        if month < str(event.data.get("service_month", "")) or _is_open(situation, claim):
            continue  # what came back is made anew in any case
        now, why = _now(situation, Month.parse(month))
        before = (claim.claimant, claim.type, claim.units, claim.yen)
        last = case.reopenings.get(month)
        told = last if last is not None and last.claim_id == claim.id and not last.as_claimed else None
        if now == before:
            if told is not None:
                yield _event(
                    situation,
                    event,
                    claim,
                    now,
                    f"{month_text(month)}の請求は、いまの記録と合っています",
                    None,
                )
        elif told is None or told.now != now:
            yield _event(
                situation, event, claim, now, why or _text(situation, claim, now), _todo(situation, claim)
            )


def _is_open(situation: Situation, claim: Claim) -> bool:
    result = situation.case.claim_results.get(claim.id)
    return claim.id in situation.case.corrections or (result is not None and result.kind == "returned")


def _now(situation: Situation, month: Month) -> tuple[Now | None, str | None]:
    """What the month would be claimed as, or None and why it can't be."""
    try:
        found = assess(situation, month)
    except Refused as refused:
        return None, f"いまの記録では請求できません: {refused.message}"
    subject, amount = found.subject, found.amount
    return (subject.claimant, subject.found.type, amount.units, amount.yen), None


def _event(
    situation: Situation, event: Event, claim: Claim, now: Now | None, text: str, todo: str | None
) -> NewEvent:
    as_claimed = now == (claim.claimant, claim.type, claim.units, claim.yen)
    return NewEvent(
        "MonthReopened",
        {
            "service_month": claim.service_month,
            "biller": situation.me,
            "claimant": claim.claimant,
            "claim_id": claim.id,
            "stage": _stage(situation, claim),
            "cause": event.type,
            "yen": claim.yen,
            "now": dict(zip(("claimant", "type", "units", "yen"), now, strict=True)) if now else None,
            "as_claimed": as_claimed,
            "reopened_on": situation.today,
            "text": text,
            "todo": todo,
        },
        case_id=situation.case.id,
        to=requirements.recipients(claim.claimant, now[0] if now else None),
    )


def _stage(situation: Situation, claim: Claim) -> str:
    if claim.id in situation.case.claim_results:
        return "decided"
    if claim.id in situation.agency.submissions.used(situation.case, claim.service_month):
        return "submitted"
    return "confirmed" if claim.confirmed_on else "drafted"


def _text(situation: Situation, claim: Claim, now: Now | None) -> str:
    assert now is not None  # else why it can't be claimed is told
    name = situation.agency.name_of
    return (
        f"{month_text(claim.service_month)}の請求は {name(claim.claimant)} {TYPES[claim.type]} {claim.yen:,}円、"
        f"後から届いた記録では {name(now[0])} {TYPES[now[1]]} {now[3]:,}円です"
    )


def _todo(situation: Situation, claim: Claim) -> str:
    if _stage(situation, claim) in ("drafted", "confirmed"):
        return "請求案を作り直し、請求する事業所の確認をもう一度受けてください"
    return (
        "提出した請求は変わりません。返戻を待つか、「過誤を申し立てる」を行い、請求案を作り直してください"
        "（区への請求は、取消と新しい請求を必ず一つのファイルで提出します）"
    )
