"""総合事業用 過誤申立書: taking back by post what a service office claimed for a project service (A-Q54a to A-Q54d)."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid5

from marshmallow import Schema, validate

from contracts.codes import PROJECT_SERVICES, SERVICE_KINDS
from contracts.definition import personal
from contracts.fields import Agency, Code, Day, Flag, LongText, Text
from contracts.fields import Month as MonthField
from shared.care import requirements
from shared.care.claim_parts import ProjectCorrection
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.corrections import CORRECTION_FORMS, correction
from shared.policy.dates import month_text
from shared.policy.parameters import Parameters

_WAY: Final = "correction.project_service"
"""Parameter: where the paper goes, its code, and how its form names each service."""


class ApplyForProjectCorrection(Schema):
    service_month = MonthField("サービス提供月")
    service = Code("サービス種類", PROJECT_SERVICES)
    provider = Agency("サービス事業所")
    decided_on = Day(
        "給付が決定した日", null=True, load_default=None, help="国保連の審査が終わり、給付が決定した日"
    )
    inspection = Flag("指導検査の指摘による取下げなど、特殊な理由", load_default=False)
    code = Text(
        "申立事由コード",
        null=True,
        load_default=None,
        help="特殊な理由のときだけ。様式と申立理由の4桁。区に確かめてください",
        validate=validate.Regexp(r"^\d{4}\Z", error="様式2桁と申立理由2桁の、4桁の数字を入力してください"),
    )
    reason = personal(LongText("申立ての理由"))


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """What stands on the paper besides the person: where it goes, its codes, the service as the form names it."""

    title: str
    address: str
    form: str
    reason: str
    service: str
    applied: ProjectCorrection


def apply_for_correction(situation: Situation, command: Command) -> Decision:
    """Record an application, once the federation has examined the service's claim and payment was decided (A-Q54b).

    :raises Refused: it is under examination, the service was not reported, or it was applied for already.
    """
    fields, month = command.fields, command.fields["service_month"]
    _must_be_reported(situation, fields)
    known = requirements.parameters_of(situation)
    with requirements.published_only():
        state = "decided" if fields["decided_on"] else "under_review"
        found = correction("project_service", state, "project", known)
    if not found.accepted or fields["decided_on"] > situation.today:
        raise _refused(
            "not_decided",
            f"{month_text(month)}の審査はまだ終わっていません",
            "decided_on",
            "A-Q54b",
            found.reason,
        )
    if fields["inspection"] != (fields["code"] is not None):
        raise _refused(
            "code_unfit",
            "申立事由コードは、特殊な理由のときだけ入力します",
            "code",
            "A-Q54d",
            f"ふつうの請求誤りは空欄（{found.code}）、特殊な理由は区に確かめた4桁を入力してください",
        )
    _must_be_of_the_form(fields["code"], found.code)
    applied = NewEvent(
        "ProjectCorrectionApplied",
        {
            "application_id": str(uuid5(command.id, "application")),
            "service_month": month,
            "service": fields["service"],
            "provider": fields["provider"],
            "decided_on": fields["decided_on"],
            "applied_on": command.occurred_on,
            "code": fields["code"] or found.code,
            "reason": fields["reason"],
        },
        case_id=command.case_id,
    )
    return Decision([applied], _advice(known))


def _must_be_reported(situation: Situation, fields: Any) -> None:
    performance = situation.case.performances.get(fields["service_month"])
    named = (fields["service"], fields["provider"])
    if performance is None or named not in {(each.service, each.provider) for each in performance.services}:
        raise _refused(
            "service_not_reported",
            f"{month_text(fields['service_month'])}に、この事業所の{SERVICE_KINDS[fields['service']]}の実績はありません",
            "service",
            "A-Q54b",
            "サービス提供月、サービス種類、事業所を確かめてください",
        )
    for each in situation.case.project_corrections:
        if (each.service_month, each.service, each.provider) == (fields["service_month"], *named):
            raise _refused(
                "already_applied",
                f"{month_text(fields['service_month'])}のこのサービスの過誤は申立て済みです",
                "service_month",
                "A-Q54a",
                "申立書を印刷して郵送し、取下げのあとに請求し直してください",
            )


def _must_be_of_the_form(code: str | None, usual: str | None) -> None:
    """The form is common to all of the project's services: only the reason may differ (A-Q54d)."""
    if code is not None and usual is not None and code[:2] != usual[:2]:
        raise _refused(
            "code_unfit",
            f"申立事由コードは、様式 {usual[:2]} で始まる4桁です",
            "code",
            "A-Q54d",
            f"{usual[:2]} に申立理由の2桁を続けて入力してください",
        )


def _refused(code: str, message: str, field: str, rule: str, todo: str | None) -> Refused:
    return Refused(code, message, field=field, rule=rule, todo=todo or "入力を確かめてください")


def _advice(known: Parameters) -> list[Advice]:
    address = known.last(_WAY).value["address"]
    return [
        Advice("A-Q54a", f"『{CORRECTION_FORMS['project']}』を印刷し、次の宛先に郵送してください: {address}"),
        Advice("A-Q54c", "介護保険の過誤申立書では「介護保険の給付実績なし」のエラーになります"),
    ]


def form_of(applied: ProjectCorrection, known: Parameters) -> ApplicationForm:
    """The paper of an application (A-Q54a, A-Q54d).

    :raises ParameterError: the insurer has published no procedure.
    """
    way = known.last(_WAY).value
    name = way["services"][applied.service]
    return ApplicationForm(
        CORRECTION_FORMS["project"], way["address"], applied.code[:2], applied.code[2:], name, applied
    )
