"""What goes on a month's benefit slip (給付管理票) and who sends it (T-33R, T-33N); the file of it is another thing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import uuid5

from marshmallow import Schema, validate

from contracts.codes import SERVICE_KINDS, STATUSES
from contracts.fields import Month as MonthField
from contracts.fields import Text
from services.billing.case import ServiceMonth, must_be_entrusted, policy_refused, service_month
from services.billing.held_slips import CANCELLED, kind_of_next, left_behind
from shared.care import requirements
from shared.care.claim_parts import BenefitSlip
from shared.care.limits import limit_of, managed_units, month_certification, month_status
from shared.care.state import Case
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import Month, month_text
from shared.policy.parameters import Parameters

PLANNER: Final = "3"
"""Item 16: 介護予防支援事業所, a designated office as well as a centre."""


class PrepareBenefitSlip(Schema):
    service_month = MonthField("サービス提供月")
    entrusted_care_manager = Text(
        "委託先の担当介護支援専門員番号",
        null=True,
        load_default=None,
        help="再委託の月だけ。介護支援専門員証の番号（8桁）",
        validate=validate.Regexp(r"^\d{8}\Z", error="8桁の数字を入力してください"),
    )


def prepare_benefit_slip(situation: Situation, command: Command) -> Decision:
    """Make the benefit slip of one service month from what was reported.

    The claimant of the month sends it. Of an entrusted month it names the office that did the work.
    """
    parameters = requirements.parameters_of(situation)
    month = Month.parse(command.fields["service_month"])
    with policy_refused():
        subject = service_month(situation, month, parameters)
        must_be_entrusted(situation, subject)
        rows = managed_rows(subject, parameters)
        status = month_status(situation.case, month)
        limit = limit_of(situation.case, month, sum(units for _, _, units in rows), parameters)
    manager = command.fields["entrusted_care_manager"]
    if manager and not subject.entrusted:
        raise Refused(
            "not_entrusted",
            f"{month_text(month)}は再委託の月ではないため、委託先の担当者は書きません",
            field="entrusted_care_manager",
            rule="T-33",
            todo="空欄のまま作成してください",
        )
    before = situation.case.benefit_slips.get(str(month))
    prepared = NewEvent(
        "BenefitSlipPrepared",
        {
            "slip_id": str(uuid5(command.id, "slip")),
            "service_month": str(month),
            "kind": kind_of_next(situation, month, subject.claimant),
            "prepared_on": command.occurred_on,
            "biller": situation.me,
            "claimant": subject.claimant,
            "planner": PLANNER,
            "entrusted_office": subject.performance.office if subject.entrusted else None,
            "entrusted_care_manager": manager,
            "status": status,
            "limit": limit.limit,
            **dict(zip(("limit_from", "limit_to"), limit_period(situation.case, month), strict=True)),
            "rows": [
                {"service": kind, "provider": provider, "units": units} for kind, provider, units in rows
            ],
            "units": sum(units for _, _, units in rows),
            "replaces": before.id if before else None,
        },
        case_id=command.case_id,
        to=requirements.recipients(
            subject.claimant, subject.performance.office if subject.entrusted else None
        ),
    )
    return Decision([prepared], _advice(subject, manager, limit.excess))


def outdated(situation: Situation, subject: ServiceMonth) -> bool:
    """Whether the slip of the month does not state what is known now, so that it has to be made anew (A-Q36).

    It states the services, who sends it and did the work, and the status with its limit and the limit's period.
    So has one that came back, or that was made before the federation had another, or had none any more.
    """
    slip = situation.case.benefit_slips.get(str(subject.month))
    if slip is None:
        return False
    if slip.kind == CANCELLED or slip.id in situation.case.slip_returns:
        return True
    if _states_otherwise(situation, slip, subject):
        return True
    submitted = situation.agency.submissions.slip_submitted(str(situation.case.id), slip.id)
    return not submitted and slip.kind != kind_of_next(situation, subject.month, subject.claimant)


def slip_then_and_now(situation: Situation, slip: BenefitSlip, subject: ServiceMonth) -> str:
    """What a slip states, and what it would state now, in Japanese."""
    known = requirements.parameters_of(situation)
    rows = tuple(managed_rows(subject, known))
    units = sum(number for _, _, number in rows)
    with policy_refused():
        limit = limit_of(situation.case, subject.month, units, known)
    period = limit_period(situation.case, subject.month)
    office = subject.performance.office if subject.entrusted else None
    now = replace(
        slip,
        status=subject.status,
        limit=limit.limit,
        period=period,
        rows=rows,
        units=units,
        claimant=subject.claimant,
        entrusted_office=office,
    )
    over = f"（{limit.excess:,}単位の超過）" if limit.excess else ""
    before = replace(slip, period=slip.period or period)
    name = situation.agency.name_of
    return f"給付管理票は {_in_words(before, name)}、いまの記録では {_in_words(now, name)}{over}です"


def _in_words(slip: BenefitSlip, name: Callable[[str], str]) -> str:
    first, last = slip.period or (None, None)
    period = f"（認定 {first or ''}〜{last or ''}）" if first or last else ""
    rows = "・".join(
        f"{SERVICE_KINDS[kind]} {units:,}単位（{name(provider)}）" for kind, provider, units in slip.rows
    )
    by = name(slip.claimant) + (f"（委託先 {name(slip.entrusted_office)}）" if slip.entrusted_office else "")
    limit = f"{STATUSES[slip.status]}・限度額 {slip.limit:,}単位{period}"
    return f"{by}・{limit}・{rows or '限度額管理のサービスなし'}・計 {slip.units:,}単位"


def limit_period(case: Case, month: Month) -> tuple[date | None, date | None]:
    """First and last day of the certification whose status sets the month's limit (items 13 and 14 of 8222)."""
    certified = month_certification(case, month)
    return (certified.valid_from, certified.valid_to) if certified else (None, None)


