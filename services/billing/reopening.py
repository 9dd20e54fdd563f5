"""A fact that comes after a month's claim was made: what it changes is told, the claim itself stays (T-33, T-61)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.codes import TYPES
from services.billing.case import assess, other_items, stated_items
from services.billing.closing import close_for, command_of
from services.billing.slips import changed_slip, slip_then_and_now
from services.billing.stating import statement
from shared.care import requirements
from shared.care.claim_parts import BenefitSlip, Claim, Reopening
from shared.care.state import Case
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
        found = _found(situation, claim)
        told = _told(case, claim)
        if found.as_claimed and found.slip is None:
            if told is not None:
                yield _event(situation, event, claim, found, None)
        elif told is None or (told.now, told.slip_id, told.text) != (found.now, found.slip_id, found.text):
            yield _event(situation, event, claim, found, _todo(situation, claim, found))


def _told(case: Case, claim: Claim) -> Reopening | None:
    """What was told of this claim or this slip last, None where that was right again or is mended."""
    last = case.reopenings.get(claim.service_month)
    if last is None:
        return None
    slip = case.benefit_slips.get(claim.service_month)
    return last if last.holds(claim, slip) else None


def _is_open(situation: Situation, claim: Claim) -> bool:
    result = situation.case.claim_results.get(claim.id)
    return claim.id in situation.case.corrections or (result is not None and result.kind == "returned")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the month would be claimed as, None where it can't be; the slip that no longer fits; both in words."""

    now: Now | None
    as_claimed: bool
    slip: BenefitSlip | None
    text: str

    @property
    def slip_id(self) -> str | None:
        return self.slip.id if self.slip is not None else None


def _found(situation: Situation, claim: Claim) -> _Found:
    month = Month.parse(claim.service_month)
    try:
        found = assess(situation, month)
        subject, amount = found.subject, found.amount
        wrong = changed_slip(situation, subject)
        said = slip_then_and_now(situation, wrong, subject) if wrong is not None else ""
    except Refused as refused:
        return _Found(None, False, None, f"いまの記録では請求できません: {refused.message}")
    now = (subject.claimant, subject.found.type, amount.units, amount.yen)
    same_sum = now == (claim.claimant, claim.type, claim.units, claim.yen)
    items = [f"請求の{each}です" for each in other_items(claim, stated_items(situation.case, subject))]
    texts = [*([] if same_sum else [_text(situation, claim, now)]), *items]
    if wrong is not None:
        texts.append(f"{month_text(month)}の{said}")
    fits = f"{month_text(month)}の請求は、いまの記録と合っています"
    return _Found(now, same_sum and not items, wrong, "。".join(texts) or fits)


def _event(situation: Situation, event: Event, claim: Claim, found: _Found, todo: str | None) -> NewEvent:
    now = found.now
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
            "as_claimed": found.as_claimed,
            "slip_id": found.slip_id,
            "reopened_on": situation.today,
            "text": found.text,
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


def _text(situation: Situation, claim: Claim, now: Now) -> str:
    name = situation.agency.name_of
    return (
        f"{month_text(claim.service_month)}の請求は {name(claim.claimant)} {TYPES[claim.type]} {claim.yen:,}円、"
        f"後から届いた記録では {name(now[0])} {TYPES[now[1]]} {now[3]:,}円です"
    )


def _todo(situation: Situation, claim: Claim, found: _Found) -> str:
    slip = (
        "給付管理票を作り直し（すべてのサービスを書き直す）、国保連に提出してください。"
        "給付管理するサービスが残らない月は、取り消してください"
    )
    if found.as_claimed:
        return slip
    claimed = _todo_of_claim(situation, claim)
    return f"{claimed}。{slip}" if found.slip is not None else claimed


def _todo_of_claim(situation: Situation, claim: Claim) -> str:
    if _stage(situation, claim) in ("drafted", "confirmed"):
        return "請求案を作り直し、請求する事業所の確認をもう一度受けてください"
    return (
        "提出した請求は変わりません。返戻を待つか、「過誤を申し立てる」を行い、請求案を作り直してください"
        "（区への請求は、取消と新しい請求を必ず一つのファイルで提出します）"
    )
