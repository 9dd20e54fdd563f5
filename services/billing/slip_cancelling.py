"""Taking back a benefit slip that the federation has (取消), and a slip that it sends back (返戻) (A-Q36)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid5

from marshmallow import Schema

from contracts.claim_codes import CLAIM_RETURNS
from contracts.definition import personal
from contracts.fields import Code, Day, LongText
from contracts.fields import Month as MonthField
from services.billing.held_slips import CANCELLED, held_slip, pending_cancellation, slip_lines
from shared.care import requirements
from shared.care.claim_parts import BenefitSlip
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text


class CancelBenefitSlip(Schema):
    service_month = MonthField("サービス提供月")


class RecordSlipReturn(Schema):
    service_month = MonthField("サービス提供月")
    returned_on = Day("返戻日")
    reason_code = Code("返戻の理由", CLAIM_RETURNS)
    reason = personal(LongText("理由の説明", null=True, load_default=None))


def cancel_benefit_slip(situation: Situation, command: Command) -> Decision:
    """Make the record that takes back the slip that the federation has of a month (A-Q36).

    It repeats that slip, and its own claimant submits it, whoever claims the month now.

    :raises Refused: the federation has none, or its cancellation is made already.
    """
    month = Month.parse(command.fields["service_month"])
    held = held_slip(situation, month)
    if held is None:
        raise Refused(
            "slip_not_held",
            f"{month_text(month)}の給付管理票は、国保連にありません（提出していない、返戻または取消の済んだもの）",
            field="service_month",
            rule="A-Q36",
            todo="取り消す給付管理票のサービス提供月を確かめてください",
        )
    if pending_cancellation(situation, month) is not None:
        raise Refused(
            "already_cancelled",
            f"{month_text(month)}の給付管理票の取消は作成済みです",
            field="service_month",
            rule="A-Q36",
            todo="「請求を提出する」で国保連に提出してください",
        )
    if situation.agency.biller_of(held.claimant, command.occurred_on) != situation.me:
        raise Refused(
            "billing_not_entrusted",
            f"{situation.agency.name_of(held.claimant)}から請求事務を委任されていません",
            field="service_month",
            rule="T-33",
            todo="給付管理票を提出した事業所に「請求事務を委任する」を行ってもらってください",
        )
    return Decision([cancellation(situation, command, held)], _advice(situation, month, held))


def cancellation(situation: Situation, command: Command, held: BenefitSlip) -> NewEvent:
    """The record that takes ``held`` back: all that it stated, with 作成区分 3."""
    last = situation.case.benefit_slips[held.service_month]
    return NewEvent(
        "BenefitSlipPrepared",
        {
            "slip_id": str(uuid5(command.id, "slip cancelled")),
            "service_month": held.service_month,
            "kind": CANCELLED,
            "prepared_on": command.occurred_on,
            "biller": situation.me,
            "claimant": held.claimant,
            "planner": held.planner,
            "entrusted_office": held.entrusted_office,
            "entrusted_care_manager": held.entrusted_care_manager,
            "status": held.status,
            "limit": held.limit,
            **held_period(held),
            "rows": [
                {"service": kind, "provider": provider, "units": units} for kind, provider, units in held.rows
            ],
            "units": held.units,
            "replaces": last.id,
        },
        case_id=command.case_id,
        to=requirements.recipients(held.claimant, held.entrusted_office),
    )


def held_period(held: BenefitSlip) -> dict[str, date | None]:
    """The period of the limit, as the slip that is cancelled told it; nothing where it told none."""
    return dict(zip(("limit_from", "limit_to"), held.period, strict=True)) if held.period is not None else {}


def _advice(situation: Situation, month: Month, held: BenefitSlip) -> list[Advice]:
    standing = situation.agency.submissions.standing_claim(situation.case, str(month))
    if standing is None or standing.claim_id in situation.case.corrections:
        return []
    text = (
        f"{month_text(month)}の請求は取り下げられていません。給付管理票だけを取り消すと請求は返戻になります。"
        "先に「過誤を申し立てる」を行うか、内容の直しなら「給付管理票を作成する」（修正）にしてください"
    )
    return [Advice("A-Q36", text)]


def record_slip_return(situation: Situation, command: Command) -> Decision:
    """Record that a benefit slip came back (返戻); it is made and submitted anew.

    :raises Refused: no slip of the month is at the federation.
    """
    fields: Mapping[str, Any] = command.fields
    month = Month.parse(fields["service_month"])
    known = [
        (submission, line)
        for submission, line in slip_lines(situation, month)
        if line.claim_id in situation.case.prepared_slips
    ]
    if not known:
        raise Refused(
            "slip_not_held",
            f"{month_text(month)}の給付管理票は、提出されていないか、すでに返戻になっています",
            field="service_month",
            rule="A-Q36",
            todo="提出した給付管理票のサービス提供月を確かめてください",
        )
    submission, line = known[-1]
    slip = situation.case.prepared_slips[line.claim_id]
    returned = NewEvent(
        "BenefitSlipReturned",
        {**fields, "slip_id": slip.id, "biller": situation.me, "claimant": submission.claimant},
        case_id=command.case_id,
        to=requirements.recipients(submission.claimant, slip.entrusted_office),
    )
    what = "「給付管理票を取り消す」" if slip.kind == CANCELLED else "「給付管理票を作成する」"
    told = f"理由を直し、{what}をもう一度行って、次の審査月に提出してください（請求も返戻なら一緒に）"
    return Decision([returned], [Advice("A-Q36", told)])
