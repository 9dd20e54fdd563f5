"""What goes on a month's benefit slip (給付管理票) and who sends it (T-33R, T-33N); the file of it is another thing."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid5

from marshmallow import Schema, validate

from contracts.fields import Month as MonthField
from contracts.fields import Text
from services.billing.case import ServiceMonth, must_be_entrusted, policy_refused, service_month
from shared.care import requirements
from shared.care.limits import limit_of, managed_units, month_status
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
            "kind": _kind(situation, month),
            "prepared_on": command.occurred_on,
            "biller": situation.me,
            "claimant": subject.claimant,
            "planner": PLANNER,
            "entrusted_office": subject.performance.office if subject.entrusted else None,
            "entrusted_care_manager": manager,
            "status": status,
            "limit": limit.limit,
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
    """Whether the slip of the month does not state what is reported now, so that it has to be made anew (A-Q36)."""
    slip = situation.case.benefit_slips.get(str(subject.month))
    rows = tuple(managed_rows(subject, requirements.parameters_of(situation)))
    office = subject.performance.office if subject.entrusted else None
    return slip is not None and (slip.rows, slip.claimant, slip.entrusted_office) != (
        rows,
        subject.claimant,
        office,
    )


def _kind(situation: Situation, month: Month) -> str:
    """New (新規), or a correction (修正) of one that was submitted: it states all services again."""
    before = situation.case.benefit_slips.get(str(month))
    if before is None:
        return "1"
    submitted = situation.agency.submissions.slip_submitted(str(situation.case.id), before.id)
    return "2" if submitted or before.kind == "2" else "1"


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
