"""Plans that a person makes (セルフプラン): for preventive benefits, never for services of the project (A-Q18)."""

from datetime import date
from typing import Any

from marshmallow import Schema

from contracts.codes import SERVICE_KINDS
from contracts.fields import Code, Day, Items
from shared.care import requirements
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation


class AcceptSelfPlan(Schema):
    period_from = Day("計画期間の開始")
    period_to = Day("計画期間の終了")
    services = Items("サービス", Code("サービス種類", SERVICE_KINDS), least=1)


def accept_self_plan(situation: Situation, command: Command) -> Decision:
    """Take a plan that the person made; one that holds any service of the project can't be (A-Q18, decision 27)."""
    fields, case = command.fields, situation.case
    _must_hold_no_project_service(situation, fields["services"], fields["period_from"])
    if fields["period_from"] > fields["period_to"]:
        raise Refused(
            "period_reversed",
            "計画期間の終了は開始より後にしてください",
            field="period_to",
            rule="A-Q18",
            todo="計画期間を確かめてください",
        )
    accepted = NewEvent(
        "SelfPlanAccepted",
        {**fields, "accepted_on": command.occurred_on},
        case_id=command.case_id,
        to=requirements.recipients(case.office, case.centre, case.biller),
    )
    return Decision([accepted])


def _must_hold_no_project_service(situation: Situation, services: list[str], on: date) -> None:
    project: Any = requirements.published(situation, "services.project", on)
    named = "、".join(SERVICE_KINDS[each] for each in services if each in project)
    if named:
        raise Refused(
            "self_plan_excluded",
            f"総合事業（{named}）の利用では、セルフプランは認められません",
            field="services",
            rule="A-Q18",
            todo="担当の地域包括支援センターに計画の作成を依頼してもらってください",
        )