def changed_slip(situation: Situation, subject: ServiceMonth) -> BenefitSlip | None:
    """The slip of the month, where a later fact changes what it states; None where it holds, or there is none.

    One that came back or is cancelled is made anew in any case.
    """
    slip = situation.case.benefit_slips.get(str(subject.month))
    if slip is None or slip.kind == CANCELLED or slip.id in situation.case.slip_returns:
        return None
    return slip if _states_otherwise(situation, slip, subject) else None


def _states_otherwise(situation: Situation, slip: BenefitSlip, subject: ServiceMonth) -> bool:
    known = requirements.parameters_of(situation)
    rows = tuple(managed_rows(subject, known))
    office = subject.performance.office if subject.entrusted else None
    if (slip.rows, slip.claimant, slip.entrusted_office) != (rows, subject.claimant, office):
        return True
    period = limit_period(situation.case, subject.month)
    with policy_refused():
        limit = limit_of(situation.case, subject.month, slip.units, known).limit
    return (slip.status, slip.limit, slip.period or period) != (subject.status, limit, period)


def wrong_slip(situation: Situation, subject: ServiceMonth) -> tuple[str, str] | None:
    """What is wrong with the month's slip, and what to do; None where it states what is reported now."""
    slip, month = situation.case.benefit_slips.get(str(subject.month)), subject.month
    todo = "「給付管理票を作成する」を行ってください（給付管理票と一緒でなければ請求できません）"
    try:
        kind_of_next(situation, month, subject.claimant)
    except Refused as refused:
        return refused.message, refused.todo or todo
    if slip is None:
        return f"{month_text(month)}の給付管理票がありません", todo
    if slip.id in situation.case.slip_returns:
        return f"{month_text(month)}の給付管理票は返戻になりました", todo
    if slip.kind == CANCELLED:
        return f"{month_text(month)}の給付管理票は取消になっています", todo
    return (
        (f"{month_text(month)}の給付管理票が、いまの実績・認定とちがいます", todo)
        if outdated(situation, subject)
        else None
    )


def slip_left(
    situation: Situation, month: Month, subject: ServiceMonth | None
) -> Iterator[tuple[str, str, str]]:
    """Rule, text and what to do, where the federation has a slip of a month that nothing stands on any more (A-Q36)."""
    managed = subject is not None and bool(managed_rows(subject, requirements.parameters_of(situation)))
    held = left_behind(situation, month, subject, managed=managed)
    if held is not None:
        name = situation.agency.name_of(held.claimant)
        text = f"{month_text(month)}の給付管理票（{name}、{held.units:,}単位）が国保連に残っています"
        yield "A-Q36", text, "この月を請求しないときは「給付管理票を取り消す」を行い、取消を提出してください"


def managed_rows(subject: ServiceMonth, parameters: Parameters) -> Sequence[tuple[str, str, int]]:
    """Services under limit management only: each of a kind and provider once (T-33)."""
    used = ((each.service, each.provider, each.units) for each in subject.performance.services)
    return managed_units(used, subject.month, parameters)


def _advice(subject: ServiceMonth, manager: str | None, excess: int) -> list[Advice]:
    advice = []
    if subject.entrusted and manager is None:
        advice.append(
            Advice("T-33", "委託先の担当介護支援専門員番号がありません。提出までに居宅に確かめてください")
        )
    if excess:
        advice.append(
            Advice("A-Q37", f"区分支給限度基準額を{excess}単位超えています。超えた分は本人の負担です")
        )
    return advice
